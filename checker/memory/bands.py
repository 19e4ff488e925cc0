"""How far measurements lie from the estimates, by kind of plan.

The shares hold the 5th to the 95th percentile of the rows that docs/memory.md tabulates, rounded outwards; a test holds
them against those rows. A kind without measurements says so and gets a wide band.
"""

from __future__ import annotations

from checker.memory.estimate import Spread
from checker.memory.plan import Loss, Runtime, ServingPlan, Sharding, Stack, TrainingPlan
from checker.memory.units import GIB
from checker.value import NamedTuple

DECODER_TRAINING = Spread(-0.05, 0.05, "traced and measured peaks of decoders")
OTHER_STACKS = Spread(-0.25, 0.25, "figures published for this software, whose lengths and compilation are not stated")
FSDP_TRAINING = Spread(-0.10, 0.20, "peaks measured on two and four GPUs")
SHARDED_TRAINING = Spread(-0.25, 0.25, "figures published for several GPUs, which do not say what was measured")
ENCODER_TRAINING = Spread(-0.08, 0.08, "traced peaks of encoders; none was measured on a GPU")
TRANSFORMERS = Spread(-0.02, 0.03, "136 peaks published for transformers on one GPU")
EAGER = Spread(-0.02, 0.13, "19 peaks published for transformers of 2023, whose attention scores exist")
PLACED = Spread(-0.10, 0.10, "22 sums of peaks published for transformers on several GPUs")
VLLM = Spread(-0.02, 0.02, "start-up logs of vLLM", int(0.7 * GIB), GIB)
LLAMA_CPP = Spread(-0.02, 0.03, "buffers in llama.cpp's logs", int(0.5 * GIB), int(0.5 * GIB))
ENCODER_SERVING = Spread(-0.10, 0.10, "assumed wide, for no embedding of texts was measured", GIB // 2, GIB // 2)

_OTHER_FAMILY = 0.10
"""Added on both sides where a family's block is taken for another's."""


_LOOSE = frozenset({Stack.TORCHTUNE, Stack.UNSLOTH, Stack.CUSTOM})
"""Software whose own kernels or compilation the count does not follow."""


class Kind(NamedTuple):
    """What kind of serving an estimate is of."""

    encoder: bool = False
    mixed: bool = False
    """Whether some layers are recurrent, or the model is an encoder-decoder: no peaks of these were measured."""
    eager: bool = False
    devices: int = 1


def of_training(*, encoder: bool, known: bool, plan: TrainingPlan | None = None) -> Spread:
    """The spread of a training estimate."""
    spread = ENCODER_TRAINING if encoder else DECODER_TRAINING
    if plan is not None and plan.devices > 1 and plan.sharding is not Sharding.DDP:
        spread = FSDP_TRAINING if plan.sharding is Sharding.FSDP else SHARDED_TRAINING
    elif plan is not None and plan.stack in _LOOSE:
        spread = OTHER_STACKS
    if known:
        return spread
    return spread._replace(
        low=spread.low - _OTHER_FAMILY,
        high=spread.high + _OTHER_FAMILY,
        basis="assumed wide, for no training of this family was measured",
    )


class Slack(NamedTuple):
    """What the allocator holds beyond the tensors, in terms of what comes and goes in a step."""

    base_bytes: int
    """Blocks that no step gives back: workspaces of the libraries, buffers of communication."""
    share: float
    """Of all that comes and goes in a step: blocks freed in one size and needed in another."""
    logits: float
    """Of the logits in 8 bytes, under a fused softmax: copies of three sizes cannot take each other's place."""


ONE_GPU = Slack(int(0.2 * GIB), 0.12, 0.75)
SEVERAL_GPUS = Slack(2 * GIB, 0.18, 0.80)
"""Fitted on the rows that docs/memory.md lists, of fixed length: the median of their residuals is 4 %."""
FULL_LOGITS = 0.15
"""The same share where the whole loss is computed: its peak is in the tensors already."""
CONTEXT = GIB // 2
"""What the device shows beside the pool: one process' context."""
HALF_WIDTH = (0.5, 0.10)
"""Half a range: of the slack, and of the whole; nine of ten rows of fixed length lie inside."""


class Held(NamedTuple):
    """The tensors of a step, as far as the allocator's pool depends on them; bytes."""

    allocated: int
    """The estimate of `max_memory_allocated`."""
    at_loss: int
    """The most while logits exist."""
    standing: int
    """What stays from step to step: weights, adapters, states."""
    vocabulary: int
    """Entries of the vocabulary; 0 where no logits exist."""


def reserved_range(held: Held, plan: TrainingPlan, capacity: int | None = None) -> tuple[int, int]:
    """The pool of PyTorch's allocator, `max_memory_reserved`, least and most, in bytes.

    Args:
        held: the estimate of the tensors.
        plan: what is trained, and how.
        capacity: the device's memory, where it is known; the allocator gives blocks back before it exceeds it.
    """
    return _range(held.allocated, _pool(held, plan), capacity)


def device_range(held: Held, plan: TrainingPlan, capacity: int | None = None) -> tuple[int, int]:
    """What the driver shows (`nvidia-smi`): the pool and the context; arguments as of `reserved_range`."""
    return _range(held.allocated + CONTEXT, _pool(held, plan) + CONTEXT, capacity)


def _pool(held: Held, plan: TrainingPlan) -> int:
    """The middle of the pool's range: the fuller of the step's peak and the loss, each with its slack."""
    slack = ONE_GPU if plan.devices == 1 else SEVERAL_GPUS
    logits = {Loss.FUSED_SOFTMAX: slack.logits, Loss.FULL: FULL_LOGITS, Loss.OLD: FULL_LOGITS}.get(plan.loss, 0.0)
    pieces = logits * 8 * plan.tokens * held.vocabulary
    peak = held.allocated + slack.share * max(0, held.allocated - held.standing)
    loss = held.at_loss + slack.share * max(0, held.at_loss - held.standing) + pieces
    return int(slack.base_bytes + max(peak, loss))


def _range(least: int, middle: int, capacity: int | None) -> tuple[int, int]:
    width = HALF_WIDTH[0] * (middle - least) + HALF_WIDTH[1] * middle
    low, high = int(middle - width), int(middle + width)
    if capacity is not None and least <= capacity:
        return min(low, capacity), min(high, capacity)
    return low, high


def of_serving(plan: ServingPlan, kind: Kind) -> Spread:
    """The spread of a serving estimate."""
    if kind.encoder or plan.runtime is Runtime.TEI:
        return ENCODER_SERVING
    spread = LLAMA_CPP if plan.runtime is Runtime.LLAMA_CPP else VLLM
    if plan.runtime is Runtime.TRANSFORMERS:
        spread = EAGER if kind.eager else PLACED if kind.devices > 1 else TRANSFORMERS
    if not kind.mixed:
        return spread
    return spread._replace(
        low=spread.low - _OTHER_FAMILY,
        high=spread.high + _OTHER_FAMILY,
        basis="assumed wide, for only states and caches of recurrent models were measured",
    )
