"""What lies beside a manifest and does not count is said by every format."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest

from checker.report import Wishes, formats, load
from checker.report._notes import notes
from checker.verdict import Verdict
from tests.repository import MANIFEST, POLICY, Repository

from .made import HERE, HOSTILE, evaluation, model, report

LAYER = "weighbridge-policy.yaml beside the manifest was not read: it counts at the repository's root alone"
WAIVERS = "waivers.yaml is there and was not read: policy acme admits no waivers"
WITHOUT_WAIVERS = "policy: acme\nversion: 1\nrules: {revision-pinned: soft-mandatory}\n"


@pytest.mark.parametrize("name", formats())
def test_every_format_says_what_was_not_read(name, tmp_path: Path, monkeypatch, weighbridge):
    repository = Repository(tmp_path)
    repository.commit(
        {
            "policy.yaml": WITHOUT_WAIVERS,
            "waivers.yaml": "waivers: []\n",
            "service/model.yaml": MANIFEST,
            "service/weighbridge-policy.yaml": "rules: {}\n",
        }
    )
    monkeypatch.chdir(tmp_path)
    run = weighbridge("check", "--policy", "policy.yaml", "--output", f"{name}=out")
    assert run.code == 1, run.err
    written = unescape((tmp_path / "out").read_text(encoding="utf-8"))
    assert LAYER in written
    assert WAIVERS in written


@pytest.mark.parametrize("name", formats())
def test_no_format_says_it_of_a_policy_that_counts(name, tmp_path: Path, monkeypatch, weighbridge):
    repository = Repository(tmp_path)
    repository.commit({"policy.yaml": POLICY, "model.yaml": MANIFEST, "weighbridge-policy.yaml": "rules: {}\n"})
    monkeypatch.chdir(tmp_path)
    weighbridge("check", "--policy", "policy.yaml", "--output", f"{name}=out")
    assert "was not read" not in unescape((tmp_path / "out").read_text(encoding="utf-8"))


def test_a_sentence_about_many_manifests_stands_once():
    made = report(model(evaluation(verdict=Verdict.PASS)))
    files = ("model.yaml", "b/model.yaml", "c/model.yaml")
    many = made._replace(manifests=tuple(made.manifests[0]._replace(file=file, notes=(LAYER,)) for file in files))
    [note] = notes(many)
    assert note.sentence(HERE) == f"{LAYER} (svc/model.yaml and 2 more)"


def test_a_hostile_note_begins_nothing():
    made = report(model(evaluation(verdict=Verdict.PASS)))
    hostile = made._replace(manifests=(made.manifests[0]._replace(file=HOSTILE, notes=(HOSTILE,)),))
    [command] = load("github").render(hostile, HERE).splitlines()
    assert command.startswith("::notice title=weighbridge::")
    [entry] = json.loads(load("gitlab").render(hostile, HERE))
    assert (entry["check_name"], entry["severity"]) == ("weighbridge-note", "info")
    assert entry["description"].isprintable()
    log = json.loads(load("sarif").render(hostile, HERE, Wishes()))
    [notification] = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "note"
    assert r"\[a](b)" in notification["message"]["text"]
    quoted = [line for line in load("markdown").render(hostile, HERE).splitlines() if line.startswith("> **Note:** ")]
    assert len(quoted) == 1
    assert "<script>" not in quoted[0]


def test_long_notes_of_many_manifests_stay_inside_the_limit_of_a_comment():
    made = report(model(evaluation(verdict=Verdict.PASS)))
    many = tuple(made.manifests[0]._replace(notes=(f"{number} {'é' * 70_000}",)) for number in range(50))
    written = load("markdown").render(made._replace(manifests=many), HERE)
    assert len(written) <= 65_536
    assert "> **Note:** 40 times more" in written


def test_github_shows_notes_before_what_is_waived_and_counts_the_rest():
    made = report(model(evaluation(verdict=Verdict.PASS)))
    one = made.manifests[0]
    many = made._replace(manifests=(one._replace(notes=tuple(f"note {number}" for number in range(12))),))
    lines = load("github").render(many, HERE).splitlines()
    assert lines[0] == "::notice file=svc/model.yaml,line=1,title=weighbridge::note 0 (svc/model.yaml)"
    assert len(lines) == 10
    assert lines[-1].startswith("::notice title=weighbridge::3 more of this kind are not shown")
