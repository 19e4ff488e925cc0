"""Each kind of drift is told by itself, with how much it matters, and what has not changed is not told."""

from __future__ import annotations

from typing import Any

import pytest

from checker.facts.card import Card
from checker.facts.fact import Certainty
from checker.facts.locked.entry import (
    Gate,
    LockedFacts,
    LockedFile,
    LockEntry,
    ScanIssue,
    SecurityScan,
    Stated,
)
from checker.facts.model import Dimensions, LicenseFile
from checker.hub.drift import SEVERITIES, Kind, Severity, drift_by_failure, drift_of, licensed_later
from checker.hub.errors import Failure, HubError

OLD, NEW = "a" * 40, "b" * 40


def stated(value: Any, certainty: Certainty = Certainty.VERIFIED) -> Stated[Any]:
    return Stated(value, certainty, "somewhere")


FACTS = LockedFacts(
    license=stated("apache-2.0", Certainty.DECLARED),
    license_tag=stated("apache-2.0", Certainty.DECLARED),
    license_files=stated((LicenseFile("LICENSE", "1" * 64),)),
    dimensions=stated(Dimensions(num_hidden_layers=24)),
    architecture_class=stated("decoder", Certainty.INFERRED),
    tags=stated(("a",), Certainty.DECLARED),
    remote_code=stated(False),
    gate=stated(Gate.NO),
    private=stated(False),
    disabled=stated(False),
    security=stated(SecurityScan(True)),
)
FILES = (LockedFile("config.json", 10, blob="c" * 40), LockedFile("model.safetensors", 99, sha256="d" * 64))


def entry(commit: str | None = OLD, revision: str | None = None, **facts: Any) -> LockEntry:
    return LockEntry(
        model="acme/small",
        revision=revision,
        commit=commit,
        resolved_at="2026-11-28T17:05:00Z",
        resolved_from="https://hub.example",
        facts=FACTS._replace(**facts),
        files=FILES,
    )


def told(locked: LockEntry, today: LockEntry, *, is_tag: bool = False) -> list[tuple[str, str]]:
    return [(str(drift.kind), drift.sentence) for drift in drift_of(locked, today, is_tag=is_tag)]


def test_of_what_stands_as_it_was_nothing_is_told() -> None:
    assert told(entry(), entry()) == []


def test_a_catalogue_that_names_no_link_says_nothing_of_one() -> None:
    recorded = entry(license=Stated("apache-2.0", Certainty.DECLARED, "catalogue: model-cards"))
    assert told(recorded, entry(license_link=stated("LICENSE", Certainty.DECLARED))) == []


def test_every_kind_has_a_severity() -> None:
    assert set(SEVERITIES) == set(Kind)


@pytest.mark.parametrize(
    ("today", "kind", "severity", "sentence"),
    [
        (
            entry(license=stated("mit", Certainty.DECLARED)),
            Kind.LICENSE_CHANGED,
            Severity.HIGH,
            "license is `mit` and was `apache-2.0`",
        ),
        (
            entry(license_name=stated("acme-1", Certainty.DECLARED)),
            Kind.LICENSE_CHANGED,
            Severity.HIGH,
            "license_name is `acme-1` and was ``",
        ),
        (
            entry(license_tag=stated("other", Certainty.DECLARED)),
            Kind.LICENSE_CHANGED,
            Severity.HIGH,
            "license_tag is `other` and was `apache-2.0`",
        ),
        (
            entry(license_files=stated((LicenseFile("LICENSE", "2" * 64), LicenseFile("NOTICE", "3" * 64)))),
            Kind.LICENSE_CHANGED,
            Severity.HIGH,
            "NOTICE is new; the text of LICENSE changed",
        ),
        (entry(license_files=stated(())), Kind.LICENSE_CHANGED, Severity.HIGH, "LICENSE is gone"),
        (entry(gate=stated(Gate.MANUAL)), Kind.GATED_NOW, Severity.MEDIUM, "it is gated today (manual), and was not"),
        (entry(private=stated(True)), Kind.PRIVATE_NOW, Severity.HIGH, "it is private today"),
        (entry(disabled=stated(True)), Kind.DISABLED, Severity.HIGH, "it is disabled on the Hub"),
        (entry()._replace(now_called="acme/tiny"), Kind.RENAMED, Severity.LOW, "its name is acme/tiny today"),
        (
            entry(remote_code=stated(True)),
            Kind.RUNS_CODE_NOW,
            Severity.HIGH,
            "loading it runs code from its repository today, and did not",
        ),
        (
            entry(security=stated(SecurityScan(True, (ScanIssue("model.pkl", "unsafe"),)))),
            Kind.SCAN_ISSUE,
            Severity.HIGH,
            "the Hub's scanners object to model.pkl (unsafe)",
        ),
        (
            entry(commit=NEW),
            Kind.COMMIT_MOVED,
            Severity.LOW,
            "the default branch moved from aaaaaaaaaaaa to bbbbbbbbbbbb",
        ),
        (
            entry(dimensions=stated(Dimensions(num_hidden_layers=32))),
            Kind.CONTENT_DIFFERS,
            Severity.HIGH,
            "at the same commit the Hub says something else: dimensions",
        ),
        (
            entry()._replace(files=FILES[:1]),
            Kind.CONTENT_DIFFERS,
            Severity.HIGH,
            "at the same commit the Hub says something else: files (1 gone)",
        ),
    ],
    ids=lambda value: value if isinstance(value, Kind) else "",
)
def test_a_difference_is_told_by_its_kind(today: LockEntry, kind: Kind, severity: Severity, sentence: str) -> None:
    (drift,) = drift_of(entry(), today, is_tag=False)
    assert (drift.kind, drift.severity, drift.sentence) == (kind, severity, sentence)


def test_a_gate_that_only_changed_its_kind_matters_little() -> None:
    assert told(entry(gate=stated(Gate.AUTO)), entry(gate=stated(Gate.MANUAL))) == [
        ("gate-changed", "its gate is manual today, and was auto")
    ]
    assert told(entry(gate=stated(Gate.AUTO)), entry(gate=stated(Gate.NO))) == [
        ("gate-changed", "its gate is no today, and was auto")
    ]


CHANGED = (FILES[0], LockedFile("model.safetensors", 99, sha256="e" * 64), LockedFile("new.py", 1, blob="f" * 40))


def test_a_branch_may_move_and_a_tag_may_not_change_its_files() -> None:
    moved = entry(commit=NEW, revision="v1")._replace(files=CHANGED)
    assert told(entry(revision="v1"), moved) == [
        ("commit-moved", "v1 moved from aaaaaaaaaaaa to bbbbbbbbbbbb; files changed (1 changed, 1 new)")
    ]
    assert told(entry(revision="v1"), moved, is_tag=True) == [
        (
            "files-changed",
            "the tag v1 moved from aaaaaaaaaaaa to bbbbbbbbbbbb, and its files changed (1 changed, 1 new)",
        )
    ]


def test_a_tag_that_moved_over_the_same_files_is_a_move() -> None:
    assert told(entry(revision="v1"), entry(commit=NEW, revision="v1"), is_tag=True) == [
        ("commit-moved", "v1 moved from aaaaaaaaaaaa to bbbbbbbbbbbb")
    ]


def test_the_worst_comes_first() -> None:
    today = entry(commit=NEW, license=stated("mit", Certainty.DECLARED), gate=stated(Gate.AUTO))
    assert [kind for kind, _ in told(entry(), today)] == ["license-changed", "gated-now", "commit-moved"]


@pytest.mark.parametrize(
    "today",
    [
        entry(architecture_class=stated("encoder", Certainty.INFERRED)),  # our own judgement, which versions change
        entry(tags=stated(("b",), Certainty.DECLARED)),  # the Hub sets them by itself
        entry(license=None, dimensions=None, gate=None, security=None),  # a gated model's files were not read
        entry(commit=None),
        entry()._replace(files=()),
        entry()._replace(resolved_at="2027-01-01T00:00:00Z"),
    ],
)
def test_what_nobody_stated_or_nobody_read_is_no_drift(today: LockEntry) -> None:
    assert told(entry(), today) == []


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Failure.MISSING, Kind.MODEL_GONE),
        (Failure.BAD_REVISION, Kind.REVISION_GONE),
        (Failure.DISABLED, Kind.DISABLED),
        (Failure.GATED, Kind.GATED_NOW),
        (Failure.TIMEOUT, None),
        (Failure.BAD_TOKEN, None),
    ],
)
def test_a_failure_that_is_about_the_model_is_drift_and_any_other_leaves_it_open(
    failure: Failure, kind: Kind | None
) -> None:
    drift = drift_by_failure(entry(), HubError(failure, "so it is", "do something"))
    assert (drift.kind if drift else None) == kind


def test_a_model_that_was_gated_before_has_not_become_so() -> None:
    assert drift_by_failure(entry(gate=stated(Gate.AUTO)), HubError(Failure.GATED, "gated", "ask")) is None


def test_a_licence_that_a_later_commit_has_is_told_of_a_pinned_one() -> None:
    def card(license_: str) -> Card:
        return Card(license_, "", "", (), "", "")

    later = licensed_later(entry(revision=OLD), card("mit"))
    assert later is not None
    assert (later.kind, later.severity, later.sentence) == (
        Kind.LICENSE_CHANGED_LATER,
        Severity.MEDIUM,
        "at the default branch the card says `mit`; the pinned commit keeps `apache-2.0`",
    )
    assert licensed_later(entry(revision=OLD), card("apache-2.0")) is None
    assert licensed_later(entry(revision=OLD), card("")) is None
    assert licensed_later(entry(revision=OLD, license=None), card("mit")) is None
