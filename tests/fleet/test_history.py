"""How each manifest stood at every commit that changed it."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.fleet.conftest import by_hand
from tests.repository import MANIFEST, PINNED, POLICY, Repository, ledger, waiver

PASSING = MANIFEST.replace("revision: main", f"revision: {PINNED}")


@pytest.fixture
def project(tmp_path):
    """A repository whose commits have the days that they are given."""
    folder = tmp_path / "src" / "bot"
    folder.mkdir(parents=True)
    return Repository(folder)


def commit(project, day, **files):
    """Commit files on a day; a double underscore in a name stands for its dot, and None removes a file."""
    project.put({name.replace("__", "."): text for name, text in files.items()})
    project.git("add", "--all")
    who = {
        f"GIT_{role}_{what}": said
        for role in ("AUTHOR", "COMMITTER")
        for what, said in (("NAME", "Dev"), ("EMAIL", "dev@example.com"), ("DATE", f"{day}T12:00:00Z"))
    }
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "commit", "--quiet", "--message=x"], cwd=project.folder, env=environment, check=True)


def states(run):
    [record] = json.loads(run.out)["records"]
    return [(one["file"], one["code"], one["stops"]) for one in record["history"]]


def test_every_commit_that_changed_a_manifest_or_what_decides_is_judged(project, inside):
    commit(project, "2026-01-02", model__yaml=PASSING)
    commit(project, "2026-02-02", readme__md="no change of a verdict\n")
    commit(project, "2026-03-02", model__yaml=MANIFEST)
    commit(project, "2026-04-02", weighbridge_policy__yaml="")
    run = inside("audit", "src", "--history", "--output", "json")
    assert states(run) == [("model.yaml", 0, []), ("model.yaml", 1, ["revision-pinned"])]


def test_since_when_a_manifest_is_out_of_line_is_the_first_of_the_last_bad_states(project, inside):
    commit(project, "2026-01-02", model__yaml=MANIFEST)
    commit(project, "2026-02-02", model__yaml=PASSING)
    commit(project, "2026-03-02", model__yaml=MANIFEST)
    first = project.git("rev-parse", "HEAD").strip()
    commit(project, "2026-04-02", model__yaml=MANIFEST + "    license: mit\n")
    [row] = json.loads(inside("audit", "src", "--history", "--output", "json").out)["out_of_line"]
    assert (row["since"], row["commit"], row["changes"]) == ("2026-03-02", first, 4)
    assert row["stops"] == ["license-declared", "revision-pinned"]


def test_a_manifest_that_passes_or_is_gone_is_not_out_of_line(project, inside):
    commit(project, "2026-01-02", model__yaml=MANIFEST, old__weighbridge__yaml=MANIFEST)
    commit(project, "2026-02-02", model__yaml=PASSING, old__weighbridge__yaml=None)
    assert json.loads(inside("audit", "src", "--history", "--output", "json").out)["out_of_line"] == []


def test_a_state_that_could_not_be_used_is_a_state(project, inside):
    commit(project, "2026-01-02", model__yaml="weighbridge: 1\nmodells: []\n")
    commit(project, "2026-02-02", model__yaml=PASSING)
    run = inside("audit", "src", "--history", "--output", "json")
    assert states(run) == [
        ("model.yaml", 2, ["unknown key `modells`", "the key `models` is missing"]),
        ("model.yaml", 0, []),
    ]


@pytest.mark.parametrize("mib", [2, 17])
def test_a_file_that_is_too_large_is_refused_in_the_past_as_it_is_in_the_folder(project, inside, mib):
    """Nobody can tell what the largest ones are, so that they are not passed over; nothing of them is read."""
    commit(project, "2026-01-02", model__yaml=f"weighbridge: 1\n{' ' * (mib << 20)}")
    assert "the file is larger than 1 MiB" in inside("check", "src/bot").out
    commit(project, "2026-02-02", model__yaml=PASSING)
    run = inside("audit", "src", "--history", "--output", "json")
    assert states(run) == [("model.yaml", 2, ["the file is larger than 1 MiB"]), ("model.yaml", 0, [])]


@pytest.mark.parametrize("lines", [1, 200_000])
def test_a_lock_of_the_past_counts_for_the_past(project, inside, lines):
    """One of 2 MiB too: a lock may be larger than other files."""
    unpinned = MANIFEST.replace("    revision: main\n", "")
    commit(project, "2026-01-02", model__yaml=unpinned, model__lock="not a lock\n" * lines)
    commit(project, "2026-02-02", model__lock=None)
    run = inside("audit", "src", "--history", "--output", "json")
    assert [code for _, code, _ in states(run)] == [2, 1]


def test_each_state_is_judged_as_of_its_own_day(project, inside):
    waived = ledger(waiver(approved_on="2026-01-01", expires="2026-02-15"))
    layer = "rules:\n  revision-pinned: soft-mandatory\n"
    (project.folder.parent.parent / "policy.yaml").write_text(POLICY)
    commit(project, "2026-01-10", model__yaml=MANIFEST, waivers__yaml=waived)
    commit(project, "2026-03-10", **{"weighbridge-policy__yaml": layer})
    run = inside("audit", "src", "--history", "--output", "json", "--policy", "policy.yaml")
    assert [code for _, code, _ in states(run)] == [0, 1]


def test_a_project_without_a_commit_has_no_history(project, inside):
    (project.folder / "model.yaml").write_text(PASSING)
    run = inside("audit", "src", "--history", "--output", "json")
    assert (run.code, states(run)) == (0, [])


def test_no_filter_of_the_repository_runs(project, inside, tmp_path):
    commit(project, "2026-01-02", model__yaml=PASSING, readme__md="x")
    (project.folder / ".gitattributes").write_text("* filter=mark\n")
    project.git("config", "filter.mark.smudge", f"touch {tmp_path / 'ran'}")
    inside("audit", "src", "--history")
    assert not (tmp_path / "ran").exists()


def test_the_text_says_since_when(project, inside):
    commit(project, "2026-01-02", model__yaml=MANIFEST)
    out = inside("audit", "src", "--history").out
    assert "Out of line since\n" in out
    assert "src/bot: model.yaml: revision-pinned (commit" in out


def untold(run):
    """Why git cannot tell a history, and the code that the project and the run have."""
    document = json.loads(run.out)
    [project] = document["projects"]
    return (
        [row["why"].removeprefix("git cannot tell its history: ") for row in document["broken"]],
        project["code"],
        run.code,
    )


@pytest.fixture
def evidence(project, inside, tmp_path):
    """A folder with a journal, of another repository."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "model.yaml").write_text(PASSING)
    inside("check", "other", "--record", "evidence")
    return ("--records", "evidence", "--period", "2026-01-01..2026-12-31")


SHALLOW = "the clone is shallow, and `git fetch --unshallow` brings the rest"


@pytest.mark.parametrize("asked", ["history", "records"])
def test_the_history_of_a_shallow_clone_is_not_told(project, inside, tmp_path, evidence, asked):
    """Its first commit seems to have changed everything: it would be the day since when a manifest is out of line."""
    for day, text in (("2026-10-01", PASSING), ("2026-10-10", MANIFEST), ("2026-11-10", f"{MANIFEST}# more\n")):
        commit(project, day, model__yaml=text)
    address = project.folder.as_uri()
    subprocess.run(["git", "clone", "--quiet", "--depth=1", address, tmp_path / "clone" / "bot"], check=True)
    run = inside("audit", "clone", "--output", "json", *(("--history",) if asked == "history" else evidence))
    assert untold(run) == ([SHALLOW], 2, 2)
    document = json.loads(run.out)
    assert document["out_of_line"] == []
    assert asked == "history" or document["period"]["missing"] == []


def test_a_shallow_clone_of_which_no_past_is_asked_is_judged_as_it_is(project, inside, tmp_path):
    commit(project, "2026-10-01", model__yaml=PASSING)
    commit(project, "2026-10-02", readme__md="more")
    address = project.folder.as_uri()
    subprocess.run(["git", "clone", "--quiet", "--depth=1", address, tmp_path / "clone" / "bot"], check=True)
    assert inside("audit", "clone").code == 0


@pytest.mark.parametrize("asked", ["history", "records"])
@pytest.mark.parametrize("seconds", [" 999999999999999 +0000", ""])
def test_a_commit_without_a_day_of_the_calendar_is_told(project, inside, evidence, asked, seconds):
    commit(project, "2026-01-02", model__yaml=PASSING)
    lines = project.git("cat-file", "commit", "HEAD").split("\n")
    stated = [f"{line.rpartition('>')[0]}>{seconds}" if line.startswith("committer") else line for line in lines]
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--literally", "--stdin"],
        cwd=project.folder,
        input="\n".join(stated),
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.strip()
    project.git("update-ref", "refs/heads/main", made)
    run = inside("audit", "src", "--output", "json", *(("--history",) if asked == "history" else evidence))
    assert untold(run) == ([f"commit {made[:12]} states no day of the calendar"], 2, 2)


def test_a_repository_that_git_refuses_has_a_past_that_nobody_can_tell(project, inside):
    commit(project, "2026-01-02", model__yaml=PASSING)
    (project.folder / ".git" / "HEAD").unlink()
    whys, *codes = untold(inside("audit", "src", "--history", "--output", "json"))
    assert "not a git repository" in whys[0]
    assert codes == [2, 2]


def test_a_clone_without_an_object_of_the_past_is_told(project, inside):
    commit(project, "2026-01-02", model__yaml=PASSING, readme__md="one")
    blob = project.git("rev-parse", "HEAD:readme.md")
    (project.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    run = inside("audit", "src", "--history", "--output", "json")
    assert untold(run) == (["an object of it is not in this clone"], 2, 2)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("x" * 300 + ".weighbridge.yaml",), f"the commit cannot be laid out: `{'x' * 60}…`: File name too long"),
        (("A", "A/model.yaml"), "the commit cannot be laid out: `A/model.yaml`: File exists"),
    ],
)
def test_a_commit_whose_names_no_folder_can_hold_is_a_state_that_cannot_be_used(project, inside, names, why):
    commit(project, "2026-01-02", model__yaml=PASSING)
    by_hand(project, names)
    assert ("", 2, [why]) in states(inside("audit", "src", "--history", "--output", "json"))
