"""Mixtures of experts: a router, experts over the tokens sent to them, and experts that see every token."""

from __future__ import annotations

from checker.memory.count import ops
from checker.memory.count.blocks import Mlp, Sizes
from checker.memory.count.parts import Formats, Matrix
from checker.memory.count.tape import Tape, Tensor
from checker.value import NamedTuple

GROUPS = 8
"""Experts run one after the other; so many groups stand for all of them, which bounds what lives while one runs."""


class Routing(NamedTuple):
    """How tokens find their experts."""

    experts: int
    for_a_token: int
    width: int
    """Of one expert's MLP."""
    shared_width: int = 0
    """Of the MLP that sees every token; 0 for none."""
    shared_gate: bool = False
    """Whether one value a token weighs the shared MLP."""


class Experts:
    """The MLP of a mixture, as transformers 4 runs it: each expert is matrices of its own, run in turn.

    The tokens are taken to spread evenly (as the balancing loss makes them): T · k rows over all experts.
    """

    def __init__(self, formats: Formats, sizes: Sizes, routing: Routing) -> None:
        self.routing, self.sizes = routing, sizes
        plain = formats._replace(matrix=formats.matrix or formats.other)
        self.router = Matrix(plain, sizes.hidden, routing.experts)
        self.groups = min(GROUPS, routing.experts)
        each = routing.experts / self.groups
        self.experts = tuple(_Group(formats, sizes, routing.width, each) for _ in range(self.groups))
        self.shared = Mlp(formats, sizes, routing.shared_width) if routing.shared_width else None
        self.gate = Matrix(plain, sizes.hidden, 1) if routing.shared_gate else None

    def __call__(self, tape: Tape, x: Tensor) -> Tensor:
        """Every token's experts, weighed and added up."""
        rows = x.values / self.sizes.hidden
        chosen = rows * self.routing.for_a_token
        odds = ops.softmax(tape, self.router(tape, x), 4)
        weights = ops.cast(tape, ops.row_sum(tape, odds, chosen), x.item)
        total: Tensor | None = None
        share = self.routing.for_a_token / self.groups
        for group in self.experts:
            sent = ops.gathered(tape, x, share)
            part = ops.gathered(tape, weights, 1 / self.groups)
            weighed = ops.multiply(tape, group(tape, sent), part)
            del sent, part
            total = ops.scattered(tape, total, weighed, x.values)
            del weighed
        assert total is not None
        if self.shared is None:
            return total
        seen = self.shared(tape, x)
        if self.gate is not None:
            seen = ops.multiply(tape, seen, ops.pointwise(tape, self.gate(tape, x), keeps_output=True))
        return ops.add(tape, total, seen)


class _Group(Mlp):
    """Several experts as one MLP over their tokens: as many weights as all of them, sizes of one."""

    def __init__(self, formats: Formats, sizes: Sizes, width: int, count: float) -> None:
        super().__init__(formats, sizes, width)
        for matrix in (self.wide, self.gate, getattr(self, "up", None), self.down):
            if matrix is not None:
                matrix.multiply(count)
