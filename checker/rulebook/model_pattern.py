"""Lists of models in a policy: ids with `*` for any characters, each with an optional `@commit`."""

from __future__ import annotations

from collections.abc import Iterable
from re import fullmatch
from typing import Any

from checker.document.scalars import Reading
from checker.document.tree import Scalar
from checker.facts.model import Facts

_PATTERN = r"[A-Za-z0-9_.*-]+(/[A-Za-z0-9_.*-]+)?(@[0-9A-Fa-f]{40})?"


class _ModelPattern(Reading):
    """A pattern that can match: one that never does would let a denied model pass without a word."""

    expected = "a Hub id such as org/name, org/*, or org/name@ with a commit of 40 hexadecimal digits"
    python = (str,)

    def convert(self, scalar: Scalar) -> str:
        if not fullmatch(_PATTERN, scalar.text):
            hint = "leave the address of the Hub out" if "://" in scalar.text else ""
            raise self.refuse(scalar, hint)
        return scalar.text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{_PATTERN}$"}


ModelPattern = _ModelPattern()
"""One entry of a list of models."""


def matching(facts: Facts, patterns: Iterable[str]) -> tuple[str, ...]:
    """The patterns that one of the model's ids matches, present or former, whatever their `@commit`.

    Ids are compared without regard to case, as the Hub does.
    """
    names = tuple(dict.fromkeys((facts.model, facts.found_as, *facts.former_ids)))
    return tuple(pattern for pattern in patterns if any(_matches(name, pattern) for name in names))


def commit_of(pattern: str) -> str:
    """The commit that a pattern names, in lower case; empty where it covers all."""
    return pattern.partition("@")[2].lower()


def _matches(name: str, pattern: str) -> bool:
    """Whether the pieces between the stars follow each other in the name: one pass, however many stars there are.

    A regular expression would go back for each star, and twenty of them take it longer than anybody waits.
    """
    first, *pieces = pattern.partition("@")[0].casefold().split("*")
    rest = name.casefold()
    if not pieces:
        return rest == first
    *inner, last = pieces
    if not rest.startswith(first):
        return False
    at = len(first)
    for piece in inner:
        found = rest.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(rest) - len(last) >= at and rest.endswith(last)
