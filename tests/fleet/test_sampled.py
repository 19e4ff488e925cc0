"""A run that was drawn and that cannot be judged again leaves open what the sample was asked for: the audit ends with 3."""

from __future__ import annotations

import json

import pytest

from tests.fleet.conftest import by_hand
from tests.repository import MANIFEST, PINNED, Repository

PERIOD = ("--records", "evidence", "--period", "2000-01-01..2100-01-01", "--sample", "9", "--seed", "1")
GOOD = MANIFEST.replace("main", PINNED)
NOT_FOUND = "it is in the commit, and not among the manifests that are found there"


@pytest.fixture
def bot(tmp_path):
    """A repository with one commit that passes."""
    folder = tmp_path / "src" / "bot"
    folder.mkdir(parents=True)
    made = Repository(folder)
    made.commit({"model.yaml": GOOD})
    return made


def audited(inside, *options, roots="src"):
    run = inside("audit", roots, *PERIOD, *options, "--output", "json")
    [sheet] = json.loads(run.out)["period"]["sample"]
    return run, sheet


def record(inside, path="src/bot"):
    assert inside("check", path, "--record", "evidence").code == 0


def test_a_run_that_is_judged_again_leaves_nothing_open(bot, inside):
    record(inside)
    run, sheet = audited(inside)
    assert (run.code, sheet["not_judged"], run.err) == (
        0,
        "",
        "1 project: 1 passed; 1 manifest, 1 entry of 1 model\n",
    )


def a_file_is_gone(bot, inside):
    bot.commit({"readme.md": "more"})
    record(inside)
    blob = bot.git("rev-parse", "HEAD:readme.md")
    (bot.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


def no_folder_holds_it(bot, inside):
    by_hand(bot, ("A", "A/x.md"))
    record(inside)


def the_commit_is_gone(bot, inside):
    bot.commit({"readme.md": "more"})
    record(inside)
    bot.git("reset", "--hard", "HEAD~1")
    bot.git("reflog", "expire", "--expire=now", "--all")
    bot.git("gc", "--prune=now")


def it_was_called_by_a_name_that_nobody_looks_for(bot, inside):
    bot.commit({"odd.yaml": GOOD})
    record(inside, "src/bot/odd.yaml")


def it_stated_no_commit(bot, inside):
    (bot.folder / ".git").rename(bot.folder / "git")
    record(inside)
    (bot.folder / "git").rename(bot.folder / ".git")


OPEN = {
    a_file_is_gone: "git cannot tell its history: an object of it is not in this clone",
    no_folder_holds_it: "the commit cannot be laid out: `A/x.md`: File exists",
    the_commit_is_gone: "the commit is not in the repository at hand",
    it_was_called_by_a_name_that_nobody_looks_for: NOT_FOUND,
    it_stated_no_commit: "the run states no commit",
}


@pytest.mark.parametrize(("happens", "why"), OPEN.items(), ids=lambda one: getattr(one, "__name__", ""))
@pytest.mark.parametrize("options", [(), ("--exit-zero",)], ids=" ".join)
def test_a_run_that_cannot_be_judged_again_ends_with_3(bot, inside, happens, why, options):
    happens(bot, inside)
    run, sheet = audited(inside, *options)
    assert (run.code, sheet["not_judged"]) == (3, why)
    assert [file["judged_again"] for file in sheet["files"]] == [why]
    assert "; 1 sampled run not judged again" in run.err


def test_a_run_of_a_repository_that_was_not_audited_ends_with_3(bot, inside, tmp_path):
    record(inside)
    (tmp_path / "empty").mkdir()
    run, sheet = audited(inside, roots="empty")
    assert (run.code, sheet["not_judged"]) == (3, "the repository is not among those that were audited")


def test_a_finding_is_graver_than_a_run_that_stays_open(bot, inside):
    the_commit_is_gone(bot, inside)
    bot.commit({"model.yaml": MANIFEST})
    assert audited(inside)[0].code == 1


def test_a_manifest_that_its_commit_lacks_is_an_answer(bot, inside):
    bot.put({"more/model.yaml": GOOD})
    record(inside)
    run, sheet = audited(inside)
    assert (run.code, sheet["not_judged"]) == (0, "")
    assert {file["file"]: file["judged_again"] for file in sheet["files"]} == {
        "model.yaml": "0",
        "more/model.yaml": "it is not in the commit",
    }


def test_the_summary_and_the_pages_say_why(bot, inside, tmp_path):
    the_commit_is_gone(bot, inside)
    run = inside("audit", "src", *PERIOD, "--output", "text", "--output", "html=pages")
    assert "  not judged again: the commit is not in the repository at hand\n" in run.out
    assert "1 sampled run not judged again" in run.out
    page = (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
    assert ">Not judged again</th>" in page
