"""GitHub's workflow commands: one line a remark, worst first, within what GitHub shows, and no command out of a text."""

from __future__ import annotations

import re

import pytest

from checker.report.github import render
from checker.rulebook.schedule import Enforcement
from checker.surroundings import Surroundings
from checker.verdict import Verdict

from .made import HERE, HOSTILE, detail, evaluation, model, of_every_weight, report


def test_each_remark_is_an_annotation_of_its_kind_worst_first():
    assert render(of_every_weight(), HERE).splitlines() == [
        "::error title=unusable-input%3A cannot be used::broken.yaml: unknown key `colour`; expected one of name",
        "::error file=svc/model.yaml,line=4,endLine=4,col=15,endColumn=18,title=revision-pinned%3A blocks"
        "::one: `main`, which can be moved; expected a commit. pin it",
        "::error file=svc/model.yaml,line=4,endLine=4,col=15,endColumn=18,title=nothing-judged%3A blocks%2C could not"
        " be evaluated::unjudged: nothing was judged: no rule of the policy applies to it, so that it cannot pass;"
        " expected a policy with a rule for models of this kind",
        "::error file=svc/model.yaml,line=4,endLine=4,col=15,endColumn=18,title=license-known%3A blocks%2C could not be"
        " evaluated::one: `license` is missing: no source states it. state it in model.yaml",
        "::warning file=svc/model.yaml,line=4,endLine=4,col=15,endColumn=18,title=size-class%3A advice"
        "::one: two classes; expected a commit. pin it",
        "::notice file=svc/model.yaml,line=4,endLine=4,col=15,endColumn=18,title=facts-known%3A advice%2C could not be"
        " evaluated::one: `dtype` is missing: no source states it. state it in model.yaml",
        "::notice file=svc/model.yaml,line=4,endLine=4,col=15,endColumn=18,title=remote-code%3A waived"
        "::one: code in the repository; expected a commit; waived by W-1 until 2026-12-01 (8 days left), approved by"
        " legal@example.com, written by Dana <dana@example.com>, not its approver: adoption, moves next month. pin it",
    ]


def test_the_tenth_of_a_kind_says_how_many_are_not_shown():
    many = report(model(evaluation("revision-pinned", Verdict.FAIL, *(detail(str(number)) for number in range(12)))))
    lines = render(many, HERE).splitlines()
    assert len(lines) == 10
    assert lines[-1] == (
        "::error title=weighbridge::3 more of this kind are not shown: GitHub shows 10 a step. "
        "1 model · 0 passed · 1 failed · 0 not evaluated · 0 not applicable"
    )
    ten = report(model(evaluation("revision-pinned", Verdict.FAIL, *(detail(str(number)) for number in range(10)))))
    assert "more of this kind" not in render(ten, HERE)


def test_untrusted_text_neither_ends_its_command_nor_begins_another():
    hostile = report(model(evaluation("revision-pinned", Verdict.FAIL, detail(HOSTILE, remedy=HOSTILE)), name=HOSTILE))
    written = render(hostile, Surroundings({"model.yaml": "a,line=1::b%\n::error::c/model.yaml"}))
    assert len(written.splitlines()) == 1
    properties = re.fullmatch(r"::error file=([^,:]*),line=4,endLine=4,col=15,endColumn=18,title=[^,:]*::.*\n", written)
    assert properties is not None
    assert properties[1] == "a%2Cline=1%3A%3Ab%25\\x0a%3A%3Aerror%3A%3Ac/model.yaml"
    assert written.isprintable() is False  # the line end alone
    assert written[:-1].isprintable()


def test_what_is_fine_says_nothing():
    assert render(report(model(evaluation("license-allowed", Verdict.PASS))), HERE) == ""


@pytest.mark.parametrize(
    ("fail_on", "kinds"),
    [
        (Enforcement.SOFT_MANDATORY, {"hard": "error", "soft": "error", "advised": "warning", "old": "warning"}),
        (Enforcement.HARD_MANDATORY, {"hard": "error", "soft": "warning", "advised": "warning", "old": "warning"}),
        (Enforcement.ADVISORY, {"hard": "error", "soft": "error", "advised": "error", "old": "warning"}),
    ],
)
def test_what_is_an_error_follows_what_stops_the_gate(fail_on, kinds):
    found = report(
        model(
            evaluation("model-denied", Verdict.FAIL, detail("hard"), enforcement=Enforcement.HARD_MANDATORY),
            evaluation("revision-pinned", Verdict.FAIL, detail("soft")),
            evaluation("size-class", Verdict.FAIL, detail("advised", blocks=False), enforcement=Enforcement.ADVISORY),
            evaluation("remote-code", Verdict.FAIL, detail("old", blocks=False, was_before=True)),
        ),
        fail_on=fail_on,
    )
    lines = render(found, HERE).splitlines()
    shown = {name: line.split()[0].strip(":") for line in lines for name in kinds if f"one: {name};" in line}
    assert shown == kinds
