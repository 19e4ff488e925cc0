"""Latent attention (MLA, arXiv:2405.04434): keys and values pass through a narrow vector, queries may too."""

from __future__ import annotations

from checker.memory.count import ops
from checker.memory.count.blocks import Sizes
from checker.memory.count.parts import Formats, Matrix, RmsNorm, eager_attention, rotated
from checker.memory.count.tape import Tape, Tensor
from checker.value import NamedTuple


class Ranks(NamedTuple):
    """Sizes of latent attention, in features."""

    query: int
    """0 where queries are projected at once."""
    key_value: int
    plain: int
    """Of a head, without positions."""
    turned: int
    """Of a head, with rotary positions."""
    value: int
    """Of a head."""


class LatentAttention:
    """As the training code writes it out: full keys and values are made, no absorbed matrices."""

    def __init__(self, formats: Formats, sizes: Sizes, ranks: Ranks) -> None:
        self.sizes, self.ranks = sizes, ranks
        heads, hidden, rank = sizes.heads, sizes.hidden, sizes.ranks
        self.asked = heads * (ranks.plain + ranks.turned)
        self.first: Matrix | None = None
        if ranks.query:
            self.first = Matrix(formats, hidden, ranks.query, rank=rank("q_a"))
            self.norm = RmsNorm(formats, ranks.query)
        self.q = Matrix(formats, ranks.query or hidden, self.asked, rank=rank("q_b" if ranks.query else "q"))
        self.down = Matrix(formats, hidden, ranks.key_value + ranks.turned, rank=rank("kv_a"))
        self.down_norm = RmsNorm(formats, ranks.key_value)
        self.up = Matrix(formats, ranks.key_value, heads * (ranks.plain + ranks.value), rank=rank("kv_b"))
        self.o = Matrix(formats, heads * ranks.value, hidden, rank=rank("o"))

    def __call__(self, tape: Tape, x: Tensor, item: int) -> Tensor:
        """Attend."""
        ranks, heads, sizes = self.ranks, self.sizes.heads, self.sizes
        query = self.q(tape, x if self.first is None else self.norm(tape, self.first(tape, x)))
        share = ranks.plain / (ranks.plain + ranks.turned)
        plain, turned = ops.split(tape, query, (share, 1 - share))
        del query
        width = ranks.key_value + ranks.turned
        narrow, once = ops.split(tape, self.down(tape, x), (ranks.key_value / width, ranks.turned / width))
        wide = self.up(tape, self.down_norm(tape, narrow))
        both = ranks.plain + ranks.value
        key, value = ops.split(tape, wide, (ranks.plain / both, ranks.value / both))
        del wide, narrow
        query = ops.joined(tape, (plain, rotated(tape, turned, item)))
        key = ops.joined(tape, (key, ops.spread(tape, rotated(tape, once, item), heads)))
        del plain, turned, once
        output = heads * ranks.value * 1j
        if sizes.eager:
            scores = heads * sizes.sequence * 1j
            parts = (query, key, value)
            made = eager_attention(tape, parts, scores, repeats=1, mask=sizes.mask, family=sizes.family)
            return self.o(tape, Tensor(made.storage, output, made.item, made.node))
        if tape.autocast:
            query, key, value = (ops.cast(tape, one, 2) for one in (query, key, value))
        return self.o(tape, ops.fused_attention(tape, (query, key, value), output, heads * 1j))
