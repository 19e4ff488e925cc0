"""A model that only a lock knows has the sizes and traits that its configuration implies, and no other total."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.facts.card import card_of
from checker.facts.fact import Origin
from checker.facts.folder import Found
from checker.facts.locked.as_facts import facts_of_entry
from checker.facts.locked.resolve import Record, Resolved, enter
from checker.facts.model import Dimensions
from checker.memory.config import model_of_config
from checker.memory.estimate import NotEstimable
from checker.memory.model import Model
from checker.memory.of_facts import model_of
from checker.memory.recorded import completed
from checker.memory.traits import Traits

CONFIGS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "memory" / "traced_more_configs.json").read_text(encoding="utf-8")
)
MLA = {
    "architectures": ["DeepseekV2ForCausalLM"],
    "model_type": "deepseek_v2",
    "hidden_size": 2048,
    "intermediate_size": 10944,
    "moe_intermediate_size": 1408,
    "num_hidden_layers": 27,
    "num_attention_heads": 16,
    "num_key_value_heads": 16,
    "n_shared_experts": 2,
    "n_routed_experts": 64,
    "num_experts_per_tok": 6,
    "kv_lora_rank": 512,
    "q_lora_rank": None,
    "qk_rope_head_dim": 64,
    "v_head_dim": 128,
    "qk_nope_head_dim": 128,
    "first_k_dense_replace": 1,
    "vocab_size": 102400,
    "tie_word_embeddings": False,
    "hidden_act": "silu",
}
"""deepseek-ai/DeepSeek-V2-Lite."""
NESTED = {
    "architectures": ["Gemma3ForConditionalGeneration"],
    "model_type": "gemma3",
    "text_config": {
        "hidden_size": 2560,
        "intermediate_size": 10240,
        "model_type": "gemma3_text",
        "num_hidden_layers": 34,
        "sliding_window": 1024,
    },
    "vision_config": {
        "hidden_size": 1152,
        "image_size": 896,
        "intermediate_size": 4304,
        "model_type": "siglip_vision_model",
        "num_attention_heads": 16,
        "num_hidden_layers": 27,
        "patch_size": 14,
    },
}
"""google/gemma-3-4b-it, which leaves its heads to the library's defaults."""
DENSE = {
    "architectures": ["MistralForCausalLM"],
    "model_type": "mistral",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "sliding_window": None,
    "vocab_size": 32768,
    "tie_word_embeddings": False,
}
"""mistralai/Mistral-7B-Instruct-v0.3, which has no window where the library's default is one of 4,096 tokens."""
HALVED = {
    "architectures": ["QWenLMHeadModel"],
    "model_type": "qwen",
    "hidden_size": 4096,
    "intermediate_size": 22016,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "kv_channels": 128,
    "vocab_size": 151936,
    "tie_word_embeddings": False,
}
"""Qwen/Qwen-7B, whose configuration counts gate and up together."""


def locked(config: dict[str, Any], total: int | None) -> Model:
    """The model as a check has it from a lock."""
    found = Found("a/b", frozenset(("config.json",)), config, card=card_of({}))
    record = Record(parameters_by_dtype={"BF16": total} if total else None)
    resolved = Resolved("a/b", None, "a" * 40, "2026-11-28T17:05:00Z", "https://hub", found, record=record)
    return model_of(facts_of_entry(enter(resolved).entry, Origin.LOCK))


@pytest.mark.parametrize("config", [*CONFIGS.values(), MLA, NESTED, DENSE, HALVED])
def test_a_lock_tells_an_estimate_what_the_configuration_itself_does(config: dict[str, Any]) -> None:
    whole = model_of_config(config)
    assert not isinstance(whole, NotEstimable)
    assert locked(config, whole.parameters) == whole


def test_a_null_in_a_configuration_is_no_default_of_the_library() -> None:
    assert locked(DENSE, 7_248_023_552).dimensions.sliding_window is None
    assert locked({**DENSE, "sliding_window": 4096}, 7_241_732_096).dimensions.sliding_window == 4096


def test_a_total_that_the_configuration_cannot_make_gets_no_help_from_it() -> None:
    model = locked(DENSE, 1_000_000_000)
    assert (model.traits, model.dimensions.head_dim) == (Traits(), None)


def test_parts_for_other_senses_are_what_the_total_has_beside_the_text_model() -> None:
    config = {key: value for key, value in NESTED.items() if key != "vision_config"}
    beside = locked(config, 4_300_079_472).traits.vision_parameters
    assert beside == pytest.approx(419_816_000, rel=1e-3), "siglip's tower and the projector"
    assert locked(config, 1_000_000_000).traits == Traits(), "less than the text model alone"


@pytest.mark.parametrize("build", [{"layer_types": 5}, {"expansion_ratio": "x"}, {"null": 7}, {"sliding_window": "x"}])
def test_a_build_that_makes_no_sense_changes_nothing(build: dict[str, Any]) -> None:
    sizes = Dimensions(num_hidden_layers=2, hidden_size=64, num_attention_heads=4, vocab_size=100, intermediate_size=1)
    model = Model(1 << 40, sizes, model_type="llama")
    assert completed(model, build) == model
