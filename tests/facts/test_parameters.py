"""Totals counted from dimensions, against totals that were published: the size of the file, less what is no weight."""

from __future__ import annotations

import pytest

from checker.facts.model import Dimensions
from checker.facts.parameters.total import active, total

LLAMA_8B = Dimensions(32, 4096, 14336, 32, 8, 128, 128256, False)
QWEN_MOE = Dimensions(48, 2048, 6144, 32, 4, 128, 151936, False, None, None, 128, 8, 768)
MIXTRAL = Dimensions(32, 4096, 14336, 32, 8, 128, 32000, False, None, None, 8, 2)
DEEPSEEK = Dimensions(
    61, 7168, 18432, 128, 128, None, 129280, False, None, None, 256, 8, 2048, 1, None, kv_lora_rank=512
)
BERT = Dimensions(12, 768, 3072, 12, None, 64, 30522, None, 512)
ROBERTA = Dimensions(12, 768, 3072, 12, None, 64, 50265, None, 514)
T5_BASE = Dimensions(12, 768, 3072, 12, None, 64, 32128)


@pytest.mark.parametrize(
    ("family", "dims", "traits", "parameters"),
    [
        pytest.param("llama", LLAMA_8B, {}, 8_030_261_248, id="Llama-3.1-8B"),
        pytest.param("qwen2", Dimensions(24, 896, 4864, 14, 2, 64, 151936, True), {}, 494_032_768, id="Qwen2.5-0.5B"),
        pytest.param("qwen3", Dimensions(28, 1024, 3072, 16, 8, 128, 151936, True), {}, 596_049_920, id="Qwen3-0.6B"),
        pytest.param("gemma2", Dimensions(26, 2304, 9216, 8, 4, 256, 256000), {}, 2_614_341_888, id="gemma-2-2b"),
        pytest.param("gpt2", Dimensions(12, 768, 3072, 12, 12, 64, 50257), {}, 124_439_808, id="gpt2"),
        pytest.param("opt", Dimensions(32, 2560, 10240, 32, 32, 80, 50272), {}, 2_651_596_800, id="opt-2.7b"),
        pytest.param("gpt_neox", Dimensions(12, 768, 3072, 12, 12, 64, 50304), {}, 162_322_944, id="pythia-160m"),
        pytest.param("falcon", Dimensions(32, 4544, 18176, 71, 1, 64, 65024), {"norms": 1}, 6_921_720_704, id="falcon"),
        pytest.param("bloom", Dimensions(24, 1024, 4096, 16, 16, 64, 250880), {}, 559_214_592, id="bloom-560m"),
        pytest.param("qwen3_moe", QWEN_MOE, {}, 30_532_122_624, id="Qwen3-30B-A3B"),
        pytest.param("mixtral", MIXTRAL, {}, 46_702_792_704, id="Mixtral-8x7B"),
        pytest.param("deepseek_v3", DEEPSEEK, {}, 671_026_419_200, id="DeepSeek-V3"),
        pytest.param("bert", BERT, {}, 109_482_240, id="bert-base-uncased"),
        pytest.param("bert", BERT, {"labels": 6}, 109_486_854, id="toxic-bert"),
        pytest.param("roberta", ROBERTA, {}, 124_645_632, id="roberta-base"),
        pytest.param("t5", T5_BASE, {}, 222_903_552, id="t5-base"),
        pytest.param("t5", T5_BASE, {"decoder": False}, 109_628_544, id="encoder of t5-base"),
        pytest.param(
            "bart",
            Dimensions(12, 1024, 4096, 16, None, 64, 50265, None, 1024),
            {"labels": 3, "dense_head": True},
            407_344_131,
            id="bart-large-mnli",
        ),
        pytest.param(
            "pegasus", Dimensions(16, 1024, 4096, 16, None, 64, 96103, None, 512), {}, 568_699_904, id="pegasus-xsum"
        ),
        pytest.param("mamba", Dimensions(24, 768, 1536, None, None, None, 50280, True), {}, 129_135_360, id="mamba"),
        pytest.param("rwkv", Dimensions(12, 768, 3072, None, None, None, 50277), {}, 169_342_464, id="rwkv-4-169m"),
        pytest.param(
            "lfm2",
            Dimensions(16, 2048, 8192, 32, 8, 64, 65536, True),
            {"attention_layers": 6},
            1_170_340_608,
            id="LFM2-1.2B",
        ),
    ],
)
def test_total_is_the_published_one(family, dims, traits, parameters):
    assert total(family, dims, traits) == parameters


@pytest.mark.parametrize(
    ("family", "dims", "parameters"),
    [
        pytest.param("mixtral", MIXTRAL, 12_879_925_248, id="Mixtral-8x7B: 12.9 B"),
        pytest.param("qwen3_moe", QWEN_MOE, 3_353_032_704, id="Qwen3-30B-A3B: 3.3 B"),
        pytest.param("deepseek_v3", DEEPSEEK, 37_552_297_472, id="DeepSeek-V3: 37 B"),
        pytest.param("llama", LLAMA_8B, None, id="no mixture of experts"),
        pytest.param("deepseek_v4", DEEPSEEK, None, id="no formula"),
        pytest.param("mixtral", MIXTRAL._replace(experts_per_tok=None), None, id="not known how many are visited"),
    ],
)
def test_active_parameters_leave_out_the_experts_that_a_token_does_not_visit(family, dims, parameters):
    assert active(family, dims) == parameters


def test_a_family_without_a_formula_has_no_total():
    assert total("brand_new", LLAMA_8B) is None


@pytest.mark.parametrize("missing", ["num_hidden_layers", "hidden_size", "intermediate_size", "vocab_size"])
@pytest.mark.parametrize(("family", "dims"), [("llama", LLAMA_8B), ("bert", BERT), ("t5", T5_BASE)])
def test_a_missing_dimension_leaves_no_total(family, dims, missing):
    assert total(family, dims._replace(**{missing: None})) is None


@pytest.mark.parametrize(("family", "dims"), [("llama", LLAMA_8B), ("bert", BERT), ("t5", T5_BASE)])
def test_a_trait_that_the_formula_does_not_know_is_refused(family, dims):
    with pytest.raises((TypeError, ValueError)):
        total(family, dims, {"wheels": 4})
