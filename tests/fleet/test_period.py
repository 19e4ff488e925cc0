"""What journals prove of a period: its runs, those that are missing, and a sample with its evidence."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest

from checker.fleet import history
from checker.runs import journal
from tests.fleet.conftest import by_hand
from tests.repository import MANIFEST, PINNED, Repository

PERIOD = ("--records", "evidence", "--period", "2026-11-01..2026-11-30")


@pytest.fixture
def at_hand(tmp_path, inside, monkeypatch):
    """A repository with two commits, of which the gate saw the second, in November."""
    folder = tmp_path / "src" / "bot"
    folder.mkdir(parents=True)
    made = Repository(folder)
    made.commit({"model.yaml": MANIFEST})
    made.commit({"model.yaml": MANIFEST.replace("main", PINNED)})
    recorded(inside, monkeypatch, "2026-11-20")
    return made


def recorded(inside, monkeypatch, day):
    """Run the gate over the repository on a day."""
    append = journal.append

    def dated(folder, record):
        return append(folder, record.model_copy(update={"time": datetime.fromisoformat(day).replace(tzinfo=UTC)}))

    with monkeypatch.context() as patch:
        patch.setattr(journal, "append", dated)
        return inside("check", "src/bot", "--record", "evidence")


def period(inside, *arguments):
    run = inside("audit", "src", *PERIOD, "--output", "json", *arguments)
    return json.loads(run.out)["period"]


def test_a_remark_in_the_list_of_repositories_reaches_to_the_end_of_its_line(at_hand, inside, tmp_path):
    (tmp_path / "repos.txt").write_text("bot # ours\u2028lost\n", encoding="utf-8")
    found = period(inside, "--expected", "repos.txt")
    assert "lost" not in json.dumps(found)


def today_period(inside, *arguments):
    """The period around the real commits of the test."""
    day = datetime.now(UTC).date().isoformat()
    run = inside(
        "audit", "src", "--records", "evidence", "--period", f"2026-01-01..{day}", "--output", "json", *arguments
    )
    return json.loads(run.out)["period"]


def test_the_population_is_what_ran_within_the_period(at_hand, inside, monkeypatch):
    recorded(inside, monkeypatch, "2026-10-31")
    recorded(inside, monkeypatch, "2026-11-30")
    found = period(inside)
    assert (found["runs"], found["repositories"], found["codes"]) == (2, {"bot": 2}, {"0": 2})


def test_a_commit_of_which_no_run_is_recorded_is_missing(at_hand, inside):
    found = today_period(inside)
    assert [one["commit"] for one in found["missing"]] == [at_hand.git("rev-parse", "HEAD~1")]


def test_expected_repositories_are_told_apart_by_what_is_known_of_them(at_hand, inside, tmp_path):
    (tmp_path / "repos.txt").write_text("bot  # ours\n\nhttps://github.com/acme/never.git\n")
    found = period(inside, "--expected", "repos.txt")
    assert (found["expected"], found["never_seen"], found["unexpected"]) == (2, ["github.com/acme/never"], [])
    (tmp_path / "repos.txt").write_text("acme/other\n")
    assert period(inside, "--expected", "repos.txt")["unexpected"] == ["bot"]


def test_a_repository_that_ran_at_another_time_alone_is_not_never_seen(at_hand, inside, tmp_path):
    (tmp_path / "repos.txt").write_text("bot\n")
    run = inside(
        *("audit", "src", "--records", "evidence", "--period", "2026-01-01..2026-01-31"),
        *("--expected", "repos.txt", "--output", "json"),
    )
    found = json.loads(run.out)["period"]
    assert (found["never_seen"], found["not_in_period"]) == ([], ["bot"])


def test_a_sampled_run_is_held_against_its_commit_and_judged_again(at_hand, inside):
    [sheet] = period(inside, "--sample", "5", "--seed", "1")["sample"]
    [file] = sheet["files"]
    assert (file["in_commit"], file["recorded_code"], file["judged_again"]) == ("same", 0, "0")


def test_a_run_over_other_content_than_its_commit_is_seen(at_hand, inside, monkeypatch):
    at_hand.put({"model.yaml": MANIFEST.replace("main", PINNED) + "# not committed\n"})
    recorded(inside, monkeypatch, "2026-11-21")
    found = period(inside, "--sample", "5", "--seed", "1")
    assert found["dirty"] == 1
    assert sorted(sheet["files"][0]["in_commit"] for sheet in found["sample"]) == ["differs", "same"]


def test_a_record_that_was_changed_is_seen(at_hand, inside, monkeypatch, tmp_path):
    recorded(inside, monkeypatch, "2026-11-21")
    [file] = (tmp_path / "evidence").iterdir()
    file.write_text(file.read_text().replace('"code":0', '"code":1', 1))
    assert [one["at"] for one in period(inside)["broken"]] == [f"evidence/{file.name}:2"]
    whole = ("audit", "src", "--records", "evidence", "--period", "2026-11-01..2026-11-30")
    assert inside(*whole, "--exit-zero").code == 2


def test_the_same_seed_takes_the_same_sample_and_another_one_another(at_hand, inside, monkeypatch):
    for day in range(1, 11):
        recorded(inside, monkeypatch, f"2026-11-{day:02}")

    def sample(seed):
        return [one["line_sha256"] for one in period(inside, "--sample", "5", "--seed", seed)["sample"]]

    assert len(set(sample("1"))) == 5
    assert sample("1") == sample("1")
    assert sample("1") != sample("2")


def test_a_repository_that_is_not_at_hand_is_said_to_be_so(at_hand, inside, tmp_path):
    (tmp_path / "empty").mkdir()
    run = inside("audit", "empty", *PERIOD, "--sample", "1", "--seed", "1", "--output", "json")
    found = json.loads(run.out)["period"]
    assert found["not_compared"] == ["bot"]
    assert found["sample"][0]["files"][0]["in_commit"] == "the repository is not among those that were audited"


def test_a_list_without_a_repository_is_an_error(at_hand, inside, tmp_path):
    (tmp_path / "repos.txt").write_text("# none yet\n")
    run = inside("audit", "src", *PERIOD, "--expected", "repos.txt")
    assert run.code == 2
    assert "repos.txt: error: it names no repository" in run.err


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("x" * 300 + ".md",), f"the commit cannot be laid out: `{'x' * 60}…`: File name too long"),
        (("A", "A/x.md"), "the commit cannot be laid out: `A/x.md`: File exists"),
    ],
)
def test_a_sampled_commit_that_no_folder_can_hold_is_said_to_be_so(at_hand, inside, monkeypatch, names, why):
    by_hand(at_hand, names)
    recorded(inside, monkeypatch, "2026-11-21")
    found = period(inside, "--sample", "5", "--seed", "1")["sample"]
    assert sorted(sheet["files"][0]["judged_again"] for sheet in found) == ["0", why]
    assert {sheet["files"][0]["in_commit"] for sheet in found} == {"same"}


def test_a_sampled_commit_of_which_another_file_is_gone_is_said_to_be_so(at_hand, inside, monkeypatch):
    at_hand.commit({"readme.md": "more"})
    recorded(inside, monkeypatch, "2026-11-21")
    blob = at_hand.git("rev-parse", "HEAD:readme.md")
    (at_hand.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found = period(inside, "--sample", "5", "--seed", "1")["sample"]
    why = "git cannot tell its history: an object of it is not in this clone"
    assert sorted(sheet["files"][0]["judged_again"] for sheet in found) == ["0", why]


def test_a_run_of_a_file_whose_name_is_no_text_is_found_in_its_commit(at_hand, inside, monkeypatch, tmp_path):
    name = os.fsdecode(b"mod\xe9l.weighbridge.yaml")
    at_hand.commit({name: MANIFEST.replace("main", PINNED)})
    recorded(inside, monkeypatch, "2026-11-21")
    sheets = period(inside, "--sample", "5", "--seed", "1")["sample"]
    [file] = [one for sheet in sheets for one in sheet["files"] if one["file"] != "model.yaml"]
    assert (file["file"], file["in_commit"]) == ("mod\\udce9l.weighbridge.yaml", "same")
    assert file["judged_again"] == "0"


def test_commits_beyond_those_that_a_history_judges_are_held_against_the_journals(at_hand, inside, monkeypatch):
    monkeypatch.setattr(history, "MOST", 1)
    assert len(today_period(inside)["missing"]) == 1


def test_a_repository_whose_commits_git_cannot_tell_is_not_compared_and_ends_with_2(at_hand, inside):
    (at_hand.folder / ".git" / "HEAD").unlink()
    run = inside("audit", "src", *PERIOD, "--output", "json")
    document = json.loads(run.out)
    assert (document["period"]["not_compared"], document["period"]["missing"], run.code) == (["bot"], [], 2)
    assert [row["path"] for row in document["broken"]] == ["src/bot"]


def test_an_emptied_journal_ends_with_2(at_hand, inside, tmp_path):
    [file] = (tmp_path / "evidence").iterdir()
    file.write_text("")
    run = inside("audit", "src", *PERIOD, "--output", "json")
    assert run.code == 2
    assert [one["at"] for one in json.loads(run.out)["period"]["broken"]] == [f"evidence/{file.name}:1"]


def test_a_pipe_in_the_place_of_a_journal_is_not_waited_for(at_hand, inside, tmp_path):
    os.mkfifo(tmp_path / "evidence" / "x.runs.jsonl")
    run = inside("audit", "src", *PERIOD)
    assert (run.code, "x.runs.jsonl is a pipe" in run.err) == (2, True)
