"""Facts and an entry that note what a rule reads of them, so that its verdict can stand for others that read alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeAlias, cast

from checker.document.place import At
from checker.facts.certain import at_least, one_at_least
from checker.facts.fact import Certainty, Fact, NotRead, Unknown
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.manifest.model_id import is_local

NAME = "model"
"""The read of a model's id that is more than showing it."""
LOCAL = "whether the entry names a path"
FOUND_AS = "found_as"
FORM = "form of the entry's revision"
"""The read of an entry's revision: whether there is one, and whether it is a commit."""
COMMIT = "revision of the entry"
"""The read of which commit it is."""
ALL = "*"
"""The read of every fact at once: nothing can stand for these facts but themselves."""


class Same:
    """A value that cannot be hashed stands for itself alone."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self._value is other._value

    def __hash__(self) -> int:
        return id(self._value)


class Reads:
    """What was read, each once, in the order of the first time."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}

    def note(self, name: str) -> None:
        """Add what is read."""
        self.names[name] = None


class Name(str):
    """A model's id that may be shown without being noted; whoever compares it or looks into it is noted."""

    __slots__ = ("_note",)
    _note: Callable[[], None]

    def __new__(cls, written: str, note: Callable[[], None]) -> Name:
        """The id, and what to call when it is looked into."""
        made = super().__new__(cls, written)
        made._note = note
        return made

    @property
    def shown(self) -> str:
        """The id as a plain string, for whoever notes by themselves what they look at."""
        return str.__str__(self)

    def __str__(self) -> str:
        return str.__str__(self)

    def rpartition(self, separator: str, /) -> tuple[str, str, str]:
        """Its parts, which note what is done with them."""
        before, found, after = str.rpartition(self, separator)
        return Name(before, self._note), found, Name(after, self._note)

    def __format__(self, how: str) -> str:
        return str.__format__(self, how)

    def __hash__(self) -> int:
        self._note()
        return str.__hash__(self)

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        self._note()
        return str, (str.__str__(self),)


_SHOWN = frozenset(
    ("__new__", "__str__", "__format__", "__hash__", "__reduce__", "__class__", "__init__", "__getattribute__")
    + ("__setattr__", "__delattr__", "__doc__", "__init_subclass__", "rpartition", "__subclasshook__", "__reduce_ex__", "__dir__")
)


def _noting(name: str) -> Callable[..., Any]:
    own = getattr(str, name)

    def noted(self: Name, *arguments: Any, **options: Any) -> Any:
        self._note()
        return own(self, *arguments, **options)

    return noted


for _name in dir(str):
    if _name not in _SHOWN:
        setattr(Name, _name, _noting(_name))


class WatchedFacts:
    """Facts, no less sure than a rule asks for, that note which of them are read."""

    def __init__(self, facts: Facts, minimum: Certainty, reads: Reads) -> None:
        self._facts = facts
        self._minimum = minimum
        self._reads = reads
        self._own = {
            NAME: Name(facts.model, lambda: reads.note(NAME)),
            FOUND_AS: Name(facts.found_as, lambda: reads.note(FOUND_AS)),
        }

    def __getattr__(self, name: str) -> object:
        if name in self._own:
            return self._own[name]
        if name in _FIELDS:
            self._reads.note(name)
            return one_at_least(name, self._facts, self._minimum)
        self._reads.note(ALL)
        return getattr(at_least(self._facts, self._minimum), name)

    def __iter__(self) -> Iterator[object]:
        self._reads.note(ALL)
        return iter(at_least(self._facts, self._minimum))

    def as_facts(self) -> Facts:
        """To whoever reads them they are facts."""
        return cast(Facts, self)


_FIELDS = frozenset(Facts._fields)


class WatchedEntry(ModelEntry):
    """An entry that notes whether its model and its revision are read; all else of it is the same for each model."""

    def __getattribute__(self, name: str) -> Any:
        if name == "model":
            return object.__getattribute__(self, "__dict__")[_MODEL]
        if name == "revision":
            revision, reads = object.__getattribute__(self, "__dict__")[_REVISION]
            reads.note(FORM)
            return revision
        if name == "is_local":
            object.__getattribute__(self, "__dict__")[_REVISION][1].note(LOCAL)
            return is_local(self.model.value.shown)
        return super().__getattribute__(name)


_MODEL, _REVISION = "watched model", "watched revision"


def watched(entry: ModelEntry, reads: Reads) -> ModelEntry:
    """The entry as one that notes what is read."""
    made = entry.model_copy()
    values = object.__getattribute__(made, "__dict__")
    values[_MODEL] = At(Name(entry.model.value, lambda: reads.note(NAME)), entry.model.at)
    revision = entry.revision
    pinned = None if revision is None else At(Name(revision.value, lambda: reads.note(COMMIT)), revision.at)
    values[_REVISION] = (pinned, reads)
    object.__setattr__(made, "__class__", WatchedEntry)
    return made


class Unmade(Protocol):
    """An entry that is made when a rule asks for it."""

    @property
    def revision(self) -> At[str] | None:
        """The commit that it names."""

    @property
    def is_local(self) -> bool:
        """Whether its model is named by a path."""

    @property
    def entry(self) -> ModelEntry:
        """The entry itself."""


Pinned: TypeAlias = ModelEntry | Unmade


def read_of(name: str, entry: Pinned, facts: Facts) -> object:
    """What was read under a name, as a key: equal keys are read alike by every rule."""
    if name == FORM:
        revision = entry.revision
        return None if revision is None else _COMMIT if _is_commit(revision.value) else revision.value
    if name == LOCAL:
        return entry.is_local
    if name == COMMIT:
        return entry.revision and entry.revision.value
    if name == ALL:
        return Same(facts)
    return _key(getattr(facts, name))


_COMMIT = object()
_is_commit = re.compile("[0-9a-f]{40}").fullmatch


def _key(fact: object) -> object:
    """A fact without its source, which no rule decides by; an unknown without its reason."""
    kind = type(fact)
    if kind is Fact:
        value = fact.value  # type: ignore[attr-defined]  # a Fact has one
        return (value if value.__hash__ else Same(value), fact.certainty)  # type: ignore[attr-defined]
    if kind is Unknown or kind is NotRead:
        return kind
    if kind is tuple:
        return tuple(_key(one) for one in fact)  # type: ignore[attr-defined]
    return fact
