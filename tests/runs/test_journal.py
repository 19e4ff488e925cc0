"""A journal of runs shows whatever was done to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from errno import EACCES
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
        "from checker.runs.journal import append\nfor code in range(20): append(Path(sys.argv[1]), run(code % 4))"
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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"code":3', '"code":-5', id="a code that no run ends with"),
        pytest.param('"code":3', f'"code":1{"0" * 400}', id="a code of 400 digits"),
        pytest.param('"code":3', '"code":3.0', id="a code that is no whole number"),
        pytest.param('"code":3', '"code":0,"code":3', id="a key twice"),
        pytest.param('"format":1', '"format":true', id="a format that is no number"),
        pytest.param('"format":1,', "", id="no format"),
        pytest.param('"today":"2026-11-28"', '"today":null', id="no day"),
        pytest.param('"today":"2026-11-28"', '"today":0', id="a number for a day"),
        pytest.param('"dirty":false', '"dirty":"no"', id="a word for a truth value"),
        pytest.param("12:00:00Z", "12:00:00", id="a time of nowhere"),
        pytest.param("12:00:00Z", "12:00:00+14:00", id="a time of elsewhere"),
        pytest.param('"tally":{}', '"tally":{"fail":-1}', id="a number below nothing"),
        pytest.param('"refused":[]', f'"refused":{"[" * 5000}{"]" * 5000}', id="too deep"),
        pytest.param('"run":""', '"run":"\\ud800"', id="half a character"),
    ],
)
def test_a_line_says_what_a_run_can_say_or_is_none(journal, old, new):
    *before, last = lines(journal)
    assert old in last
    journal.write_text("".join((*before, last.replace(old, new))))
    found = read(journal)
    assert [one.record.code for one in found.runs] == [0, 1, 2]
    assert [(one.at[-2:], one.why) for one in found.breaks] == [(":4", "this is no record of a run, or was cut off")]


def test_a_line_of_another_format_is_told_and_not_read(journal):
    *before, last = lines(journal)
    journal.write_text("".join((*before, last.replace('"format":1', '"format":99'))))
    found = read(journal)
    assert [one.why for one in found.breaks] == ["its format is 99: this version reads 1"]
    assert len(found.runs) == 3


def test_an_emptied_journal_shows(journal):
    journal.write_text("")
    found = read(journal)
    assert found.runs == ()
    assert [one.why for one in found.breaks] == ["it is empty: whatever made it wrote a line, and that was taken"]


def test_a_name_that_is_not_all_characters_is_shown_as_such(tmp_path):
    path = append(tmp_path, run(repository="mod\udce9l").model_copy(update={"run": "\udce9"}))
    [one] = read(path).runs
    assert (one.record.repository, one.record.run) == ("mod\\udce9l", "\\udce9")


def made_pipe(path):
    os.mkfifo(path)


def made_device(path):
    path.symlink_to("/dev/null")


def made_folder(path):
    path.mkdir()


@pytest.mark.parametrize("made", [made_pipe, made_device, made_folder])
def test_what_is_no_file_is_neither_waited_for_nor_written(tmp_path, made):
    made(file_of(tmp_path, "host/acme/bot"))
    with pytest.raises(InputError, match="expected a regular file"):
        append(tmp_path, run())
    with pytest.raises(InputError, match="expected a regular file"):
        read(file_of(tmp_path, "host/acme/bot"))


def test_a_folder_of_journals_that_cannot_be_listed_is_an_error(journal, tmp_path, monkeypatch):
    def refused(folder):
        raise PermissionError(EACCES, "Permission denied", str(folder))

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(InputError, match="journals in it would be overlooked"):
        journals(tmp_path)
