"""What is planned: one training, one serving, on one kind of device; the values and names are those of the manifest."""

from enum import StrEnum

from checker.value import NamedTuple


class Method(StrEnum):
    """Which weights are trained, and how the others are held."""

    FULL = "full"
    LORA = "lora"
    QLORA = "qlora"


class Task(StrEnum):
    """What the training step computes."""

    CAUSAL = "causal"
    """Loss over all tokens."""
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


class Stack(StrEnum):
    """Number formats and copies that the training software keeps."""

    PEFT = "peft"
    """16-bit base and 32-bit adapters under autocast, as TRL drives PEFT; full fine-tuning keeps 32-bit weights."""
    LEAN = "lean"
    """Everything in 16 bits, no autocast."""
    MIXED = "mixed"
    """32-bit weights and states under 16-bit autocast."""


class Loss(StrEnum):
    """How the loss over the vocabulary is computed."""

    FULL = "full"
    """transformers 4.46 and newer: 16-bit logits, their 32-bit copy, log-softmax."""
    OLD = "old"
    """transformers up to 4.45: one more 16-bit copy of the shifted logits."""
    FUSED_SOFTMAX = "fused-softmax"
    """The logits exist; one kernel computes loss and gradient in place."""
    FUSED_LINEAR = "fused-linear"
    """The head and the loss are one kernel over pieces; the logits never exist as a whole."""


class Runtime(StrEnum):
    """What loads the weights and answers requests."""

    VLLM = "vllm"
    TGI = "tgi"
    LLAMA_CPP = "llama.cpp"
    TRANSFORMERS = "transformers"
    TEI = "tei"


class TrainingPlan(NamedTuple):
    """One fine-tuning on one device; the defaults are the manifest's."""

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
    stack: Stack = Stack.PEFT
    task: Task = Task.CAUSAL
    loss: Loss = Loss.FULL
    double_quantization: bool = False
    """Whether the scales of a 4-bit base are quantised too (`bnb_4bit_use_double_quant`)."""
    frozen_in_32_bits: bool = False
    """Whether norms, embeddings and head of a 4-bit base are held in 32 bits (PEFT's k-bit preparation)."""
    foreach: bool = False
    """Whether the optimizer updates all tensors at once, through a temporary copy of the gradients."""

    @property
    def tokens(self) -> int:
        """Tokens of one step."""
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


class Hardware(NamedTuple):
    """Equal devices."""

    bytes: int
    """Memory that a program finds on one device."""
    devices: int
    label: str
    """How a person names it: `RTX 4090`, `a GPU of 24.0 GiB`."""
    note: str = ""
