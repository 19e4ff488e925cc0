"""Each mistake ends with its code, and with words that say what is wrong."""

from __future__ import annotations

import io
import os
import shlex
from datetime import date
from errno import EACCES
from pathlib import Path

import pytest

from checker import applying, gate
from checker.command_line import main
from checker.console import Console
from checker.facts.catalogue import Catalogue
from checker.rulebook.discover import load_rule
from checker.rules import revision_pinned
from checker.selection import many
from tests.fail_closed import commands, manifests, policies, proofs, selections, surroundings
from tests.fail_closed.case import MANIFEST, Case, laid_out
from tests.in_process import forget, weighbridge  # noqa: F401

TABLES = (policies, manifests, commands, selections, proofs, surroundings)
CASES = [(table.__name__.rpartition(".")[2], case) for table in TABLES for case in table.CASES]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{table}: {case.name}") for table, case in CASES])
def test_the_gate_does_not_go_green_by_mistake(case: Case, tmp_path, weighbridge):  # noqa: F811
    forget(many)  # a process judges one table
    laid_out(tmp_path, case.files)
    run = weighbridge(*shlex.split(case.command), stdin=case.stdin, **case.environment)
    assert (run.code, case.says in run.out + run.err) == (case.code, True), run.out + run.err


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{table}: {case.name}") for table, case in CASES])
def test_what_a_case_asks_for_is_no_word_that_was_typed(case: Case):
    """Any refusal names the file: a case that asks for no more would not tell it from another one."""
    assert case.says not in f"{case.command} {' '.join(case.files)} model.yaml policy.yaml"


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
    monkeypatch.setattr(gate, "catalogue", lambda: Catalogue(Path(gate.__file__).parent / "gone"))
    run = weighbridge(*shlex.split("check model.yaml --policy policy.yaml"))
    assert (run.code, "nothing was judged" in run.err) == (70, True), run.out + run.err


def test_a_policy_that_may_not_be_read_stops(tmp_path, weighbridge, monkeypatch):  # noqa: F811
    def denied(path, *rest, **more):
        if str(path).endswith("policy.yaml"):
            raise PermissionError(EACCES, "Permission denied", str(path))
        return opened(path, *rest, **more)

    opened = os.open
    laid_out(tmp_path, {})
    monkeypatch.setattr(os, "open", denied)  # root may read a file without permissions
    run = weighbridge(*shlex.split("check model.yaml --policy policy.yaml"))
    assert (run.code, "policy.yaml: error: the file may not be read" in run.err) == (2, True), run.out + run.err


@pytest.mark.parametrize(("day", "code", "says"), [
    (date(1970, 1, 1), 1, "approved_on"),
    (date(2026, 11, 28), 0, "1 waived"),
    (date(2100, 1, 1), 1, "revision-pinned: blocks"),
])  # fmt: skip
def test_a_machine_whose_clock_is_wrong_lets_no_waiver_count(day, code, says, tmp_path, monkeypatch):
    laid_out(tmp_path, {**surroundings.waived(), "policy.yaml": f"{surroundings.PROJECT}  waiver-invalid: advisory\n"})
    monkeypatch.chdir(tmp_path)
    forget(applying, gate)
    out, err = io.StringIO(), io.StringIO()
    given = Console(out, err, io.StringIO(), {}, day)
    assert main(shlex.split("check model.yaml --policy policy.yaml"), given) == code, out.getvalue() + err.getvalue()
    assert f"judged as of {day}" in out.getvalue()
    assert says in out.getvalue()


def test_a_manifest_that_is_a_link_out_of_the_repository_is_not_read(tmp_path, weighbridge):  # noqa: F811
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    laid_out(tmp_path, {})
    (tmp_path / "repository" / "model.yaml").symlink_to(tmp_path / "model.yaml")
    run = weighbridge("check", "repository/model.yaml", "--policy", "policy.yaml")
    assert (run.code, "is not read: a link leads out of the repository" in run.out) == (2, True), run.out + run.err


def test_a_link_out_of_the_repository_is_not_passed_over_in_a_folder(tmp_path, weighbridge):  # noqa: F811
    laid_out(tmp_path, {"inside/other.weighbridge.yaml": MANIFEST})
    (tmp_path / "inside" / ".git").mkdir()
    (tmp_path / "inside" / "model.yaml").symlink_to(tmp_path / "model.yaml")
    run = weighbridge("check", "inside", "--policy", "policy.yaml")
    assert (run.code, "is not read: a link leads out of the repository" in run.out) == (2, True), run.out + run.err
