"""Models from the content of a config.json: what it states, what the library adds, and what is refused."""

from __future__ import annotations

import pytest

from checker.facts.model import ArchitectureClass
from checker.memory import training
from checker.memory.config import model_of_config, traits_of, with_defaults
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.plan import Method, Task, TrainingPlan

LLAMA = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "intermediate_size": 14336,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "tie_word_embeddings": False,
}


@pytest.mark.parametrize(
    ("config", "parameters"),
    [
        (LLAMA, 8_030_261_248),
        ({"model_type": "gpt2"}, 124_439_808),
        ({"model_type": "bert"}, 109_482_240),
        ({"model_type": "distilbert"}, 66_362_880),
        ({"model_type": "bart"}, 406_291_456),
        ({"model_type": "t5"}, 60_506_624),
        ({"model_type": "mixtral"}, 46_702_792_704),
        ({"model_type": "opt", "hidden_size": 1024, "num_hidden_layers": 24, "ffn_dim": 4096, "num_attention_heads": 16,
          "word_embed_proj_dim": 512}, 331_196_416),
    ],
    ids=lambda value: value["model_type"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_parameters_are_counted_from_the_sizes(config, parameters):
    model = model_of_config(config)
    assert not isinstance(model, NotEstimable), model
    assert model.parameters == pytest.approx(parameters, rel=0.001)


def test_what_a_configuration_leaves_out_is_what_the_library_takes():
    whole = with_defaults({"model_type": "mistral", "hidden_size": 1024}, "mistral")
    assert (whole["hidden_size"], whole["num_hidden_layers"], whole["vocab_size"]) == (1024, 32, 32000)


def test_a_window_that_is_null_is_none_and_one_that_is_left_out_is_the_librarys():
    config = {"model_type": "mistral"}
    assert model_of_config(config).dimensions.sliding_window == 4096
    assert model_of_config({**config, "sliding_window": None}).dimensions.sliding_window is None


def test_a_size_that_is_null_is_derived():
    assert model_of_config({**LLAMA, "num_key_value_heads": None}) == model_of_config(
        {key: value for key, value in LLAMA.items() if key != "num_key_value_heads"}
    )


def test_a_nested_text_model_is_the_one_that_counts():
    nested = {"model_type": "gemma3", "text_config": {"model_type": "gemma3_text", "num_hidden_layers": 4}}
    assert traits_of(with_defaults(nested, "gemma3_text")).layer_types == ("sliding_attention",) * 4


@pytest.mark.parametrize(
    ("config", "architecture"),
    [
        (LLAMA, ArchitectureClass.DECODER),
        ({"model_type": "bert", "architectures": ["BertForSequenceClassification"]}, ArchitectureClass.ENCODER),
        ({"model_type": "t5"}, ArchitectureClass.ENCODER_DECODER),
        ({"model_type": "qwen3"}, ArchitectureClass.DECODER),
    ],
)
def test_the_class_follows_from_the_architecture_or_the_family(config, architecture):
    assert model_of_config(config).architecture is architecture


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({}, "the configuration names no `model_type`"),
        ({**LLAMA, "hidden_size": 0}, "`hidden_size` is 0, and a size is a whole number of at least 1"),
        ({**LLAMA, "num_hidden_layers": "32"}, "`num_hidden_layers` is '32', and a size is a whole number of at least 1"),
        ({"model_type": 7}, "the configuration names no `model_type`"),
        (
            {**LLAMA, "num_key_value_heads": 7},
            "32 attention heads do not divide into 7 groups of keys and values",
        ),
        ({**LLAMA, "hidden_size": 4100, "head_dim": None, "num_attention_heads": 48, "num_key_value_heads": 8},
         "a hidden size of 4100 does not divide into 48 heads, and no head_dim is stated"),
        ({**LLAMA, "vocab_size": 10**12}, "`vocab_size` is 1000000000000, and a size lies between 1 and 67108864"),
        ({"model_type": "mixtral", "num_experts_per_tok": 9}, "a token visits 9 experts of 8"),
    ],
)  # fmt: skip
def test_sizes_that_make_no_model_are_refused(config, reason):
    refused = model_of_config(config)
    assert isinstance(refused, NotEstimable)
    assert refused.reason == reason


@pytest.mark.parametrize(
    "family", ["t5", "bart", "gpt2", "bert", "mixtral", "qwen3_moe", "deepseek_v3", "gpt_oss", "phi"]
)
def test_families_with_the_librarys_defaults_can_be_trained(family):
    model = model_of_config({"model_type": family})
    task = Task.CLASSIFY if family == "bert" else Task.CAUSAL
    for method in Method:
        assert isinstance(training.estimate(model, TrainingPlan(method, 512, task=task)), Estimate)
