"""Encoder-decoders: blocks that also attend to what the encoder made (BART, arXiv:1910.13461; T5, arXiv:1910.10683)."""

from __future__ import annotations

from checker.memory.count import ops
from checker.memory.count.blocks import Attention, Mlp, Sizes, norm_of
from checker.memory.count.parts import Formats
from checker.memory.count.tape import Tape, Tensor


class Memory:
    """What the encoder made, for every block of the decoder."""

    def __init__(self) -> None:
        self.made: Tensor | None = None


class CrossAttention(Attention):
    """Queries of the decoder over keys and values of the encoder."""

    def __init__(self, formats: Formats, sizes: Sizes, memory: Memory) -> None:
        super().__init__(formats, sizes)
        self.memory = memory

    def __call__(self, tape: Tape, x: Tensor, item: int) -> Tensor:
        """Attend to the encoder."""
        made = self.memory.made
        assert made is not None
        query, key, value = self.q(tape, x), self.k(tape, made), self.v(tape, made)
        return self.o(tape, self._attended(tape, query, key, value))


class CrossBlock:
    """Self-attention, attention to the encoder, MLP; norms before each part, or after each sum."""

    def __init__(self, formats: Formats, sizes: Sizes, memory: Memory) -> None:
        self.family = sizes.family
        self.attentions = (Attention(formats, sizes), CrossAttention(formats, sizes, memory))
        self.mlp = Mlp(formats, sizes)
        self.norms = tuple(norm_of(formats, sizes) for _ in range(3))

    def __call__(self, tape: Tape, x: Tensor) -> Tensor:
        """The residual stream after the block."""
        share, before = self.family.hidden_dropout, not self.family.post_sum_norm
        for attention, norm in zip(self.attentions, self.norms, strict=False):
            inner = attention(tape, norm(tape, x) if before else x, x.item)
            x = ops.add(tape, ops.dropped(tape, inner, share), x)
            del inner
            x = x if before else norm(tape, x)
        inner = self.mlp(tape, self.norms[2](tape, x) if before else x)
        x = ops.add(tape, ops.dropped(tape, inner, share), x)
        return x if before else self.norms[2](tape, x)
