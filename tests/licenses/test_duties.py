"""What brings a duty about, and the words in which it is asked for."""

from __future__ import annotations

import pytest

from checker.licenses.circumstances import Circumstances
from checker.licenses.duties import DUTIES, TRIGGERS, duties
from checker.licenses.license import Obligation, UsePolicy
from checker.licenses.registry import load
from checker.licenses.terms import Duty

BARE = load("MIT")._replace(obligations=(), use_policy=None)
NOTHING = Circumstances()
COPIES = Circumstances(distribution=("weights",))
SERVICE = Circumstances(distribution=("service",))
INSIDE = Circumstances(distribution=("internal",))
WHEN: dict[str, list[tuple[Circumstances, bool, bool | None]]] = {
    "use": [(INSIDE, False, True), (NOTHING, False, True)],
    "copies": [(COPIES, False, True), (SERVICE, True, False), (NOTHING, False, None)],
    "changed copies": [(COPIES, True, True), (COPIES, False, False), (SERVICE, True, False), (NOTHING, True, None)],
    "service": [(SERVICE, False, True), (COPIES, True, False), (NOTHING, False, None)],
    "changed service": [(SERVICE, True, True), (SERVICE, False, False), (NOTHING, True, None)],
    "either": [(SERVICE, False, True), (COPIES, False, True), (INSIDE, True, False), (NOTHING, False, None)],
    "made": [(SERVICE, True, True), (COPIES, True, True), (COPIES, False, False), (INSIDE, True, False)],
    "cosmos": [(SERVICE, False, None), (SERVICE._replace(family="Cosmos"), False, True), (INSIDE, False, False)],
    "research": [(Circumstances("research"), False, True), (Circumstances("personal"), False, False)],
    "commercial": [(Circumstances("commercial"), False, True), (Circumstances("research"), False, False)],
}
"""Circumstances, whether a model is made with it, and whether the duty then arises; None where it may."""
TRIGGERED = [
    ("use", "use", ""),
    ("distribute", "copies", "where copies are passed on"),
    ("distribute-base", "copies", "where copies are passed on"),
    ("distribute-source", "copies", "where copies are passed on"),
    ("distribute-not-hosted", "copies", "where copies are passed on"),
    ("distribute-modified", "changed copies", "where changed copies are passed on"),
    ("share", "copies", "where copies are passed on"),
    ("share-modified", "changed copies", "where changed copies are passed on"),
    ("share-adapted", "changed copies", "where changed copies are passed on"),
    ("share-data", "copies", "where copies are passed on"),
    ("publish-data", "copies", "where copies are passed on"),
    ("publish-enhanced-data", "changed copies", "where changed copies are passed on"),
    ("share-derivative-database", "changed copies", "where changed copies are passed on"),
    ("serve", "service", "where others use it over a network"),
    ("serve-modified", "changed service", "where others use a changed copy over a network"),
    ("distribute-or-host", "either", "where copies are passed on or others use it as a service"),
    ("distribute-or-serve", "either", "where copies are passed on or others use it as a service"),
    ("distribute-or-serve-cosmos", "cosmos", "where the model is one of NVIDIA Cosmos"),
    ("distribute-derived-model", "made", "where a model made with it is offered to others"),
    (
        "distribute-model-trained-with-materials-or-outputs",
        "made",
        "where a model trained with it or its outputs is offered to others",
    ),
    ("public-statement-on-derivative", "made", "where a work made with it is published"),
    ("promote", "either", "where a product is promoted"),
    ("publish-research", "research", "where research with it is published"),
    ("commercial-use", "commercial", "where the use is commercial"),
]


def owed(obligation: Obligation, stated: Circumstances, modified: bool = False) -> list[Duty]:
    return duties(BARE._replace(obligations=(obligation,)), stated, modified=modified)


def test_each_trigger_of_the_registry_is_listed_here() -> None:
    assert sorted(TRIGGERS) == sorted(trigger for trigger, _, _ in TRIGGERED)


@pytest.mark.parametrize(("trigger", "when", "words"), TRIGGERED)
def test_a_trigger_brings_a_duty_about_where_it_says(trigger: str, when: str, words: str) -> None:
    for stated, modified, arises in WHEN[when]:
        found = owed(Obligation("license-copy", trigger), stated, modified)
        expected = [] if arises is False else [("" if arises else words, bool(arises))]
        assert [(one.only_if, one.certain) for one in found] == expected, (stated, modified)


ASKED = [
    ("license-copy", "to pass on a copy of the licence"),
    ("license-copy-or-link", "to pass on the licence or a link to it"),
    ("keep-notices", "to keep its notices in place"),
    ("keep-notice-file", "to pass on its NOTICE file, if there is one"),
    ("state-changes", "to say what was changed"),
    ("notice-file", "to add a notice file"),
    ("attribution", "to name its authors"),
    ("no-endorsement", "not to promote anything with its authors' names"),
    ("share-alike", "to offer what is adapted from it under the same licence"),
    ("source-disclosure", "to offer the complete corresponding source"),
    ("network-source", "to offer the source to those who use it over a network"),
    ("use-restriction-flowdown", "to bind recipients to its use restrictions"),
    ("use-latest-version", "to make reasonable efforts to use the latest version"),
    ("documentation", "to keep its documentation at the same or better quality"),
    ("publication-statement", "to acknowledge the research materials in publications"),
    ("no-guardrail-removal", "to leave its safety guardrails in place"),
    ("display-text", "to display"),
    ("name-prefix", "to begin the name of a model made with it with"),
]


def test_each_kind_of_duty_is_listed_here() -> None:
    assert {kind for kind, _ in ASKED} == DUTIES


@pytest.mark.parametrize(("kind", "asks"), ASKED)
def test_a_duty_is_asked_for_in_words(kind: str, asks: str) -> None:
    plain = owed(Obligation(kind, "use", clause="7"), NOTHING)
    beside = ' ""' if kind in ("display-text", "name-prefix") else ""
    assert plain == [Duty(kind, "MIT", f"{asks}{beside}", "7")]


@pytest.mark.parametrize(("obligation", "asks", "verb"), [
    (Obligation("display-text", "use", "Built with Oxbow"), 'to display "Built with Oxbow"', "asks"),
    (Obligation("display-text", "use", "One | Two", where="user interface"),
     'to display "One" or "Two" in the user interface', "asks"),
    (Obligation("name-prefix", "use", "Oxbow"), 'to begin the name of a model made with it with "Oxbow"', "asks"),
    (Obligation("notice-file", "use", "the Oxbow License"), "to add a notice file that names the Oxbow License", "asks"),
    (Obligation("notice-file", "use"), "to add a notice file", "asks"),
    (Obligation("state-changes", "use", "prominently"), "to say what was changed", "asks"),
    (Obligation("attribution", "use", encouraged=True), "to name its authors", "encourages"),
])  # fmt: skip
def test_what_is_to_be_shown_and_where_is_said(obligation: Obligation, asks: str, verb: str) -> None:
    assert owed(obligation, NOTHING) == [Duty(obligation.duty, "MIT", asks, "", verb=verb)]


@pytest.mark.parametrize(("policy", "asks"), [
    (UsePolicy("attachment", "A"), "to keep to its use restrictions"),
    (UsePolicy("inline", "A"), "to keep to its use restrictions"),
    (UsePolicy("exhibit", "A"), "to keep to its acceptable-use policy"),
    (UsePolicy("policy", "A"), "to keep to its acceptable-use policy"),
    (UsePolicy("external-policy", "A"), "to keep to its acceptable-use policy"),
    (UsePolicy("unstated"), None),
])  # fmt: skip
def test_a_use_policy_is_a_duty_where_it_was_read(policy: UsePolicy, asks: str | None) -> None:
    found = duties(BARE._replace(use_policy=policy), NOTHING, modified=False)
    assert found == ([] if asks is None else [Duty("use-policy", "MIT", asks, "A")])
