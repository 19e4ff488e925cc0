"""Each mistake ends with its code, and with words that say what is wrong."""

from __future__ import annotations

import shlex

import pytest

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
