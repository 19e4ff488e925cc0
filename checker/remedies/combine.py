"""Finds the smallest step that is enough, of one kind of change or of two or three together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import TypeAlias

from checker.manifest.edit import Edit
from checker.remedies.case import Kind, Step
from checker.value import NamedTuple

Holds: TypeAlias = Callable[[tuple[Edit, ...]], bool]
"""Whether the rule lets the entry pass with these edits."""
_LEVELS = 8
"""How finely several changes are weighed against each other before each is made as small as it can be."""
_MOST_TOGETHER = 3
_MOST_TRIED = 90
"""Combinations that are tried for one finding."""


class Ladder(NamedTuple):
    """A kind of change with its steps, each of which asks for more than the one before it."""

    kind: Kind
    steps: Sequence[Step]


class Chosen(NamedTuple):
    """Steps of one or more kinds that are enough together."""

    kinds: tuple[Kind, ...]
    steps: tuple[Step, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits, each key once."""
        return joined(self.steps)

    @property
    def size(self) -> float:
        """How much it changes; several kinds change more than each of them."""
        return max(kind.size for kind in self.kinds) + (len(self.kinds) - 1) / 2


def joined(steps: Iterable[Step]) -> tuple[Edit, ...]:
    """The edits of several steps, each key once: the last step that names it decides."""
    return tuple({edit.path: edit for step in steps for edit in step.edits}.values())


def smallest(ladder: Ladder, holds: Holds) -> Chosen | None:
    """The first step that is enough; None where the last one is not."""
    if not ladder.steps or not holds(ladder.steps[-1].edits):
        return None
    step = ladder.steps[_first(len(ladder.steps), lambda index: holds(ladder.steps[index].edits))]
    return Chosen((ladder.kind,), (step,))


def together(ladders: Sequence[Ladder], holds: Holds) -> Iterator[Chosen]:
    """Combinations of two that are enough, those of kinds that change least first; where there is none, of three.

    At most `_MOST_TRIED` are tried.
    """
    usable = [ladder for ladder in ladders if ladder.steps]
    tried = 0
    for number in range(2, _MOST_TOGETHER + 1):
        found = False
        for group in sorted(combinations(usable, number), key=lambda group: sum(one.kind.size for one in group)):
            tried += 1
            if tried > _MOST_TRIED:
                return
            if holds(joined(one.steps[-1] for one in group)):
                found = True
                yield _relaxed(group, holds)
        if found:
            return


def _relaxed(group: tuple[Ladder, ...], holds: Holds) -> Chosen:
    """All kinds taken equally far, as little as is enough; then each alone as little as the others permit."""

    def at(level: int) -> list[int]:
        return [-(-level * (len(one.steps) - 1) // (_LEVELS - 1)) for one in group]

    def edits(indices: Sequence[int]) -> tuple[Edit, ...]:
        return joined(one.steps[index] for one, index in zip(group, indices, strict=True))

    indices = at(_first(_LEVELS, lambda level: holds(edits(at(level)))))
    for number in range(len(group)):

        def enough(index: int, number: int = number) -> bool:
            return holds(edits([*indices[:number], index, *indices[number + 1 :]]))

        indices[number] = _first(indices[number] + 1, enough)
    steps = tuple(one.steps[index] for one, index in zip(group, indices, strict=True))
    return Chosen(tuple(one.kind for one in group), steps)


def _first(count: int, is_enough: Callable[[int], bool]) -> int:
    """The first of `count` ever stronger steps that is enough; the last one is known to be."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        if is_enough(middle):
            high = middle
        else:
            low = middle + 1
    return low
