"""The commit of a checkout, read from git's own files."""

from __future__ import annotations

import pytest

from checker.fleet.commit import head
from tests.repository import Repository


@pytest.mark.parametrize("branch", ["main", "a/b", "a\x85b", "a\u2028b"])
def test_a_packed_branch_may_be_called_what_git_admits(tmp_path, branch):
    made = Repository(tmp_path)
    made.commit({"model.yaml": "x\n"})
    made.git("checkout", "--quiet", "-B", branch)
    made.git("pack-refs", "--all")
    assert head(tmp_path) == made.git("rev-parse", "HEAD").strip()
