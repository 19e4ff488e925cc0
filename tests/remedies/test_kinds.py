"""What each kind of change proposes: nothing where there is nothing of its kind to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import applying
from checker.document.place import SourceFile
from checker.manifest.edit import Edit
from checker.remedies.bench import Bench
from checker.remedies.discover import kinds
from tests.in_process import forget
from tests.remedies.test_promises import _request
from tests.repository import PINNED

PLAIN = """\
weighbridge: 1
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: {revision}
    objective: chat
"""


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A bench for the text of a manifest."""
    monkeypatch.chdir(tmp_path)
    forget(applying)

    def made(text: str) -> Bench:
        Path("model.yaml").write_text(text, encoding="utf-8")
        return Bench(SourceFile("model.yaml", text), _request(Path("model.yaml")))

    return made


def said(bench: Bench, name: str, rule: str, **changes) -> list[str]:
    kind = next(one for one in kinds() if one.name == name)
    case = bench.case((0, False, rule))._replace(**changes)
    return [step.said for step in kind.steps(case)]


@pytest.mark.parametrize("kind", [kind.name for kind in kinds() if kind.is_graded or kind.name == "longer-context"])
def test_without_the_block_that_it_changes_a_kind_proposes_nothing(bench, kind):
    rules = next(one.rules for one in kinds() if one.name == kind)
    assert all(said(bench(PLAIN.format(revision=PINNED)), kind, rule) == [] for rule in rules)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("fused-loss", "training-fits"),
        ("gradient-checkpointing", "training-fits"),
        ("small-optimizer", "training-fits"),
        ("smaller-batch", "training-fits"),
        ("lighter-method", "training-fits"),
        ("shorter-sequence", "training-fits"),
        ("quantise", "serving-fits"),
        ("longer-context", "context-window"),
        ("another-gpu", "serving-fits"),
    ],
)
def test_what_is_as_small_as_it_can_be_stays(bench, kind, rule):
    text = PLAIN.format(revision=PINNED) + (
        "    fine_tuning: {method: qlora, loss: fused-linear, gradient_checkpointing: true, optimizer: adamw-8bit,"
        " sequence_length: 512, hardware: {gpu: L4}}\n"
        "    deployment: {context_window: 2048, quantization: awq-int4, hardware: {gpu: no such gpu}}\n"
    )
    if kind == "quantise":
        text = text.replace("awq-int4, h", "awq-int4, weights: {model: Qwen/Qwen2.5-7B-Instruct-AWQ}, h")
    bench_of = bench(text.replace("no such gpu", "L4"))
    case = {} if kind != "another-gpu" else {"manifest": _with_gpu(bench_of, "no such gpu")}
    assert said(bench_of, kind, rule, **case) == []


def _with_gpu(bench: Bench, name: str):
    from checker.document.bind import bind
    from checker.manifest.edit import rebuilt
    from checker.manifest.model import Manifest

    return bind(rebuilt(bench.root, [Edit(("models", 0, "deployment", "hardware", "gpu"), name)]), Manifest)


def test_several_gpus_may_divide_the_training(bench):
    text = PLAIN.format(revision=PINNED) + (
        "    fine_tuning: {method: full, sequence_length: 512, hardware: {gpu: L4, count: 2}}\n"
    )
    assert said(bench(text), "more-gpus", "training-fits") == [
        "divide the training among the 2 GPUs (sharding fsdp)",
        "use 4 GPUs instead of 2, which divide the training (sharding fsdp)",
        "use 8 GPUs instead of 2, which divide the training (sharding fsdp)",
        "use 16 GPUs instead of 2, which divide the training (sharding fsdp)",
    ]


def test_capitals_in_a_commit_are_made_small_and_that_is_safe(bench):
    made = bench(PLAIN.format(revision=PINNED.upper()))
    pin = next(one for one in kinds() if one.name == "pin-revision")
    (step,) = pin.steps(made.case((0, False, "revision-pinned")))
    assert (step.said, step.is_safe) == (f"pin revision {PINNED[:12]}, the same commit in small letters", True)


def test_the_artefact_that_is_loaded_is_pinned_too(bench):
    text = PLAIN.format(revision=PINNED) + (
        "    deployment: {context_window: 2048, hardware: {gpu: L4},"
        " weights: {model: Qwen/Qwen2.5-7B-Instruct, revision: main}}\n"
    )
    pin = next(one for one in kinds() if one.name == "pin-revision")
    (step,) = pin.steps(bench(text).case((0, True, "revision-pinned")))
    assert step.edits == (Edit(("models", 0, "deployment", "weights", "revision"), PINNED),)


def test_what_speaks_of_the_former_model_goes_with_it(bench):
    text = """\
weighbridge: 1
models:
  - model: Qwen/Qwen2.5-7B
    revision: main
    license: apache-2.0
    objective: chat
    known:
      native_context: {value: 131072, evidence: x}
    measured: {serving_peak: 20 GiB, evidence: y}
"""
    made = bench(text)
    sibling = next(one for one in kinds() if one.name == "sibling")
    first = sibling.steps(made.case((0, False, "base-or-instruct")))[0]
    trial = made.tried(first.edits)
    assert trial is not None
    assert (
        trial.text
        == f"""\
weighbridge: 1
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: {PINNED}
    license: Apache-2.0
    objective: chat
"""
    )


def test_a_change_that_the_layout_does_not_take_is_not_tried(bench):
    made = bench(PLAIN.format(revision=PINNED).replace("models:", "owner: a\n  b\nmodels:"))
    assert made.tried((Edit(("owner",), "c"),)) is None
    assert made.tried_text("weighbridge: 9\n") is None
    assert not made.holds("size-class", 0, (Edit(("models", 0, "objective"), "nothing of this"),))
