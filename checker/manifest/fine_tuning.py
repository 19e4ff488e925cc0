"""How a model is fine-tuned: the goal, the method with its sizes, the data, and what comes out."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from checker.document.bind import Block, refuse
from checker.document.errors import Problem
from checker.document.nearest import did_you_mean
from checker.document.place import NOWHERE, At
from checker.document.scalars import Count, OneOrMany, Text, Word, YesNo
from checker.manifest.choices import Goal, Method
from checker.manifest.hardware import Hardware


class TargetPreset(StrEnum):
    """Names for common choices of the modules that get adapters."""

    ALL_LINEAR = "all-linear"
    ALL_LINEAR_HEAD = "all-linear+head"
    ALL_LINEAR_EMBEDDINGS_HEAD = "all-linear+embeddings+head"
    ATTENTION_QV = "attention-qv"


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
    """Adapters in 32 bits under 16-bit autocast; for qlora norms, embeddings and head in 32 bits too."""
    LEAN = "lean"
    """Weights, adapters, gradients and states in 16 bits."""
    MIXED = "mixed"
    """Weights and states in 32 bits under 16-bit autocast."""


class Shared(StrEnum):
    """With whom the produced model is shared."""

    NO = "no"
    INTERNAL = "internal"
    SERVICE = "service"
    WEIGHTS = "weights"


class DataSet(Block):
    """One set of training data."""

    name: At[Annotated[str, Text]]
    """The set's name."""
    source: At[Annotated[str, Text]] | None = None
    """Where it comes from: `internal`, a URL, a Hub id."""
    license: At[Annotated[str, Text]] | None = None
    """The terms it may be used under; any spelling."""
    personal_data: At[Annotated[bool, YesNo]] | None = None
    """Whether it holds personal data."""
    generated_by: At[Annotated[str, Text]] | None = Field(default=None, examples=["none"])
    """The model whose outputs it holds, or `none`."""


class Produces(Block):
    """The model that comes out of the fine-tuning."""

    name: At[Annotated[str, Text]] | None = None
    """The name it is given; some licences ask for a prefix."""
    license: At[Annotated[str, Text]] | None = None
    """The licence it is offered under; any spelling."""
    shared: At[Annotated[Shared, Word]] | None = None
    """With whom it is shared."""


class FineTuning(Block):
    """A fine-tuning, planned or done."""

    goal: At[Annotated[Goal, Word]] | None = None
    """What it is to change; decides between base and instruct models."""
    method: At[Annotated[Method, Word]] | None = None
    """Which weights are trained."""
    rank: At[Annotated[int, Count]] = At(16, NOWHERE)
    """Rank of the adapters (lora and qlora)."""
    target_modules: OneOrMany[At[Annotated[str, Text]]] = Field(
        default=(At("all-linear", NOWHERE),), examples=[*TargetPreset, ["q_proj", "v_proj"]]
    )
    """Modules that get adapters, by name, or one of the names for common choices such as all-linear."""
    sequence_length: At[Annotated[int, Count]] | None = None
    """Tokens of one training sample. It moves the memory more than anything else here."""
    micro_batch_size: At[Annotated[int, Count]] = At(1, NOWHERE)
    """Samples per device and step."""
    gradient_checkpointing: At[Annotated[bool, YesNo]] = At(True, NOWHERE)
    """Whether activations are computed again in the backward pass instead of being kept."""
    optimizer: At[Annotated[Optimizer, Word]] = At(Optimizer.ADAMW, NOWHERE)
    """The optimizer, which decides the memory of its states."""
    stack: At[Annotated[Stack, Word]] = At(Stack.PEFT, NOWHERE)
    """Number formats of the training software."""
    hardware: Hardware | None = None
    """Where it runs; default: the manifest's shared hardware."""
    data: OneOrMany[DataSet] = ()
    """The sets it is trained on, one line each."""
    produces: Produces | None = None
    """The model that comes out."""

    @property
    def target_preset(self) -> TargetPreset | None:
        """The preset that names the target modules; None where modules are listed by name."""
        only = self.target_modules[0].value if len(self.target_modules) == 1 else ""
        return TargetPreset(only) if only in _PRESETS else None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = (*self._rank_problem(), *self._target_problems())
        if problems:
            raise refuse(*problems)
        return self

    def _rank_problem(self) -> tuple[Problem, ...]:
        if "rank" not in self.model_fields_set or self.method is None or self.method.value is not Method.FULL:
            return ()
        sentence = "`rank` is given, and `method: full` trains no adapters"
        return (
            Problem(sentence, expected="`method: lora` or `qlora`, or no rank", at=self.rank.at, also=self.method.at),
        )

    def _target_problems(self) -> tuple[Problem, ...]:
        problems = []
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


_PRESETS = frozenset(TargetPreset)
_TARGETS = f"one of {', '.join(TargetPreset)}, or names of modules such as q_proj"


def _is_module_name(text: str) -> bool:
    return text.isascii() and all(part.isidentifier() or part.isdigit() or part == "*" for part in text.split("."))
