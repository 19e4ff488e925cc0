"""A lock as a value: entries by model and revision, licence texts by digest, and the digest over all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from checker.facts.locked.entry import LockedFile, LockEntry
from checker.facts.locked.shape import plain
from checker.value import NamedTuple

FORMAT = 1
"""The format that this version writes; a lock of a higher one is refused."""
NAME = "model.lock"
"""The file beside the manifest."""


class Lock(NamedTuple):
    """What was resolved of the models of one folder's manifests and of their ancestors."""

    entries: tuple[LockEntry, ...] = ()
    """Sorted by model and revision; each pair stands once."""
    texts: Mapping[str, tuple[str, ...]] = {}
    """Lines of the licence files that entries name, by the SHA-256 of the file's bytes; `"\\n".join` gives the file."""
    file: str = NAME
    """The file's name as the user knows it."""
    sha256: str = ""
    """The digest that the file states; empty for a lock that was not read from one."""

    def find(self, model: str, revision: str | None) -> LockEntry | None:
        """The entry of a model as a manifest writes it; None where the lock has none of that model and revision."""
        return next((entry for entry in self.entries if key_of(entry) == (model, revision)), None)

    def of_model(self, model: str) -> tuple[LockEntry, ...]:
        """All entries of a model under the id it has today or the one it was resolved by, in any capitals."""
        wanted = model.casefold()
        return tuple(entry for entry in self.entries if wanted in (entry.model.casefold(), entry.id.casefold()))


def key_of(entry: LockEntry) -> tuple[str, str | None]:
    """What identifies an entry: the model and the revision as the manifest writes them."""
    return entry.model, entry.revision


def lock_of(entries: Iterable[LockEntry], texts: Mapping[str, tuple[str, ...]] | None = None) -> Lock:
    """A lock in its order: of entries with one key the last counts, and texts that no entry names are dropped."""
    last = {key_of(entry): entry._replace(files=tuple(sorted(entry.files, key=_path))) for entry in entries}
    ordered = tuple(sorted(last.values(), key=_order))
    named = {file.sha256 for entry in ordered if (held := entry.facts.license_files) for file in held.value}
    return Lock(ordered, {digest: lines for digest, lines in sorted((texts or {}).items()) if digest in named})


def _path(file: LockedFile) -> str:
    return file.path


def _order(entry: LockEntry) -> tuple[str, str, str]:
    return entry.model.casefold(), entry.model, entry.revision or ""


def digest_of(text: str, stated: str) -> str:
    """SHA-256 in hexadecimal over a lock's text, with line feeds as line ends and without the digest that it states.

    It is taken over the text and not over its values, since a check of one manifest would spend more time on writing
    those out than on all rules together.
    """
    bare = text.replace("\r\n", "\n").replace(f'"sha256": "{stated}"', '"sha256": ""', 1)
    return hashlib.sha256(bare.encode("utf-8", "surrogatepass")).hexdigest()


def content_of(lock: Lock) -> dict[str, Any]:
    """The lock's content as plain values."""
    return {"models": [plain(entry) for entry in lock.entries], "texts": plain(dict(lock.texts))}
