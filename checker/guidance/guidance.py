"""The guidance as typed values, read from `guidance.json`; a policy may replace any line of it."""

from collections.abc import Iterable, Sequence
from functools import cache
from json import loads
from pathlib import Path
from typing import Any

from checker.facts.model import ArchitectureClass, Variant
from checker.value import NamedTuple


class Objective(NamedTuple):
    """One purpose and the models that suit it."""

    name: str
    """As a manifest's `objective` spells it."""
    purpose: str
    architectures: tuple[ArchitectureClass, ...]
    """Suitable classes, the guidance's own one first. A decoder trained to embed is a bi-encoder, and one with a
    scoring head is a cross-encoder, so neither is meant by decoder."""
    variants: dict[ArchitectureClass, tuple[Variant, ...]]
    """Kinds of training that a class has to have for this purpose; any, where the class is not named. Whether a base
    model will do is the business of the goals."""
    use_case: str
    examples: tuple[str, ...]
    """Ids of models."""
    note: str

    def suits(self, architecture: ArchitectureClass, variant: Variant | None = None) -> bool:
        """Whether a model of that class, and of that kind of training where it is known, serves the purpose."""
        allowed = self.variants.get(architecture)
        return architecture in self.architectures and (variant is None or allowed is None or variant in allowed)


class Goal(NamedTuple):
    """What a fine-tuning is for, and the kind of model to start from."""

    name: str
    """As a manifest's `fine_tuning.goal` spells it."""
    variants: tuple[Variant, ...]


class SizeClass(NamedTuple):
    """A class of sizes, in billions (10**9) of parameters as models are named."""

    name: str
    least_billions: float
    most_billions: float
    use_case: str


class FineTuningMemory(NamedTuple):
    """Guide figures for the memory that fine-tuning takes, in GB (10**9 bytes)."""

    billions: float
    """Parameters of the model in 10**9."""
    qlora_gb: float
    """QLoRA on 4-bit weights."""
    lora_gb: float
    """LoRA on 16-bit weights."""


class SingleGpu(NamedTuple):
    """A model from this size on can be tuned on one GPU of this memory."""

    least_billions: float
    gpu_gb: float
    """In GB (10**9 bytes)."""


class LongForm(NamedTuple):
    """Context that long-form documents ask for, in tokens; more is fine."""

    least_tokens: int
    most_tokens: int


class Step(NamedTuple):
    """One step of the checklist, and the key of a manifest that answers it."""

    step: str
    key: str


class Guidance(NamedTuple):
    """All of it."""

    objectives: tuple[Objective, ...]
    goals: tuple[Goal, ...]
    size_classes: tuple[SizeClass, ...]
    fine_tuning_memory: tuple[FineTuningMemory, ...]
    single_gpu: SingleGpu
    long_form: LongForm
    enterprise_licenses: tuple[str, ...]
    """Canonical licence ids for enterprise use; `llama3` stands for the Llama 3 community licence."""
    benchmarks: tuple[str, ...]
    """The standard comparisons."""
    checklist: tuple[Step, ...]

    def objective(self, name: str) -> Objective | None:
        """The objective of that name; None where the guidance has none."""
        return next((objective for objective in self.objectives if objective.name == name), None)


@cache
def guidance() -> Guidance:
    """The guidance, read once."""
    data: dict[str, Any] = loads((Path(__file__).parent / "guidance.json").read_text(encoding="utf-8"))
    return Guidance(
        objectives=tuple(_objective(line) for line in data["objectives"]),
        goals=tuple(Goal(line["name"], _variants(line["variants"])) for line in data["goals"]),
        size_classes=tuple(SizeClass(**line) for line in data["size_classes"]),
        fine_tuning_memory=tuple(FineTuningMemory(**line) for line in data["fine_tuning_memory"]),
        single_gpu=SingleGpu(**data["single_gpu"]),
        long_form=LongForm(**data["long_form"]),
        enterprise_licenses=tuple(data["enterprise_licenses"]),
        benchmarks=tuple(data["benchmarks"]),
        checklist=tuple(Step(**line) for line in data["checklist"]),
    )


def as_markdown() -> str:
    """The guidance as Markdown, for the documentation."""
    told = guidance()
    sections = (
        _table(
            ("purpose", "architecture", "use case", "example", "notes"),
            (
                (item.purpose, item.architectures[0], item.use_case, _names(item.examples), item.note)
                for item in told.objectives
            ),
        ),
        "\n".join(_exception(item) for item in told.objectives if len(item.architectures) > 1),
        "Where the goal of a fine-tuning is known, it decides the kind of model to start from:",
        _table(("goal", "start from"), ((goal.name, " or ".join(goal.variants)) for goal in told.goals)),
        _table(
            ("size class", "parameters", "use case"),
            (
                (size.name, f"{size.least_billions:g}-{size.most_billions:g} B", size.use_case)
                for size in told.size_classes
            ),
        ),
        f"Memory to fine-tune. A model of {told.single_gpu.least_billions:g} B and more can be tuned on a single GPU "
        f"of {told.single_gpu.gpu_gb:g} GB:",
        _table(
            ("parameters", "QLoRA, 4 bits", "LoRA, 16 bits"),
            ((f"{row.billions:g} B", f"{row.qlora_gb:g} GB", f"{row.lora_gb:g} GB") for row in told.fine_tuning_memory),
        ),
        f"Long-form documents ask for {told.long_form.least_tokens // 1024}k to {told.long_form.most_tokens // 1024}k "
        "tokens of context.",
        f"Licences for enterprise use: {', '.join(told.enterprise_licenses)}. "
        f"Standard comparisons: {' and '.join(told.benchmarks)}.",
        "\n".join(f"{number}. {step.step} (`{step.key}`)" for number, step in enumerate(told.checklist, 1)),
    )
    return "\n\n".join(sections) + "\n"


def _objective(line: dict[str, Any]) -> Objective:
    return Objective(
        name=line["name"],
        purpose=line["purpose"],
        architectures=tuple(map(ArchitectureClass, line["architectures"])),
        variants={ArchitectureClass(name): _variants(kinds) for name, kinds in line["variants"].items()},
        use_case=line["use_case"],
        examples=tuple(line["examples"]),
        note=line["note"],
    )


def _exception(objective: Objective) -> str:
    """What suits an objective besides the guidance's own class, as an item of a list."""
    kinds = ((name, objective.variants.get(name)) for name in objective.architectures[1:])
    also = ", ".join(f"{name} ({' or '.join(variants)})" if variants else name for name, variants in kinds)
    return f"- {objective.purpose}: also {also}"


def _variants(names: Iterable[str]) -> tuple[Variant, ...]:
    return tuple(map(Variant, names))


def _names(ids: Iterable[str]) -> str:
    return ", ".join(model_id.rpartition("/")[2] for model_id in ids)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
