"""What git hands over: files within a limit, and never more of them at once than memory allows."""

from __future__ import annotations

import tracemalloc

import pytest

from checker import git
from checker.git import TooLarge, lay_out, read_files
from tests.repository import Repository

MIB = 1024 * 1024


@pytest.fixture
def repository(tmp_path):
    """An empty repository."""
    return Repository(tmp_path)


def blobs_of(repository):
    return dict(git.tree(repository.folder, "HEAD"))


def test_files_come_in_their_order_and_equal_ones_each(repository):
    repository.commit({"b.md": "same", "a.md": "same", "c.md": ""})
    blobs = {path: blobs_of(repository)[path] for path in ("c.md", "b.md", "a.md")}
    assert list(read_files(repository.folder, blobs, 4)) == [("c.md", b""), ("b.md", b"same"), ("a.md", b"same")]


def test_where_there_is_no_git_that_is_said(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(git.GitError, match=r"^git is not on the PATH$"):
        git.git(repository.folder, "status")


def test_nothing_is_read_of_no_file(tmp_path):
    assert list(read_files(tmp_path / "no repository", {}, 4)) == []


@pytest.mark.parametrize(("most", "found"), [(5, b"12345"), (4, TooLarge(4))])
def test_a_file_may_have_as_many_bytes_as_its_reader_takes_and_no_more(repository, most, found):
    repository.commit({"a.md": "12345"})
    assert list(read_files(repository.folder, blobs_of(repository), most)) == [("a.md", found)]


def test_of_a_file_that_is_too_large_nothing_is_read(repository):
    (repository.folder / "model.yaml").write_bytes(b"\n" * (24 * MIB))
    repository.commit()
    tracemalloc.start()
    try:
        assert list(read_files(repository.folder, blobs_of(repository), MIB)) == [("model.yaml", TooLarge(MIB))]
        assert tracemalloc.get_traced_memory()[1] < MIB
    finally:
        tracemalloc.stop()


def test_files_are_read_a_few_at_a_time(repository, monkeypatch):
    monkeypatch.setattr(git, "_PORTION_BYTES", 2 * MIB)
    for number in range(12):
        (repository.folder / f"{number}.md").write_bytes(bytes([number]) * MIB)
    repository.commit()
    tracemalloc.start()
    try:
        read = {path: content[0] for path, content in read_files(repository.folder, blobs_of(repository), MIB)}
        assert tracemalloc.get_traced_memory()[1] < 9 * MIB
    finally:
        tracemalloc.stop()
    assert read == {f"{number}.md": number for number in range(12)}


def test_a_blob_that_is_not_there_is_named(repository):
    repository.commit({"a.md": "1"})
    with pytest.raises(LookupError, match="f" * 40):
        list(read_files(repository.folder, {**blobs_of(repository), "b.md": "f" * 40}, 4))


def test_what_is_too_large_is_laid_out_as_a_file_that_is_too_large(tmp_path):
    lay_out(tmp_path / "a" / "b.md", TooLarge(MIB))
    lay_out(tmp_path / "a" / "c.md", b"text")
    assert (tmp_path / "a" / "b.md").stat().st_size == MIB + 1
    assert (tmp_path / "a" / "c.md").read_bytes() == b"text"
