"""What a model's parts hold: parameters, matrices that can be quantised, adapters."""

from __future__ import annotations

from collections.abc import Iterator

from checker.memory.count.parts import Matrix
from checker.memory.count.step import Program, around
from checker.memory.count.tape import Leaf
from checker.value import NamedTuple


class Inventory(NamedTuple):
    """Numbers of weights."""

    total: int
    """All of the model's own."""
    matrices: int
    """Those in matrices that qlora quantises."""
    adapters: int
    """What low-rank adapters add."""


def inventory(program: Program) -> Inventory:
    """Count the weights of a program's modules."""
    total = matrices = adapters = 0
    parts = [(run.make(), run.count) for run in program.runs]
    for part, count in (*parts, *((one, 1) for one in around(program))):
        held = tuple(_matrices(part))
        low_rank = {id(leaf) for matrix in held for leaf in (matrix.down, matrix.up) if leaf is not None}
        total += count * sum(leaf.count for key, leaf in _leaves(part).items() if key not in low_rank)
        matrices += count * sum(matrix.count for matrix in held if matrix.quantised)
        adapters += count * sum(matrix.rank * (matrix.inputs + matrix.outputs) for matrix in held)
    return Inventory(total, matrices, adapters)


def _leaves(part: object) -> dict[int, Leaf]:
    found: dict[int, Leaf] = {}
    for one in _inside(part):
        if isinstance(one, Leaf):
            found[id(one)] = one
    return found


def _matrices(part: object) -> Iterator[Matrix]:
    seen: set[int] = set()
    for one in _inside(part):
        if isinstance(one, Matrix) and id(one) not in seen:
            seen.add(id(one))
            yield one


def _inside(part: object) -> Iterator[object]:
    """A part and everything that it holds."""
    yield part
    if isinstance(part, list | tuple) and not hasattr(part, "_fields"):
        for one in part:
            yield from _inside(one)
    elif not isinstance(part, Leaf) and type(part).__module__.startswith("checker.memory.count") and not hasattr(part, "_fields"):
        for one in vars(part).values():
            yield from _inside(one)
