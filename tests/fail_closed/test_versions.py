"""A document states the version of its format as the whole number that it is, and counts as none where it does not.

`true` is 1 to Python, and so is 1.0: each reader has to tell them apart by itself, and this is the table of all.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import Command, Run
from tests.fail_closed.case import laid_out
from tests.in_process import weighbridge

__all__ = ["weighbridge"]

WRONG = ("true", "false", "0", "2", "-1", "1.0", "1e0", "[1]", "null")
"""Whatever a version of 1 could be taken for, and versions that are no 1."""
POLICY = (
    "policy: acme\nversion: 1\nrules: {revision-pinned: soft-mandatory, license-known: soft-mandatory}\n"
    "waivers: {from: project, approvers: [jo], max_days: 90}\n"
)
CASES = """\
weighbridge_policy_tests: 1
cases:
  - {name: pinned, model: Qwen/Qwen2.5-7B-Instruct, expect: {license-known: pass}}
"""
RESULTS = {
    "weighbridge_baseline": 1,
    "subject": "tf-idf",
    "made_on": "2026-10-03",
    "tool": "scikit-learn 1.5.2",
    "tasks": [{"task": "t", "version": "1", "samples": 9, "scores": [{"metric": "accuracy", "value": 0.8}]}],
}


class Versioned(NamedTuple):
    """A document that states its version."""

    file: str
    key: str
    """What the version stands behind."""
    command: str
    """Reads the document."""
    made: str = ""
    """Writes it; empty where the test lays it out."""


DOCUMENTS = {
    "manifest": Versioned("model.yaml", "weighbridge: ", "check --policy policy.yaml"),
    "waivers": Versioned("waivers.yaml", "weighbridge_waivers: ", "check --policy policy.yaml"),
    "cases of a policy": Versioned("policy.test.yaml", "weighbridge_policy_tests: ", "policy test policy.yaml"),
    "results": Versioned("results.json", '"weighbridge_baseline": ', "baseline show results.json"),
    "calibration": Versioned(
        "model.calibration.json",
        '"format": ',
        "fit Qwen/Qwen2.5-7B-Instruct --serve --context-window 512 --gpu L4 --calibration model.calibration.json",
    ),
    "lock that is read": Versioned(
        "model.lock", '"weighbridge_lock": ', "check --policy policy.yaml", "lock --offline"
    ),
    "lock that would be made anew": Versioned("model.lock", '"weighbridge_lock": ', "lock --offline", "lock --offline"),
    "lock of an organisation": Versioned(
        "approved.lock",
        '"weighbridge_lock": ',
        "lock --offline --for-organisation Qwen/Qwen2.5-7B-Instruct -o approved.lock",
        "lock --offline --for-organisation Qwen/Qwen2.5-7B-Instruct -o approved.lock",
    ),
    "journal": Versioned(
        "evidence/{}.runs.jsonl",
        '"format":',
        "audit . --records evidence --period 2000-01-01..2100-01-01",
        "check --policy policy.yaml --record evidence",
    ),
}


@pytest.fixture
def asked(weighbridge: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    laid_out(
        tmp_path,
        {
            "policy.yaml": POLICY,
            "policy.test.yaml": CASES,
            "waivers.yaml": "weighbridge_waivers: 1\nwaivers: []\n",
            "results.json": json.dumps(RESULTS),
            "model.calibration.json": '{"format": 1, "runs": []}',
        },
    )

    def ask(document: Versioned, written: str) -> tuple[Run, bool]:
        """What the command does where the version is written so, and whether the document is as it was then."""
        if document.made:
            assert weighbridge(*document.made.split()).code == 0
        [path] = tmp_path.glob(document.file.replace("{}", "*"))
        old = path.read_text(encoding="utf-8")
        new = re.sub(rf"{re.escape(document.key)}1\b", f"{document.key}{written}", old, count=1)
        assert written == "1" or new != old
        path.write_text(new, encoding="utf-8")
        run = weighbridge(*document.command.split())
        return run, path.read_text(encoding="utf-8") == new

    return ask


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_of_this_version_is_read(asked, document: Versioned) -> None:
    assert asked(document, "1")[0].code == 0


@pytest.mark.parametrize("written", WRONG)
@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_of_another_version_is_refused_and_left_as_it_is(asked, document: Versioned, written: str) -> None:
    run, is_as_it_was = asked(document, written)
    assert run.code == 2, run.out + run.err
    assert is_as_it_was
    assert document.file.partition("{")[0] in run.out + run.err
