"""Bytes of stored weights: bits a weight, what each format leaves in 16 bits, and the sum over a model."""

from checker.memory.plan import QuantizedBase
from checker.value import NamedTuple


class Format(NamedTuple):
    """How weights are stored."""

    bits: float
    """Bits a weight, with the scales of its blocks."""
    whole: bool
    """Whether `bits` is the average over a whole file; else it holds for the matrices of the blocks, and embeddings,
    head, norms and a vision part stay in 16 bits."""
    formula: str


_BLOCKS = "block arithmetic of the format"
_FILE = "measured over a file, llama.cpp tools/quantize/README.md (Llama-3.1-8B)"
_GGUF = {
    "F32": 32.0, "F16": 16.0, "BF16": 16.0, "Q8_0": 8.5008, "Q6_K": 6.5633, "Q5_K_M": 5.7036, "Q5_K_S": 5.5704,
    "Q4_K_M": 4.8944, "Q4_K_S": 4.6672, "Q3_K_L": 4.2979, "Q3_K_S": 3.6429, "Q2_K": 3.1593, "Q2_K_S": 2.9697,
    "IQ4_NL": 4.6818, "IQ4_XS": 4.4597, "IQ3_M": 3.7628, "IQ3_S": 3.6606, "IQ3_XS": 3.4977, "IQ3_XXS": 3.2548,
    "IQ2_M": 2.9294, "IQ2_S": 2.7403, "IQ2_XS": 2.5882, "IQ2_XXS": 2.3824, "IQ1_M": 2.1460, "IQ1_S": 2.0042,
}  # fmt: skip
# Not in that table: blocks of 32 with a scale (Q4_0 4.5, Q5_0 5.5), or scale and minimum (5 and 6), the head in Q6_K;
# Q3_K_M lies halfway between its neighbours S and L.
_NEAR_GGUF = {"Q4_0": 4.64, "Q4_1": 5.10, "Q5_0": 5.57, "Q5_1": 6.04, "Q3_K_M": 3.97}

FORMATS = {
    "none": Format(16, True, "16 bits a weight"),
    "fp8": Format(8 + 32 / (128 * 128), False, "8 bits and a 32-bit scale for each block of 128 x 128"),
    "int8": Format(8 + 0.02, False, "8 bits and a 32-bit scale a row"),
    "awq-int4": Format(4 + 20 / 128, False, "4 bits, a 16-bit scale and a 4-bit zero for each 128"),
    "gptq-int4": Format(4 + 20 / 128, False, "4 bits, a 16-bit scale and a 4-bit zero for each 128"),
    "gptq-int8": Format(8 + 24 / 128, False, "8 bits, a 16-bit scale and an 8-bit zero for each 128"),
    "nf4": Format(4 + 32 / 64, False, "4 bits and a 32-bit scale for each 64"),
    "nf4-dq": Format(4 + 8 / 64 + 32 / (64 * 256), False, "4 bits and an 8-bit scale for each 64, doubly quantised"),
    "mxfp4": Format(4 + 8 / 32, False, "4 bits and an 8-bit scale for each 32"),
    "nvfp4": Format(4 + 8 / 16, False, "4 bits and an 8-bit scale for each 16"),
    **{name: Format(bits, True, f"{bits:.2f} bits a weight, {_FILE}") for name, bits in _GGUF.items()},
    **{name: Format(bits, True, f"{bits:.2f} bits a weight, {_BLOCKS}") for name, bits in _NEAR_GGUF.items()},
}
"""Formats by the names of the manifest, and `nf4-dq` for doubly quantised scales (QLoRA, arXiv:2305.14314)."""

GGUF = frozenset({*_GGUF, *_NEAR_GGUF})
"""The formats that stand in GGUF files."""


def plain_bytes(parameters: int, bytes_each: int) -> int:
    """Unquantised weights, in bytes: parameters · bytes each."""
    return parameters * bytes_each


def stored_bytes(block_weights: int, other_weights: int, stored: Format, other_bytes: int = 2) -> int:
    """Weights in a format, in bytes.

    Whole files: (blocks + others) · bits / 8. Else: blocks · bits / 8 + others · `other_bytes`: quantisers leave
    embeddings, head and norms alone, which makes an "int4" model of 7 B take 5.9 bits a weight.
    """
    if stored.whole:
        return int((block_weights + other_weights) * stored.bits / 8)
    return int(block_weights * stored.bits / 8) + other_weights * other_bytes


def format_in_name(name: str) -> str | None:
    """The format that a repository's name ends on, as publishers write it; None where it says none."""
    text = name.rpartition("/")[2].casefold().replace("_", "-")
    return next((stored for marks, stored in _MARKS if all(mark in text for mark in marks)), None)


_MARKS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("gptq", "int8"), "gptq-int8"),
    (("gptq", "8bit"), "gptq-int8"),
    (("w8a16",), "gptq-int8"),
    (("w8a8",), "int8"),
    (("gptq",), "gptq-int4"),
    (("awq",), "awq-int4"),
    (("w4a16",), "gptq-int4"),
    (("bnb-4bit",), "nf4"),
    (("nvfp4",), "nvfp4"),
    (("mxfp4",), "mxfp4"),
    (("fp8",), "fp8"),
    (("int8",), "int8"),
)


def quantised_base_bytes(base: QuantizedBase, *, double: bool) -> float:
    """Bytes of a frozen weight that qlora holds quantised, with its share of scales."""
    if base is QuantizedBase.NF4:
        return FORMATS["nf4-dq" if double else "nf4"].bits / 8
    return FORMATS[base.value].bits / 8
