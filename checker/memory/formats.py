"""The formats of stored weights, a row each: bits, where a row counts, and the words by which people and files name it.

A row is all that a quantisation needs: manifests, estimates, scans and start commands take it from here.
"""

from __future__ import annotations

from checker.value import NamedTuple


class Format(NamedTuple):
    """How weights are stored."""

    bits: float
    """Bits a weight, with the scales of its blocks."""
    whole: bool
    """Whether `bits` is the average over a whole file; else it holds for the matrices of the blocks, and embeddings,
    head, norms and a vision part stay in 16 bits."""
    formula: str
    row_bytes: int = 0
    """Bytes for each input of a matrix beside them: the group that GPTQ notes for it."""
    words: tuple[str, ...] = ()
    """Other spellings of its name, folded: what people write, and what servers call it on their command lines."""
    server_words: tuple[str, ...] = ()
    """How options of servers and libraries name it, folded."""
    in_names: tuple[tuple[int, str], ...] = ()
    """What a repository's name holds of it: words joined by blanks that all stand there; the lowest number is asked
    first, over all formats."""
    configured: tuple[tuple[str, int | None], ...] = ()
    """`quant_method` and `bits` of its `quantization_config` (transformers: utils/quantization_config.py)."""
    of_files: bool = False
    """Whether it is made before serving: a runtime reads such files, and makes none."""
    gguf_type: str = ""
    """The type of most tensors of its GGUF file, where the rules of the others are written down (`memory.gguf`)."""
    on_tgi: bool = True
    """Whether TGI documents that it loads it."""


def _file(bits: float, gguf_type: str = "") -> Format:
    """A type of GGUF files, as measured."""
    formula = f"{bits:.2f} bits a weight, measured over a file, llama.cpp tools/quantize/README.md (Llama-3.1-8B)"
    return Format(bits, True, formula, gguf_type=gguf_type)


def _near(bits: float, gguf_type: str) -> Format:
    """A type of GGUF files that is not in that table: blocks of 32 with a scale (Q4_0 4.5, Q5_0 5.5), or scale and
    minimum (5 and 6), the head in Q6_K; Q3_K_M lies halfway between its neighbours S and L.
    """
    return Format(bits, True, f"{bits:.2f} bits a weight, block arithmetic of the format", gguf_type=gguf_type)


_PUBLISHED = {
    "none": Format(16, True, "16 bits a weight", words=("bf16", "bfloat16", "fp16", "float16", "16bit")),
    "fp8": Format(
        8 + 32 / (128 * 128), False, "8 bits and a 32-bit scale for each block of 128 x 128",
        server_words=("fp8",), in_names=((11, "fp8"),), configured=(("fp8", None),),
    ),
    "int8": Format(
        8 + 0.02, False, "8 bits and a 32-bit scale a row",
        server_words=("int8", "eetq"), in_names=((4, "w8a8"), (12, "int8")),
    ),
    "awq-int4": Format(
        4 + 20 / 128, False, "4 bits, a 16-bit scale and a 4-bit zero for each 128",
        words=("awq",), server_words=("awq", "awq_marlin"), in_names=((6, "awq"),), configured=(("awq", 4),),
        of_files=True,
    ),
    "gptq-int4": Format(
        4 + 20 / 128, False, "4 bits, a 16-bit scale and a 4-bit zero for each 128", 4,
        words=("gptq",), server_words=("gptq", "gptq_marlin"), in_names=((5, "gptq"), (7, "w4a16")),
        configured=(("gptq", 4),), of_files=True,
    ),
    "gptq-int8": Format(
        8 + 24 / 128, False, "8 bits, a 16-bit scale and an 8-bit zero for each 128", 4,
        in_names=((1, "gptq int8"), (2, "gptq 8bit"), (3, "w8a16")), configured=(("gptq", 8),), of_files=True,
    ),
    "nf4": Format(
        4 + 32 / 64, False, "4 bits and a 32-bit scale for each 64",
        words=("bnb-4bit",), server_words=("bitsandbytes", "bitsandbytes-nf4"), in_names=((8, "bnb-4bit"),),
    ),
    "mxfp4": Format(
        4 + 8 / 32, False, "4 bits and an 8-bit scale for each 32",
        server_words=("mxfp4",), in_names=((10, "mxfp4"),), configured=(("mxfp4", None),), of_files=True,
        gguf_type="MXFP4", on_tgi=False,
    ),
    "nvfp4": Format(
        4 + 8 / 16, False, "4 bits and an 8-bit scale for each 16", in_names=((9, "nvfp4"),), of_files=True,
        on_tgi=False,
    ),
    # Doubly quantised scales: QLoRA, arXiv:2305.14314.
    "nf4-dq": Format(4 + 8 / 64 + 32 / (64 * 256), False, "4 bits and an 8-bit scale for each 64, doubly quantised"),
}  # fmt: skip
_OF_GGUF = {
    "F32": _file(32.0, "F32")._replace(words=("fp32",)),
    "F16": _file(16.0, "F16"),
    "BF16": _file(16.0, "BF16"),
    "Q8_0": _file(8.5008, "Q8_0"),
    "Q6_K": _file(6.5633, "Q6_K"),
    "Q5_K_M": _file(5.7036, "Q5_K"),
    "Q5_K_S": _file(5.5704, "Q5_K"),
    "Q5_0": _near(5.57, "Q5_0"),
    "Q5_1": _near(6.04, "Q5_1"),
    "Q4_K_M": _file(4.8944, "Q4_K"),
    "Q4_K_S": _file(4.6672, "Q4_K"),
    "Q4_0": _near(4.64, "Q4_0"),
    "Q4_1": _near(5.10, "Q4_1"),
    "Q3_K_L": _file(4.2979, "Q3_K"),
    "Q3_K_M": _near(3.97, "Q3_K"),
    "Q3_K_S": _file(3.6429, "Q3_K"),
    "Q2_K": _file(3.1593, "Q2_K"),
    "Q2_K_S": _file(2.9697),
    "IQ4_NL": _file(4.6818, "IQ4_NL"),
    "IQ4_XS": _file(4.4597, "IQ4_XS"),
    "IQ3_M": _file(3.7628),
    "IQ3_S": _file(3.6606),
    "IQ3_XS": _file(3.4977),
    "IQ3_XXS": _file(3.2548),
    "IQ2_M": _file(2.9294),
    "IQ2_S": _file(2.7403),
    "IQ2_XS": _file(2.5882),
    "IQ2_XXS": _file(2.3824),
    "IQ1_M": _file(2.1460),
    "IQ1_S": _file(2.0042),
}

FORMATS = {**_PUBLISHED, **_OF_GGUF}
"""Formats by the names of the manifest."""
GGUF = frozenset(_OF_GGUF)
"""The formats that stand in GGUF files."""
PLAIN_WORDS = ("bf16", "fp16")
"""What a manifest may say beside these names: two words for weights that are not quantised."""
DECLARED = (*_PUBLISHED, *PLAIN_WORDS, *_OF_GGUF)
"""What a manifest may say, in the order in which a person is told of it."""
