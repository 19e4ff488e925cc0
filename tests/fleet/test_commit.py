"""The commit of a checkout, read from git's own files."""

from __future__ import annotations

import pytest

from checker.fleet.commit import head, past
from tests.repository import Repository


@pytest.mark.parametrize("branch", ["main", "a/b", "a\x85b", "a\u2028b"])
def test_a_packed_branch_may_be_called_what_git_admits(tmp_path, branch):
    made = Repository(tmp_path)
    made.commit({"model.yaml": "x\n"})
    made.git("checkout", "--quiet", "-B", branch)
    made.git("pack-refs", "--all")
    assert head(tmp_path) == made.git("rev-parse", "HEAD").strip()


@pytest.mark.parametrize("file", [".git", ".git/commondir"])
def test_of_a_repository_that_is_at_no_place_a_system_has_the_past_is_unknown(tmp_path, file):
    if file != ".git":
        Repository(tmp_path).commit({"model.yaml": "x\n"})
    (tmp_path / file).write_text(f"{'gitdir: ' if file == '.git' else ''}{'a' * 5_000}\n", encoding="utf-8")
    assert past(tmp_path) is None
    assert head(tmp_path) == "" or file != ".git"
