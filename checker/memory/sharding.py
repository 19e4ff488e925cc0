"""What each of several devices holds of one training, and what is brought together for a while, by way of sharding.

DDP: PyTorch's documentation of DistributedDataParallel (`gradient_as_bucket_view`). FSDP: arXiv:2304.11277. ZeRO:
arXiv:1910.02054, 2101.06840 (offload), DeepSpeed's documentation of `zero_optimization`. Tensor parallel:
arXiv:1909.08053. Figures of FSDP were checked on the multi-GPU rows that docs/memory.md lists.
"""

from checker.memory.plan import Method, Precision, Sharding, TrainingPlan
from checker.value import NamedTuple


class Parts(NamedTuple):
    """One training as a single device would hold it."""

    trained: int
    """Weights that are trained."""
    trained_bytes: int
    """Bytes of one of them, and of its gradient: 2 or 4."""
    states: int
    """Bytes of the optimizer's states."""
    frozen: int
    """Bytes of the frozen weights, with their scales."""
    block: int
    """Bytes of the largest block as it is computed with: 2 a weight, or the codes of a quantised one."""
    outside: int
    """Bytes of what belongs to no block (embeddings, head, last norm), as it is computed with."""
    trained_in_block: int = 0
    """Weights of that block which are trained."""
    trained_outside: int = 0
    with_gradient: int | None = None
    """Weights that get a gradient, where these are more than the trained ones: flat tensors of FSDP that hold both."""


class Shares(NamedTuple):
    """Bytes on each device."""

    weights: int
    gradients: int
    """At the end of the backward pass."""
    states: int
    gathered_outside: int = 0
    """Alive from the first block's forward pass to its backward pass."""
    gathered_block: int = 0
    """The block at work."""
    most_gradients: int | None = None
    """The most that the backward pass holds of gradients, divided or not yet; None: those of the end."""
    accumulated: int = 0
    """Gradients that stay whole from one micro step to the next."""
    buffers: int = 0
    """Communication buffers that stay."""
    update: int = 0
    """What the optimizer's update takes beside all that."""
    blocks_at_work: int = 1
    """Blocks whose recomputed activations are alive together in the backward pass."""
    inside: float = 1.0
    """Part of the activations inside attention and MLP, and of the logits, that falls on one device."""


Live = tuple[complex, ...]
ACTIVATIONS = 0
"""The group of the activations."""
BUCKET = 500_000_000
"""Elements of DeepSpeed's `reduce_bucket_size` and `allgather_bucket_size`, its documented default."""
LIVE = 1_000_000_000
"""Elements that ZeRO 3 keeps gathered, `stage3_max_live_parameters`, its documented default."""
FSDP_ADAPTER_BLOCKS = 2
"""Blocks at work where FSDP divides a base with adapters: beside the checkpoints (262 kB a token of Llama-3-8B) a step
takes 512 kB on two and four devices and 267 on one, each with a fused head. A full fine-tuning takes one."""


def resident(parts: Parts, plan: TrainingPlan, *, accumulates: bool = False) -> Shares:
    """What one of `plan.devices` devices holds.

    Args:
        parts: the training as one device would hold it.
        plan: by what means, and between how many devices it is divided.
        accumulates: whether gradients of several micro steps are added before devices exchange them; FSDP then keeps
            them whole (PyTorch's documentation of `FullyShardedDataParallel.no_sync`).
    """
    if plan.devices == 1 and plan.sharding not in _DEEPSPEED:
        whole = parts.trained * parts.trained_bytes
        return Shares(whole + parts.frozen, whole, parts.states)
    if plan.sharding in (Sharding.FSDP, Sharding.FSDP_OFFLOAD):
        shares = _fsdp(parts, plan)
        whole = 2 * (parts.trained if parts.with_gradient is None else parts.with_gradient)
        return shares._replace(most_gradients=0, accumulated=whole) if accumulates else shares
    if plan.sharding in (Sharding.ZERO3, Sharding.ZERO3_OFFLOAD):
        return _zero3(parts, plan.devices, offload=plan.sharding is Sharding.ZERO3_OFFLOAD)
    if plan.sharding in (Sharding.ZERO1, Sharding.ZERO2):
        return _zero(parts, plan.devices, divides_gradients=plan.sharding is Sharding.ZERO2)
    whole = parts.trained * parts.trained_bytes
    if plan.sharding is Sharding.TENSOR_PARALLEL:
        devices = plan.devices
        weights = _share(whole + parts.frozen, devices)
        return Shares(weights, _share(whole, devices), _share(parts.states, devices), inside=1 / devices)
    # DDP flattens gradients into buckets, a second copy of all of them, before it adds them up between devices.
    return Shares(whole + parts.frozen, whole, parts.states, buffers=whole)


_DEEPSPEED = frozenset({Sharding.ZERO1, Sharding.ZERO2, Sharding.ZERO3, Sharding.ZERO3_OFFLOAD})
"""They change number formats on one device too: its 32-bit copies of the weights come with them."""


def _share(amount: float, devices: int) -> int:
    """One device's part; flat tensors are padded to whole shares."""
    return -int(-amount // devices)


def _fsdp(parts: Parts, plan: TrainingPlan) -> Shares:
    """Shards of everything; the block at work whole, and what belongs to no block whole for all of the step.

    The outermost unit is gathered for the first embedding and needed until the last gradient, so embeddings and head
    stand whole on every device: with a long vocabulary that is more than a block.
    """
    devices, whole = plan.devices, parts.trained * parts.trained_bytes
    host = 0 if plan.sharding is Sharding.FSDP_OFFLOAD else 1
    divided_already = host * _share((parts.trained - parts.trained_outside) * parts.trained_bytes, devices)
    return Shares(
        weights=host * _share(whole + parts.frozen, devices),
        gradients=host * _share(whole, devices),
        states=host * _share(parts.states, devices),
        gathered_outside=parts.outside,
        gathered_block=parts.block,
        most_gradients=divided_already + 2 * (parts.trained_in_block + parts.trained_outside),
        blocks_at_work=1 if plan.method is Method.FULL else FSDP_ADAPTER_BLOCKS,
    )


def _zero_states(parts: Parts, devices: int) -> int:
    """DeepSpeed trains 16-bit weights by a 32-bit copy, and holds the states in 32 bits too."""
    return _share(4 * parts.trained + parts.states * 4 / parts.trained_bytes, devices)


def _zero(parts: Parts, devices: int, *, divides_gradients: bool) -> Shares:
    """Stages 1 and 2: weights whole; the update needs a 32-bit copy of the device's share of the gradients."""
    gradients = 2 * parts.trained
    bucket = 2 * min(BUCKET, parts.trained)
    return Shares(
        weights=2 * parts.trained + parts.frozen,
        gradients=_share(gradients, devices) if divides_gradients else gradients,
        states=_zero_states(parts, devices),
        most_gradients=(_share(gradients, devices) if divides_gradients else gradients) + 2 * parts.trained_in_block,
        buffers=bucket,
        update=_share(4 * parts.trained, devices) + bucket,
    )


def _zero3(parts: Parts, devices: int, *, offload: bool) -> Shares:
    """Stage 3: shards of everything, and weights that stay gathered until a limit, at least those at work."""
    host = 0 if offload else 1
    everything = 2 * parts.trained + parts.frozen
    live = min(2 * LIVE, everything)
    return Shares(
        weights=host * _share(everything, devices),
        gradients=host * _share(2 * parts.trained, devices),
        states=host * _zero_states(parts, devices),
        gathered_block=max(live, min(everything, parts.block + parts.outside)),
        most_gradients=host * _share(2 * parts.trained, devices) + 2 * parts.trained_in_block,
        buffers=2 * min(BUCKET, parts.trained),
        update=host * _share(4 * parts.trained, devices),
    )


def computing(plan: TrainingPlan) -> TrainingPlan:
    """The plan whose number formats the blocks compute in.

    Where shards are held in 32 bits under mixed precision, what is gathered is 16 bits (`MixedPrecision.param_dtype`, and
    DeepSpeed's `bf16`), so that blocks run as if all were: no copies by autocast, no 32-bit residual stream.
    """
    divided = plan.devices > 1 and plan.sharding not in (Sharding.DDP, Sharding.TENSOR_PARALLEL)
    if plan.precision is Precision.BF16_MIXED and (divided or plan.sharding in _DEEPSPEED):
        return plan._replace(precision=Precision.BF16, autocast=plan.method is not Method.FULL and plan.autocast)
    return plan


def divided(live: Live, shares: Shares, *, at_work: complex, backward: bool, gradients: int, logits: int) -> Live:
    """Tensors of one moment, counted as on one device, on one of several.

    Args:
        live: bytes by group, a part that stands and a part for each token.
        shares: what the device holds.
        at_work: what one block takes while it runs back.
        backward: whether that moment is one of a block's backward pass.
        gradients: the group of the gradients, which are divided as they come.
        logits: the group of the logits, which tensor parallelism divides with the vocabulary.
    """
    made = list(live)
    whole = live[gradients].real
    most = shares.gradients if shares.most_gradients is None else shares.most_gradients
    made[gradients] = complex(min(whole, most), live[gradients].imag)
    made[logits] *= shares.inside
    if backward:
        made[ACTIVATIONS] += at_work * (shares.blocks_at_work - 1)
        made[ACTIVATIONS] -= at_work * (1 - shares.inside)
    return tuple(made)
