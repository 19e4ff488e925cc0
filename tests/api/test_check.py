"""`checker.check` gives the command's verdict, fails closed, and leaves the process that calls it as it was."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime

import pytest

import checker
from checker import InputError, Verdict, check, gate
from tests.in_process import weighbridge
from tests.packaging.offline import ROOT
from tests.repository import FIELDS, MANIFEST, PINNED, POLICY, SECOND, Repository, ledger, waiver

__all__ = ["weighbridge"]

TODAY = date(2026, 11, 28)
PASSES = MANIFEST.replace("revision: main", f"revision: {PINNED}")
UNKNOWN = PASSES.replace("Qwen/Qwen2.5-7B-Instruct", "acme/never-heard-of")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A repository whose policy is known, and the current folder."""
    monkeypatch.chdir(tmp_path)
    made = Repository(tmp_path)
    made.put({"policy.yaml": POLICY, "model.yaml": MANIFEST})
    return made


@pytest.mark.parametrize("example", ["passes", "stopped", "service", "ci"])
def test_it_says_what_the_command_says(example, weighbridge):
    report = check(f"examples/{example}", today=TODAY)
    for option, said in (("text", report.as_text()), ("json", report.as_json())):
        run = weighbridge("check", f"examples/{example}", "--today", str(TODAY), "--output", option, cwd=ROOT)
        assert (report.exit_code, said) == (run.code, run.out)


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


CASES = {
    "passes": ({"model.yaml": PASSES}, 0),
    "blocks": ({"model.yaml": MANIFEST}, 1),
    "two block": ({"model.yaml": MANIFEST + SECOND}, 1),
    "unknown": ({"model.yaml": UNKNOWN}, 3),
    "waived": ({"waivers.yaml": ledger()}, 0),
    "waiver that does not count": ({"waivers.yaml": ledger(waiver(approver="me@example.com"))}, 1),
    "no rule applies": ({"policy.yaml": "policy: a\nversion: 1\nrules: {training-fits: soft-mandatory}\n"}, 3),
    "misspelt key": ({"model.yaml": MANIFEST.replace("objective", "objektive")}, 2),
    "one of two unreadable": ({"a/model.yaml": "weighbridge: [", "model.yaml": PASSES}, 2),
    "no YAML": ({"model.yaml": "weighbridge: 1\nmodels: {"}, 2),
    "empty list": ({"model.yaml": "weighbridge: 1\nmodels: []\n"}, 2),
    "empty file": ({"weighbridge.yaml": ""}, 2),
    "no manifest": ({"model.yaml": None}, 2),
    "foreign file alone": ({"model.yaml": "kind: something else\n"}, 2),
    "misspelt level": ({"policy.yaml": POLICY.replace("advisory", "advisry")}, 2),
    "every rule off": ({"policy.yaml": "policy: a\nversion: 1\nrules: {size-class: off}\n"}, 2),
    "no policy": ({"policy.yaml": None}, 2),
    "empty policy": ({"policy.yaml": ""}, 2),
    "unreadable waivers": ({"waivers.yaml": "waivers: ["}, 2),
    "unreadable lock": ({"model.lock": "{"}, 2),
    "newer format": ({"model.yaml": MANIFEST.replace("weighbridge: 1", "weighbridge: 9")}, 2),
}


@pytest.mark.parametrize("name", CASES)
def test_its_verdict_is_the_commands_one(name, folder, weighbridge):
    files, code = CASES[name]
    folder.put(files)
    run = weighbridge("check", "--policy", "policy.yaml", "--today", str(TODAY))
    assert run.code == code, run.out + run.err
    if code == 2:
        with pytest.raises(InputError) as caught:
            check(policy="policy.yaml", today=TODAY)
        told = run.out + run.err
        assert [one.sentence for one in caught.value.problems if one.sentence not in told] == []
        assert all(one.at or one.file for one in caught.value.problems)
        return
    report = check(policy="policy.yaml", today=TODAY)
    assert (report.exit_code, report.ok, report.as_text()) == (code, code == 0, run.out)
    assert (report.blocking == ()) is report.ok


def test_a_manifest_that_does_not_exist_is_no_report(folder):
    with pytest.raises(InputError, match="there is no such file"):
        check(["model.yaml", "other.yaml"], policy="policy.yaml")


@pytest.mark.parametrize("paths", [[], (), iter(()), ""])
def test_no_path_at_all_is_no_report(paths, folder):
    with pytest.raises(InputError):
        check(paths, policy="policy.yaml")


@pytest.mark.parametrize("policy", ["", " ", "weighbridge:nothing", "."])
def test_a_policy_that_is_none_is_no_report(policy, folder):
    with pytest.raises(InputError):
        check(policy=policy)


@pytest.mark.parametrize("argument", ["paths", "policy"])
def test_a_path_is_text_that_a_name_can_be(argument, folder):
    for odd in ("model.yaml\0", "model\ud800.yaml"):
        with pytest.raises(InputError, match="a path holds what no name has"):
            check(**{argument: odd})
    with pytest.raises(InputError, match=r"file name too long|cannot be read"):
        check(**{argument: "a" * 300})
    with pytest.raises(TypeError, match=f"`{argument}` names a path by bytes: expected text"):
        check(**{argument: b"model.yaml"})


def test_any_other_policy_than_the_required_one_is_refused(folder):
    digest = check(policy="policy.yaml").policies[0].sha256
    assert check(policy="policy.yaml", require_policy=digest.upper()).exit_code == 1
    with pytest.raises(InputError, match="resolves to sha256"):
        check(policy="policy.yaml", require_policy="0" * 64)


@pytest.mark.parametrize("today", [datetime(2026, 11, 28, tzinfo=UTC), "2026-11-28", 0])
def test_a_day_is_a_date(today, folder):
    with pytest.raises(TypeError, match="expected a date"):
        check(policy="policy.yaml", today=today)


def test_the_day_is_today_unless_another_is_given(folder):
    today = datetime.now(UTC).date()
    assert check(policy="policy.yaml").today == today
    assert check(policy="policy.yaml", today=today).relaxations == ()
    assert check(policy="policy.yaml", today=TODAY.replace(year=2020)).relaxations == ("--today 2020-11-28",)


def test_a_report_is_neither_true_nor_false(folder):
    report = check(policy="policy.yaml")
    for asked in (bool, lambda one: not one, lambda one: one or 1):
        with pytest.raises(TypeError, match="neither true nor false"):
            asked(report)
    for asked in (len, list):
        with pytest.raises(TypeError):
            asked(report)
    with pytest.raises(FrozenInstanceError):
        report.exit_code = 0


def test_a_finding_says_what_to_do_and_where(folder):
    (found,) = check(policy="policy.yaml", today=TODAY).blocking
    assert (found.rule, found.project, found.model, str(found.place)) == (
        "revision-pinned",
        "bot",
        "assistant",
        "model.yaml:7:15",
    )
    assert str(found.policy) == "policy.yaml:5:20"
    assert (found.verdict, found.found) == (Verdict.FAIL, "`main`, which can be moved")
    assert found.expected
    assert found.remedy
    assert (found.waiver, found.waived_until, found.settled_by) == ("", None, "you")
    assert found == pickle.loads(pickle.dumps(found))


def test_what_is_unknown_brings_the_lines_that_would_state_it(folder):
    folder.put({"model.yaml": UNKNOWN})
    blocking = check(policy="policy.yaml", today=TODAY).blocking
    assert {one.verdict for one in blocking} == {Verdict.NOT_EVALUATED}
    assert any(one.yaml for one in blocking)


def test_a_waived_finding_stays_and_names_its_waiver(folder):
    folder.put({"waivers.yaml": ledger()})
    report = check(policy="policy.yaml", today=TODAY)
    (waived,) = [one for one in report.findings if one.verdict is Verdict.WAIVED]
    assert (waived.waiver, str(waived.waived_until), waived.blocks) == ("W-1", FIELDS["expires"], False)
    assert not check(policy="policy.yaml", today=TODAY, ignore_waivers=True).ok


def test_evaluations_hold_passes_and_waivers_too(folder):
    folder.put({"waivers.yaml": ledger()})
    evaluations = check(policy="policy.yaml", today=TODAY).evaluations
    assert {"pass", "waived"} <= {one.verdict.value for one in evaluations}
    assert {one.file for one in evaluations} == {"model.yaml", "waivers.yaml"}


def test_a_file_that_changed_since_is_read_again(folder):
    assert check(policy="policy.yaml", today=TODAY).exit_code == 1
    folder.put({"waivers.yaml": ledger()})
    assert check(policy="policy.yaml", today=TODAY).exit_code == 0
    folder.put({"policy.yaml": POLICY.replace("revision-pinned: soft", "revision-pinned: hard")})
    assert check(policy="policy.yaml", today=TODAY).exit_code == 1
    folder.put({"policy.yaml": "policy: ["})
    with pytest.raises(InputError):
        check(policy="policy.yaml", today=TODAY)


def test_a_variable_of_the_environment_is_not_read(folder, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_POLICY", "policy.yaml")
    assert check().policies[0].name == "weighbridge-enterprise"


def test_a_policy_that_the_project_chose_is_named(folder):
    folder.put({"pyproject.toml": '[tool.weighbridge]\npolicy = "policy.yaml"\n'})
    report = check(today=TODAY)
    assert (report.policies[0].name, report.policies[0].chosen_by) == ("acme", "pyproject.toml")
    assert any("the project chose its policy" in one for one in report.relaxations)


def test_many_manifests_leave_the_collector_of_garbage_alone(folder, monkeypatch):
    monkeypatch.setattr(gate, "MANY", 2)
    folder.put({f"{number}/model.yaml": MANIFEST for number in range(3)})
    before = gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()
    assert len(check(policy="policy.yaml").blocking) == 4
    assert (gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()) == before


def test_threads_do_not_disturb_each_other(folder):
    other = POLICY.replace("revision-pinned: soft-mandatory", "revision-pinned: advisory")
    folder.put({"other.yaml": other})
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda policy: check(policy=policy).exit_code, ["policy.yaml", "other.yaml"] * 6))
    assert codes == [1, 0] * 6


def test_it_prints_nothing_and_loads_no_network_and_the_package_alone_loads_nothing(folder):
    code = (
        "import sys, checker; first = {m for m in sys.modules if m.startswith('checker')}\n"
        "checker.check(policy='policy.yaml'); print(*sorted(first), '|', *sorted(sys.modules))"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    first, _, loaded = done.stdout.partition("|")
    assert (first.split(), done.stderr) == (["checker"], "")
    assert not {"socket", "ssl", "argparse", "http.client", "huggingface_hub", "difflib"} & set(loaded.split())


def test_the_exception_is_the_public_one(folder):
    with pytest.raises(checker.InputError, match="expected a file, or weighbridge:PACK"):
        check(policy="")


@pytest.mark.parametrize(
    ("argument", "given", "expected"),
    [("require_policy", 5, "text"), ("ignore_waivers", "no", "True or False"), ("ignore_waivers", 0, "True or False")],
)
def test_an_argument_of_another_type_is_refused_and_not_taken_for_true(argument, given, expected, folder):
    with pytest.raises(TypeError, match=f"`{argument}` is a .*: expected {expected}"):
        check(policy="policy.yaml", **{argument: given})
