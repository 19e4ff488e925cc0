"""How weights are stored by what a configuration says of it."""

import pytest

from checker.memory.native import Native, Unclear, as_configured, as_published


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ({"quant_method": "awq", "bits": 4, "group_size": 128}, "awq-int4"),
        ({"quant_method": "gptq", "bits": 8}, "gptq-int8"),
        ({"quant_method": "fp8", "weight_block_size": [128, 128]}, "fp8"),
        ({"quant_method": "mxfp4", "modules_to_not_convert": []}, "mxfp4"),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, "int8"),
        ({"load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}, "nf4"),
        ({"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}, "nf4-dq"),
    ],
)
def test_a_configuration_states_the_format(stated, name):
    found = as_configured({"quantization_config": stated}, "llama")
    assert isinstance(found, Native)
    assert found.quantization == name


@pytest.mark.parametrize(
    "stated",
    [
        {"quant_method": "gptq", "bits": 3},
        {"quant_method": "compressed-tensors"},
        {"quant_method": ["awq"], "bits": 4},
        {"quant_method": "bitsandbytes", "load_in_4bit": True},
        {},
    ],
)
def test_a_format_of_unknown_size_is_no_guess(stated):
    assert isinstance(as_configured({"quantization_config": stated}, "llama"), Unclear)


def test_a_configuration_without_a_format_means_sixteen_bits():
    assert as_configured({}, "llama") is None
    found = as_configured({"quantization_config": None}, "gpt_oss")
    assert isinstance(found, Native)
    assert found.quantization == "none"
    assert found.source == "the configuration has no `quantization_config`"


@pytest.mark.parametrize(
    ("family", "publisher", "quantization"),
    [("gpt_oss", "openai", "mxfp4"), ("deepseek_v3", "deepseek-ai", "fp8"), ("deepseek_v32", "deepseek-ai", "fp8")],
)
def test_a_publisher_of_quantised_weights_publishes_them_so(family, publisher, quantization):
    found = as_published(f"{publisher}/model", family)
    assert isinstance(found, Native)
    assert (found.quantization, found.publisher) == (quantization, publisher)
    assert found.source
    assert as_published("acme/model", None) is None


def test_a_method_without_its_size_is_of_no_known_size():
    found = as_configured({"quantization_config": {"quant_method": "bitsandbytes"}}, "llama")
    words = "`quantization_config` of the configuration names bitsandbytes, of no known size"
    assert found == Unclear(words, "fp8")
