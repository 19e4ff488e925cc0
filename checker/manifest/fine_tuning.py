"""How a model is fine-tuned: the goal, the method with its sizes, the data, and what comes out."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from checker.document.bind import Block, refuse
from checker.document.errors import Problem
from checker.document.nearest import did_you_mean
from checker.document.place import NOWHERE, At
from checker.document.scalars import Count, Day, Listed, OneOrMany, Text, Word, YesNo
from checker.manifest.choices import Goal, Method
from checker.manifest.hardware import Hardware
from checker.memory.plan import Attention, Loss, Optimizer, Precision, QuantizedBase, Sharding, Stack
from checker.memory.plan import Method as PlanMethod

if TYPE_CHECKING:
    from checker.memory.stacks import AskedTraining


class TargetPreset(StrEnum):
    """Names for common choices of the modules that get adapters."""

    ALL_LINEAR = "all-linear"
    ALL_LINEAR_HEAD = "all-linear+head"
    ALL_LINEAR_EMBEDDINGS_HEAD = "all-linear+embeddings+head"
    ATTENTION_QV = "attention-qv"


class AdapterType(StrEnum):
    """Number format of the adapters."""

    BF16 = "bf16"
    FP32 = "fp32"


class Shared(StrEnum):
    """With whom the produced model is shared."""

    NO = "no"
    INTERNAL = "internal"
    SERVICE = "service"
    WEIGHTS = "weights"


class DataSet(Block):
    """One set of training data."""

    name: At[Annotated[str, Text]] = Field(examples=["tickets-2025"])
    """The set's name."""
    source: At[Annotated[str, Text]] | None = Field(default=None, examples=["internal"])
    """Where it comes from: `internal`, a URL, a Hub id."""
    license: At[Annotated[str, Text]] | None = Field(default=None, examples=["proprietary"])
    """The terms it may be used under; any spelling."""
    personal_data: At[Annotated[bool, YesNo]] | None = None
    """Whether it holds personal data."""
    generated_by: At[Annotated[str, Text]] | None = Field(default=None, examples=["none"])
    """The model whose outputs it holds, or `none`."""


class Produces(Block):
    """The model that comes out of the fine-tuning."""

    name: At[Annotated[str, Text]] | None = Field(default=None, examples=["Llama-Acme-8B"])
    """The name it is given; some licences ask for a prefix."""
    license: At[Annotated[str, Text]] | None = Field(default=None, examples=["llama3.1"])
    """The licence it is offered under; any spelling."""
    shared: At[Annotated[Shared, Word]] | None = None
    """With whom it is shared."""


class TrainingKeys(Block):
    """What decides the memory of a fine-tuning: the keys that manifest, options and batches of `fit` share."""

    method: At[Annotated[Method, Word]] | None = None
    """Which weights are trained."""
    rank: At[Annotated[int, Count]] | None = Field(default=None, examples=[16])
    """Rank of the adapters (lora and qlora); default: 16."""
    target_modules: Listed[At[Annotated[str, Text]]] | None = Field(
        default=None, examples=[*TargetPreset, ["q_proj", "v_proj"]]
    )
    """Modules that get adapters, listed or between commas, or a name for a common choice; default: all-linear."""
    sequence_length: At[Annotated[int, Count]] | None = Field(default=None, examples=[4096])
    """Tokens of one training sample. It moves the memory more than anything else here."""
    micro_batch_size: At[Annotated[int, Count]] | None = Field(default=None, examples=[1])
    """Samples per device and step; default: 1."""
    gradient_checkpointing: At[Annotated[bool, YesNo]] | None = None
    """Whether activations are computed again in the backward pass instead of being kept; default: as the stack does."""
    optimizer: At[Annotated[Optimizer, Word]] | None = None
    """The optimizer, which decides the memory of its states; default: adamw."""
    attention: At[Annotated[Attention, Word]] | None = None
    """Which kernel computes attention; default: a fused one where the family has it."""
    precision: At[Annotated[Precision, Word]] | None = None
    """Number formats of weights, gradients and states; default: as the stack does."""
    adapter_dtype: At[Annotated[AdapterType, Word]] | None = None
    """Number format of the adapters; default: as the stack does."""
    upcast_frozen: At[Annotated[bool, YesNo]] | None = None
    """Whether frozen norms, embeddings and head are held in 32 bits; default: as the stack does."""
    quantized_base: At[Annotated[QuantizedBase, Word]] | None = None
    """How qlora holds the frozen matrices; default: nf4."""
    double_quantization: At[Annotated[bool, YesNo]] | None = None
    """Whether the scales of an nf4 base are quantised too; default: false."""
    keeps_quantized_inputs: At[Annotated[bool, YesNo]] | None = None
    """Whether quantised products keep their inputs (bitsandbytes before 0.43.3); default: as the stack does."""
    loss: At[Annotated[Loss, Word]] | None = None
    """How the loss over the vocabulary is computed; default: as the stack does."""
    sharding: At[Annotated[Sharding, Word]] | None = None
    """How several devices divide the training; default: each holds all."""
    stack: At[Annotated[Stack, Word]] = At(Stack.PEFT, NOWHERE)
    """The training software, which decides what is left open here."""

    @property
    def target_preset(self) -> TargetPreset | None:
        """The preset that names the target modules; None where modules are listed by name."""
        targets = self.target_modules or ()
        only = targets[0].value if len(targets) == 1 else ""
        return TargetPreset(only) if only in _PRESETS else None

    def asked(self) -> "AskedTraining":
        """What is written here, as the estimate takes it.

        Raises:
            ValueError: method or sequence_length is not written.
        """
        from checker.memory import stacks  # most manifests train nothing

        if self.method is None or self.sequence_length is None:
            raise ValueError("a plan needs a method and a sequence length")
        adapter = self.adapter_dtype.value if self.adapter_dtype else None
        return stacks.AskedTraining(
            method=PlanMethod(self.method.value),
            sequence_length=self.sequence_length.value,
            stack=self.stack.value,
            target_modules=tuple(at.value for at in self.target_modules) if self.target_modules else None,
            adapter_bytes=None if adapter is None else 4 if adapter is AdapterType.FP32 else 2,
            **{key: at.value for key in _TAKEN_AS_WRITTEN if (at := getattr(self, key)) is not None},
        )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = (*self._rank_problem(), *self._target_problems())
        if problems:
            raise refuse(*problems)
        return self

    def _rank_problem(self) -> tuple[Problem, ...]:
        if self.rank is None or self.method is None or self.method.value is not Method.FULL:
            return ()
        sentence = "`rank` is given, and `method: full` trains no adapters"
        return (
            Problem(sentence, expected="`method: lora` or `qlora`, or no rank", at=self.rank.at, also=self.method.at),
        )

    def _target_problems(self) -> tuple[Problem, ...]:
        problems: list[Problem] = []
        if self.target_modules is None:
            return ()
        if not self.target_modules:
            problems.append(Problem("`target_modules` is empty", expected=_TARGETS, at=self.at))
        for target in self.target_modules:
            preset = target.value in _PRESETS
            if preset and len(self.target_modules) > 1:
                sentence = f"`{target.value}` stands in a list of modules"
                problems.append(Problem(sentence, expected="it alone, or names of modules", at=target.at))
            elif not preset and not _is_module_name(target.value):
                hint = did_you_mean(target.value[:60], _PRESETS)
                sentence = f"`{target.value[:60]}` names no module"
                problems.append(Problem(sentence, expected=_TARGETS, hint=hint, at=target.at))
        return tuple(problems)


class FineTuning(TrainingKeys):
    """A fine-tuning, planned or done."""

    started_on: At[Annotated[date, Day]] | None = Field(default=None, examples=["2026-11-02"])
    """The day on which it began; a baseline is older."""
    goal: At[Annotated[Goal, Word]] | None = None
    """What it is to change; decides between base and instruct models."""
    hardware: Hardware | None = None
    """Where it runs; default: the manifest's shared hardware."""
    data: OneOrMany[DataSet] = ()
    """The sets it is trained on, one line each."""
    produces: Produces | None = None
    """The model that comes out."""


_TAKEN_AS_WRITTEN = (
    *("micro_batch_size", "rank", "gradient_checkpointing", "optimizer", "attention", "precision", "upcast_frozen"),
    *("quantized_base", "double_quantization", "keeps_quantized_inputs", "loss", "sharding"),
)
_PRESETS = frozenset(TargetPreset)
_TARGETS = f"one of {', '.join(TargetPreset)}, or names of modules such as q_proj"


def _is_module_name(text: str) -> bool:
    return text.isascii() and all(part.isidentifier() or part.isdigit() or part == "*" for part in text.split("."))
