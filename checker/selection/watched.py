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


ID, LAST, FIRST, PIN = "\ue000", "\ue001", "\ue002", "\ue003"
"""What is shown for a model's id, for the parts of it behind and before the last slash, and for its commit."""


def told(template: str, model: str, revision: str | None) -> str:
    """A text in which a model's id and commit were left open, with them."""
    if ID in template or LAST in template or FIRST in template:
        first, _, last = model.rpartition("/")
        template = template.replace(ID, model).replace(LAST, last).replace(FIRST, first)
    return template.replace(PIN, revision or "")


class Name(str):
    """A text that differs by model and may be shown without being noted; looking into it is noted.

    Texts are made with what stands for it, so that one text does for all models of which rules read the same.
    """

    __slots__ = ("_note", "_shown", "written")
    _note: Callable[[], None]
    _shown: str
    written: str
    """The text itself, for whoever notes by themselves what they look at."""

    def __new__(cls, written: str, shown: str, note: Callable[[], None], content: str | None = None) -> Name:
        """Make one.

        Args:
            written: the text itself.
            shown: what stands for it.
            note: called when it is looked into.
            content: what code finds that no method can watch, such as a regular expression; `shown` where None.
        """
        made = super().__new__(cls, shown if content is None else content)
        made.written, made._shown, made._note = written, shown, note
        return made

    def __str__(self) -> str:
        return self._shown

    def __format__(self, how: str) -> str:
        if how:
            self._note()
        return format(self._shown, how)

    def __hash__(self) -> int:
        self._note()
        return hash(self.written)

    def __radd__(self, other: str) -> str:
        return other + self._shown

    def __reduce_ex__(self, protocol: object, /) -> tuple[type[str], tuple[str]]:
        self._note()
        return str, (self.written,)

    def rpartition(self, separator: str, /) -> tuple[str, str, str]:
        """The parts around the last slash, which may be shown too."""
        if separator != "/" or self._shown != ID:
            self._note()
            return self.written.rpartition(separator)
        before, found, after = self.written.rpartition("/")
        return Name(before, FIRST, self._note), found, Name(after, LAST, self._note)


_OWN = {
    *vars(Name),
    *("__class__", "__init__", "__getattribute__", "__setattr__", "__delattr__", "__subclasshook__", "__dir__"),
    *("__init_subclass__", "__reduce__", "__getnewargs__", "__getstate__"),
}


def _noting(name: str) -> Callable[..., Any]:
    own = getattr(str, name)

    def noted(self: Name, *arguments: Any, **options: Any) -> Any:
        self._note()
        return own(self.written, *(each.written if type(each) is Name else each for each in arguments), **options)

    return noted


for _name in dir(str):
    if _name not in _OWN:
        setattr(Name, _name, _noting(_name))


class WatchedFacts:
    """Facts, no less sure than a rule asks for, that note which of them are read."""

    def __init__(self, facts: Facts, minimum: Certainty, reads: Reads) -> None:
        self._facts = facts
        self._minimum = minimum
        self._reads = reads
        self._own = {
            NAME: Name(facts.model, ID, lambda: reads.note(NAME)),
            FOUND_AS: Name(facts.found_as, ID, lambda: reads.note(FOUND_AS)),
        }

    def __getattr__(self, name: str) -> object:
        if name in self._own:
            if name == FOUND_AS and self._facts.found_as != self._facts.model:
                self._reads.note(FOUND_AS)  # shown, it would be taken for the id
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
            return is_local(cast(Name, self.model.value).written)
        return super().__getattribute__(name)


_MODEL, _REVISION = "watched model", "watched revision"


OF_ENTRY = frozenset((FORM, LOCAL, COMMIT))
"""Reads of the entry: what is read of facts does not change with it."""
OF_ONE = frozenset((NAME, FOUND_AS, COMMIT, ALL))
"""Reads by which a verdict stands for no other model."""


def watched(entry: ModelEntry, reads: Reads) -> ModelEntry:
    """The entry as one that notes what is read."""
    made = entry.model_copy()
    object.__setattr__(made, "__class__", WatchedEntry)
    point(made, entry, reads)
    return made


def point(made: ModelEntry, entry: Pinned, reads: Reads) -> None:
    """Give a watched entry another model and revision, and another list of what is read."""
    values = object.__getattribute__(made, "__dict__")
    values[_MODEL] = At(Name(entry.model.value, ID, lambda: reads.note(NAME)), entry.model.at)
    pinned, revision = None, entry.revision
    if revision is not None:
        commit = Name(revision.value, PIN, lambda: reads.note(COMMIT), content=revision.value)
        pinned = At(commit, revision.at)
    values[_REVISION] = (pinned, reads)


class Unmade(Protocol):
    """An entry that nobody changed, but for its model: it is made where somebody asks for it."""

    @property
    def model(self) -> At[str]:
        """The model's id."""

    @property
    def revision(self) -> At[str] | None:
        """The commit that it names."""

    @property
    def is_local(self) -> bool:
        """Whether its model is named by a path."""


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
    """A fact without its source, which no rule decides by."""
    kind = type(fact)
    if kind is Fact:
        value = fact.value  # type: ignore[attr-defined]  # a Fact has one
        return (value if value.__hash__ else Same(value), fact.certainty)  # type: ignore[attr-defined]
    if kind is Unknown or kind is NotRead:
        return kind, fact.reason  # type: ignore[attr-defined]  # which is told
    if kind is tuple:
        return tuple(_key(one) for one in fact)  # type: ignore[attr-defined]
    return fact
