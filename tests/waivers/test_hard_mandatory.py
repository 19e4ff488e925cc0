"""No file of waivers, whatever its content, turns a hard-mandatory finding green."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import engine
from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.gather import gather
from checker.manifest.load import load
from checker.policy.load import Choice
from checker.policy.load import load as load_policy
from checker.policy.policy import ChosenBy
from checker.rulebook.schedule import Enforcement
from checker.verdict import Verdict, fingerprint
from checker.waivers.cover import covered
from checker.waivers.file import read_ledger
from checker.waivers.ledger import weigh
from tests.repository import FIELDS, MANIFEST, TODAY, ledger, waiver
from tests.rules.judged import CATALOGUE

POLICY = """\
policy: acme
version: 1
waivers: {from: policy, max_days: 3660, wildcards: [rule, project, model, revision]}
rules:
  revision-pinned: hard-mandatory
  license-allowed: {enforcement: [advisory, {from: 2026-11-28, enforcement: hard-mandatory}], allow: [MIT]}
  license-known: {enforcement: hard-mandatory, min_certainty: verified}
  checklist-complete: soft-mandatory
"""
DAY = date.fromisoformat(TODAY)
HARD = ("revision-pinned", "license-allowed", "license-known")


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The policy, and a model with hard-mandatory findings, one of them not evaluated, and a soft one."""
    folder = tmp_path_factory.mktemp("hard")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    policy = load_policy(Choice(str(folder / "policy.yaml"), ChosenBy.OPTION), None)
    manifest = load(SourceFile("model.yaml", MANIFEST))
    dossiers = tuple(gather(entry, Path(os.curdir), Path(os.curdir), CATALOGUE) for entry in manifest.models)
    return policy, engine.check(manifest, dossiers, engine.as_it_stands(policy, DAY))


def hard(models):
    return [e for model in models for e in model.evaluations if e.enforcement is Enforcement.HARD_MANDATORY]


def with_waivers(judged, text):
    """The models, with every waiver of the text applied that can be."""
    policy, models = judged
    waivers = weigh(read_ledger(SourceFile("waivers.yaml", text)), policy, DAY, {})
    return covered(models, "bot", waivers.of_project("bot"))


def test_the_case_has_what_it_is_about(judged):
    found = hard(judged[1])
    assert [evaluation.rule for evaluation in found if evaluation.blocks] == sorted(HARD)
    assert {evaluation.verdict for evaluation in found} == {Verdict.FAIL, Verdict.NOT_EVALUATED}


def test_what_is_soft_mandatory_is_covered_by_the_widest_waiver(judged):
    models = with_waivers(judged, ledger(waiver(rule="'*'", project="'*'", model="'*'")))
    assert [e.rule for model in models for e in model.evaluations if e.verdict is Verdict.WAIVED] == [
        "checklist-complete"
    ]


names = st.sampled_from(
    [*HARD, "*", "**", "license-*", "*-*", "assistant", "bot", "main", "Qwen/*", "*/*", ""]
) | st.text(max_size=8)
days = st.dates(date(2020, 1, 1), date(2035, 1, 1)).map(str) | st.sampled_from([TODAY, "2026-12-31", "never"])
quoted = (names | days).map(lambda text: "'" + text.replace("'", "''") + "'")
entries = st.dictionaries(st.sampled_from([*FIELDS, "revision", "fingerprint", "ticket"]), quoted, max_size=6)


def the_fingerprints(judged):
    return [
        fingerprint(evaluation.rule, "bot", evaluation.model, one)
        for evaluation in hard(judged[1])
        for one in (*evaluation.findings, *evaluation.missing)
    ]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(entries, min_size=1, max_size=4),
    aims=st.booleans(),
    which=st.integers(0, 9),
    head=st.sampled_from(["", "adopted: 9\n"]),
)
def test_no_list_of_waivers_covers_a_hard_mandatory_finding(judged, changes, aims, which, head):
    prints = the_fingerprints(judged)
    aimed = {"fingerprint": prints[which % len(prints)], "rule": HARD[which % 3]} if aims else {}
    text = ledger(*(waiver(**{"id": f"W-{n}", **aimed, **c}) for n, c in enumerate(changes)), head=head)
    try:
        models = with_waivers(judged, text)
    except InputError:
        return  # exit code 2: nothing is green
    assert hard(models) == hard(judged[1])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_no_text_at_all_does_either(judged, text):
    try:
        models = with_waivers(judged, text)
    except InputError:
        return
    assert hard(models) == hard(judged[1])
