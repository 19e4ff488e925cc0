"""What the fuzzer tries, without it: each target on its seeds, on a few changes of them, and on all that was ever found."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from checker import report
from checker.commands.of_baseline import _rendered
from checker.document import tree
from checker.fleet import form as audits
from checker.selection import form as choices
from checker.sizing.starting import launch
from fuzz.blind import changed
from fuzz.target import attempt, load, measured, names
from tests.report.fuzzed import targets

FOUND = sorted(path for path in (Path(__file__).parent / "found").rglob("*") if path.is_file())
TRIED = {
    **dict.fromkeys(("report-html", "audit-html", "fit-picture", "bom-spdx3", "audit-csv", "license-text"), 4),
    **dict.fromkeys(("fit-line", "config", "results", "cel", "policy", "manifest", "license-expression"), 30),
}
"""Inputs of targets that take milliseconds for one."""
_WRITERS = (
    *("report-", "select-", "bom-", "audit-", "policy-", "impact-", "cases-", "fit-", "notices", "baseline-", "start-"),
    *("lock-", "explain-", "classify-text", "classify-json", "waiver-list-", "scan-draft"),
)


@pytest.fixture(autouse=True)
def _as_other_tests_have_it(monkeypatch):
    """Some targets leave the second parser out for speed; no other test shall."""
    monkeypatch.setattr(tree, "_SECOND_OPINION_UP_TO", tree._SECOND_OPINION_UP_TO)


def inputs(target, count):
    """Some of a target's seeds as they are, and others with bytes that are changed, removed and put in."""
    random = Random(target.name)
    seeds = list(target.seeds())
    yield from seeds[:: max(2 * len(seeds) // count, 1)]
    words = [word.encode("utf-8", "surrogatepass") for word in target.words]
    for _ in range(count // 2):
        yield changed(random, random.choice(seeds), seeds, words)[: target.longest]


def test_every_form_that_is_written_has_its_target():
    """Forms are found by their files: one that somebody adds is fuzzed too."""
    written = {
        "report-": {*report.formats(), "customer"},
        "audit-": set(audits.formats()) - {"parquet"},  # a cell is a value there, and nothing is escaped
        "select-": {*choices.formats(), "picture"},
        **{f"baseline-{command}-": set(_rendered._FORMS) for command in ("show", "compare", "plan")},
        "start-": {target.replace(".", "-") for target in launch.TARGETS},
    }
    assert {
        prefix: {name[len(prefix) :] for name in names() if name.startswith(prefix)} for prefix in written
    } == written


def test_each_output_format_is_fuzzed_by_the_oracle_of_its_medium():
    old = [path.name for path, text in targets() if path.read_text(encoding="utf-8") != text]
    assert old == [], "run `python3 dev.py generate targets`"


@pytest.mark.parametrize("name", names())
def test_no_input_does_harm(name):
    target = load(name)
    for data in inputs(target, TRIED.get(name, 10 if name.startswith(_WRITERS) else 60)):
        measured(target, data)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_is_mended(path):
    attempt(load(path.parent.name), path.read_bytes())
