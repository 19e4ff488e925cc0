"""What "tighter" means for a setting: how two layers of a policy are compared and joined.

A lower layer may only tighten what stands above it, so every option of a rule carries one of these markers. A value of
None means "no limit" or "no list" and is the loosest there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Direction:
    """How values of one setting are ordered. `above` is the value of the higher layer."""

    words = ""
    """What a lower layer may do, for error messages: "only a smaller number"."""

    def weakens(self, above: Any, below: Any) -> bool:
        """Whether `below` allows anything that `above` refuses."""
        raise NotImplementedError

    def join(self, above: Any, below: Any) -> Any:
        """The tightest value that both layers together ask for."""
        raise NotImplementedError

    def stack(self, above: Any, below: Any) -> Any:
        """The value where the lower layer is free to replace the higher one's."""
        return below


class _Lower(Direction):
    words = "only a smaller number"

    def weakens(self, above: Any, below: Any) -> bool:
        return above is not None and (below is None or below > above)

    def join(self, above: Any, below: Any) -> Any:
        return below if above is None else above if below is None else min(above, below)


class _Higher(Direction):
    words = "only a larger number"

    def weakens(self, above: Any, below: Any) -> bool:
        return above is not None and (below is None or below < above)

    def join(self, above: Any, below: Any) -> Any:
        return below if above is None else above if below is None else max(above, below)


class _Subset(Direction):
    words = "only a part of that list"

    def weakens(self, above: Any, below: Any) -> bool:
        return above is not None and (below is None or not set(below) <= set(above))

    def join(self, above: Any, below: Any) -> Any:
        if above is None or below is None:
            return below if above is None else above
        return tuple(item for item in above if item in set(below))


class _Superset(Direction):
    """Layers add up, so nothing that is listed above can be lost below."""

    words = "only further entries"

    def weakens(self, above: Any, below: Any) -> bool:
        return False

    def join(self, above: Any, below: Any) -> Any:
        return tuple(dict.fromkeys((*(above or ()), *(below or ()))))

    def stack(self, above: Any, below: Any) -> Any:
        return self.join(above, below)


class _Fixed(Direction):
    words = "only the same value: this is the organisation's to set"

    def weakens(self, above: Any, below: Any) -> bool:
        return bool(above != below)

    def join(self, above: Any, below: Any) -> Any:
        return above


class _Ranked(Direction):
    def __init__(self, loosest_first: tuple[Any, ...]) -> None:
        self._ranks = {value: rank for rank, value in enumerate(loosest_first)}
        written = (str(value).lower() if isinstance(value, bool) else str(value) for value in loosest_first)
        self.words = f"only a later one of {', '.join(written)}"

    def weakens(self, above: Any, below: Any) -> bool:
        return self._ranks[below] < self._ranks[above]

    def join(self, above: Any, below: Any) -> Any:
        return max(above, below, key=self._ranks.__getitem__)


class _PerKey(Direction):
    """A mapping, compared key by key; a key that stands in one layer alone is a line that this layer adds."""

    def __init__(self, values: Direction) -> None:
        self._values = values
        self.words = f"for each key {values.words}"

    def weakens(self, above: Mapping[str, Any], below: Mapping[str, Any]) -> bool:
        return any(key in above and self._values.weakens(above[key], value) for key, value in below.items())

    def join(self, above: Mapping[str, Any], below: Mapping[str, Any]) -> Any:
        shared = {key: self._values.join(above[key], below[key]) for key in above if key in below}
        return {**above, **below, **shared}

    def stack(self, above: Mapping[str, Any], below: Mapping[str, Any]) -> Any:
        shared = {key: self._values.stack(above[key], below[key]) for key in above if key in below}
        return {**above, **below, **shared}


lower: Direction = _Lower()
higher: Direction = _Higher()
subset: Direction = _Subset()
superset: Direction = _Superset()
fixed: Direction = _Fixed()


def ranked(loosest_first: tuple[Any, ...]) -> Direction:
    """Choices in an order, the loosest first; a lower layer may only move towards the end."""
    return _Ranked(loosest_first)


def per_key(values: Direction) -> Direction:
    """A mapping whose values are ordered by `values`."""
    return _PerKey(values)
