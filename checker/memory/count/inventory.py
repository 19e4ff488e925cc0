"""What a model's parts hold: parameters, matrices that can be quantised, adapters."""

from __future__ import annotations

from checker.memory.count.around import Around
from checker.memory.count.parts import Matrix
from checker.memory.count.program import Program
from checker.memory.count.tape import Leaf
from checker.value import NamedTuple


class Inventory(NamedTuple):
    """Numbers of weights."""

    total: int
    """All of the model's own."""
    largest_block: int
    """Those of the largest block."""
    blocks: int
    """Those of all blocks."""
    matrices: int
    """Those in matrices that qlora quantises."""
    adapters: int
    """What low-rank adapters add."""


def inventory(program: Program) -> Inventory:
    """Count the weights of a program's modules."""
    total = matrices = adapters = largest = blocks = 0
    parts = [(run.make(), run.repeats, True) for run in program.runs]
    for part, count, is_block in (*parts, *((one, 1, False) for one in (Around(program),))):
        held, leaves = _found(part)
        low_rank = {id(leaf) for matrix in held for leaf in (matrix.down, matrix.up) if leaf is not None}
        own = sum(leaf.count for key, leaf in leaves.items() if key not in low_rank)
        total += count * own
        if is_block:
            largest, blocks = max(largest, own), blocks + count * own
        matrices += count * sum(matrix.count for matrix in held if matrix.quantised)
        adapters += count * sum(matrix.adapter_count for matrix in held)
    return Inventory(total, largest, blocks, matrices, adapters)


def _found(part: object) -> tuple[list[Matrix], dict[int, Leaf]]:
    """The matrices and the parameters that a part holds, each once."""
    matrices: list[Matrix] = []
    leaves: dict[int, Leaf] = {}
    waiting: list[object] = [part]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind is Leaf:
            leaves[id(one)] = one  # type: ignore[assignment]
        elif kind is tuple or kind is list:
            waiting.extend(one)  # type: ignore[arg-type]
        elif kind.__module__.startswith("checker.memory.count") and not isinstance(one, tuple) and id(one) not in seen:
            seen.add(id(one))
            if kind is Matrix:
                matrices.append(one)  # type: ignore[arg-type]
            waiting.extend(vars(one).values())
    return matrices, leaves
