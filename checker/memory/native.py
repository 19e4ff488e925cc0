"""Families whose weights are published quantised, so that "as the weights are" is not 16 bits."""

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
