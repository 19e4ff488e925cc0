"""What "tighter" means for a setting: how two layers of a policy are compared and joined.

A lower layer may only tighten what stands above it, so every option of a rule carries one of these markers. A value of
None means "no limit" or "no list" and is the loosest there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.document.scalars import MAX_WHOLE

Looser = tuple[str, tuple[Any, ...]]
"""In words what is loosened, and values to try for it: the first that the setting's type admits is meant."""


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

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        """Each way of loosening a value by one step: for cases of a policy, which should notice it.

        Args:
            value: what a layer states.
            refused: what a longer list would let through; empty where nobody knows anything that it refuses.
            default: the value where no layer states one.
        """
        raise NotImplementedError


class _Lower(Direction):
    words = "only a smaller number"

    def weakens(self, above: Any, below: Any) -> bool:
        return above is not None and (below is None or below > above)

    def join(self, above: Any, below: Any) -> Any:
        return below if above is None else above if below is None else min(above, below)

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        if value is not None:
            more = value + abs(value) or 1
            yield f"raised from {value} to {more}", (more,)
            yield f"raised from {value} to no limit", (None,)


class _Higher(Direction):
    words = "only a larger number"

    def weakens(self, above: Any, below: Any) -> bool:
        return above is not None and (below is None or below < above)

    def join(self, above: Any, below: Any) -> Any:
        return below if above is None else above if below is None else max(above, below)

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        if value == MAX_WHOLE:  # no number is enough: half of it would be none that anything has
            yield "left out", (default,)
        elif value is not None:
            half = value // 2 if isinstance(value, int) else value / 2
            if half < value:
                yield f"lowered from {value} to {half}", (half,)


class _Subset(Direction):
    words = "only a part of that list"

    def weakens(self, above: Any, below: Any) -> bool:
        return above is not None and (below is None or not set(below) <= set(above))

    def join(self, above: Any, below: Any) -> Any:
        if above is None or below is None:
            return below if above is None else above
        return tuple(item for item in above if item in set(below))

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        if value is not None and refused:
            yield f"lengthened by {_some(refused)}", ((*value, *refused),)
        elif value is not None:
            # A longer list is the same to cases of which it refuses none.
            yield "lengthened by anything: no case is refused for what is not on it", (None, value)


class _Superset(Direction):
    """Layers add up, so nothing that is listed above can be lost below."""

    words = "only further entries"

    def weakens(self, above: Any, below: Any) -> bool:
        return False

    def join(self, above: Any, below: Any) -> Any:
        return tuple(dict.fromkeys((*(above or ()), *(below or ()))))

    def stack(self, above: Any, below: Any) -> Any:
        return self.join(above, below)

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        for item in value or ():
            yield f"without {item}", (tuple(other for other in value if other != item),)


class _Fixed(Direction):
    words = "only the same value: this is the organisation's to set"

    def weakens(self, above: Any, below: Any) -> bool:
        return bool(above != below)

    def join(self, above: Any, below: Any) -> Any:
        return above

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        # No order says what is looser; what the line is for, its absence shows.
        if value != default:
            yield "left out", (default,)


class _Ranked(Direction):
    def __init__(self, loosest_first: tuple[Any, ...]) -> None:
        self._ranks = {value: rank for rank, value in enumerate(loosest_first)}
        written = (_written(value) for value in loosest_first)
        self.words = f"only a later one of {', '.join(written)}"

    def weakens(self, above: Any, below: Any) -> bool:
        return self._ranks[below] < self._ranks[above]

    def join(self, above: Any, below: Any) -> Any:
        return max(above, below, key=self._ranks.__getitem__)

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        below = [one for one, rank in self._ranks.items() if rank == self._ranks[value] - 1]
        for one in below:
            yield f"lowered from {_written(value)} to {_written(one)}", (one,)


def _some(refused: tuple[Any, ...]) -> str:
    more = len(refused) - 3
    return ", ".join(map(str, refused[:3])) + (f" and {more} more" if more > 0 else "")


def _written(value: Any) -> str:
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)


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

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        for key, held in value.items():
            for words, tried in self._values.looser(held, refused, default.get(key)):
                yield f"{key} {words}", tuple({**value, key: one} for one in tried)


class _EachKey(Direction):
    """A block whose keys carry directions of their own; without it every key has its default."""

    words = "in each key only what is tighter"

    def weakens(self, above: Any, below: Any) -> bool:
        first, second = _whole(above, below), _whole(below, above)
        return any(
            direction.weakens(getattr(first, key), getattr(second, key)) for key, direction in _keys(first).items()
        )

    def join(self, above: Any, below: Any) -> Any:
        first, second = _whole(above, below), _whole(below, above)
        joined = {
            key: direction.join(getattr(first, key), getattr(second, key)) for key, direction in _keys(first).items()
        }
        return first.model_copy(update=joined) if first is not None else None

    def stack(self, above: Any, below: Any) -> Any:
        first, second = _whole(above, below), _whole(below, above)
        stacked = {
            key: direction.stack(getattr(first, key), getattr(second, key)) for key, direction in _keys(first).items()
        }
        return first.model_copy(update=stacked) if first is not None else None

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        usual = _whole(default, value)
        for key, direction in _keys(value).items():
            held, absent = getattr(value, key), getattr(usual, key)
            if held != absent:
                for words, tried in direction.looser(held, refused, absent):
                    yield f"{key} {words}", tuple(_changed(value, key, one) for one in tried)


def _changed(block: Any, key: str, value: Any) -> Any:
    """The block with one key changed, as it would be read; what cannot be read stays a mapping, which is refused."""
    stated = {name: getattr(block, name) for name in type(block).model_fields} | {key: value}
    try:
        return type(block).model_validate(stated)
    except ValueError:
        return stated


def _whole(block: Any, other: Any) -> Any:
    """The block; where there is none, one like the other with the default of every key."""
    return type(other)() if block is None and other is not None else block


def _keys(block: Any) -> dict[str, Direction]:
    """The directions of a block's keys; none where there is no block."""
    fields = type(block).model_fields if block is not None else {}
    return {
        name: next(marker for marker in field.metadata if isinstance(marker, Direction))
        for name, field in fields.items()
    }


class _EachBlock(Direction):
    """A mapping to blocks; a key that only one layer has is held against a block of defaults."""

    words = "in each block only what is tighter"

    def weakens(self, above: Mapping[str, Any], below: Mapping[str, Any]) -> bool:
        return any(each_key.weakens(above.get(key), block) for key, block in below.items())

    def join(self, above: Mapping[str, Any], below: Mapping[str, Any]) -> Any:
        return {key: each_key.join(above.get(key), below.get(key)) for key in {**above, **below}}

    def stack(self, above: Mapping[str, Any], below: Mapping[str, Any]) -> Any:
        stated = {key: each_key.stack(above.get(key), block) for key, block in below.items()}
        return {**above, **stated}

    def looser(self, value: Any, refused: tuple[Any, ...], default: Any) -> Iterator[Looser]:
        for key, block in value.items():
            for words, tried in each_key.looser(block, refused, default.get(key)):
                yield f"{key} {words}", tuple({**value, key: one} for one in tried)


lower: Direction = _Lower()
higher: Direction = _Higher()
subset: Direction = _Subset()
superset: Direction = _Superset()
fixed: Direction = _Fixed()
each_key: Direction = _EachKey()
each_block: Direction = _EachBlock()


def ranked(loosest_first: tuple[Any, ...]) -> Direction:
    """Choices in an order, the loosest first; a lower layer may only move towards the end."""
    return _Ranked(loosest_first)


def per_key(values: Direction) -> Direction:
    """A mapping whose values are ordered by `values`."""
    return _PerKey(values)
