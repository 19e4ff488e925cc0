"""Duties are typed: what, when, how they can be shown, and under which name."""

from __future__ import annotations

import pytest

from checker.licenses.circumstances import Circumstances
from checker.licenses.duties import DUTIES
from checker.licenses.obligations import _PROOFS, Owed, Proof, When, owed
from checker.licenses.registry import ids, load

SERVICE = Circumstances(distribution=("service",), purpose="commercial")
WEIGHTS = Circumstances(distribution=("weights",), purpose="commercial")
INSIDE = Circumstances(distribution=("internal",), purpose="commercial")


def names(license_id: str, stated: Circumstances, *, modified: bool = False) -> list[str]:
    """The duties that certainly arise and can be shown."""
    duties = owed(load(license_id), stated, modified=modified)
    return [duty.name for duty in duties if duty.proof is not Proof.CONDUCT and not duty.only_if]


@pytest.mark.parametrize(("license_id", "stated", "modified", "expected"), [
    ("llama3.1", INSIDE, False, []),
    ("llama3.1", SERVICE, False, ["built-with-llama"]),
    ("llama3.1", WEIGHTS, False, ["license-copy", "notice-file", "built-with-llama", "use-policy"]),
    ("llama3.1", WEIGHTS, True, ["license-copy", "notice-file", "built-with-llama", "name-prefix", "use-policy"]),
    ("llama3", SERVICE, False, ["built-with-meta-llama-3"]),
    ("Apache-2.0", SERVICE, True, []),
    ("Apache-2.0", WEIGHTS, False, ["license-copy"]),
    ("Apache-2.0", WEIGHTS, True, ["license-copy", "state-changes"]),
    ("AGPL-3.0-only", SERVICE, True, ["network-source"]),
    ("chatglm3-6b", SERVICE, False, ["registration"]),
    ("chatglm3-6b", INSIDE._replace(purpose="research"), False, []),
])  # fmt: skip
def test_duties_arise_from_the_use(license_id, stated, modified, expected):
    assert names(license_id, stated, modified=modified) == expected


def test_a_duty_says_when_it_arises_and_what_has_to_be_read():
    display = next(duty for duty in owed(load("llama3.1"), SERVICE, modified=False) if duty.duty == "display-text")
    assert (display.when, display.proof, display.texts) == (
        (When.SHARE, When.HOST), Proof.WORDS, ("Built with Llama",),
    )  # fmt: skip
    assert display.asks == 'llama3.1, section 1.b.i, asks to display "Built with Llama"'


def test_where_nobody_states_the_use_a_duty_says_what_would_bring_it_about():
    duties = owed(load("llama3.1"), Circumstances(), modified=False)
    display = next(duty for duty in duties if duty.duty == "display-text")
    assert display.only_if == "where copies are passed on or others use it as a service"


def test_a_text_with_a_name_left_open_is_looked_for_without_it():
    [display] = [duty for duty in owed(load("falcon-3"), WEIGHTS, modified=True) if duty.duty == "display-text"]
    assert display.texts == (
        "is built using artificial intelligence technology from the Technology Innovation Institute",
    )


@pytest.mark.parametrize(
    "written", ["built-with-llama", "Built with Llama", "display-text", "llama3.1 built-with-llama"]
)
def test_a_duty_is_known_by_its_name_and_its_kind(written):
    display = next(duty for duty in owed(load("llama3.1"), SERVICE, modified=False) if duty.duty == "display-text")
    assert display.is_called(written)
    assert not display.is_called("notice-file")


def test_every_kind_of_duty_has_a_way_to_be_shown():
    assert set(_PROOFS) == DUTIES


@pytest.mark.parametrize("license_id", sorted(ids()))
def test_the_duties_of_every_licence_can_be_told(license_id):
    for duty in owed(load(license_id), WEIGHTS, modified=True):
        assert duty.asks.startswith(license_id)
        assert duty.when
        assert duty.texts or duty.proof is not Proof.NAME


@pytest.mark.parametrize(("license_id", "stated", "modified", "duty", "told"), [
    ("llama3.1", WEIGHTS, False, "use-policy",
     Owed("use-policy", "use-policy", "llama3.1", (When.SHARE,), Proof.POLICY,
          "llama3.1, section 1.b.iv, asks to pass its use policy on", "1.b.iv")),
    ("llama3.1", Circumstances(), False, "use-policy",
     Owed("use-policy", "use-policy", "llama3.1", (When.SHARE,), Proof.POLICY,
          "llama3.1, section 1.b.iv, asks to pass its use policy on", "1.b.iv", only_if="where copies are passed on")),
    ("llama3.1", SERVICE, False, "use-policy",
     Owed("use-policy", "use-policy", "llama3.1", (When.USE,), Proof.CONDUCT,
          "llama3.1, section 1.b.iv, asks to keep to its acceptable-use policy", "1.b.iv")),
    ("llama3.1", WEIGHTS, True, "name-prefix",
     Owed("name-prefix", "name-prefix", "llama3.1", (When.SHARE,), Proof.NAME,
          'llama3.1, section 1.b.i, asks to begin the name of a model made with it with "Llama"', "1.b.i", ("Llama",))),
    ("llama3.1", WEIGHTS, False, "notice-file",
     Owed("notice-file", "notice-file", "llama3.1", (When.SHARE,), Proof.WORDS,
          "llama3.1, section 1.b.iii, asks to add a notice file that names the Llama 3.1 Community License", "1.b.iii",
          ("the Llama 3.1 Community License",), ordinary=True)),
    ("tencent-hunyuan-a13b", SERVICE, False, "display-text",
     Owed("display-text", "powered-by-tencent-hunyuan", "tencent-hunyuan-a13b", (When.SHARE, When.HOST), Proof.WORDS,
          'tencent-hunyuan-a13b, section 3c, encourages to display "Powered by Tencent Hunyuan"', "3c",
          ("Powered by Tencent Hunyuan",), encouraged=True)),
    ("AGPL-3.0-only", SERVICE, True, "network-source",
     Owed("network-source", "network-source", "AGPL-3.0-only", (When.HOST,), Proof.RECORD,
          "AGPL-3.0-only, section 13, asks to offer the source to those who use it over a network", "13",
          ("offer source to remote users",))),
    ("chatglm3-6b", SERVICE, False, "registration",
     Owed("registration", "registration", "chatglm3-6b", (When.USE,), Proof.RECORD,
          "chatglm3-6b, section 2, asks to register with Zhipu AI before commercial use", "2")),
    ("chatglm3-6b", Circumstances(), False, "registration",
     Owed("registration", "registration", "chatglm3-6b", (When.USE,), Proof.RECORD,
          "chatglm3-6b, section 2, asks to register with Zhipu AI before commercial use", "2",
          only_if="where the use is commercial")),
])  # fmt: skip
def test_a_duty_is_told_whole(license_id, stated, modified, duty, told):
    [found] = [one for one in owed(load(license_id), stated, modified=modified) if one.duty == duty]
    assert found == told


def test_a_notice_that_is_known_word_for_word_is_what_has_to_be_read():
    duties = owed(load("llama3.1"), WEIGHTS, modified=True, notices=("Llama 3.1 is licensed …",))
    assert [one.texts for one in duties if one.duty == "notice-file"] == [("Llama 3.1 is licensed …",)]
    assert [one.texts for one in duties if one.duty == "display-text"] == [("Built with Llama",)]


@pytest.mark.parametrize(("trigger", "when"), [
    ("use", (When.USE,)), ("publish-research", (When.USE,)), ("commercial-use", (When.USE,)),
    ("distribute", (When.SHARE,)), ("share-data", (When.SHARE,)), ("serve", (When.HOST,)), ("serve-modified", (When.HOST,)),
    ("promote", (When.SHARE, When.HOST)), ("distribute-or-serve", (When.SHARE, When.HOST)),
    ("distribute-or-host", (When.SHARE, When.HOST)), ("distribute-derived-model", (When.SHARE,)),
])  # fmt: skip
def test_a_trigger_says_what_brings_a_duty_about(trigger, when):
    text = load("MIT")
    [one, *_] = text.obligations
    made = text._replace(obligations=(one._replace(trigger=trigger),), use_policy=None)
    stated = Circumstances(purpose="commercial", distribution=("weights", "service"))
    research = stated._replace(purpose="research")
    assert {duty.when for duty in (*owed(made, stated, modified=True), *owed(made, research, modified=True))} == {when}
