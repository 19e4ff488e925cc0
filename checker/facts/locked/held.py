"""A lock as a check holds it: its digest is checked at once, an entry is read when a model asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from checker.document.place import SourceFile
from checker.document.read import from_text, read_bytes
from checker.facts.locked.entry import LockEntry
from checker.facts.locked.file import MAX_BYTES, decoded, parse, refuse, refuse_doubles, refuse_other_content
from checker.facts.locked.shape import Odd, read_record


class Holder(Protocol):
    """What entries are looked up in: a lock that was read whole, or one that a check holds."""

    @property
    def file(self) -> str:
        """The file's name as the user knows it."""

    @property
    def sha256(self) -> str:
        """The digest that the file states."""

    def find(self, model: str, revision: str | None) -> LockEntry | None:
        """The entry of a model as a manifest writes it; None where the lock has none of that model and revision."""

    def of_model(self, model: str) -> tuple[LockEntry, ...]:
        """All entries of a model under the id it has today or the one it was resolved by, in any capitals."""


class HeldLock:
    """A lock whose entries are read one by one: most checks need few of many."""

    def __init__(self, source: SourceFile, models: list[dict[str, Any]], sha256: str) -> None:
        self.file = source.name
        self.sha256 = sha256
        self._source = source
        self._models = models
        self._read: dict[int, LockEntry] = {}

    def find(self, model: str, revision: str | None) -> LockEntry | None:
        """As `Holder` says; raises `InputError` where the entry holds something else than entries do."""
        wanted = (model, revision)
        return next((self._entry(at) for at, one in enumerate(self._models) if _key(one) == wanted), None)

    def of_model(self, model: str) -> tuple[LockEntry, ...]:
        """As `Holder` says; raises `InputError` where an entry holds something else than entries do."""
        wanted = model.casefold()
        return tuple(self._entry(at) for at, one in enumerate(self._models) if wanted in _names(one))

    def _entry(self, index: int) -> LockEntry:
        if index not in self._read:
            odd: list[Odd] = []
            entry = read_record(LockEntry, self._models[index], odd, ("models", index))
            refuse(self._source, odd)
            self._read[index] = entry
        return self._read[index]


def hold(path: Path, name: str | None = None) -> HeldLock:
    """The lock at `path`, called `name` in messages (default: the path as given, with forward slashes).

    Raises:
        InputError: it cannot be read, is larger than `MAX_BYTES`, is no lock of a format that this version knows, or
            its digest does not fit its content. What is odd in one entry is refused when that entry is asked for.
    """
    shown = path.as_posix() if name is None else name
    source = from_text(shown, read_bytes(path, shown, MAX_BYTES), MAX_BYTES)
    document = decoded(source)
    models: Any = document.get("models")
    sha256: Any = document.get("sha256")
    if not isinstance(sha256, str) or not isinstance(models, list) or not all(_is_keyed(one) for one in models):
        parse(source)  # refuses the lock and says what is odd, and where
    refuse_doubles(source, [_key(one) for one in models])
    refuse_other_content(source, sha256)
    return HeldLock(source, models, sha256)


def _is_keyed(one: object) -> bool:
    kinds = (str, type(None))
    return isinstance(one, dict) and type(one.get("model")) is str and isinstance(one.get("revision"), kinds)


def _key(one: dict[str, Any]) -> tuple[str, str | None]:
    return one["model"], one.get("revision")


def _names(one: dict[str, Any]) -> tuple[str, ...]:
    today = one.get("now_called")
    return one["model"].casefold(), today.casefold() if isinstance(today, str) else ""
