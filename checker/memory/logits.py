"""The loss over the vocabulary: what exists of tokens · vocabulary, the largest single thing where it is long."""

from checker.memory.plan import Loss
from checker.value import NamedTuple


class LossBytes(NamedTuple):
    """Bytes for each token and entry of the vocabulary."""

    forward: int
    backward: int


_BYTES = {
    Loss.FULL: LossBytes(10, 12),
    Loss.OLD: LossBytes(12, 14),
    Loss.CHUNKED: LossBytes(2, 4),
    Loss.FUSED_SOFTMAX: LossBytes(8, 8),
    Loss.FUSED_LINEAR: LossBytes(0, 0),
}


def loss_bytes(loss: Loss, *, soft_cap: bool) -> LossBytes:
    """Bytes for each token and entry.

    As transformers computes it since 4.46: logits in 16 bits (2), their copy in 32 (4) and the log-softmax (4) at the
    end of the forward pass; log-softmax, its gradient and the logits' gradient (12) in the backward pass. A soft cap
    keeps its tanh (2). Up to 4.45 a shifted copy of the logits lives too (2). A fused softmax overwrites in place.
    """
    base = _BYTES[loss]
    extra = 2 if soft_cap and loss is not Loss.FUSED_LINEAR else 0
    return LossBytes(base.forward + extra, base.backward + extra)
