"""From a spelling to what may apply by it: one text, several at once, or one of several at the chooser's will.

`A OR B` leaves the choice to whoever takes the work, `A AND B` binds to both. A family's name leaves open which of its
texts is meant, so that each of them is a reading of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from checker.licenses.license import CommercialUse, DerivativeRule, License
from checker.licenses.registry import AllOf, Ambiguous, AnyOf, Resolution, Resolved, Unrecognised, ids, load, resolve
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
_Join: TypeAlias = Callable[[Reading, Reading], Reading]


@lru_cache(4096)
def spelled(spelling: str, *, license_name: str = "") -> Spelled:
    """What a spelling, an SPDX expression or a family's name may mean."""
    return meant(resolve(spelling, license_name=license_name))


def meant(found: Resolution) -> Spelled:
    """What a resolved spelling may mean."""
    match found:
        case Resolved(text):
            return plain(text)
        case Ambiguous():
            return _family(found)
        case AnyOf(choices=choices):
            return _either_of(map(meant, choices))
        case AllOf(parts=parts):
            return all_of(map(meant, parts))
        case Unrecognised(_, reason, near):
            return Spelled((), f"{reason}; the nearest name is `{near}`" if near else reason)


def freest(reading: Reading) -> Choice:
    """The choice that asks least of those who make something of the work: what everybody may take, and will."""
    return min(reading, key=_strictness)


def _strictness(choice: Choice) -> tuple[int, int, int, int]:
    return (
        sum(text.commercial_use is CommercialUse.NO for text in choice),
        max(_RULES.index(text.derivative_terms.rule) for text in choice),
        sum(len(text.conditions) + (text.use_policy is not None) for text in choice),
        sum(len(text.obligations) for text in choice),
    )


_RULES = tuple(DerivativeRule)
"""From the freest rule for derivatives to the strictest, as the vocabulary lists them."""


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
