"""OSCAL assessment results: valid by the model's schema, and no rule that did not hold is satisfied."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker

from checker.report.oscal import render
from checker.verdict import JudgedWaiver, JudgedWaivers, Verdict

from .made import HERE, HOSTILE, STAMP, WAIVER, detail, evaluation, missing, model, of_every_weight, report

SCHEMA = json.loads((Path(__file__).parent.parent / "data/oscal/assessment-results-1.1.3.schema.json").read_text())
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FormatChecker())


def of_waivers():
    judged = evaluation("waiver-expired", Verdict.FAIL, detail("it expired on 2026-11-01"))._replace(model="waiver W-1")
    one = JudgedWaiver(WAIVER, "shop", "one", None, False, (), (judged,))
    return report(waivers=(JudgedWaivers("waivers.yaml", "b" * 64, STAMP, (one,), 0),))


REPORTS = {
    "every weight": of_every_weight(),
    "nothing": report(),
    "a pass": report(model(evaluation("license-allowed", Verdict.PASS, margin="9 days", notes=("assumed",)))),
    "nothing applies": report(model(evaluation(verdict=Verdict.NOT_APPLICABLE, reason="no deployment"))),
    "waivers": of_waivers(),
    "relaxed": report(model(evaluation(verdict=Verdict.PASS)), relaxations=("--today 2026-01-01",)),
    "nothing, relaxed": report(relaxations=("--exit-zero",)),
    "refused, relaxed": of_every_weight()._replace(relaxations=("--exit-zero",)),
    "hostile": report(
        model(evaluation("revision-pinned", Verdict.FAIL, detail(HOSTILE, remedy=HOSTILE)), name=HOSTILE)
    ),
    "empty": report(model(evaluation("revision-pinned", Verdict.FAIL, detail("", remedy="", expected="")), name=" ")),
}


def results(made):
    return json.loads(render(made, HERE))["assessment-results"]["results"]


@pytest.mark.parametrize("made", REPORTS.values(), ids=REPORTS.keys())
def test_the_document_is_valid(made):
    written = render(made, HERE)
    assert written.isascii()
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(written))] == []


def test_the_schema_refuses_what_is_wrong():
    document = json.loads(render(of_every_weight(), HERE))
    del document["assessment-results"]["results"][1]["findings"][0]["target"]["target-id"]
    assert not VALIDATOR.is_valid(document)


def test_only_what_holds_is_satisfied():
    [refused, judged] = results(of_every_weight())
    states = {one["target"]["target-id"]: one["target"]["status"] for one in judged["findings"]}
    assert states == {
        "license-allowed": {"state": "satisfied", "reason": "pass"},
        "revision-pinned": {"state": "not-satisfied", "reason": "fail"},
        "size-class": {"state": "not-satisfied", "reason": "fail"},
        "license-known": {"state": "not-satisfied", "reason": "other"},
        "facts-known": {"state": "not-satisfied", "reason": "other"},
        "remote-code": {"state": "not-satisfied", "reason": "other"},
        "nothing-judged": {"state": "not-satisfied", "reason": "other"},
    }
    assert refused["findings"][0]["target"]["target-id"] == "unusable-input"
    assert "unknown key `colour`" in refused["findings"][0]["description"]


def test_each_finding_has_its_observation_and_what_does_not_hold_its_risk():
    [_, judged] = results(of_every_weight())
    observations = {one["uuid"]: one for one in judged["observations"]}
    risks = {one["uuid"]: one for one in judged["risks"]}
    components = {one["uuid"] for one in judged["local-definitions"]["components"]}
    for one in judged["findings"][:-1]:
        [observation] = one["related-observations"]
        [subject] = observations[observation["observation-uuid"]]["subjects"]
        assert subject["subject-uuid"] in components
        is_open = one["target"]["status"]["state"] == "not-satisfied"
        assert [risk["risk-uuid"] in risks for risk in one.get("related-risks", ())] == [True] * is_open
    assert len(risks) == 5


def test_a_risk_says_whether_it_stops_the_gate_and_who_lets_it_pass():
    [_, judged] = results(of_every_weight())
    risks = {one["title"].partition(" ")[0]: one for one in judged["risks"]}
    assert risks["revision-pinned"]["statement"] == "It stops the gate."
    assert risks["size-class"]["statement"] == "It does not stop the gate."
    assert risks["license-known"]["status"] == "open"
    waived = risks["remote-code"]
    assert waived["status"] == "deviation-approved"
    assert waived["deadline"] == f"{WAIVER.expires}T23:59:59Z"
    assert [one["value"] for one in waived["props"]] == [WAIVER.id]
    assert risks["revision-pinned"]["remediations"][0]["lifecycle"] == "recommendation"


def test_what_was_not_judged_is_said():
    [_, judged] = results(of_every_weight())
    assert "api-allowed of one (the project runs the weights itself)" in judged["remarks"]
    assert "Nothing here tests a model's outputs" in judged["remarks"]


def test_what_is_missing_is_said():
    [made] = results(report(model(evaluation("license-known", Verdict.NOT_EVALUATED, missing()))))
    assert "`license` is missing: no source states it." in made["observations"][0]["description"]


def test_what_loosens_a_run_is_a_property():
    [made] = results(REPORTS["relaxed"])
    assert ("relaxation", "--today 2026-01-01") in [(one["name"], one["value"]) for one in made["props"]]


@pytest.mark.parametrize("name", ["nothing, relaxed", "refused, relaxed"])
def test_what_loosens_a_run_is_in_its_head_and_in_each_result(name):
    document = json.loads(render(REPORTS[name], HERE))["assessment-results"]
    for part in (document["metadata"], *document["results"]):
        assert ("relaxation", "--exit-zero") in [(one["name"], one["value"]) for one in part["props"]]


def test_a_run_that_judged_nothing_says_why():
    [made] = results(REPORTS["nothing"])
    assert made["description"] == "Nothing was checked."
    assert "props" not in made


def test_equal_runs_give_equal_documents_and_other_findings_other_ids():
    assert render(of_every_weight(), HERE) == render(of_every_weight(), HERE)
    later = of_every_weight()._replace(today=date(2026, 11, 24))
    uuid = [json.loads(render(one, HERE))["assessment-results"]["uuid"] for one in (of_every_weight(), later)]
    assert uuid[0] != uuid[1]


def test_every_id_stands_once():
    document = json.loads(render(of_every_weight(), HERE))
    found = []

    def collect(node):
        if isinstance(node, dict):
            found.extend([node["uuid"]] if "uuid" in node else [])
            node = node.values()
        for one in node if not isinstance(node, (str, int)) else ():
            collect(one)

    collect(document)
    assert len(found) == len(set(found))


@given(st.text(max_size=40))
@settings(max_examples=25, deadline=None)
def test_whatever_a_text_holds_the_document_is_valid(text):
    made = report(model(evaluation("revision-pinned", Verdict.FAIL, detail(text, remedy=text)), name=text))
    assert VALIDATOR.is_valid(json.loads(render(made, HERE)))
