"""From a spelling to what may apply by it: one text, several at once, or one of several at the chooser's will.

`A OR B` leaves the choice to whoever takes the work, `A AND B` binds to both. A family's name leaves open which of its
texts is meant, so that each of them is a reading of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from checker.licenses.license import License
from checker.licenses.registry import Ambiguous, Resolved, ids, load, resolve
from checker.value import NamedTuple

Choice: TypeAlias = tuple[License, ...]
"""Licences that all apply together."""
Reading: TypeAlias = tuple[Choice, ...]
"""What one may choose between; a single choice where nothing is left to choose."""


class Spelled(NamedTuple):
    """What a spelling may mean."""

    readings: tuple[Reading, ...]
    """One where it is plain; several where it names a family; none where a text is unknown or was not read."""
    problem: str = ""
    """Why it does not name one text that we have read; empty where it does."""


MOST = 64
"""Readings, or choices of one, beyond which an expression is not followed."""
_OPERATORS = ("OR", "AND")
_Join: TypeAlias = Callable[[Reading, Reading], Reading]
_Part: TypeAlias = "Callable[[], Spelled | None]"
_JoinParts: TypeAlias = "Callable[[Iterable[Spelled]], Spelled]"


@lru_cache(4096)
def spelled(spelling: str, *, license_name: str = "") -> Spelled:
    """What a spelling, an SPDX expression or a family's name may mean."""
    found = resolve(spelling, license_name=license_name)
    if isinstance(found, Resolved):
        return plain(found.license)
    if isinstance(found, Ambiguous):
        return _family(found)
    later = _later(spelling)
    if later:
        return Spelled((tuple((text,) for text in later),))
    parsed = _Expression(spelling).parsed()
    if parsed is not None:
        return parsed
    return Spelled((), f"{found.reason}; the nearest name is `{found.nearest}`" if found.nearest else found.reason)


def plain(*licenses: License) -> Spelled:
    """These licences, all at once."""
    return Spelled(((licenses,),))


def all_of(parts: Iterable[Spelled]) -> Spelled:
    """What applies where each of the parts does."""
    return _joined(parts, lambda reading, other: tuple(one + two for one, two in product(reading, other)))


def _either_of(parts: Iterable[Spelled]) -> Spelled:
    """What may be chosen where one of the parts is enough; a part that is not known is a choice nobody has to take."""
    gathered = list(parts)
    known = [part for part in gathered if part.readings]
    return _joined(known or gathered, lambda reading, other: reading + other)


def _joined(parts: Iterable[Spelled], join: _Join) -> Spelled:
    first, *rest = parts
    readings = first.readings
    for part in rest:
        readings = tuple(join(one, two) for one, two in product(readings, part.readings))
        if len(readings) > MOST or any(len(reading) > MOST for reading in readings):
            return Spelled((), "the expression has more alternatives than are followed")
    problems = dict.fromkeys(part.problem for part in (first, *rest) if part.problem)
    return Spelled(readings, "; ".join(problems))


def _family(found: Ambiguous) -> Spelled:
    differ = f"`{found.spelling}` names no single licence: {', '.join(found.candidates)} differ in their terms"
    known = ids()
    if not all(candidate in known for candidate in found.candidates):
        return Spelled((), differ)
    return Spelled(tuple(((load(candidate),),) for candidate in found.candidates), differ)


def _later(spelling: str) -> list[License]:
    """The versions that `GPL-2.0-or-later` or `GPL-2.0+` leaves to choose between."""
    written = spelling.strip()
    stem = written.removesuffix("+").removesuffix("-or-later")
    if stem == written:
        return []
    found = resolve(stem)
    if not isinstance(found, Resolved) or not found.license.id.endswith("-only"):
        return []
    family, version = _family_of(found.license.id)
    versions = [(*_family_of(one), one) for one in ids() if one.endswith("-only")]
    return [load(one) for name, number, one in sorted(versions) if name == family and number >= version]


def _family_of(license_id: str) -> tuple[str, str]:
    name, _, version = license_id.removesuffix("-only").rpartition("-")
    return name, version


def _tokens(text: str) -> list[str]:
    """Operators, brackets, and what stands between them: a name may have several words."""
    tokens: list[str] = []
    words: list[str] = []
    for word in (*text.replace("(", " ( ").replace(")", " ) ").split(), "("):
        if word not in (*_OPERATORS, "WITH", "(", ")"):
            words.append(word)
            continue
        tokens += [" ".join(words)] if words else []
        tokens.append(word)
        words = []
    return tokens[:-1]


class _Expression:
    """Reads `A OR (B AND C)`, `A WITH exception`: an exception adds permissions alone, so it is left aside."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._index = 0

    def parsed(self) -> Spelled | None:
        """What it means; None where it is no expression."""
        operators = {token for token in self._tokens if token in (*_OPERATORS, "WITH")}
        if not operators or len(self._tokens) > MOST:
            return None
        found = self._either()
        return found if self._index == len(self._tokens) else None

    def _either(self) -> Spelled | None:
        return self._parts("OR", self._all, _either_of)

    def _all(self) -> Spelled | None:
        return self._parts("AND", self._single, all_of)

    def _parts(self, operator: str, part: _Part, join: _JoinParts) -> Spelled | None:
        found = list(self._separated(operator, part))
        complete = [one for one in found if one is not None]
        return join(complete) if len(complete) == len(found) else None

    def _separated(self, operator: str, part: _Part) -> Iterator[Spelled | None]:
        yield part()
        while self._peek() == operator:
            self._index += 1
            yield part()

    def _single(self) -> Spelled | None:
        token = self._peek()
        if token is None or token in (*_OPERATORS, "WITH", ")"):
            return None
        self._index += 1
        if token == "(":
            inner = self._either()
            if self._peek() != ")":
                return None
            self._index += 1
            return inner
        if self._peek() == "WITH":
            self._index += 2
        return spelled(token)

    def _peek(self) -> str | None:
        return self._tokens[self._index] if self._index < len(self._tokens) else None
