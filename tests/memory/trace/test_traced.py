"""Real traces: the figures that are committed, what each option changes, and what the libraries refuse."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path

import pytest

from checker.memory.trace import RefusedError, TracePlan, trace

pytestmark = pytest.mark.tracer

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data" / "memory"
FIGURES = (
    *("weights_bytes", "trainable_params", "after_forward_bytes", "after_backward_bytes", "after_step_bytes"),
    *("peak_bytes", "peak_at"),
)
LLAMA = {
    "model_type": "llama",
    "hidden_size": 256,
    "intermediate_size": 512,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "vocab_size": 1000,
    "tie_word_embeddings": False,
}
BERT = {
    "model_type": "bert",
    "hidden_size": 128,
    "intermediate_size": 256,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": 1000,
}
LEAN = TracePlan(
    512, method="lora", autocast=False, adapter_dtype="bf16", upcast_frozen=False, gradient_checkpointing=False
)


def tool():
    path = ROOT / "tools" / "trace_peaks.py"
    spec = importlib.util.spec_from_file_location("trace_peaks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PEAKS = tool()


def committed(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def configurations(name):
    return json.loads((DATA / f"{name}_configs.json").read_text(encoding="utf-8"))


def chosen():
    """One row of each family among those that are traced within a second or two."""
    wanted = {}
    for row in committed("traced_more"):
        wanted.setdefault((row["model"], row["method"]), row)
    models = {
        ("Qwen/Qwen3-30B-A3B@4", "qlora"),
        ("mistralai/Mixtral-8x7B-v0.1@4", "full"),
        ("google/gemma-3-4b-it@8", "lora"),
        ("deepseek-ai/DeepSeek-V2-Lite@4", "lora"),
        ("tiiuae/falcon-40b@4", "qlora"),
        ("sentence-transformers/all-MiniLM-L6-v2", "lora"),
        ("distilbert/distilbert-base-uncased", "full"),
        ("microsoft/deberta-v3-base", "qlora"),
        ("google/mt5-small", "qlora"),
        ("facebook/bart-base", "lora"),
        ("openai/gpt-oss-20b@4", "full"),
    }
    return [wanted[key] for key in sorted(models)]


@pytest.mark.parametrize("row", chosen(), ids=lambda row: f"{row['model']} {row['method']}")
def test_a_trace_gives_the_committed_figures(row):
    traced = trace(configurations("traced_more")[row["model"]], PEAKS.plan_of(row, simplified=True))
    assert {name: str(getattr(traced, name)) for name in FIGURES} == {name: row[name] for name in FIGURES}


def test_the_weights_are_those_of_the_configuration():
    attention, mlp, norms = 256 * 256 * 2 + 2 * 256 * 64, 3 * 256 * 512, 2 * 256
    count = 2 * 1000 * 256 + 2 * (attention + mlp + norms) + 256
    traced = trace(LLAMA, LEAN._replace(method="full"))
    assert traced.trainable_params == count
    assert traced.weights_bytes == 2 * count + 2 * 512  # the two tables of rotary frequencies


def test_four_bit_weights_take_half_a_byte_and_their_scales():
    linears = 2 * (256 * 256 * 2 + 2 * 256 * 64 + 3 * 256 * 512)
    plain = trace(LLAMA, LEAN._replace(rank=8)).weights_bytes
    four = trace(LLAMA, LEAN._replace(rank=8, method="qlora", double_quantization=False)).weights_bytes
    assert plain - four == linears * 2 - linears // 2 - linears // 64 * 4


def test_a_classifier_trains_its_head_besides_the_adapters():
    plan = LEAN._replace(task="classify", num_labels=3, rank=8, sequence_length=128)
    head = 128 * 3 + 3
    adapters = 2 * (4 * 8 * 256 + 2 * 8 * (128 + 256)) + 8 * 256
    assert trace(BERT, plan).trainable_params == head + adapters


def peak(config=LLAMA, **changes):
    return trace(config, LEAN._replace(micro_batch_size=4, **changes)).peak_bytes


def test_each_option_moves_the_peak_where_it_should():
    assert peak(gradient_checkpointing=True) < peak() < peak(attention="eager")
    assert peak(loss="fused-linear") < peak() > peak(loss="fused-softmax")
    frozen = {"method": "qlora", "targets": ("attention-qv",)}
    assert peak(**frozen) < peak(**frozen, keeps_quantized_inputs=True)


def test_optimisers_keep_what_they_say():
    states = {
        name: trace(LLAMA, LEAN._replace(method="full", optimizer=name)).after_step_bytes
        for name in ("adamw", "adamw-8bit", "sgd")
    }
    assert states["sgd"] < states["adamw-8bit"] < states["adamw"]
    weights = trace(LLAMA, LEAN._replace(method="full")).weights_bytes
    assert states["sgd"] - weights == 2 * 512 * 8  # tokens and labels


def test_what_is_simplified_elsewhere_is_not_by_default():
    autocast = {"autocast": True, "adapter_dtype": "fp32", "sequence_length": 128}
    norms = {"task": "classify", **autocast}
    assert peak(BERT, **norms) > peak(BERT, **norms, simplified=True)
    products = {"method": "qlora", "upcast_frozen": True, **autocast}
    assert peak(**products) > peak(**products, simplified=True)


def test_experts_are_no_linears_and_stay_wide():
    experts = {
        "model_type": "mixtral",
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 1,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "vocab_size": 100,
        "num_local_experts": 4,
    }
    plan = LEAN._replace(method="qlora", targets=("q_proj",), autocast=True, adapter_dtype="fp32")
    narrow = trace(experts, plan).weights_bytes
    wide = trace(experts, plan._replace(upcast_frozen=True)).weights_bytes
    trained = 4 * 3 * 64 * 128
    others = 2 * 100 * 64 + 4 * 64 + 3 * 512  # embeddings, head, router; the norms' shares of 512 bytes are the rest
    assert 2 * trained <= wide - narrow <= 2 * (trained + others)


def test_it_says_where_the_library_has_eager_attention_alone():
    assert trace({"model_type": "gemma2", "num_hidden_layers": 1}, LEAN).attention == "eager"
    assert trace(LLAMA, LEAN).attention == "flash"


def test_a_window_needs_no_mask_under_flash_attention():
    mistral = {**LLAMA, "model_type": "mistral", "sliding_window": 128}
    assert peak(mistral) == peak({**mistral, "sliding_window": None})


def test_bi_encoders_make_two_passes():
    one = peak(BERT, task="classify", sequence_length=128, method="full")
    two = peak(BERT, task="embed", sequence_length=128, method="full")
    assert two > one


def refusal(config, **changes):
    with pytest.raises(RefusedError) as caught:
        trace(config, LEAN._replace(**changes))
    return str(caught.value)


def test_an_unknown_model_type_is_refused_with_the_nearest_name():
    assert "has no model type 'lama'; did you mean 'llama'?" in refusal({**LLAMA, "model_type": "lama"})
    assert refusal({**LLAMA, "model_type": "x-1"}).endswith("custom code is never run")


@pytest.mark.parametrize(
    ("config", "changes", "said"),
    [
        ({**LLAMA, "num_attention_heads": 7}, {}, "transformers does not take this configuration: "),
        ({**LLAMA, "model_type": "vit"}, {}, "transformers has no causal model for the model type 'vit'"),
        (
            {**BERT, "model_type": "mpnet"},
            {"gradient_checkpointing": True, "task": "classify"},
            "gradient checkpointing: ",
        ),
        (LLAMA, {"targets": ("nothing",)}, "PEFT does not adapt this model: "),
        ({"model_type": "distilbert", "n_layers": 1}, {"task": "classify"}, "PEFT does not adapt this model: "),
        ({"model_type": "phimoe", "num_hidden_layers": 1}, {}, "the model's code does not run so: "),
        (
            {"model_type": "mamba", "num_hidden_layers": 1},
            {"targets": ("attention-qv",)},
            "targets: attention-qv is not known",
        ),
        (
            {"model_type": "gemma2", "num_hidden_layers": 1},
            {"loss": "fused-linear"},
            "loss fused-linear is not traced for ",
        ),
        (
            {"model_type": "t5", "num_layers": 1},
            {"loss": "fused-softmax"},
            "loss fused-softmax is traced for decoders only",
        ),
    ],
)
def test_what_the_libraries_cannot_do_is_refused_with_their_reason(config, changes, said):
    assert refusal(config, **changes).startswith(said)


def test_head_and_embeddings_can_be_trained_whole():
    alone = trace(LLAMA, LEAN).trainable_params
    assert trace(LLAMA, LEAN._replace(targets=("all-linear+head",))).trainable_params == alone + 1000 * 256
    both = trace(LLAMA, LEAN._replace(targets=("all-linear+embeddings+head",))).trainable_params
    assert both == alone + 2 * 1000 * 256


def test_named_modules_are_adapted_alone():
    assert trace(LLAMA, LEAN._replace(targets=("q_proj",), rank=8)).trainable_params == 2 * 8 * 512
    assert trace(LLAMA, LEAN._replace(targets=("attention-qv",), rank=8)).trainable_params == 2 * 8 * (512 + 320)
