"""Formats of stored weights: bits a weight, what stays in 16 bits, and the names that people write."""

from __future__ import annotations

import pytest

from checker.memory.plan import QuantizedBase
from checker.memory.weights import FORMATS, GGUF, Format, canonical, format_in_name, quantised_base_bytes, stored_bytes

README = {
    "F16": 16.0, "Q8_0": 8.5008, "Q6_K": 6.5633, "Q5_K_M": 5.7036, "Q5_K_S": 5.5704, "Q4_K_M": 4.8944, "Q4_K_S": 4.6672,
    "Q3_K_L": 4.2979, "Q3_K_S": 3.6429, "Q2_K": 3.1593, "Q2_K_S": 2.9697, "IQ4_NL": 4.6818, "IQ4_XS": 4.4597,
    "IQ3_M": 3.7628, "IQ3_S": 3.6606, "IQ3_XS": 3.4977, "IQ3_XXS": 3.2548, "IQ2_M": 2.9294, "IQ2_S": 2.7403,
    "IQ2_XS": 2.5882, "IQ2_XXS": 2.3824, "IQ1_M": 2.1460, "IQ1_S": 2.0042, "F32": 32.0, "BF16": 16.0,
}  # fmt: skip
"""Bits a weight of files of Llama-3.1-8B, llama.cpp tools/quantize/README.md; the last two by their definition."""
NEAR = {"Q4_0": 4.64, "Q4_1": 5.10, "Q5_0": 5.57, "Q5_1": 6.04, "Q3_K_M": 3.97}


@pytest.mark.parametrize("name", README)
def test_a_gguf_type_has_the_bits_of_its_file(name):
    words = "measured over a file, llama.cpp tools/quantize/README.md (Llama-3.1-8B)"
    assert FORMATS[name] == Format(README[name], True, f"{README[name]:.2f} bits a weight, {words}")


@pytest.mark.parametrize("name", NEAR)
def test_a_gguf_type_that_is_not_tabulated_has_the_bits_of_its_blocks(name):
    assert FORMATS[name] == Format(NEAR[name], True, f"{NEAR[name]:.2f} bits a weight, block arithmetic of the format")


def test_gguf_files_hold_these_types_and_no_other():
    assert {*README, *NEAR} == GGUF


@pytest.mark.parametrize(("name", "bits", "row_bytes"), [
    ("none", 16, 0), ("fp8", 8 + 32 / 128**2, 0), ("int8", 8.02, 0),
    ("awq-int4", 4 + (16 + 4) / 128, 0), ("gptq-int4", 4 + (16 + 4) / 128, 4), ("gptq-int8", 8 + (16 + 8) / 128, 4),
    ("nf4", 4 + 32 / 64, 0), ("nf4-dq", 4 + 8 / 64 + 32 / (64 * 256), 0), ("mxfp4", 4.25, 0), ("nvfp4", 4.5, 0),
])  # fmt: skip
def test_a_format_has_the_bits_of_its_scales_beside_its_own(name, bits, row_bytes):
    found = FORMATS[name]
    assert (found.bits, found.row_bytes, found.whole) == (pytest.approx(bits), row_bytes, name == "none")


def test_embeddings_and_norms_stay_in_16_bits():
    assert stored_bytes(1000, 10, FORMATS["nf4"]) == int(1000 * 4.5 / 8) + 20


@pytest.mark.parametrize(("spelling", "name"), [
    *((word, "none") for word in ("bf16", "bfloat16", "fp16", "float16", "16bit", "BF16 ".lower(), "none")),
    ("awq", "awq-int4"), ("gptq", "gptq-int4"), ("bnb-4bit", "nf4"), ("fp32", "F32"), ("AWQ", "awq-int4"),
    ("q4_k_m", "Q4_K_M"), ("gguf-Q8_0", "Q8_0"), ("q4-k-m", "Q4_K_M"), ("iq4-nl", "IQ4_NL"), (" NF4 ", "nf4"),
    ("F16", "F16"), ("BF16", "BF16"), ("mxfp4", "mxfp4"), ("sixteen", "sixteen"),
])  # fmt: skip
def test_a_free_spelling_means_a_format_or_stays_as_it_is(spelling, name):
    assert canonical(spelling) == name


@pytest.mark.parametrize(("repository", "name"), [
    ("acme/m-GPTQ-Int8", "gptq-int8"), ("acme/m-gptq-8bit", "gptq-int8"), ("acme/m-w8a16", "gptq-int8"),
    ("acme/m-W8A8", "int8"), ("acme/m-GPTQ", "gptq-int4"), ("acme/m_AWQ", "awq-int4"), ("acme/m-w4a16", "gptq-int4"),
    ("acme/m-bnb-4bit", "nf4"), ("acme/m-NVFP4", "nvfp4"), ("acme/m-mxfp4", "mxfp4"), ("acme/m-FP8", "fp8"),
    ("acme/m-int8", "int8"), ("awq/m", None), ("acme/m", None),
])  # fmt: skip
def test_a_repository_may_say_the_format_in_its_name(repository, name):
    assert format_in_name(repository) == name


@pytest.mark.parametrize(("base", "double", "bits"), [
    (QuantizedBase.NF4, False, 4.5), (QuantizedBase.NF4, True, 4 + 8 / 64 + 32 / (64 * 256)),
    (QuantizedBase.INT8, True, 8.02), (QuantizedBase.GPTQ_INT4, False, 4 + 20 / 128),
    (QuantizedBase.GPTQ_INT8, False, 8 + 24 / 128),
])  # fmt: skip
def test_a_quantised_base_has_the_bytes_of_its_format(base, double, bits):
    assert quantised_base_bytes(base, double=double) == pytest.approx(bits / 8)
