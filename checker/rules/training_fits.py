"""The planned fine-tuning fits the GPU that it is planned on.

What: the peak memory of one training step, estimated term by term from the model's dimensions and the plan, is at most
      the GPU's memory less `headroom`. Inside the estimate's error band the rule advises and does not block.
Why:  a step that does not fit fails after the data is prepared and the machine is paid for; what decides is often the
      sequence length or a long vocabulary, which rules of thumb leave out.
Fix:  change the plan as proposed (micro batch, sequence length, method, checkpointing), or use a larger GPU.

Passes: {model: meta-llama/Llama-3.1-8B-Instruct,
         fine_tuning: {method: qlora, sequence_length: 2048, hardware: {vram: 12 GiB}}}
Fails:  {model: meta-llama/Llama-3.1-8B-Instruct,
         fine_tuning: {method: lora, sequence_length: 2048, hardware: {vram: 16 GiB}}}
Fails:  {model: mistralai/Mistral-7B-v0.3, objective: text-generation, hardware: {gpu: RTX 4090},
         fine_tuning: {method: full, sequence_length: 4096}}
"""

from typing import TYPE_CHECKING, Annotated

from checker.document.place import Place
from checker.document.scalars import Share, YesNo
from checker.facts.calibration import NAME as CALIBRATION
from checker.facts.fact import Certainty, Fact
from checker.facts.model import ArchitectureClass, Facts
from checker.guidance.guidance import guidance
from checker.manifest.model import Access, Manifest, ModelEntry, Objective
from checker.memory import sentences
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.fit import Fit, Fitting, fitting
from checker.memory.hardware import hardware_of
from checker.memory.model import Model, unknown_facts
from checker.memory.of_facts import model_of
from checker.memory.plan import Hardware, Method, Task, TrainingPlan
from checker.memory.units import gib
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Stack, Unanswered
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler
from checker.rulebook.stack import stack_of
from checker.rulebook.tighter import higher, ranked
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.facts.calibration import Calibration
    from checker.manifest.fine_tuning import FineTuning
    from checker.memory.stacks import Completed

SETTLED_BY = Settler.YOU


class Settings(RuleSettings):
    """Options of `training-fits`."""

    min_certainty: MinCertainty = Certainty.CLAIMED
    headroom: Annotated[float, Share, higher] = 0.1
    """Part of the GPU's memory that has to stay free, 0 to 1: for fragmentation, and for what else runs there."""
    measured_counts: Annotated[bool, YesNo, ranked((True, False))] = False
    """Whether what was measured stands in for the estimate: `measured.training_peak`, or a run of
    `weighbridge calibrate` with this plan on this GPU, the greater of both. Else it is shown beside it."""


def check(
    entry: ModelEntry,
    manifest: Manifest,
    facts: Facts,
    settings: Settings,
    calibration: "Calibration | None" = None,
    proposals: bool = True,
    bounds: bool = False,
) -> Outcome:
    """Estimate the peak of one step and hold it against the GPU.

    `proposals` asks for what would fit instead; with `bounds` what stands in any case is enough for a refusal.
    """
    tuning = entry.fine_tuning
    if tuning is None:
        return NotApplicable("no `fine_tuning` block is declared")
    if entry.access.value is Access.API:
        return NotApplicable("the model is used through somebody's service, which trains it")
    from checker.memory import repeated  # most manifests train nothing

    asked = _Answers.of(tuning, manifest)
    hardware, missing = asked.hardware, asked.missing
    whole = _completed(entry, tuning, facts, hardware.devices if hardware else 1)
    plan = whole.plan if whole is not None else None
    model = model_of(facts)
    is_unmeasured = entry.measured is None and calibration is None
    if bounds and plan is not None and hardware is not None and not missing and is_unmeasured:
        refused = _beyond(model, plan, hardware, asked.at, settings)
        if refused is not None:
            return refused
    result = repeated.estimate(model, plan, guidance().fine_tuning_memory) if plan is not None else None
    if isinstance(result, NotEstimable):
        missing = (*missing, *(unknown_facts(result, facts) or (_measured_instead(result, tuning),)))
    found = _measured(entry, calibration, model, plan, hardware)
    if found.amount is not None and settings.measured_counts and hardware is not None:
        return _by_measurement(found, hardware, asked.at, settings)
    if missing or plan is None or hardware is None or not isinstance(result, Estimate):
        return NotEvaluated(missing)
    case = _Case(model, plan, result, hardware, asked.at, settings.headroom)
    if bounds and hardware.devices == 1:
        return _in_short(case)
    notes = (*_notes(case, whole.assumed if whole is not None else (), proposals), *_beside(found, result))
    if hardware.devices > 1 and tuning.sharding is None and case.fitting.fit is not Fit.YES:
        return NotEvaluated((_ask_sharding(case, tuning),), notes)
    return _judged(case, _evidence(facts), notes, proposals)


def _beyond(model: Model, plan: TrainingPlan, hardware: Hardware, at: Place, settings: Settings) -> Failed | None:
    """The refusal of what does not fit whatever the step's tensors need; None where they decide."""
    from checker.memory import training

    floor, limit = training.floor(model, plan), int(hardware.bytes * (1 - settings.headroom))
    if floor is None or floor <= limit or hardware.devices > 1:  # several may share it, which the manifest would say
        return None
    stack = Stack(f"{plan.method} training on {hardware.label}", (("at least", floor),), hardware.bytes, limit)
    found = f"needs at least {gib(floor)}"
    expected, remedy = f"at most {gib(limit)}", "use larger or more GPUs"
    return Failed((Finding(at, expected, found, remedy, setting="headroom", stack=stack),))


class _Answers(NamedTuple):
    """What the manifest answers, and what it leaves open."""

    hardware: Hardware | None
    at: Place
    """The line of the hardware."""
    missing: tuple[Unanswered, ...]

    @classmethod
    def of(cls, tuning: "FineTuning", manifest: Manifest) -> "_Answers":
        missing = []
        if tuning.method is None:
            missing.append(_ask("method", "it decides what is trained, and how the rest is held", "qlora", tuning))
        if tuning.sequence_length is None:
            missing.append(_ask("sequence_length", "it moves the memory more than anything else", "2048", tuning))
        stated = tuning.hardware or manifest.hardware
        if stated is None:
            missing.append(_ask("hardware", "the estimate is held against its memory", "{gpu: RTX 4090}", tuning))
            return cls(None, tuning.at, tuple(missing))
        at = stated.named_at or stated.at
        found = hardware_of(stated.stated)
        if isinstance(found, Hardware):
            return cls(found, at, tuple(missing))
        missing.append(_ask("hardware", found.sentence, found.yaml, tuning)._replace(at=at))
        return cls(None, at, tuple(missing))


def _ask(key: str, reason: str, example: str, tuning: "FineTuning") -> Unanswered:
    return Unanswered(f"fine_tuning.{key}", reason, f"fine_tuning:\n  {key}: {example}", tuning.at)


def _measured_instead(result: NotEstimable, tuning: "FineTuning") -> Unanswered:
    yaml = "measured: {training_peak: 21.4 GiB, evidence: runs/2026-11-02.json}"
    reason = f"{result.reason}; a measurement counts where the policy sets `measured_counts: true`"
    return Unanswered("measured.training_peak", reason, yaml, tuning.at)


def _ask_sharding(case: "_Case", tuning: "FineTuning") -> Unanswered:
    """Several devices may share what one does not hold, in ways that only the manifest can tell."""
    words = "does not fit" if case.fitting.fit is Fit.NO else "may not fit"
    reason = (
        f"a copy on each of the {case.hardware.devices} GPUs {sentences.needs(case.result)}, and {words}"
        f" ({sentences.room(case.fitting, case.hardware, case.headroom)}); whether they share it is not written"
    )
    return _ask("sharding", reason, "fsdp", tuning)


def _completed(entry: ModelEntry, tuning: "FineTuning", facts: Facts, devices: int) -> "Completed | None":
    """The plan in the estimate's words; None where the manifest leaves its core open."""
    if tuning.method is None or tuning.sequence_length is None:
        return None
    from checker.memory.stacks import completed

    return completed(tuning.asked(), _task(entry.objective.value, facts), devices)


_TASKS = {
    Objective.CHAT: Task.CAUSAL,
    Objective.TEXT_GENERATION: Task.CAUSAL,
    Objective.SIMILARITY: Task.EMBED,
    Objective.RERANKING: Task.CLASSIFY,
    Objective.MULTI_LABEL_CLASSIFICATION: Task.CLASSIFY,
    Objective.MULTI_CLASS_CLASSIFICATION: Task.CLASSIFY,
}


def _task(objective: Objective, facts: Facts) -> Task:
    """What a step computes; a model that is no decoder has no loss over its vocabulary."""
    task = _TASKS.get(objective, Task.CAUSAL)
    built = facts.architecture_class
    if task is Task.CAUSAL and isinstance(built, Fact) and built.value is not ArchitectureClass.DECODER:
        return Task.EMBED if built.value is ArchitectureClass.BI_ENCODER else Task.CLASSIFY
    return task


class _Case(NamedTuple):
    """A plan that can be judged."""

    model: Model
    plan: TrainingPlan
    result: Estimate
    hardware: Hardware
    at: Place
    headroom: float

    @property
    def fitting(self) -> Fitting:
        return fitting((self.result,), self.hardware.bytes, self.headroom)


def _stack(case: _Case) -> Stack:
    return stack_of(f"{case.plan.method} training on {case.hardware.label}", [("", case.result)], case.fitting)


def _in_short(case: _Case) -> Outcome:
    """The same verdict without words: of hundreds of models a few are told about."""
    if case.fitting.fit is Fit.YES:
        return Passed(stack=_stack(case))
    return Failed((Finding(case.at, "", "", "", stack=_stack(case), advises=case.fitting.fit is Fit.UNSURE),))


def _judged(case: _Case, evidence: tuple[Fact[object], ...], notes: tuple[str, ...], proposals: bool) -> Outcome:
    outcome, detail = case.fitting, sentences.detail(case.result)
    stack = _stack(case)
    if outcome.fit is Fit.YES:
        return Passed(evidence, sentences.margin(outcome), notes, detail, stack)
    from checker.memory import alternatives  # only what does not fit needs them

    plan, capacity = case.plan, case.hardware.bytes
    changes = alternatives.for_training(case.model, plan, capacity, case.headroom) if proposals else ()
    larger = alternatives.gpus_for(outcome.most, case.headroom)
    finding = Finding(
        at=case.at,
        setting="headroom",
        expected=sentences.room(outcome, case.hardware, case.headroom),
        found=sentences.needs(case.result),
        remedy=sentences.instead(changes, larger),
        evidence=evidence,
        detail=(*detail, *(f"instead: {change}, {change.fit}" for change in changes)),
        stack=stack,
        advises=outcome.fit is Fit.UNSURE,
    )
    return Failed((finding,), notes)


def _evidence(facts: Facts) -> tuple[Fact[object], ...]:
    used = (facts.parameters, facts.dimensions, facts.architecture_class)
    return tuple(fact for fact in used if isinstance(fact, Fact))


def _notes(case: _Case, assumed: tuple[str, ...], proposals: bool) -> tuple[str, ...]:
    """What was assumed; `proposals` asks for what another setting would need too."""
    from checker.memory import repeated

    words = f"not written, so assumed: {', '.join(assumed)}; by stack {case.plan.stack}"
    notes = [words] if assumed else []
    notes += case.result.assumptions
    stays = case.plan.method is Method.QLORA and not case.plan.upcast_frozen
    if proposals and stays and any("upcast" in key for key in assumed):
        prepared = repeated.estimate(case.model, case.plan._replace(upcast_frozen=True))
        if isinstance(prepared, Estimate):
            notes.append(
                "frozen norms, embeddings and head are taken to stay in 16 bits, as TRL leaves them; with"
                f" `upcast_frozen: true` (PEFT's prepare_model_for_kbit_training) {gib(prepared.peak_bytes)} are needed"
            )
    if case.hardware.devices > 1:
        notes.append(
            f"{case.hardware.devices} GPUs, sharding {case.plan.sharding}: the figures are those of one of them"
        )
    if case.hardware.note:
        notes.append(f"{case.hardware.label}: {case.hardware.note}")
    return tuple(notes)


class _Found(NamedTuple):
    """What was measured, as far as it may stand in for the estimate."""

    amount: int | None
    """The greatest of it, bytes; None where nothing may."""
    notes: tuple[str, ...]
    """What it is, and what does not count."""
    stated: int | None = None
    """`measured.training_peak`, where it may count."""


def _measured(
    entry: ModelEntry,
    calibration: "Calibration | None",
    model: Model,
    plan: TrainingPlan | None,
    hardware: Hardware | None,
) -> _Found:
    """The manifest's own figure and the runs of a calibration; the one cites the other where it names its file."""
    stated = entry.measured.training_peak if entry.measured else None
    evidence = entry.measured.evidence.value if entry.measured and entry.measured.evidence else ""
    cites = evidence.rpartition("/")[2] == CALIBRATION
    if calibration is None and not cites:
        return _Found(stated.value if stated else None, (), stated.value if stated else None)
    from checker.memory.calibrated import matching, said  # few projects have measured anything

    found = matching(calibration, model, plan, hardware) if calibration and plan and hardware else None
    notes = tuple(said(run, calibration.file) for run in (found.runs if found else ()) if calibration)
    own = stated.value if stated else None
    if own is not None and cites and (found is None or found.needed is None):
        return _Found(
            None, (*notes, f"measured.training_peak does not count: {evidence} holds no run of this plan on this GPU")
        )
    amounts = [amount for amount in (own, found.needed if found else None) if amount is not None]
    return _Found(max(amounts, default=None), notes, own)


def _beside(found: _Found, result: Estimate) -> tuple[str, ...]:
    """What was measured beside the estimate, which decides."""
    own = (f"measured: {gib(found.stated)}, estimated: {gib(result.peak_bytes)}",) if found.stated is not None else ()
    return (*own, *found.notes)


def _by_measurement(found: _Found, hardware: Hardware, at: Place, settings: Settings) -> Outcome:
    amount = found.amount
    assert amount is not None  # or nothing stood in for the estimate
    from checker.memory.calibrated import held

    outcome = held(amount, hardware.bytes, settings.headroom)
    if outcome.fit is Fit.YES:
        return Passed((), sentences.margin(outcome), (f"by measurement: {gib(amount)}", *found.notes))
    from checker.memory import alternatives

    finding = Finding(
        at=at,
        setting="headroom",
        expected=sentences.room(outcome, hardware, settings.headroom),
        found=f"measured {gib(amount)}",
        remedy=sentences.instead((), alternatives.gpus_for(amount, settings.headroom)),
    )
    return Failed((finding,), found.notes)
