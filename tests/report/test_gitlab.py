"""GitLab's Code Quality report: the required keys, fingerprints of their own, no byte order mark."""

from __future__ import annotations

import json

from checker.report.gitlab import render
from checker.verdict import Verdict

from .made import HERE, HOSTILE, detail, evaluation, model, of_every_weight, report


def test_each_entry_has_the_required_keys_and_a_fingerprint_of_its_own():
    twice = evaluation("revision-pinned", Verdict.FAIL, detail(), detail(), detail())
    written = render(report(model(twice), *of_every_weight().manifests[0].models), HERE)
    entries = json.loads(written)
    assert written.startswith("[")
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == 9
    for entry in entries:
        assert entry.keys() == {"check_name", "description", "fingerprint", "location", "severity"}
        assert entry["location"] == {"path": "svc/model.yaml", "lines": {"begin": 4}}


def test_the_severity_says_what_the_gate_does():
    severities = {entry["check_name"]: entry["severity"] for entry in json.loads(render(of_every_weight(), HERE))}
    assert severities == {
        "unusable-input": "blocker",
        "revision-pinned": "critical",
        "license-known": "major",
        "nothing-judged": "major",
        "size-class": "minor",
        "facts-known": "minor",
        "remote-code": "info",
    }


def test_a_fingerprint_stays_when_the_line_moves_and_changes_with_the_value():
    def prints(one):
        (entry,) = json.loads(render(report(model(evaluation("revision-pinned", Verdict.FAIL, one))), HERE))
        return entry["fingerprint"]

    moved = detail().at._replace(line=2)
    assert prints(detail(at=moved)) == prints(detail())
    assert prints(detail("`v2`")) != prints(detail())


def test_untrusted_text_is_shown_and_not_obeyed():
    written = render(report(model(evaluation("revision-pinned", Verdict.FAIL, detail(HOSTILE)))), HERE)
    assert written.isascii()
    assert "\\x1b[31m" in json.loads(written)[0]["description"]


def test_nothing_found_is_an_empty_list():
    assert render(report(model(evaluation("license-allowed", Verdict.PASS))), HERE) == "[]\n"
