"""A journal of runs shows whatever was done to it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checker.document.errors import InputError
from checker.runs.journal import append, file_of, journals, read
from checker.runs.record import BEGINNING, FORMAT, RunRecord


def run(code: int = 0, repository: str = "host/acme/bot") -> RunRecord:
    return RunRecord(
        format=FORMAT,
        time=datetime(2026, 11, 28, 12, 0, tzinfo=UTC),
        today=date(2026, 11, 28),
        repository=repository,
        commit="a" * 40,
        dirty=False,
        run="",
        tool_version="1",
        catalogue_sha256="c" * 64,
        policies=(),
        manifests=(),
        refused=(),
        relaxations=(),
        tally={},
        code=code,
        previous=BEGINNING,
    )


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal of four runs with codes 0 to 3."""
    for code in range(4):
        path = append(tmp_path, run(code))
    return path


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True)


def test_each_line_names_the_digest_of_the_one_before(journal):
    found = read(journal)
    assert [one.record.code for one in found.runs] == [0, 1, 2, 3]
    assert found.breaks == ()
    assert [one.record.previous for one in found.runs] == [BEGINNING, *(one.sha256 for one in found.runs[:-1])]


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        pytest.param(lambda all_: [*all_[:1], all_[1].replace('"code":1', '"code":0'), *all_[2:]], [3], id="changed"),
        pytest.param(lambda all_: [all_[0], *all_[2:]], [2], id="taken"),
        pytest.param(lambda all_: all_[1:], [1], id="first taken"),
        pytest.param(lambda all_: [*all_[:2], all_[0], *all_[2:]], [3, 4], id="added"),
        pytest.param(lambda all_: [all_[1], all_[0], *all_[2:]], [1, 2, 3], id="in another order"),
        pytest.param(lambda all_: [*all_[:1], "{}\n", *all_[1:]], [2, 3], id="something else"),
        pytest.param(lambda all_: [*all_[:3], all_[3][:50]], [4], id="cut off"),
    ],
)
def test_what_is_done_within_a_journal_shows_where(journal, change, broken_at):
    journal.write_text("".join(change(lines(journal))))
    assert [int(one.at.rpartition(":")[2]) for one in read(journal).breaks] == broken_at


def test_lines_taken_from_the_end_show_beside_a_copy_alone(journal):
    whole = read(journal)
    journal.write_text("".join(lines(journal)[:-2]))
    short = read(journal)
    assert short.breaks == ()
    assert short.runs == whole.runs[:-2]
    assert short.runs[-1].sha256 != whole.runs[-1].sha256  # what a later copy, or its last digest, shows


def test_a_line_that_was_cut_off_stays_visible_and_the_next_follows_it(journal, tmp_path):
    journal.write_text("".join(lines(journal))[:-40])
    append(tmp_path, run(1))
    found = read(journal)
    assert [one.record.code for one in found.runs] == [0, 1, 2, 1]
    assert [one.why for one in found.breaks] == ["this is no record of a run, or was cut off"]


def test_processes_that_append_at_once_lose_nothing(tmp_path):
    script = (
        "import sys; from pathlib import Path; from tests.runs.test_journal import run; "
        "from checker.runs.journal import append\nfor code in range(20): append(Path(sys.argv[1]), run(code))"
    )
    started = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    found = read(file_of(tmp_path, "host/acme/bot"))
    assert (len(found.runs), found.breaks) == (60, ())


@pytest.mark.parametrize(
    "repository", ["host/acme/bot", "host/acme_bot", "../../etc/passwd", "CON", "a\nb", "", "é" * 300]
)
def test_a_repository_of_any_name_has_a_file_of_its_own_in_the_folder(tmp_path, repository):
    path = append(tmp_path, run(repository=repository))
    assert path.parent == tmp_path
    assert len(path.name) < 160
    others = {file_of(tmp_path, other) for other in ("host_acme_bot", "x", "etc_passwd")}
    assert path not in others


def test_a_folder_without_journals_is_an_error(tmp_path):
    with pytest.raises(InputError, match="there is no journal of runs"):
        journals(tmp_path)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be recorded"):
        append(tmp_path / "file", run())


def test_a_record_is_one_line_of_json(journal):
    assert [json.loads(line)["format"] for line in lines(journal)] == [1, 1, 1, 1]


def test_a_journal_that_ends_with_an_empty_line_is_continued_without_a_further_break(tmp_path):
    path = append(tmp_path, run())
    path.write_text(f"{path.read_text()}\n")
    before = read(path)
    append(tmp_path, run(1))
    after = read(path)
    assert [one.record.code for one in after.runs] == [0, 1]
    assert after.breaks == before.breaks
