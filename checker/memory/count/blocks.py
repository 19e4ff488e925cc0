"""Blocks of decoders and encoders, run operation by operation as the library's modelling code runs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from checker.memory.count import ops
from checker.memory.count.parts import (
    CenteredNorm,
    Formats,
    LayerNorm,
    Matrix,
    Norm,
    RmsNorm,
    activated,
    eager_attention,
    rotated,
)
from checker.memory.count.tape import Tape, Tensor
from checker.memory.families import Family
from checker.value import NamedTuple

Run = Callable[[Tape, Tensor], Tensor]
"""A part of a block."""
Attend = Callable[[Tape, Tensor, int], Tensor]
"""Attention; the number is the format of the residual stream."""


class RankOf(Protocol):
    """Says which rank the adapter of a matrix has."""

    def __call__(self, name: str, /) -> int:
        """By our name of the matrix."""


class Sizes(NamedTuple):
    """What a block is made of, in features; and what the plan says that blocks depend on."""

    hidden: int
    ffn: int
    heads: int
    query: int
    key: int
    value: int
    output: int
    """What attention gives to its output projection."""
    sequence: int
    """Tokens of one sample."""
    eager: bool
    mask: int
    """Bytes a value of the mask that eager attention adds; 0 for none."""
    family: Family
    ranks: RankOf
    """The rank of the adapter of a matrix, by our name of it; 0 for none."""

    @property
    def repeats(self) -> float:
        """Query heads for each key head."""
        return self.query / self.key


class Attention:
    """Self-attention over the tokens of each sample."""

    def __init__(self, formats: Formats, sizes: Sizes) -> None:
        family, rank = sizes.family, sizes.ranks
        hidden, out_bias = sizes.hidden, family.out_bias
        self.sizes, self.family = sizes, family
        self.qkv: Matrix | None = None
        if family.fused_qkv:
            width = sizes.query + sizes.key + sizes.value
            self.qkv = Matrix(formats, hidden, width, bias=family.qkv_bias, rank=rank("qkv"))
        else:
            self.q = Matrix(formats, hidden, sizes.query, bias=family.qkv_bias, rank=rank("q"))
            self.k = Matrix(formats, hidden, sizes.key, bias=family.qkv_bias, rank=rank("k"))
            self.v = Matrix(formats, hidden, sizes.value, bias=family.qkv_bias, rank=rank("v"))
        self.o = Matrix(formats, sizes.output, hidden, bias=out_bias, rank=rank("o"))
        self.q_norm = self._norm(formats, sizes.query)
        self.k_norm = self._norm(formats, sizes.key)

    def _norm(self, formats: Formats, width: int) -> Norm | None:
        if not self.family.query_key_norm:
            return None
        if self.family.layer_norm:
            return LayerNorm(formats, width)
        return RmsNorm(formats, width, wide_weight=self.family.float_norm)

    def __call__(self, tape: Tape, x: Tensor, item: int) -> Tensor:
        """Attend; `item` is the format of the residual stream, which cosines and sines have too."""
        query, key, value = self._projected(tape, x)
        if self.q_norm is not None and self.k_norm is not None:
            query, key = self.q_norm(tape, query), self.k_norm(tape, key)
        if self.family.rotary:
            share = self.family.rotary_share
            query, key = rotated(tape, query, item, share), rotated(tape, key, item, share)
        return self.o(tape, self._attended(tape, query, key, value))

    def _projected(self, tape: Tape, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        if self.qkv is None:
            return self.q(tape, x), self.k(tape, x), self.v(tape, x)
        sizes = self.sizes
        width = sizes.query + sizes.key + sizes.value
        shares = (sizes.query / width, sizes.key / width, sizes.value / width)
        whole = self.qkv(tape, x)
        if self.family.copied_parts:
            if self.family.norms > 1:  # each query head gets a copy of its key and value
                shares = (shares[0],) * 3
            query, key, value = (ops.gathered(tape, whole, share) for share in shares)
        else:
            query, key, value = ops.split(tape, whole, shares)
        return query, key, value

    def _attended(self, tape: Tape, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        sizes = self.sizes
        if sizes.eager:
            scores = sizes.heads * sizes.sequence * 1j
            return eager_attention(
                tape, (query, key, value), scores, repeats=sizes.repeats, mask=sizes.mask, family=self.family
            )
        if tape.autocast:
            query, key, value = (ops.cast(tape, one, 2) for one in (query, key, value))
        output = query.values * (sizes.output / sizes.query)
        return ops.fused_attention(tape, (query, key, value), output, sizes.heads * 1j)


class Mlp:
    """The part that widens and narrows, with a gate or without."""

    def __init__(self, formats: Formats, sizes: Sizes, ffn: int | None = None) -> None:
        family, rank, width = sizes.family, sizes.ranks, ffn or sizes.ffn
        hidden, bias = sizes.hidden, family.mlp_bias
        self.family = family
        self.wide: Matrix | None = None
        self.gate: Matrix | None = None
        if family.gated and family.fused_mlp:
            self.wide = Matrix(formats, hidden, 2 * width, bias=bias, rank=rank("gate_up"))
        elif family.gated:
            self.gate = Matrix(formats, hidden, width, bias=bias, rank=rank("gate"))
        if self.wide is None:
            self.up = Matrix(formats, hidden, width, bias=bias, rank=rank("up"))
        kept = formats._replace(matrix=formats.other) if family.plain_down and not formats.matrix else formats
        self.down = Matrix(kept, width, hidden, bias=bias, rank=rank("down"))

    def __call__(self, tape: Tape, x: Tensor) -> Tensor:
        """The narrowed values."""
        return self.down(tape, self.widened(tape, x))

    def widened(self, tape: Tape, x: Tensor) -> Tensor:
        """What the narrowing matrix reads."""
        kind, inner = self.family.activation, self.family.activation_dropout
        if self.wide is not None:
            gate, up = ops.split(tape, self.wide(tape, x), (0.5, 0.5))
            return ops.dropped(tape, ops.multiply(tape, up, activated(tape, gate, kind)), inner)
        if self.gate is None:
            return ops.dropped(tape, activated(tape, self.up(tape, x), kind), inner)
        bent = activated(tape, self.gate(tape, x), kind)
        return ops.dropped(tape, ops.multiply(tape, bent, self.up(tape, x)), inner)


def norm_of(formats: Formats, sizes: Sizes) -> Norm:
    """A norm over the residual stream as the family has it."""
    family = sizes.family
    if family.centred_norm:
        return CenteredNorm(formats, sizes.hidden)
    if family.layer_norm:
        bias, weights = family.norm_bias, family.norm_weights
        return LayerNorm(formats, sizes.hidden, bias=bias, weights=weights, wide=family.wide_norm)
    return RmsNorm(formats, sizes.hidden, wide_weight=family.float_norm)


class DecoderBlock:
    """Attention and MLP between residual sums: norms before, after or on both sides, or both parts side by side."""

    def __init__(self, formats: Formats, sizes: Sizes, mlp: Run | None = None, attention: Attend | None = None) -> None:
        self.family = sizes.family
        self.attention = attention or Attention(formats, sizes)
        self.mlp = mlp or Mlp(formats, sizes)
        self.norms = [norm_of(formats, sizes) for _ in range(self.family.norms)]

    def __call__(self, tape: Tape, x: Tensor) -> Tensor:
        """The residual stream after the block."""
        if self.family.parallel:
            return self._parallel(tape, x)
        if self.family.post_norm:
            return self._after(tape, x)
        before, between = self.norms[0], self.norms[len(self.norms) // 2]
        share = self.family.hidden_dropout
        inner = ops.dropped(tape, self.attention(tape, before(tape, x), x.item), share)
        if len(self.norms) == 4:
            inner = self.norms[1](tape, inner)
        x = ops.add(tape, x, inner)
        inner = ops.dropped(tape, self.mlp(tape, between(tape, x)), share)
        if len(self.norms) == 4:
            inner = self.norms[3](tape, inner)
        return ops.add(tape, x, inner)

    def _after(self, tape: Tape, x: Tensor) -> Tensor:
        x = ops.add(tape, x, self.norms[0](tape, self.attention(tape, x, x.item)))
        return ops.add(tape, x, self.norms[1](tape, self.mlp(tape, x)))

    def _parallel(self, tape: Tape, x: Tensor) -> Tensor:
        share = self.family.hidden_dropout
        normed = self.norms[0](tape, x)
        attended = ops.dropped(tape, self.attention(tape, normed, x.item), share)
        if len(self.norms) > 1:
            normed = self.norms[1](tape, x)
        widened = ops.dropped(tape, self.mlp(tape, normed), share)
        return ops.add(tape, ops.add(tape, widened, attended), x)


class EncoderBlock:
    """BERT's block (arXiv:1810.04805): each part, its dropout, and a norm over the sum."""

    def __init__(self, formats: Formats, sizes: Sizes) -> None:
        self.family = sizes.family
        self.attention = Attention(formats, sizes)
        self.mlp = Mlp(formats, sizes)
        self.norms = (norm_of(formats, sizes), norm_of(formats, sizes))

    def __call__(self, tape: Tape, x: Tensor) -> Tensor:
        """The residual stream after the block."""
        share = self.family.hidden_dropout
        inner = self.attention(tape, x, x.item)
        if self.family.dropout_after_attention:
            inner = ops.dropped(tape, inner, share)
        x = self.norms[0](tape, ops.add(tape, inner, x))
        wide = self.mlp.widened(tape, x)  # held by the block's own function to its end
        inner = ops.dropped(tape, self.mlp.down(tape, wide), share)
        return self.norms[1](tape, ops.add(tape, inner, x))
