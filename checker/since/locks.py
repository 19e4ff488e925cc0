"""The locks that a change touched, as they were before it, in a folder that nobody else sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from checker.document.inside import is_plain
from checker.facts.locked.file import MAX_BYTES
from checker.git import lay_out
from checker.since.change import Change, contents
from checker.since.scope import LOCK


@contextmanager
def locks_before(change: Change) -> Iterator[Path | None]:
    """A folder with the locks that changed as they were; None where none did.

    Raises:
        InputError: git cannot read one of them.
    """
    locks = {path: blob for path, blob in change.files.items() if PurePosixPath(path).name == LOCK and is_plain(path)}
    if not locks:
        yield None
        return
    from tempfile import TemporaryDirectory  # 4 ms, and most changes leave the locks alone

    there = {path: blob for path, blob in locks.items() if blob is not None}
    with TemporaryDirectory(prefix="weighbridge-") as temporary:
        for path in locks:  # of one that is new the folder, too
            Path(temporary, path).parent.mkdir(parents=True, exist_ok=True)
        for path, content in contents(change, there, MAX_BYTES):
            lay_out(Path(temporary, path), content)
        yield Path(temporary)
