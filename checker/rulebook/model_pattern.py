"""Lists of models in a policy: ids with `*` for any characters, each with an optional `@revision`."""

from __future__ import annotations

from collections.abc import Iterable
from re import IGNORECASE, escape, fullmatch


def matching(ids: Iterable[str], revision: str | None, patterns: Iterable[str]) -> str | None:
    """The first pattern that one of the ids matches, or None.

    Ids are compared without regard to case, as the Hub does. A pattern with `@` covers only that pinned revision.
    """
    names = tuple(dict.fromkeys(ids))
    return next((pattern for pattern in patterns if _matches(names, revision, pattern)), None)


def _matches(names: tuple[str, ...], revision: str | None, pattern: str) -> bool:
    wanted, _, commit = pattern.partition("@")
    if commit and commit != revision:
        return False
    expression = ".*".join(escape(part) for part in wanted.split("*"))
    return any(fullmatch(expression, name, IGNORECASE) for name in names)
