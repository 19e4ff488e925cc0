"""Parameters of recurrent and hybrid models from their configurations, against published totals."""

from __future__ import annotations

import pytest

from checker.facts.model import Dimensions
from checker.memory.config import model_of_config
from checker.memory.estimate import NotEstimable
from checker.memory.model import Model
from checker.memory.recurrent_total import recurrent_parameters

TINY = Dimensions(num_hidden_layers=1, hidden_size=1, vocab_size=1)
NEMOTRON = "M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M-"
GRANITE = ["mamba"] * 5 + (["attention"] + ["mamba"] * 9) * 3 + ["attention"] + ["mamba"] * 4


def config(family, vocabulary, hidden, layers, **more):
    return {
        "model_type": family,
        "architectures": ["AnyForCausalLM"],
        "vocab_size": vocabulary,
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "tie_word_embeddings": False,
        **more,
    }


def attention(heads, groups, size, middle):
    return {
        "num_attention_heads": heads,
        "num_key_value_heads": groups,
        "head_dim": size,
        "intermediate_size": middle,
    }


@pytest.mark.parametrize(
    ("written", "total"),
    [
        (config("mamba2", 32768, 4096, 64, num_heads=128, state_size=128, n_groups=8), 7_285_403_648),
        (
            config(
                "qwen3_next",
                151936,
                2048,
                48,
                num_experts=512,
                num_experts_per_tok=10,
                moe_intermediate_size=512,
                shared_expert_intermediate_size=512,
                **attention(16, 2, 256, 5632),
            ),
            79_674_391_296,
        ),
        (
            config("jamba", 65536, 4096, 32, num_experts=16, num_experts_per_tok=2, **attention(32, 8, 128, 14336)),
            51_570_323_328,
        ),
        (
            config(
                "lfm2",
                65536,
                2048,
                16,
                full_attn_idxs=[2, 5, 8, 10, 12, 14],
                conv_L_cache=3,
                **{**attention(32, 8, 64, 8192), "tie_word_embeddings": True},
            ),
            1_170_340_608,
        ),
        (
            config(
                "granitemoehybrid",
                100352,
                1536,
                40,
                layer_types=GRANITE,
                num_local_experts=64,
                num_experts_per_tok=6,
                shared_intermediate_size=1024,
                mamba_n_heads=48,
                mamba_d_state=128,
                **{**attention(12, 4, 128, 512), "tie_word_embeddings": True},
            ),
            6_939_037_248,
        ),
        (
            config(
                "nemotron_h",
                131072,
                4096,
                52,
                hybrid_override_pattern=NEMOTRON,
                mamba_num_heads=128,
                mamba_head_dim=64,
                ssm_state_size=128,
                n_groups=8,
                **attention(32, 8, 128, 21504),
            ),
            8_100_852_736,
        ),
        (
            config(
                "falcon_h1",
                130048,
                3072,
                44,
                mamba_d_ssm=3072,
                mamba_d_state=256,
                mamba_n_heads=24,
                **attention(12, 2, 128, 12288),
            ),
            7_585_513_568,
        ),
    ],
)
def test_the_sizes_of_a_configuration_make_the_published_total(written, total):
    assert model_of_config(written).parameters == total


def test_bamba_adds_attention_and_an_mlp_to_each_layer():
    sizes = {"mamba_d_state": 16, "mamba_n_heads": 4, **attention(4, 2, 16, 128)}
    plain = config("bamba", 1000, 64, 2, attn_layer_indices=[1], **sizes)
    wide = 128 + 2 * 16
    recurrent = 64 * (128 + wide + 4) + 5 * wide + 3 * 4 + 128 + 128 * 64
    body = recurrent + 64 * 16 * 2 * 6 + 2 * (3 * 64 * 128 + 64) + 2 * 64 + 64
    assert model_of_config(plain).parameters == 2 * 1000 * 64 + body


def test_mamba_needs_no_width_of_an_mlp():
    found = model_of_config(config("mamba", 50280, 768, 24, tie_word_embeddings=True))
    assert found.parameters == pytest.approx(129_135_360, rel=0.001)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (Model(None, TINY, None, "zamba2"), "which of its layers attend"),
        (Model(None, TINY, None, "mamba2"), "sizes of its recurrent"),
        (Model(None, TINY, None, "qwen3_5"), "does not state value_heads"),
        (Model(None, TINY, None, "llama"), "no formula counts"),
        (Model(None, TINY, None, "jamba"), "no source states"),
    ],
)
def test_what_is_not_stated_is_not_counted(model, reason):
    found = recurrent_parameters(model)
    assert isinstance(found, NotEstimable)
    assert reason in found.reason


def test_granite_without_experts_or_recurrent_layers_is_an_ordinary_decoder():
    sizes = {"shared_intermediate_size": 8192, **attention(40, 8, 64, 512)}
    plain = config("granitemoehybrid", 100352, 2560, 40, layer_types=["attention"] * 40, num_local_experts=0, **sizes)
    table = 100352 * 2560
    assert model_of_config({**plain, "tie_word_embeddings": True}).parameters == 3_402_836_480
    assert model_of_config(plain).parameters == 3_402_836_480 + table
