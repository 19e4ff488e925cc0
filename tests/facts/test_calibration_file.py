"""The file of a calibration is read as it was written, and no value in it for another."""

from __future__ import annotations

import json

import pytest

from checker.document.errors import InputError, render_problem
from checker.facts.calibration import Run
from checker.facts.calibration_file import load, with_run

RUN = Run("a" * 64, "a/b", "lora", "cuda", "L4", 1 << 34, 5, None, 7, 6, 3, "2026-11-02", (("torch", "2.13"),))


def changed(**changes):
    return json.dumps({"format": 1, "runs": [{**RUN._asdict(), "versions": {"torch": "2.13"}} | changes]})


def test_a_run_is_read_as_it_was_written(tmp_path):
    (tmp_path / "c.json").write_text(with_run(None, RUN))
    assert load(tmp_path / "c.json").runs == (RUN,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": 2, "format": 1, "runs": []}', "c.json:1:15: error: the key `format` stands here twice"),
        ('{"format": 1, "runs": [{"steps": 1, "steps": 2}]}', "c.json:1:37: error: the key `steps` stands here twice"),
        ('{"format": true, "runs": []}', "c.json: error: format true: expected format 1"),
        ('{"format": 1.0, "runs": []}', "c.json: error: format 1.0: expected format 1"),
        ('{"format": 2, "runs": []}', "c.json: error: format 2: expected format 1; a newer weighbridge may be needed"),
        ('{"format": 1, "runs": ""}', "runs are no list"),
        ('{"format": 1}', "this is no calibration (KeyError: 'runs')"),
        ("[", "c.json:1:2: error: the file is no JSON"),
        (changed(steps=True), "steps is no amount"),
        (changed(steps=1.0), "steps is no amount"),
        (changed(gpu_bytes=False), "gpu_bytes is no amount"),
        (changed(model=5), "model is no text"),
        (changed(gpu="\ud800"), "gpu is no text"),
        (changed(versions={"torch": True}), "a library's version is no text"),
        (changed(versions=["torch"]), "this is no calibration"),
    ],
)
def test_what_is_no_calibration_is_refused(tmp_path, monkeypatch, text, words):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load(path.relative_to(tmp_path))
    assert words in render_problem(caught.value.problems[0])
