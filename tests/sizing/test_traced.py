"""The tracer is asked in its own words, and what it refuses is told as bad input."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.facts.catalogue import Catalogue
from checker.memory.of_facts import model_of
from checker.memory.plan import Loss, Method, Precision, TrainingPlan
from checker.memory.trace import TraceError
from checker.sizing import as_json, as_text
from checker.sizing.answer import answer_plan
from checker.sizing.question import of_line
from checker.sizing.serving_report import Extras
from checker.sizing.subject import of_catalogue
from checker.sizing.traced import Beside, asked, rebuilt, trace

CATALOGUE = Catalogue()


def answered(text):
    plan = of_line(SourceFile("x", text)).plan
    return answer_plan(plan, of_catalogue(plan.model.value, CATALOGUE))


TRAINED = answered('{"model": "Qwen/Qwen3-8B", "method": "qlora", "sequence_length": 512, "rank": 8}')


@pytest.fixture
def tracer(monkeypatch):
    """The tracer without its libraries: it gives back what it is told to."""
    told = SimpleNamespace(asked=[], error=None)

    def run(config, plan):
        told.asked.append((config, plan))
        if told.error:
            raise told.error
        return SimpleNamespace(peak_bytes=10 * 2**30, peak_at="backward", versions="torch 2")

    monkeypatch.setattr("checker.memory.trace.require", lambda: None)
    monkeypatch.setattr("checker.memory.trace.trace", run)
    return told


def test_the_traced_peak_stands_beside_the_estimate_of_the_tensors(tracer):
    found = trace(TRAINED)
    assert found == Beside(10 * 2**30, "backward", TRAINED.estimate.allocated_bytes, "torch 2")
    assert found.difference == pytest.approx(TRAINED.estimate.allocated_bytes / (10 * 2**30) - 1)
    [(config, plan)] = tracer.asked
    assert (config["model_type"], config["hidden_size"]) == ("qwen3", 4096)
    assert (plan.method, plan.rank, plan.sequence_length) == ("qlora", 8, 512)
    assert (
        f"traced:      10.00 GiB in the backward pass; the estimate of the tensors is {100 * found.difference:+.2f} % off"
        in (as_text.as_text(TRAINED, Extras(trace=found)))
    )
    assert as_json.answered(TRAINED, Extras(trace=found))["trace"]["peak_bytes"] == 10 * 2**30


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (TrainingPlan(Method.FULL, 64, precision=Precision.BF16_MIXED), {"weights": "fp32", "autocast": True}),
        (TrainingPlan(Method.FULL, 64, precision=Precision.BF16), {"weights": "bf16", "attention": "flash"}),
        (TrainingPlan(Method.LORA, 64, adapter_bytes=2, loss=Loss.CHUNKED), {"adapter_dtype": "bf16", "loss": "full"}),
        (TrainingPlan(Method.LORA, 64, loss=Loss.FUSED_LINEAR), {"adapter_dtype": "fp32", "loss": "fused-linear"}),
    ],
)
def test_a_plan_is_told_in_the_words_of_the_tracer(plan, told):
    assert asked(plan) | told == asked(plan)


def test_what_the_tracer_refuses_is_bad_input(tracer):
    tracer.error = TraceError("the configuration names custom code")
    with pytest.raises(InputError, match=r"^--trace: the configuration names custom code$"):
        trace(TRAINED)


def test_a_tracer_that_is_not_there_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r'needs torch, transformers, peft: pip install "weighbridge\[trace\]"'):
        trace(TRAINED)


def test_what_else_goes_wrong_in_it_is_a_bug(tracer):
    tracer.error = ZeroDivisionError("a mistake of ours")
    with pytest.raises(ZeroDivisionError):
        trace(TRAINED)


def test_only_a_training_on_one_device_is_traced():
    with pytest.raises(InputError, match=r"a trace runs a training step, and this plan serves"):
        trace(answered('{"model": "Qwen/Qwen3-8B", "serve": true}'))
    with pytest.raises(InputError, match=r"a trace runs on one device"):
        asked(TrainingPlan(Method.LORA, 64, devices=2))


def test_a_model_of_which_too_little_is_known_needs_its_configuration():
    model = model_of(CATALOGUE.find("Qwen/Qwen3-8B"))
    with pytest.raises(InputError, match=r"no source states its model_type, which a trace needs"):
        rebuilt(model._replace(model_type=None))
    with pytest.raises(InputError, match=r"no source states vocab_size, which a trace needs"):
        rebuilt(model._replace(dimensions=model.dimensions._replace(vocab_size=None)))
