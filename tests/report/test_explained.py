"""`--explain`: the chain of an outcome, from the manifest's line to the waiver."""

from __future__ import annotations

import pytest

from checker.document.place import Place, SourceFile
from checker.facts.fact import Certainty, Fact, Origin, Source
from checker.report._explained import explained
from checker.rulebook.discover import load_rule
from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple
from checker.verdict import Verdict

from .made import AT, BY, HOSTILE, WAIVER, detail, evaluation, missing, model, report


class Pair(NamedTuple):
    """A fact of two parts."""

    low: int
    high: int | None


def lines(one) -> list[str]:
    manifest = report(model(one)).manifests[0]
    return [line.strip() for line in explained(manifest, manifest.models[0])]


def test_a_failed_rule_shows_every_link():
    assert lines(evaluation("revision-pinned", Verdict.FAIL, detail()))[:-1] == [
        "why revision-pinned is fail, blocks (`main`, which can be moved; expected a commit):",
        "manifest  model.yaml:4:15: revision: main",
        "fact      MIT (declared; catalogue: card, of acme/one, at bbbbbbbbbbbb)",
        "policy    policy.yaml:3:3: license-allowed: hard-mandatory",
        "the level is soft-mandatory, in the layer of the organisation",
        f"rule      {load_rule('revision-pinned').docstring.splitlines()[0]} (weighbridge explain revision-pinned)",
        "waiver    none that counts covers it",
    ]


def test_what_is_unknown_is_the_fact_to_dispute():
    shown = lines(evaluation("license-known", Verdict.NOT_EVALUATED, missing()))
    assert shown[0] == "why license-known is not-evaluated, blocks (a fact or an answer is unknown):"
    assert "fact      `license` is unknown: no source states it" in shown


@pytest.mark.parametrize(
    ("one", "waiver"),
    [
        (
            evaluation("remote-code", Verdict.WAIVED, detail(waiver=WAIVER, blocks=False)),
            "waivers.yaml:2:5: waived by W-1",
        ),
        (
            evaluation("model-denied", Verdict.FAIL, detail(), enforcement=Enforcement.HARD_MANDATORY),
            "none can cover a hard-mandatory rule",
        ),
        (evaluation("size-class", Verdict.FAIL, detail(blocks=False)), "none is needed: it does not block"),
    ],
)
def test_the_chain_ends_with_the_waiver_or_why_there_is_none(one, waiver):
    (shown,) = (line for line in lines(one) if line.startswith("waiver"))
    assert shown.startswith(f"waiver    {waiver}")


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (BY._replace(setting="allow"), "`allow` decides, in the layer of the organisation"),
        (BY._replace(setting="allow", stated=False), "`allow` decides and has the rule's default, in the layer of the"),
    ],
)
def test_the_setting_that_decided_is_named(policy, words):
    assert any(
        line.startswith(words) for line in lines(evaluation("license-allowed", Verdict.FAIL, detail(policy=policy)))
    )


def test_facts_of_several_parts_are_told_in_full():
    claimed = Source(Origin.MANIFEST, "a card", "acme/one", at=AT)
    facts = (
        Fact(Pair(1, None), Certainty.CLAIMED, claimed),
        Fact(("a", "b"), Certainty.INFERRED, claimed),
    )
    shown = lines(evaluation("license-known", Verdict.PASS, evidence=facts))
    assert "fact      low 1 (claimed; manifest: a card, of acme/one, model.yaml:4:15)" in shown
    assert "fact      a, b (inferred; manifest: a card, of acme/one, model.yaml:4:15)" in shown


def test_untrusted_text_is_shown_and_not_obeyed():
    at = Place(SourceFile("model.yaml", HOSTILE.splitlines()[0] * 9 + "\n"), 1, 1)
    shown = lines(evaluation("revision-pinned", Verdict.FAIL, detail(HOSTILE, at=at)))
    assert all(line.isprintable() for line in shown)
    assert len(shown[1]) < 250
