"""A policy with rules of its own where the library that reads them is not installed."""

from __future__ import annotations

import sys

import pytest

from checker.custom import expression
from checker.document.errors import InputError, render_problem
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy
from tests.in_process import forget

RULE = '    - {id: acme-%s, assert: "true", message: m, enforcement: advisory}\n'


def test_it_is_said_once_what_to_install(tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "cel_expr_python"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cel_expr_python", None)
    path = tmp_path / "policy.yaml"
    path.write_text(f"policy: a\nversion: 1\nrules:\n  custom:\n{RULE % 'one'}{RULE % 'two'}", encoding="utf-8")
    forget(expression)
    try:
        with pytest.raises(InputError) as caught:
            load(Choice(str(path), ChosenBy.OPTION), None)
    finally:
        forget(expression)
    [problem] = caught.value.problems
    said, _, advice = render_problem(problem).partition("\n")
    assert said == f"{path.as_posix()}:4:3: error: custom rules need the extra `cel`, which is not installed"
    assert "weighbridge[cel]" in advice
