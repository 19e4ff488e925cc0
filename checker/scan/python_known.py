"""Joins what several expressions may come to, within bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from checker.scan.python_tables import Known

MAX_VALUES = 32
"""The values of one expression that are followed at most."""


def hashable(values: Iterable[object]) -> Iterator[object]:
    """The plain ones among values."""
    return (value for value in values if isinstance(value, (str, int, float, type(None))))


def any_of(known: Iterable[Known]) -> Known:
    """What one of several expressions may come to."""
    all_ = list(known)
    values = tuple(value for one in all_ for value in one.values)
    return Known(values, next((one.why for one in all_ if one.why), ""))


def put_together(parts: list[Known]) -> Known:
    """The texts that parts make, each value of one beside each of the others."""
    if any(not part.values for part in parts):
        return Known((), next((part.why for part in parts if not part.values), ""))
    size = 1
    for part in parts:
        size *= len(part.values)
        if size > MAX_VALUES:
            return Known((), "it is put together from too many values")
    texts = ["".join(map(str, combination)) for combination in product(*(part.values for part in parts))]
    if any(len(text) > 400 for text in texts):
        return Known((), "it is longer than any name")
    return Known(tuple(texts), next((part.why for part in parts if part.why), ""))
