"""Bytes of stored weights: the format that a text means, what it leaves in 16 bits, and the sum over a model."""

from checker.memory.formats import FORMATS, Format
from checker.memory.plan import QuantizedBase

_ALIASES = {word: name for name, stored in FORMATS.items() for word in stored.words}
_CANONICAL = {name.casefold(): name for name in FORMATS if name not in ("BF16", "F16")}


def canonical(name: str) -> str:
    """The format that a free spelling means (`q4_k_m`, `bf16`, `gguf-Q8_0`); a name that is not known as it is."""
    if name in FORMATS:
        return name
    plain = name.casefold().strip().removeprefix("gguf-")
    return _ALIASES.get(plain) or _CANONICAL.get(plain) or _CANONICAL.get(plain.replace("-", "_"), name)


def stored_bytes(block_weights: int, other_weights: int, stored: Format) -> int:
    """Weights in a format that quantises matrices alone, in bytes: blocks · bits / 8 + others · 2.

    Quantisers leave embeddings, head and norms alone, which makes an "int4" model of 7 B take 5.9 bits a weight.
    """
    return int(block_weights * stored.bits / 8) + other_weights * 2


def format_in_name(name: str) -> str | None:
    """The format that a repository's name ends on, as publishers write it; None where it says none."""
    text = name.rpartition("/")[2].casefold().replace("_", "-")
    return next((stored for marks, stored in _MARKS if all(mark in text for mark in marks)), None)


_MARKS = tuple(
    (marks.split(), name)
    for _, marks, name in sorted((*mark, name) for name, stored in FORMATS.items() for mark in stored.in_names)
)


def quantised_base_bytes(base: QuantizedBase, *, double: bool) -> float:
    """Bytes of a frozen weight that qlora holds quantised, with its share of scales."""
    if base is QuantizedBase.NF4:
        return FORMATS["nf4-dq" if double else "nf4"].bits / 8
    return FORMATS[base.value].bits / 8
