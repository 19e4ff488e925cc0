"""What the tests of remedies share."""

from __future__ import annotations

import pytest

from checker.facts.locked.entry import LockedFile, LockEntry
from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from tests.in_process import inside
from tests.repository import PINNED

__all__ = ["inside", "lock"]


@pytest.fixture
def lock(tmp_path):
    """Write a lock that holds a model at a revision, with or without digests of its weights."""

    def write(revision: str | None, *, digests: bool) -> None:
        weights = LockedFile("model.safetensors", 10, "ab" * 32 if digests else None)
        made = LockEntry(
            "Qwen/Qwen2.5-7B-Instruct", revision, PINNED, "2026-11-20T09:00:00Z", "https://huggingface.co",
            files=(weights,),
        )  # fmt: skip
        (tmp_path / "model.lock").write_text(as_text(lock_of([made], {})), encoding="utf-8")

    return write
