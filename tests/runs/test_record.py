"""`check --record` leaves a line of each run, whatever it comes to."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256

import pytest

from checker.runs.journal import journals, read
from checker.runs.recording import identity
from tests.repository import MANIFEST, PINNED, Repository


@pytest.fixture
def repository(tmp_path):
    """A repository with one manifest that does not pass."""
    made = Repository(tmp_path)
    made.commit({"model.yaml": MANIFEST})
    return made


def records(folder):
    return [one.record for path in journals(folder) for one in read(path).runs]


def test_a_run_is_recorded_with_what_decided_and_what_came_of_it(repository, inside, tmp_path):
    run = inside("check", "--record", "evidence")
    [record] = records(tmp_path / "evidence")
    [manifest] = record.manifests
    assert record.commit == repository.git("rev-parse", "HEAD")
    assert (record.code, manifest.code) == (run.code, 1)
    assert (manifest.file, manifest.sha256) == ("model.yaml", sha256(MANIFEST.encode()).hexdigest())
    assert record.policies[0].name == "weighbridge-enterprise"
    assert record.tally["fail"] > 0
    assert record.dirty is False


def test_a_run_that_could_judge_nothing_is_recorded_too(repository, inside, tmp_path):
    assert inside("check", "--policy", "nowhere.yaml", "--record", "evidence").code == 2
    [record] = records(tmp_path / "evidence")
    assert (record.code, record.manifests) == (2, ())
    assert record.refused[0].startswith("nowhere.yaml: ")


def test_what_loosens_a_run_is_recorded(repository, inside, tmp_path):
    inside("check", "--exit-zero", "--record", "evidence")
    [record] = records(tmp_path / "evidence")
    assert record.relaxations == ("--exit-zero: blocking findings end with code 0",)


def test_a_change_that_is_not_committed_is_recorded_as_such(repository, inside, tmp_path):
    repository.put({"model.yaml": MANIFEST.replace("main", PINNED)})
    inside("check", "--record", "evidence")
    assert records(tmp_path / "evidence")[0].dirty is True


def test_a_ci_system_states_the_repository_and_the_run(repository, inside, tmp_path):
    environment = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "Acme/Bot",
        "GITHUB_SHA": repository.git("rev-parse", "HEAD"),
        "GITHUB_RUN_ID": "77",
    }
    inside("check", "--record", "evidence", **environment)
    [record] = records(tmp_path / "evidence")
    assert record.repository == "github.com/acme/bot"
    assert record.run == "https://github.com/Acme/Bot/actions/runs/77"


def test_the_code_of_a_run_does_not_depend_on_being_recorded(repository, inside, tmp_path):
    assert inside("check").code == inside("check", "--record", "evidence").code


def test_a_run_that_cannot_be_recorded_is_no_run(repository, inside, tmp_path):
    (tmp_path / "evidence").write_text("")
    run = inside("check", "--record", "evidence")
    assert run.code == 2
    assert "the run cannot be recorded" in run.err


@pytest.mark.parametrize(
    "written",
    [
        "https://github.com/Acme/Bot.git",
        "github.com/acme/bot/",
        "ssh://git@github.com/acme/bot",
        "https://x:y@github.com/acme/bot",
    ],
)
def test_the_ways_to_write_an_address_are_one(written):
    assert identity(written) == "github.com/acme/bot"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("--output json=nowhere/report.json", "nowhere/report.json: cannot be written: No such file or directory"),
        ("--write-waivers", "weighbridge:enterprise: policy weighbridge-enterprise admits no waivers"),
        ("--expires 90d", "check: --expires was given alone"),
        ("--diff", "check: --diff was given alone"),
    ],
)
def test_a_run_that_ends_with_2_is_recorded_with_2_and_why(repository, inside, tmp_path, options, why):
    assert inside("check", "--record", "evidence", *options.split()).code == 2
    [record] = records(tmp_path / "evidence")
    [said] = record.refused
    assert (record.code, said.endswith(why)) == (2, True), said


def test_what_a_run_judged_before_it_ended_is_recorded_too(repository, inside, tmp_path):
    inside("check", "--record", "evidence", "--output", "json=nowhere/report.json")
    [record] = records(tmp_path / "evidence")
    assert [(one.file, one.code) for one in record.manifests] == [("model.yaml", 1)]


def test_a_run_whose_output_has_no_room_is_recorded_with_2(repository, tmp_path):
    command = [sys.executable, "-m", "checker", "check", "--record", "evidence"]
    with open("/dev/full", "w") as full:
        assert (
            subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.DEVNULL, check=False).returncode == 2
        )
    [record] = records(tmp_path / "evidence")
    assert (record.code, record.refused) == (2, ("the results cannot be written: No space left on device",))


def test_a_run_whose_reader_has_gone_is_recorded_with_the_code_of_that(repository, tmp_path):
    command = [sys.executable, "-m", "checker", "check", "--record", "evidence"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        run.stdout.close()
    assert (run.returncode, [one.code for one in records(tmp_path / "evidence")]) == (141, [141])


def test_a_run_that_a_bug_ends_is_recorded_with_70(repository, inside, tmp_path, monkeypatch):
    def broken(*arguments):
        raise ZeroDivisionError("of an output")

    monkeypatch.setattr("checker.commands._outputs.write", broken)
    assert inside("check", "--record", "evidence").code == 70
    [record] = records(tmp_path / "evidence")
    assert (record.code, record.refused) == (70, ("internal error: ZeroDivisionError: of an output",))


def test_an_output_that_replaces_a_tracked_file_does_not_make_the_run_one_over_changed_files(
    repository, inside, tmp_path
):
    repository.commit({"report.json": "{}"})
    inside("check", "--record", "evidence", "--output", "json=report.json")
    assert records(tmp_path / "evidence")[0].dirty is False


def test_a_run_that_could_not_be_recorded_does_not_begin(repository, inside, tmp_path):
    (tmp_path / "evidence").write_text("")
    inside("check", "--record", "evidence", "--output", "json=report.json")
    assert not (tmp_path / "report.json").exists()


def test_an_address_of_a_run_that_is_not_all_characters_is_recorded(repository, inside, tmp_path):
    run = inside("check", "--record", "evidence", GITHUB_ACTIONS="true", GITHUB_RUN_ID="\udce9")
    [record] = records(tmp_path / "evidence")
    assert (run.code, record.run) == (1, "//actions/runs/\\udce9")
