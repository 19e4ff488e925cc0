"""Generated waivers: what is open when the gate comes is written down, and its number only falls."""

from __future__ import annotations

import json

import pytest

from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from tests.facts.locked.entries import entry
from tests.repository import MANIFEST, POLICY, SECOND, Repository, ledger

BOTH = MANIFEST + SECOND


@pytest.fixture
def adopt(inside, project, tmp_path):
    """Write waivers for a manifest; with an approver in each, where one is given."""
    Repository(tmp_path)

    def run(*arguments, manifest=BOTH, policy=POLICY, approver=None):
        project({"policy.yaml": policy, "model.yaml": manifest})
        run = inside("check", ".", "--policy", "policy.yaml", "--write-waivers", *arguments)
        path = tmp_path / "waivers.yaml"
        if approver:
            path.write_text(path.read_text().replace("approver: ''", f"approver: {approver}"))
        return run

    return run


@pytest.fixture
def check(inside, project):
    """Judge again after files have changed: the code and the report."""

    def run(files=None, *arguments):
        project(files or {})
        run = inside("check", ".", "--policy", "policy.yaml", "--json", *arguments)
        return run.code, json.loads(run.out)

    return run


def test_each_open_finding_gets_a_waiver_that_does_not_count_yet(adopt, check, tmp_path):
    run = adopt("--expires", "90d", "--reason", "adoption")
    assert run.code == 1
    assert run.err == "waivers.yaml: wrote 2 waivers; none counts before an approver is filled in\n"
    text = (tmp_path / "waivers.yaml").read_text()
    assert "adopted: 2\nwaivers:\n  - id: adoption-" in text
    assert text.count("    approver: ''\n") == text.count("    expires: 2027-02-26\n") == 2
    code, report = check()
    assert (code, report["tally"]["waived"]) == (1, 0)


def test_once_somebody_has_approved_them_they_cover_what_was_there(adopt, check):
    adopt(approver="legal@example.com")
    code, report = check()
    assert (code, report["tally"]["waived"]) == (0, 2)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"model.yaml": "# moved down\n\n" + BOTH}, 0),
        ({"model.yaml": "weighbridge: 1\nowner: x\nproject: empty\nmodels:\n  - {model: Qwen/Qwen2.5-7B-Instruct, revision: " + "a" * 40 + ", objective: chat}\n", "deep/er/model.yaml": BOTH}, 0),
        ({"model.yaml": BOTH.replace("revision: main\n", "revision: release\n")}, 1),
        ({"model.yaml": BOTH.replace("Qwen2.5-7B", "Qwen2.5-14B")}, 1),
        ({"other/model.yaml": MANIFEST.replace("project: bot", "project: other")}, 1),
    ],
    ids=["moved lines", "moved file", "changed value", "changed model", "other project"],
)  # fmt: skip
def test_they_cover_that_finding_wherever_it_moves_and_no_other(adopt, check, files, code):
    adopt(approver="legal@example.com")
    assert check(files)[0] == code


def test_a_hard_mandatory_finding_is_never_written(adopt, tmp_path):
    run = adopt(policy=POLICY.replace("Apache-2.0, llama3.1", "MIT"))
    assert run.err == (
        "waivers.yaml: wrote 2 waivers; none counts before an approver is filled in\n"
        "waivers.yaml: 2 hard-mandatory: no waiver can cover them\n"
    )
    assert "license-allowed" not in (tmp_path / "waivers.yaml").read_text()


def test_the_number_only_falls(adopt, check, tmp_path):
    adopt(manifest=MANIFEST, approver="legal@example.com")
    before = (tmp_path / "waivers.yaml").read_text()
    run = adopt(manifest=BOTH)
    assert run.code == 1
    assert run.err == (
        "waivers.yaml: wrote 0 waivers; none counts before an approver is filled in\n"
        "waivers.yaml: 1 more than the 1 that `adopted:` admits:"
        " settle them, or have a waiver of its own approved for each\n"
    )
    assert (tmp_path / "waivers.yaml").read_text() == before


def test_a_file_for_many_projects_takes_each_of_them_once(inside, project, tmp_path):
    policy = POLICY.replace("from: project", "from: policy")
    other = MANIFEST.replace("project: bot", "project: other")
    project({"org/policy.yaml": policy, "a/model.yaml": MANIFEST, "b/model.yaml": other})

    def adopt(folder):
        return inside("check", folder, "--policy", "org/policy.yaml", "--write-waivers").err

    assert "wrote 1 waiver;" in adopt("a")
    assert "wrote 1 waiver;" in adopt("b")
    text = (tmp_path / "org" / "waivers.yaml").read_text()
    assert "adopted: 2\n" in text
    project({"c/model.yaml": other.replace("project: other", "project: third"), "b/model.yaml": other + SECOND})
    said = adopt(".")
    assert "wrote 1 waiver;" in said
    assert "1 more than the 3 that `adopted:` admits" in said
    text = (tmp_path / "org" / "waivers.yaml").read_text()
    assert "adopted: 3\n" in text
    assert (text.count("project: third"), text.count("project: other")) == (1, 1)


def test_a_name_that_is_taken_is_not_given_again(adopt, check, tmp_path):
    adopt(manifest=MANIFEST)
    path = tmp_path / "waivers.yaml"
    lines = path.read_text().replace("adopted: 1", "adopted: 9").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "fingerprint:" not in line))
    for _ in range(2):
        assert "wrote " in adopt(manifest=MANIFEST).err
    assert check()[0] == 1
    names = [line.split()[-1] for line in path.read_text().splitlines() if line.lstrip().startswith("- id:")]
    assert len(names) == len(set(names)) == 2


def test_one_that_is_written_by_hand_beyond_the_number_does_not_count(adopt, check, tmp_path):
    adopt(manifest=BOTH, approver="legal@example.com")
    path = tmp_path / "waivers.yaml"
    path.write_text(path.read_text().replace("adopted: 2", "adopted: 1"))
    code, report = check()
    assert code == 1
    found = [
        finding["found"]
        for one in report["waivers"][0]["waivers"]
        for evaluation in one["evaluations"]
        for finding in evaluation["findings"]
    ]
    assert found == ["the 2. generated waiver: their number has grown"]


def test_a_second_run_adds_nothing_and_keeps_what_people_wrote(adopt, project, tmp_path):
    project({"waivers.yaml": "# by hand\n" + ledger()})
    adopt()
    text = (tmp_path / "waivers.yaml").read_text()
    assert text.startswith("# by hand\nadopted: 1\nwaivers:\n  - id: W-1\n")
    adopt()
    assert (tmp_path / "waivers.yaml").read_text() == text


def test_what_cannot_be_evaluated_is_written_too(adopt, check):
    policy = POLICY.replace("size-class: advisory", "license-known: soft-mandatory").replace(
        "hard-mandatory", "advisory"
    )
    manifest = MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of")
    adopt(policy=policy, manifest=manifest, approver="legal@example.com")
    code, report = check()
    assert (code, report["tally"]["waived"]) == (0, 2)


def test_where_advice_stops_the_gate_it_is_written_too(adopt, inside):
    manifest = MANIFEST + "    size_class: edge\n"
    adopt("--fail-on", "advisory", manifest=manifest, approver="legal@example.com")
    run = inside("check", ".", "--policy", "policy.yaml", "--fail-on", "advisory", "--json")
    report = json.loads(run.out)
    assert run.code == 0
    assert sorted(one["waiver"]["rule"] for one in report["waivers"][0]["waivers"]) == ["revision-pinned", "size-class"]


def test_what_is_excepted_already_is_not_written_again(adopt):
    run = adopt("--ignore-waivers")
    assert run.code == 2
    assert "--write-waivers and --ignore-waivers were given together" in run.err


def test_nothing_is_written_while_something_cannot_be_judged(adopt, project, tmp_path):
    project({"other/model.yaml": "weighbridge: 1\n"})
    run = adopt()
    assert run.code == 2
    assert run.err.startswith("no waivers were written: ")
    assert not (tmp_path / "waivers.yaml").exists()


def test_a_policy_that_requires_a_revision_gets_it(adopt, check):
    adopt(policy=POLICY.replace("max_days: 120", "require: [revision]"), approver="legal@example.com")
    assert check()[0] == 0


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("121d", "policy.yaml:3:10: error: a waiver from 2026-11-28 to 2027-03-29 lasts 121 days"),
        ("2026-11-27", "lasts -1 days"),
        ("0d", "`0d` is no last day"),
        ("2026-13-01", "`2026-13-01` is no last day"),
    ],
)
def test_a_last_day_that_the_policy_does_not_admit_is_an_error(adopt, tmp_path, when, said):
    run = adopt("--expires", when)
    assert run.code == 2
    assert said in run.err
    assert not (tmp_path / "waivers.yaml").exists()


def test_a_policy_without_waivers_is_told_what_it_lacks(inside, project):
    project({"model.yaml": MANIFEST})
    run = inside("check", ".", "--write-waivers", "--policy", "weighbridge:starter")
    assert run.code == 2
    assert "policy weighbridge-starter admits no waivers: expected `waivers: {from: project" in run.err


@pytest.mark.parametrize(
    ("level", "policy", "code"),
    [
        ("advisory", POLICY.replace("revision-pinned: soft-mandatory", "revision-pinned: advisory"), 1),
        ("soft-mandatory", POLICY.replace("revision-pinned: soft-mandatory", "revision-pinned: advisory"), 0),
        ("soft-mandatory", POLICY, 1),
        ("hard-mandatory", POLICY, 0),
        ("hard-mandatory", POLICY.replace("revision-pinned: soft-mandatory", "revision-pinned: hard-mandatory"), 1),
        ("hard-mandatory", POLICY.replace("size-class", "license-known").replace("advisory", "soft-mandatory"), 0),
    ],
)
def test_fail_on_says_from_which_level_on_findings_end_with_1(inside, project, level, policy, code):
    project({"policy.yaml": policy, "model.yaml": MANIFEST})
    run = inside("check", ".", "--policy", "policy.yaml", "--fail-on", level)
    assert run.code == code
    assert ("relaxed: --fail-on hard-mandatory" in run.out) is (level == "hard-mandatory")


def test_a_waived_advice_does_not_fail_on_advisory(inside, project):
    policy = POLICY.replace("revision-pinned: soft-mandatory", "revision-pinned: advisory")
    project({"policy.yaml": policy, "model.yaml": MANIFEST, "waivers.yaml": ledger()})
    assert inside("check", ".", "--policy", "policy.yaml", "--fail-on", "advisory").code == 0


def test_what_is_unknown_stays_unknown_whatever_findings_count(inside, project):
    policy = POLICY.replace("size-class: advisory", "license-known: soft-mandatory").replace(
        "hard-mandatory", "advisory"
    )
    manifest = MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of")
    project({"policy.yaml": policy, "model.yaml": manifest})
    assert inside("check", ".", "--policy", "policy.yaml", "--fail-on", "hard-mandatory").code == 3


DATED = POLICY.replace(
    "size-class: advisory", "checklist-complete: [advisory, {from: 2027-02-01, enforcement: soft-mandatory}]"
)


def test_the_forecast_lists_by_date_what_turns_red_by_itself(inside, project):
    project({"policy.yaml": DATED, "model.yaml": MANIFEST, "waivers.yaml": ledger()})
    run = inside("check", ".", "--policy", "policy.yaml", "--forecast", "180d")
    assert run.code == 0
    assert run.out.partition("within ")[2].partition("Nothing here tests")[0] == (
        "180 days, if nobody changes anything:\n"
        "  2027-01-01 (in 34 days): model.yaml:7:15: revision-pinned blocks, assistant: `main`, which can be moved\n"
        "  2027-01-01 (in 34 days): waivers.yaml:10:14: waiver-expired blocks, waiver W-1: it expired on 2026-12-31\n"
        "  2027-02-01 (in 65 days): model.yaml:6:12: checklist-complete blocks, assistant: 2 of 5; open: audit the"
        " hardware: `hardware`; select the scale: `size_class`; verify the licence: `license`\n"
    )
    report = json.loads(inside("check", ".", "--policy", "policy.yaml", "--forecast", "33d", "--json").out)
    assert report["forecast"] == {"days": 33, "turns": []}
    assert "  nothing more blocks\n" in inside("check", ".", "--policy", "policy.yaml", "--forecast", "33d").out


def test_the_forecast_finds_the_day_on_which_a_lock_is_too_old(inside, project):
    policy = POLICY.replace("size-class: advisory", "lock-fresh: {enforcement: soft-mandatory, max_age_days: 30}")
    lock = as_text(lock_of([entry(resolved_at="2026-11-20T09:00:00Z")]))
    manifest = MANIFEST.replace("    revision: main\n", "")
    project({"policy.yaml": policy, "model.yaml": manifest, "model.lock": lock})
    run = inside("check", ".", "--policy", "policy.yaml", "--forecast", "180d")
    assert run.code == 0
    assert run.out.partition("changes anything:\n")[2].partition("Nothing here tests")[0] == (
        "  2026-12-21 (in 23 days): model.yaml:6:12: lock-fresh blocks, assistant: resolved 31 days ago\n"
    )


def test_a_generated_waiver_for_an_old_lock_lasts_although_its_age_grows(inside, project, tmp_path):
    policy = POLICY.replace("size-class: advisory", "lock-fresh: {enforcement: soft-mandatory, max_age_days: 3}")
    lock = as_text(lock_of([entry(resolved_at="2026-11-20T09:00:00Z")]))
    project({"policy.yaml": policy, "model.yaml": MANIFEST.replace("    revision: main\n", ""), "model.lock": lock})
    inside("check", ".", "--policy", "policy.yaml", "--write-waivers")
    path = tmp_path / "waivers.yaml"
    path.write_text(path.read_text().replace("approver: ''", "approver: legal@example.com"))
    assert inside("check", ".", "--policy", "policy.yaml").code == 0
    assert inside("check", ".", "--policy", "policy.yaml", "--today", "2026-12-10").code == 0


def test_another_day_shows_what_is_red_then(inside, project):
    project({"policy.yaml": DATED, "model.yaml": MANIFEST, "waivers.yaml": ledger()})
    assert inside("check", ".", "--policy", "policy.yaml", "--today", "2026-12-31").code == 0
    run = inside("check", ".", "--policy", "policy.yaml", "--today", "2027-03-01")
    assert run.code == 1
    assert "revision-pinned: blocks" in run.out
    assert "checklist-complete: blocks" in run.out


@pytest.mark.parametrize("days", ["180", "0d", "d", "99999d", "-3d"])
def test_a_forecast_needs_a_number_of_days(weighbridge, days):
    run = weighbridge("check", f"--forecast={days}")
    assert (run.code, f"`{days}` is no number of days: expected 1d to 3660d" in run.err) == (2, True)


@pytest.mark.parametrize(
    "given", [("--expires", "10d"), ("--reason", "adoption"), ("--since", "HEAD", "--expires", "10d")]
)
def test_what_waivers_are_to_say_is_refused_where_none_are_written(inside, project, given):
    run = inside("check", *given, cwd=project({"model.yaml": MANIFEST}))
    assert run.code == 2
    assert f"{given[-2]} was given alone: expected `--write-waivers` beside it" in run.err


def test_the_forecast_ends_with_the_calendar(inside, project):
    run = inside("check", "--forecast", "180d", "--today", "9999-12-30", cwd=project({"model.yaml": MANIFEST}))
    assert run.code in (0, 1, 3)
    assert "within 180 days" in run.out
