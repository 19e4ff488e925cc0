"""What a trace is asked and what it answers: plain values, so that asking needs no torch."""

from checker.value import NamedTuple

METHODS = ("full", "lora", "qlora")
TASKS = ("causal", "classify", "embed")
DTYPES = ("bf16", "fp32")
OPTIMIZERS = ("adamw", "adamw-8bit", "sgd")
ATTENTIONS = ("flash", "eager")
LOSSES = ("full", "fused-softmax", "fused-linear")


class TracePlan(NamedTuple):
    """One training step; the defaults are QLoRA as PEFT and the HF Trainer do it."""

    sequence_length: int
    """Tokens of one sample; no padding."""
    micro_batch_size: int = 1
    """Samples of one step; for `embed`, sentences of each of the two passes."""
    task: str = "causal"
    """causal (loss over all tokens), classify (a head over labels), embed (two passes, in-batch negatives)."""
    method: str = "qlora"
    """full, lora or qlora (4-bit linears in blocks of 64)."""
    weights: str = "bf16"
    """Format of the base weights; of trained ones too, and of their gradients and states, where `method` is full."""
    autocast: bool = True
    """Whether the forward pass runs under bf16 autocast."""
    adapter_dtype: str = "fp32"
    """Format of the adapters."""
    upcast_frozen: bool = True
    """Whether frozen norms, embeddings and head are held in fp32, as PEFT's k-bit preparation does."""
    rank: int = 16
    """Rank of the adapters."""
    targets: tuple[str, ...] = ("all-linear",)
    """Module names, or one of `all-linear` and `attention-qv` (q and v, or the fused projection), to which `+head` and
    `+embeddings` add what is trained whole."""
    gradient_checkpointing: bool = True
    """Whether each block is computed again in the backward pass."""
    optimizer: str = "adamw"
    """adamw, adamw-8bit or sgd (no states)."""
    attention: str = "flash"
    """flash (nothing of the size of the scores is kept) or eager (the code as written)."""
    double_quantization: bool = True
    """Whether the scales of 4-bit blocks are quantised too."""
    keeps_quantized_inputs: bool = False
    """Whether a 4-bit product keeps its input for the backward pass, as bitsandbytes up to 0.43 did."""
    loss: str = "full"
    """full (as the library computes it), fused-softmax (logits exist, one kernel), fused-linear (no logits)."""
    num_labels: int = 2
    """Labels of the head of `classify`."""
    simplified: bool = False
    """Four simplifications that other tracers make: gradients that meet are always added in place (the engine makes a
    new tensor where both are views), a layer norm of 16-bit values under autocast stays in 16 bits (CUDA widens it), a
    4-bit product gives back bf16 (bitsandbytes gives back the format of the input), and a window that is shorter than
    the sequence has a mask, which checkpointing keeps and attention does not use."""


class Traced(NamedTuple):
    """The bytes that live at the moments of a step that is not the first; each tensor rounded up to 512 bytes."""

    weights_bytes: int
    """Parameters and buffers, adapters among them, before the first step."""
    trainable_params: int
    """Parameters with a gradient."""
    after_forward_bytes: int
    after_backward_bytes: int
    after_step_bytes: int
    """After the optimiser's step, gradients given back."""
    peak_bytes: int
    """The most that lived at once: what `max_memory_allocated` reports."""
    peak_at: str
    """forward or backward: the optimiser's own temporaries are not traced."""
    attention: str
    """flash, or eager where that was asked or the library has nothing else for this model."""
    versions: str
    """The libraries that ran."""


class Steps(NamedTuple):
    """What real steps took, in bytes."""

    peaks: tuple[int, ...]
    """The most that lived in tensors at once, step by step."""
    reserved_bytes: int | None
    """The most that the allocator's pool held; None on a processor, which has none."""
    device_bytes: int | None
    """What the driver shows of this process afterwards, while the pool stands; None where it does not say."""
    trainable_params: int
    versions: tuple[tuple[str, str], ...]
    """The libraries that ran."""


class TraceError(Exception):
    """A trace cannot be made (exit code 2); the sentence tells a user why and what to do."""


class NotInstalledError(TraceError):
    """The extra `trace` is not installed."""


class OutOfMemoryError(TraceError):
    """The device has too little memory for the plan (exit code 1)."""


class RefusedError(TraceError):
    """The configuration or the plan cannot be traced."""
