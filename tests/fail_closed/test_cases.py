"""Each mistake ends with its code, and with words that say what is wrong."""

from __future__ import annotations

import shlex

import pytest

from checker import gate
from checker.facts.catalogue import Catalogue
from checker.rulebook.discover import load_rule
from checker.rules import revision_pinned
from checker.selection import many
from tests.fail_closed import commands, manifests, policies, surroundings
from tests.fail_closed.case import Case, laid_out
from tests.in_process import forget, weighbridge  # noqa: F401

TABLES = (policies, manifests, commands, surroundings)
CASES = [(table.__name__.rpartition(".")[2], case) for table in TABLES for case in table.CASES]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{table}: {case.name}") for table, case in CASES])
def test_the_gate_does_not_go_green_by_mistake(case: Case, tmp_path, weighbridge):  # noqa: F811
    forget(many)  # a process judges one table
    laid_out(tmp_path, case.files)
    run = weighbridge(*shlex.split(case.command), stdin=case.stdin, **case.environment)
    assert (run.code, case.says in run.out + run.err) == (case.code, True), run.out + run.err


def test_no_two_cases_have_one_name():
    names = [(table, case.name) for table, case in CASES]
    assert len(set(names)) == len(names)


def test_what_the_cases_change_passes_as_it_is(tmp_path, weighbridge):  # noqa: F811
    laid_out(tmp_path, {})
    assert weighbridge(*shlex.split("check model.yaml --policy policy.yaml --today 2026-11-28")).code == 0


def test_a_rule_that_raises_is_a_bug_and_judges_nothing(tmp_path, weighbridge, monkeypatch):  # noqa: F811
    def raising(entry, facts, settings):
        raise ZeroDivisionError("of a rule")

    monkeypatch.setattr(revision_pinned, "check", raising)
    laid_out(tmp_path, {})
    try:
        for command in ("check model.yaml", "audit .", "scan ."):
            load_rule.cache_clear()
            run = weighbridge(*shlex.split(command), "--policy", "policy.yaml")
            assert (run.code, "ZeroDivisionError: of a rule" in run.out + run.err) == (70, True), run.out + run.err
    finally:
        load_rule.cache_clear()


def test_a_catalogue_that_is_not_there_is_a_bug_and_judges_nothing(tmp_path, weighbridge, monkeypatch):  # noqa: F811
    laid_out(tmp_path, {})
    monkeypatch.setattr(gate, "catalogue", lambda: Catalogue(tmp_path / "gone"))
    run = weighbridge(*shlex.split("check model.yaml --policy policy.yaml"))
    assert (run.code, "nothing was judged" in run.err) == (70, True), run.out + run.err


def test_a_manifest_behind_a_link_is_not_walked_into(tmp_path, weighbridge):  # noqa: F811
    laid_out(tmp_path, {"inside/readme": ""})
    (tmp_path / "inside" / "model.yaml").symlink_to(tmp_path / "model.yaml")
    run = weighbridge("check", "inside", "--policy", "policy.yaml")
    assert (run.code, "no-input" in run.err) == (2, True)
