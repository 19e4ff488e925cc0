"""Families whose weights are published quantised, so that "as the weights are" is not 16 bits."""

from collections.abc import Mapping
from typing import Any

from checker.memory.formats import FORMATS
from checker.value import NamedTuple


class Native(NamedTuple):
    """How the makers of a family publish it."""

    quantization: str
    publisher: str
    """The owner of the repositories that this is known of; others convert the weights, or train in 16 bits."""
    source: str


NATIVE = {
    "gpt_oss": Native("mxfp4", "openai", "the experts in MXFP4 of 4.25 bits, all else in 16: arXiv:2508.10925"),
    "deepseek_v3": Native("fp8", "deepseek-ai", "README_WEIGHTS.md of deepseek-ai/DeepSeek-V3"),
    "deepseek_v32": Native("fp8", "deepseek-ai", "`quantization_config` of deepseek-ai/DeepSeek-V3.2"),
}
"""Families by their `model_type`."""

MIXED = {
    "kimi_k2": "published in 8 or in 4 bits",
    "minimax_m2": "published in 8 bits",
}
"""Families of quantised weights whose format differs between repositories, or is not sourced here."""

EXPERTS_ONLY = frozenset({"gpt_oss"})
"""Families whose MXFP4 covers the matrices of the experts alone."""


class Unclear(NamedTuple):
    """Weights that may be quantised or not."""

    reason: str
    example: str


def as_published(model: str, model_type: str | None) -> Native | Unclear | None:
    """The format of the weights in a repository; None where they are in 16 bits as far as is known."""
    family = model_type or ""
    if family in MIXED:
        return Unclear(f"`{family}` is {MIXED[family]}, and nothing says how {model} is stored", "fp8")
    native = NATIVE.get(family)
    if native is None or model.partition("/")[0] == native.publisher:
        return native
    reason = f"{native.publisher} publishes `{family}` in {native.quantization}, others in 16 bits too"
    return Unclear(f"{reason}; nothing says how {model} is stored", native.quantization)


_BY_METHOD = {stated: name for name, stored in FORMATS.items() for stated in stored.configured}
_SIZED = frozenset(method for method, bits in _BY_METHOD if bits is not None)
"""Methods that make formats of several sizes."""


def as_configured(config: Mapping[str, Any], model_type: str | None) -> Native | Unclear | None:
    """The format that a configuration states; None where it names none and so means 16 bits, as the library has it."""
    stated = config.get("quantization_config")
    if not isinstance(stated, Mapping):
        known = NATIVE.get(model_type or "")
        words = "the configuration has no `quantization_config`"
        return Native("none", "", words) if known or model_type in MIXED else None
    method, bits = stated.get("quant_method"), stated.get("bits")
    if "load_in_4bit" in stated or "load_in_8bit" in stated:
        name = _bitsandbytes(stated)
    else:
        sized = isinstance(method, str) and method in _SIZED and isinstance(bits, int)
        name = _BY_METHOD.get((method, bits if sized else None)) if isinstance(method, str) else None
    if name is None:
        size = f" of {bits} bits" if isinstance(bits, int) else ""
        method = method if isinstance(method, str) and len(method) <= _LONGEST else "unknown"
        return Unclear(f"`quantization_config` of the configuration names {method}{size}, of no known size", "fp8")
    return Native(name, "", "`quantization_config` of the configuration")


_LONGEST = 40


def _bitsandbytes(stated: Mapping[str, Any]) -> str | None:
    if stated.get("load_in_8bit") is True:
        return "int8"
    if stated.get("load_in_4bit") is not True or stated.get("bnb_4bit_quant_type") != "nf4":
        return None
    return "nf4-dq" if stated.get("bnb_4bit_use_double_quant") is True else "nf4"
