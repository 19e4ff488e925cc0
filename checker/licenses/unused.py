"""Which entries of a policy's lists no model in hand makes use of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.licenses.registry import AllOf, Ambiguous, AnyOf, Resolution, Resolved
from checker.licenses.spelling import fold


def names(found: Resolution) -> tuple[str, ...]:
    """Every name under which a list may meet what a spelling names."""
    match found:
        case Resolved(text):
            return (text.id,)
        case Ambiguous(candidates=candidates):
            return candidates
        case AnyOf(choices=inner) | AllOf(parts=inner):
            return tuple(name for one in inner for name in names(one))
        case _:
            return (found.spelling,)


def unused(listed: Sequence[str], used: Iterable[Resolution]) -> tuple[str, ...]:
    """The entries of a list, in its order, that name the licence of none of the models."""
    met = {fold(name) for one in used for name in names(one)}
    return tuple(entry for entry in listed if fold(entry) not in met)
