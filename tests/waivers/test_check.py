"""Waivers as a user meets them: what they cover, what does not count and why, and what every report says of it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.repository import MANIFEST, POLICY, SECOND, TODAY, ledger, waiver

FILES = {"policy.yaml": POLICY, "model.yaml": MANIFEST}


@pytest.fixture
def check(inside, project):
    """Judge the project with a file of waivers: the code, the verdict of `revision-pinned`, and the report."""

    def run(waivers, *arguments, policy=POLICY, manifest=MANIFEST, today=TODAY):
        files = {"policy.yaml": policy, "model.yaml": manifest}
        project(files if waivers is None else {**files, "waivers.yaml": waivers})
        run = inside("check", ".", "--policy", "policy.yaml", "--json", "--today", today, *arguments)
        if run.code == 2:
            return run.code, None, run.out + run.err
        report = json.loads(run.out)
        found = [e for e in report["manifests"][0]["models"][0]["evaluations"] if e["rule"] == "revision-pinned"]
        return run.code, found[0]["verdict"], report

    return run


def findings(report):
    """Rule and sentence of each finding about waivers."""
    return [
        (evaluation["rule"], finding["found"])
        for file in report["waivers"]
        for one in file["waivers"]
        for evaluation in one["evaluations"]
        for finding in evaluation["findings"]
    ]


def test_without_a_waiver_it_blocks_and_with_one_it_stays_visible(check):
    assert check(None)[:2] == (1, "fail")
    code, verdict, report = check(ledger())
    assert (code, verdict) == (0, "waived")
    assert report["tally"]["waived"] == 1
    [evaluation] = [e for e in report["manifests"][0]["models"][0]["evaluations"] if e["verdict"] == "waived"]
    [finding] = evaluation["findings"]
    assert finding["found"] == "`main`, which can be moved"
    assert finding["waiver"] | {"place": None} == {
        "id": "W-1", "rule": "revision-pinned", "kind": "migration", "reason": "pinned in January",
        "approver": "legal@example.com", "approved_on": "2026-11-01", "expires": "2026-12-31", "days_left": 33,
        "ticket": "", "place": None, "commit": "", "author": "", "approver_is_author": None,
    }  # fmt: skip
    [file] = report["waivers"]
    assert (file["file"], file["others"]) == ("waivers.yaml", 0)
    [match] = file["waivers"][0]["matches"]
    assert (match["rule"], match["model"], match["place"]["line"]) == ("revision-pinned", "assistant", 7)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"approver": ""}, "nobody has approved it"),
        ({"approver": "~"}, "nobody has approved it"),
        ({"approver": "dev@example.com"}, "`dev@example.com` may not approve waivers"),
        ({"approved_on": "2026-11-29"}, "approved in the future, on 2026-11-29"),
        ({"expires": "2027-03-02"}, "too long: 121 days"),
        ({"expires": "2026-10-31"}, "it ends before its approval, on 2026-10-31"),
        ({"rule": "'*'"}, "too wide: `*`"),
        ({"project": "b*"}, "too wide: `b*`"),
        ({"model": "'*'"}, "too wide: `*`"),
        ({"revision": "'*'"}, "too wide: `*`"),
        ({"rule": "license-allowed"}, "`license-allowed` is hard-mandatory, which no waiver covers"),
        ({"rule": "revision-pined"}, "`revision-pined` is no rule"),
        ({"rule": "waiver-invalid"}, "`waiver-invalid` judges waivers themselves"),
        (
            {"kind": "adoption", "fingerprint": "0" * 64},
            "a generated waiver in a file that does not say how many there may be",
        ),
    ],
)
def test_what_does_not_count_covers_nothing_and_is_a_finding(check, changes, sentence):
    code, verdict, report = check(ledger(waiver(**changes)))
    assert (code, verdict) == (1, "fail")
    assert ("waiver-invalid", sentence) in findings(report)


def test_an_approver_is_recognised_in_any_case(check):
    assert check(ledger(waiver(approver="Legal@Example.com")))[0] == 0


def test_a_waiver_counts_to_the_end_of_its_last_day(check):
    assert check(ledger(), today="2026-12-31")[:2] == (0, "waived")
    code, verdict, report = check(ledger(), today="2027-01-01")
    assert (code, verdict) == (1, "fail")
    assert findings(report) == [("waiver-expired", "it expired on 2026-12-31")]


@pytest.mark.parametrize(
    ("changes", "covers"),
    [
        ({"model": "Qwen/Qwen2.5-7B-Instruct"}, True),
        ({"model": "Qwen/Qwen2.5-14B-Instruct"}, False),
        ({"model": "writer"}, False),
        ({"project": "another"}, False),
        ({"revision": "main"}, True),
        ({"revision": "release"}, False),
        ({"rule": "size-class"}, False),
    ],
)
def test_a_waiver_covers_what_it_names_and_nothing_beside_it(check, changes, covers):
    assert check(ledger(waiver(**changes)))[:2] == ((0, "waived") if covers else (1, "fail"))


@pytest.mark.parametrize(
    ("scope", "pattern"), [("project", "b*"), ("model", "'*'"), ("revision", "'ma*n'"), ("rule", "'revision-*'")]
)
def test_a_wildcard_counts_where_the_policy_allows_it(check, scope, pattern):
    policy = POLICY.replace("max_days: 120", f"wildcards: [{scope}]")
    assert check(ledger(waiver(**{scope: pattern})), policy=policy)[:2] == (0, "waived")


def test_a_waiver_for_all_rules_leaves_the_hard_ones(check):
    policy = POLICY.replace("max_days: 120", "wildcards: [rule]").replace("Apache-2.0, llama3.1", "MIT")
    code, verdict, report = check(ledger(waiver(rule="'*'")), policy=policy)
    assert (code, verdict) == (1, "waived")
    verdicts = {e["rule"]: e["verdict"] for e in report["manifests"][0]["models"][0]["evaluations"]}
    assert verdicts["license-allowed"] == "fail"


@pytest.mark.parametrize(("last", "code"), [("2027-03-01", 0), ("2027-03-02", 1)])
def test_a_waiver_lasts_as_many_days_as_the_policy_admits(check, last, code):
    assert (date.fromisoformat("2027-03-01") - date.fromisoformat("2026-11-01")).days == 120
    assert check(ledger(waiver(expires=last)))[0] == code


def test_what_the_policy_requires_has_to_be_stated(check):
    policy = POLICY.replace("max_days: 120", "require: [revision, ticket]")
    code, _, report = check(ledger(), policy=policy)
    assert code == 1
    assert [sentence for _, sentence in findings(report)] == ["no `revision` is stated", "no `ticket` is stated"]
    assert check(ledger(waiver(revision="main", ticket="RISK-1")), policy=policy)[0] == 0


def test_a_waiver_that_covers_nothing_is_reported(check):
    pinned = MANIFEST.replace("main", "a09a35458c702b33eeacc393d103063234e8bc28")
    code, verdict, report = check(ledger(), manifest=pinned)
    assert (code, verdict) == (0, "pass")
    assert findings(report) == [("waiver-unused", "it covers nothing")]


def test_a_waiver_for_a_manifest_that_was_not_looked_at_is_not_called_unused(inside, project):
    project({**FILES, "a/model.yaml": MANIFEST.replace("assistant", "writer"), "waivers.yaml": ledger()})
    policy = POLICY.replace("from: project, approvers: [legal@example.com, risk@example.com]", "from: policy")
    project({"policy.yaml": policy})
    run = inside("check", "a/model.yaml", "--policy", "policy.yaml", "--today", TODAY)
    assert "waiver-unused" not in run.out


def test_a_rule_that_could_not_be_evaluated_is_covered_too(check):
    policy = POLICY.replace("size-class: advisory", "facts-known: soft-mandatory")
    manifest = MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of")
    policy = policy.replace(
        "license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0, llama3.1]}", "license-known: soft-mandatory"
    )
    assert check(ledger(), policy=policy, manifest=manifest)[0] == 3
    known = waiver(id="W-2", rule="license-known")
    facts = waiver(id="W-3", rule="facts-known")
    code, _, report = check(ledger(waiver(), known, facts), policy=policy, manifest=manifest)
    assert code == 0
    assert report["tally"]["waived"] >= 2


def test_ignoring_waivers_sees_through_them_and_is_named(check):
    code, verdict, report = check(ledger(), "--ignore-waivers")
    assert (code, verdict) == (1, "fail")
    assert "--ignore-waivers: findings that waivers cover are judged as open" in report["relaxations"]
    assert findings(report) == []


def test_verbose_says_what_each_waiver_covers(inside, project):
    project({**FILES, "waivers.yaml": ledger(waiver(), waiver(id="W-2", model="writer"))})
    run = inside("check", ".", "--policy", "policy.yaml", "--today", TODAY, "-v")
    assert run.err == (
        "waivers.yaml:2:9: waiver W-1 covers revision-pinned of assistant (model.yaml:7:15)\n"
        "waivers.yaml:11:9: waiver W-2 covers nothing\n"
    )


def test_the_text_report_shows_who_let_it_pass_and_until_when(inside, project):
    project({**FILES, "waivers.yaml": ledger(waiver(ticket="RISK-7"))})
    out = inside("check", ".", "--policy", "policy.yaml", "--today", TODAY).out
    assert "model.yaml:7:15: revision-pinned: waived (soft-mandatory), model assistant\n" in out
    assert (
        "  waiver:   W-1 (waivers.yaml:2:9) to 2026-12-31, 33 days left; approver legal@example.com, 2026-11-01\n"
        "  waiver:   migration: pinned in January; RISK-7\n"
        "  waiver:   git does not know who wrote it\n"
    ) in out
    assert "  waived: revision-pinned\n" in out
    assert "waivers.yaml: 1 of 1 waivers count; sha256 " in out
    assert "1 model · 5 passed · 0 failed · 1 waived" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected"),
        ("waivers: {a: b}\n", "`waivers` is a mapping"),
        ("waivers: []\nweighbridge_waivers: 2\n", "`weighbridge_waivers` is `2`"),
        (ledger(waiver(expires=None)), "the key `expires` is missing in waivers[0]"),
        (ledger(waiver(kind="because")), "`waivers[0].kind` is `because`"),
        (ledger(waiver(reason="")), "`waivers[0].reason` has no value"),
        (ledger(waiver(expires="2026-02-30")), "`waivers[0].expires` is `2026-02-30`"),
        (ledger(waiver(), waiver()), "the waiver `W-1` is there twice"),
        (ledger(waiver(approver="[a, b]")), "`waivers[0].approver` is a list"),
        (ledger(waiver(fingerprint="abc")), "`waivers[0].fingerprint` is `abc`"),
        (ledger(waiver(colour="red")), "unknown key `colour` in waivers[0]"),
        ("waivers: &a\n  - *a\n", "anchor"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2(check, text, said):
    code, _, out = check(text)
    assert code == 2
    assert said in out


def test_a_policy_without_waivers_leaves_the_file_aside_and_says_so(check):
    policy = POLICY.replace(
        "waivers: {from: project, approvers: [legal@example.com, risk@example.com], max_days: 120}\n", ""
    )
    code, verdict, report = check(ledger(), policy=policy)
    assert (code, verdict, report["waivers"]) == (1, "fail", [])
    assert report["manifests"][0]["notes"] == ["waivers.yaml is there and was not read: policy acme admits no waivers"]


def test_waivers_beside_the_policy_cover_many_projects_and_speak_of_those_of_the_run(inside, project):
    policy = POLICY.replace("from: project, approvers: [legal@example.com, risk@example.com]", "from: policy")
    project(
        {
            "org/policy.yaml": policy,
            "org/waivers.yaml": ledger(waiver(), waiver(id="W-2", project="elsewhere", approver="")),
            "app/model.yaml": MANIFEST,
            "app/waivers.yaml": ledger(waiver(model="writer")),
        }
    )
    run = inside("check", "app", "--policy", "org/policy.yaml", "--today", TODAY)
    assert run.code == 0
    assert "org/waivers.yaml: 1 of 1 waivers count, 1 for other projects; sha256 " in run.out
    assert "W-2" not in run.out


def test_a_link_out_of_the_project_is_no_file_of_waivers(check, tmp_path):
    outside = tmp_path.parent / "outside.yaml"
    outside.write_text(ledger(), encoding="utf-8")
    (tmp_path / "waivers.yaml").symlink_to(outside)
    code, _, out = check(None)
    assert code == 2
    assert "the file of waivers `waivers.yaml` leads out of the folder of the project" in out


def test_a_fingerprint_covers_one_finding_and_not_its_neighbour(check):
    manifest = MANIFEST + SECOND
    _, _, report = check(None, manifest=manifest)
    prints = [
        finding["fingerprint"]
        for model in report["manifests"][0]["models"]
        for evaluation in model["evaluations"]
        if evaluation["rule"] == "revision-pinned"
        for finding in evaluation["findings"]
    ]
    assert len(set(prints)) == 2
    covered = waiver(fingerprint=prints[0])
    code, verdict, _ = check(ledger(covered), manifest=manifest)
    assert (code, verdict) == (1, "waived")
    assert check(ledger(covered), manifest=MANIFEST.replace("main", "release"))[:2] == (1, "fail")


def test_a_waived_finding_leaves_the_others_of_its_rule_to_block(inside, project):
    """All findings of `baseline-recorded` are about one entry, and only together do their waivers settle it."""
    results = {
        "results": {"mmlu": {"acc,none": 0.5}}, "config": {"model": "hf", "model_args": "pretrained=acme/other"},
        "n-shot": {"mmlu": 5}, "versions": {"mmlu": 1}, "date": 1700000000,
    }  # fmt: skip
    tuned = (
        "    baseline: b.json\n"
        "    fine_tuning: {goal: tone, method: lora, sequence_length: 512, started_on: 2020-01-01}\n"
        "    baseline_run: {on: 2022-01-01, tasks: [{task: mmlu, shots: 3}]}\n"
    )
    policy = POLICY.replace("revision-pinned: soft-mandatory", "baseline-recorded: soft-mandatory")
    files = {"model.yaml": MANIFEST + tuned, "policy.yaml": policy, "b.json": json.dumps(results)}

    def judged(covered):
        entries = [
            waiver(id=f"W-{n}", rule="baseline-recorded", fingerprint=one) for n, one in enumerate(covered, start=1)
        ]
        project({**files, "waivers.yaml": ledger(*entries) if entries else "waivers: []\n"})
        run = inside("check", ".", "--policy", "policy.yaml", "--json")
        evaluations = json.loads(run.out)["manifests"][0]["models"][0]["evaluations"]
        return run.code, next(one for one in evaluations if one["rule"] == "baseline-recorded")

    code, found = judged(())
    prints = list(dict.fromkeys(one["fingerprint"] for one in found["findings"]))
    assert (code, found["verdict"], found["blocks"], len(prints) > 2) == (1, "fail", True, True)
    for number in range(1, len(prints)):
        code, found = judged(prints[:number])
        assert (code, found["verdict"], found["blocks"]) == (1, "fail", True)
    code, found = judged(prints)
    assert (code, found["verdict"], found["blocks"]) == (0, "waived", False)
