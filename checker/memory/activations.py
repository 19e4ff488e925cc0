"""Values that a block keeps for its backward pass, in bytes a token, and what computing it takes besides.

Counted operation by operation as the library writes them, flash attention where the family has it: what autograd saves,
not what a paper's block would need. h hidden, q and k widths of query and key heads, I width of the MLP, s bytes of the
residual stream.
"""

from __future__ import annotations

from checker.memory.adapters import Adapters, adapted
from checker.memory.model import Linear, Shape
from checker.memory.numerics import Numerics


def norms(shape: Shape, numerics: Numerics, *, trained: bool) -> float:
    """Inputs of the norms.

    LayerNorm keeps its input, s·h, once where attention and MLP run in parallel. RMSNorm keeps a 32-bit copy, 4h, and
    where its weight is trained the scaled input, s·h (4h where it multiplies in 32 bits). Norms over queries and keys:
    the same over q + k.
    """
    family, width = shape.family, shape.hidden
    count = 1 if family.parallel else family.norms
    if family.layer_norm:
        kept: float = numerics.residual * width * count
    else:
        scaled = (4 if family.float_norm else numerics.residual) * width if trained else 0
        kept = (4 * width + scaled) * count
    if family.query_key_norm:
        kept += (4 + (numerics.residual if trained else 0)) * (shape.query + shape.key)
    return kept


def attention(shape: Shape, sequence: int) -> float:
    """What attention keeps: 16-bit queries, keys, values and output.

    Flash attention (arXiv:2205.14135) adds one 32-bit statistic a head. Without it the scores exist: 8 bytes for each
    head and token of the sequence. A fused projection keeps all of its output alive through the view of the values.
    """
    kept = 2 * (2 * shape.query + 2 * shape.key)
    if shape.family.eager:
        return kept + 8 * sequence * shape.heads
    if shape.family.fused_qkv:
        kept += 2 * (shape.query + shape.key)
    return kept + 4 * shape.heads


def mlp(shape: Shape) -> float:
    """What the activation keeps: gate, its activation and up (6I), or the widened input alone (2I)."""
    return (6 if shape.family.gated else 2) * shape.ffn


def inputs(shape: Shape, numerics: Numerics, adapters: Adapters, rank: int, *, full: bool) -> float:
    """16-bit inputs of the matrices that are trained or have an adapter; frozen and 4-bit ones keep none.

    Matrices that read the same values share one copy. 32-bit inputs under autocast are cast for each matrix anew, and
    so are those of 32-bit adapters. The output projection reads what attention keeps already, unless it is cast.
    An adapter keeps its narrow output too, 2 · rank.
    """
    (first, out), (wide, down) = shape.attention, shape.mlp
    kept = 0.0
    for group in (first, wide, (down,)):
        trained = group if full else adapted(group, adapters)
        copies = len(trained) if _casts(numerics, full=full) else min(1, len(trained))
        kept += 2 * group[0].inputs * copies
    if not full:
        kept += 2 * rank * len(adapted(shape.linears, adapters))
    cast_output = numerics.autocast and not full and bool(adapted((out,), adapters))
    return kept + (2 * out.inputs if cast_output else 0)


def _casts(numerics: Numerics, *, full: bool) -> bool:
    return numerics.autocast and (numerics.residual == 4 or not full)


def dropout(shape: Shape) -> float:
    """Masks of the dropouts after attention and MLP: one byte a value."""
    return 2 * shape.hidden if shape.family.dropout else 0


def kept_by_block(
    shape: Shape, numerics: Numerics, adapters: Adapters, *, rank: int, sequence: int, full: bool
) -> float:
    """All of the above, in bytes a token."""
    return (
        norms(shape, numerics, trained=full)
        + attention(shape, sequence)
        + mlp(shape)
        + inputs(shape, numerics, adapters, rank, full=full)
        + dropout(shape)
    )


def last_norm(shape: Shape, numerics: Numerics) -> float:
    """What the norm before the head keeps, 4h or s·h, and the 16-bit values that the head reads, 2h."""
    return ((numerics.residual if shape.family.layer_norm else 4) + 2) * shape.hidden


def checkpoint(shape: Shape, numerics: Numerics) -> float:
    """What is kept of a block that is computed again: its input, s·h (arXiv:1604.06174)."""
    return numerics.residual * shape.hidden


def backward_of_block(shape: Shape, numerics: Numerics, adapters: Adapters, sequence: int, *, full: bool) -> float:
    """What the backward pass of one block allocates on top, in bytes a token.

    The residual's gradient, s·h, and the gradients inside the MLP: 6I gated, less 2I where the narrowing matrix kept
    its input; 4I plain. Recomputing 32-bit adapters copies that input to 32 bits: 6I again. Scores: 6 bytes a head and
    token of the sequence.
    """
    down = (shape.mlp[1],)
    kept_input = full or bool(adapted(down, adapters))
    inside = 6 if shape.family.gated else 4
    if shape.family.gated and kept_input:
        inside -= 2
    if numerics.autocast and not full and kept_input:
        inside = 6
    scores = 6 * sequence * shape.heads if shape.family.eager else 0
    return numerics.residual * shape.hidden + inside * shape.ffn + scores


def dequantised(linears: tuple[Linear, ...]) -> int:
    """One matrix brought back from 4 bits for its product, in bytes: 2 for each weight of the largest."""
    return 2 * max(linear.parameters for linear in linears)
