"""What is planned: one training, one serving, on one kind of device; the values and names are those of the manifest.

A plan is complete: every choice is made. `stacks.py` and `asked.py` make the choices that somebody left open.
"""

from enum import StrEnum

from checker.memory.choices import Method, Runtime
from checker.value import NamedTuple

__all__ = [
    "LIMITS",
    "Attention",
    "Hardware",
    "Loss",
    "Method",
    "Optimizer",
    "Precision",
    "QuantizedBase",
    "Runtime",
    "ServingPlan",
    "Sharding",
    "Stack",
    "Task",
    "TrainingPlan",
    "absurd",
]


class Task(StrEnum):
    """What the training step computes."""

    CAUSAL = "causal"
    """Loss over all tokens; encoder-decoders: over the tokens of the answer."""
    CLASSIFY = "classify"
    """A head over labels: classifiers and cross-encoders."""
    EMBED = "embed"
    """Two passes, query and passage, with in-batch negatives."""


class Optimizer(StrEnum):
    """What keeps the optimizer's state."""

    ADAMW = "adamw"
    ADAMW_8BIT = "adamw-8bit"
    PAGED_ADAMW = "paged-adamw"
    PAGED_ADAMW_8BIT = "paged-adamw-8bit"
    ADAFACTOR = "adafactor"
    SGD = "sgd"
    SGD_MOMENTUM = "sgd-momentum"
    LION = "lion"
    LION_8BIT = "lion-8bit"


class Stack(StrEnum):
    """The software that trains; it decides what a plan leaves open (`stacks.py`)."""

    PEFT = "peft"
    TRL = "trl"
    TORCHTUNE = "torchtune"
    LITGPT = "litgpt"
    UNSLOTH = "unsloth"
    AXOLOTL = "axolotl"
    LLAMA_FACTORY = "llama-factory"
    MS_SWIFT = "ms-swift"
    CUSTOM = "custom"


class Attention(StrEnum):
    """Which kernel computes attention."""

    FLASH = "flash"
    SDPA = "sdpa"
    """PyTorch's own choice, which is a fused kernel where the family allows one."""
    EAGER = "eager"
    """As the library writes it out: the scores exist."""


class Precision(StrEnum):
    """Number formats of weights, gradients and states."""

    BF16 = "bf16"
    """16 bits throughout, no autocast unless adapters are held in 32."""
    BF16_MIXED = "bf16-mixed"
    """32-bit weights, gradients and states under 16-bit autocast."""
    FP32 = "fp32"
    """32 bits throughout."""


class QuantizedBase(StrEnum):
    """How qlora holds the frozen matrices of the blocks."""

    NF4 = "nf4"
    GPTQ_INT4 = "gptq-int4"
    GPTQ_INT8 = "gptq-int8"
    INT8 = "int8"


class Loss(StrEnum):
    """How the loss over the vocabulary is computed."""

    FULL = "full"
    """transformers 4.46 and newer: 16-bit logits, their 32-bit copy, log-softmax."""
    OLD = "old"
    """transformers up to 4.45: one more 16-bit copy of the shifted logits."""
    CHUNKED = "chunked"
    """The logits exist whole; their 32-bit copies exist for one piece of the tokens at a time."""
    FUSED_SOFTMAX = "fused-softmax"
    """The logits exist; one kernel computes loss and gradient in place."""
    FUSED_LINEAR = "fused-linear"
    """The head and the loss are one kernel over pieces; the logits never exist as a whole."""


class Sharding(StrEnum):
    """How several devices divide one training."""

    DDP = "ddp"
    """Each holds all; `none` on several devices is the same."""
    FSDP = "fsdp"
    """Weights, gradients and states divided; one block is gathered at a time."""
    FSDP_OFFLOAD = "fsdp-offload"
    """The same, with what is divided kept on the host."""
    ZERO1 = "zero1"
    """States divided."""
    ZERO2 = "zero2"
    """States and gradients divided."""
    ZERO3 = "zero3"
    """Weights, gradients and states divided."""
    ZERO3_OFFLOAD = "zero3-offload"
    TENSOR_PARALLEL = "tensor-parallel"
    """Matrices divided; activations inside attention and MLP with them."""


class TrainingPlan(NamedTuple):
    """One fine-tuning on `devices` equal devices."""

    method: Method
    sequence_length: int
    """Tokens of one sample."""
    micro_batch_size: int = 1
    """Samples per device and step."""
    rank: int = 16
    """Rank of the adapters."""
    target_modules: tuple[str, ...] = ("all-linear",)
    """One of all-linear, all-linear+head, all-linear+embeddings+head, attention-qv, or names of modules."""
    gradient_checkpointing: bool = True
    optimizer: Optimizer = Optimizer.ADAMW
    task: Task = Task.CAUSAL
    attention: Attention = Attention.SDPA
    precision: Precision = Precision.BF16
    adapter_bytes: int = 4
    """Bytes of a trained adapter weight, 2 or 4; 4 on a 16-bit base runs under autocast."""
    autocast: bool = True
    """Whether matrices multiply 16-bit copies where their operands are wider."""
    upcast_frozen: bool = False
    """Whether frozen norms, embeddings and head are held in 32 bits (PEFT's k-bit preparation)."""
    quantized_base: QuantizedBase = QuantizedBase.NF4
    double_quantization: bool = False
    """Whether the scales of an nf4 base are quantised too (`bnb_4bit_use_double_quant`)."""
    keeps_quantized_inputs: bool = False
    """Whether quantised products keep their inputs for the backward pass (bitsandbytes before 0.43.3)."""
    loss: Loss = Loss.FULL
    foreach: bool = False
    """Whether the optimizer updates all tensors at once, through a temporary copy of the gradients."""
    optimizer_in_backward: bool = False
    """Whether each weight is updated as soon as its gradient is made, so that gradients are never all alive."""
    stack: Stack = Stack.PEFT
    """Whose code runs the blocks: litgpt has its own, the others run transformers' or one that keeps the same."""
    labels: int = 2
    """Outputs of the head of a classifier."""
    sharding: Sharding = Sharding.DDP
    devices: int = 1

    @property
    def tokens(self) -> int:
        """Tokens of one step on one device."""
        return self.sequence_length * self.micro_batch_size


class ServingPlan(NamedTuple):
    """One way of serving; the defaults are the manifest's."""

    runtime: Runtime
    context_window: int
    """Tokens of one request, prompt and answer together."""
    parallel_requests: int = 1
    """Requests at the same time, each with a window of its own."""
    quantization: str = "none"
    """How the weights are stored, as the manifest spells it; `none`: 16 bits, or what the checkpoint has."""
    kv_cache: str = "fp16"
    """Number format of the KV cache."""
    prompt_tokens: int | None = None
    """The part of each context that is prompt; None: all of it."""
    runtime_version: str = ""
    """As somebody wrote it; empty: the runtime's current behaviour."""
    adapters: int = 0
    """LoRA adapters that are held beside the base at the same time."""
    adapter_rank: int = 16
    """The highest rank of these adapters."""


class Hardware(NamedTuple):
    """Equal devices."""

    bytes: int
    """Memory that a program finds on one device."""
    devices: int
    label: str
    """How a person names it: `RTX 4090`, `a GPU of 24.0 GiB`."""
    note: str = ""


LIMITS = {
    "sequence_length": 1 << 26,
    "micro_batch_size": 1 << 20,
    "rank": 1 << 16,
    "labels": 1 << 20,
    "devices": 1 << 16,
    "context_window": 1 << 30,
    "parallel_requests": 1 << 20,
    "prompt_tokens": 1 << 30,
}
"""The largest value that is taken for a plan, far beyond any that is run."""


def absurd(plan: TrainingPlan | ServingPlan) -> str | None:
    """Why a plan is none that anybody runs; None where its sizes make sense."""
    for name, most in LIMITS.items():
        value = getattr(plan, name, None)
        if value is not None and not 1 <= value <= most:
            return f"{name} is {value}, and lies between 1 and {most} in any plan that is run"
    return None
