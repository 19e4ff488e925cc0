"""What a trace refuses before it loads anything, and what it says where the extra is not installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from checker.memory import trace as package
from checker.memory.trace import NotInstalledError, RefusedError, TraceError, TracePlan, asked, trace

LLAMA = {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2}


def refusal(config, **changes):
    with pytest.raises(RefusedError) as caught:
        trace(config, TracePlan(128)._replace(**changes))
    return str(caught.value)


def test_custom_code_is_never_run():
    said = refusal({**LLAMA, "auto_map": {"AutoModelForCausalLM": "modeling_x.X"}})
    assert said.startswith("the configuration names custom code (auto_map), which is never run")


def test_a_configuration_must_name_its_model_type():
    assert refusal({"hidden_size": 64}) == (
        "the configuration names no model_type: a config.json of transformers has one"
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"vocab_size": 1 << 40}, "vocab_size of the configuration must be at most 16777216 (got 1099511627776)"),
        ({"num_hidden_layers": 4096}, "num_hidden_layers of the configuration must be at most 1024 (got 4096)"),
        ({"text_config": {"n_layer": 4096}}, "n_layer of the configuration must be at most 1024 (got 4096)"),
    ],
)
def test_an_absurd_size_is_refused(values, said):
    assert refusal({**LLAMA, **values}) == said


def test_switches_and_token_numbers_are_no_sizes():
    asked.check({**LLAMA, "tie_word_embeddings": True, "pad_token_id": 1 << 30}, TracePlan(128))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"method": "dora"}, "method must be one of full, lora, qlora (got 'dora')"),
        ({"task": "chat"}, "task must be one of causal, classify, embed (got 'chat')"),
        ({"optimizer": "lion"}, "optimizer must be one of adamw, adamw-8bit, sgd (got 'lion')"),
        ({"weights": "fp8"}, "weights must be one of bf16, fp32 (got 'fp8')"),
        ({"attention": "sdpa"}, "attention must be one of flash, eager (got 'sdpa')"),
        ({"sequence_length": 0}, "sequence_length must be a whole number from 1 to 4194304 (got 0)"),
        ({"micro_batch_size": True}, "micro_batch_size must be a whole number from 1 to 65536 (got True)"),
        ({"rank": -8}, "rank must be a whole number from 1 to 16384 (got -8)"),
        ({"targets": ()}, "targets must name at least one module"),
        (
            {"task": "classify", "loss": "fused-linear"},
            "loss fused-linear is about a vocabulary: the task classify has none",
        ),
    ],
)
def test_a_plan_that_means_nothing_is_refused(changes, said):
    assert refusal(LLAMA, **changes) == said


def test_without_the_extra_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(package, "NEEDED", ("a_library_that_nobody_has",))
    with pytest.raises(NotInstalledError) as caught:
        trace(LLAMA, TracePlan(128))
    assert str(caught.value) == (
        "a trace runs the model's own code and needs a_library_that_nobody_has: "
        'pip install "weighbridge[trace]" (a CPU build of torch is enough)'
    )
    assert isinstance(caught.value, TraceError)


def test_nothing_is_needed_where_the_libraries_are_there(monkeypatch):
    monkeypatch.setattr(package, "NEEDED", ("json",))
    package.require()


def test_asking_loads_none_of_the_libraries():
    code = "import sys, checker.memory.trace as t; t.TracePlan(1); print({*t.NEEDED} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "set()\n"
