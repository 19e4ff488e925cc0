"""What of an outcome stops the gate: a finding that blocks does so whatever stands beside it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from checker.document.place import Place, SourceFile
from checker.engine import blocks
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Passed
from checker.rulebook.schedule import Enforcement

AT = Place(SourceFile("model.yaml", "x\n"), 1, 1)
HARD, ADVICE = Finding(AT, "a", "b", "c"), Finding(AT, "a", "b", "c", advises=True)


@pytest.mark.parametrize(("outcome", "expected"), [
    (Failed((HARD,)), True),
    (Failed((HARD, ADVICE)), True),
    (Failed((ADVICE, HARD)), True),
    (Failed((ADVICE, ADVICE)), False),
    (NotEvaluated(()), True),
    (NotApplicable("because"), False),
    (Passed(), False),
])  # fmt: skip
def test_a_mandatory_rule_stops_the_gate_unless_all_its_findings_advise(outcome, expected):
    for level in Enforcement:
        rule = SimpleNamespace(level=level)  # all that is asked of a rule here
        assert blocks(rule, outcome) is (
            expected and level is not Enforcement.ADVISORY and level is not Enforcement.OFF
        )
