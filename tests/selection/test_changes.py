"""Which changes are tried for an entry that a rule refuses."""

from __future__ import annotations

import pytest

from checker.document.place import SourceFile
from checker.manifest.load import load
from checker.selection.changes import steps_for


def said(deployment):
    text = f"weighbridge: 1\nowner: a\nmodels:\n  - {{model: a/b, objective: chat, deployment: {{{deployment}}}}}\n"
    [entry] = load(SourceFile("model.yaml", text)).models
    return [change.said for step in steps_for("serving-fits", entry) for change in step.changes]


@pytest.mark.parametrize("wide", ["none", "bf16", "fp8", "int8", "gptq-int8", "Q8_0"])
def test_weights_of_eight_bits_and_more_are_tried_in_four(wide):
    assert said(f"quantization: {wide}") == [f"int4 (awq-int4) instead of {wide}"]


@pytest.mark.parametrize("narrow", ["awq-int4", "gptq-int4", "nf4", "mxfp4", "Q6_K"])
def test_weights_of_fewer_bits_stay(narrow):
    assert said(f"quantization: {narrow}") == []


@pytest.mark.parametrize(
    ("runtime", "form"),
    [("vllm", "awq-int4"), ("tgi", "awq-int4"), ("llama.cpp", "Q4_K_M"), ("transformers", "nf4"), ("tei", None)],
)
def test_the_four_bits_are_those_that_the_runtime_loads(runtime, form):
    assert said(f"runtime: {runtime}") == ([f"int4 ({form}) instead of the published weights"] if form else [])
