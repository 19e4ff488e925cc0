"""The models that are served fit the GPUs that they are served on.

What: the memory of serving, estimated term by term (weights as they are stored, KV cache for all parallel requests,
      values of a prefill, runtime), is at most the GPU's memory less `headroom`. Models that share the manifest's
      hardware are added up. Inside the estimate's error band the rule advises and does not block.
Why:  a runtime that finds too little memory does not start, or drops requests under load: the KV cache grows with
      context times requests, and outgrows the weights.
Fix:  change the deployment as proposed (context, parallel requests, quantization), or use larger or more GPUs.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, deployment: {context_window: 8192, hardware: {gpu: L4}}}
Fails:  {model: meta-llama/Llama-3.3-70B-Instruct,
         deployment: {quantization: awq-int4, context_window: 131072, parallel_requests: 8, hardware: {gpu: H100 80GB}}}
"""

from typing import TYPE_CHECKING, Annotated

from checker.document.place import NOWHERE, At, Place
from checker.document.scalars import Share, YesNo
from checker.facts.fact import Certainty, Fact
from checker.facts.model import ArchitectureClass, Facts
from checker.manifest.model import Access, Deployment, Manifest, ModelEntry, Objective
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.fit import Fit, Fitting, fitting
from checker.memory.hardware import hardware_of
from checker.memory.model import Model, unknown_facts
from checker.memory.of_facts import model_of
from checker.memory.plan import Hardware, Runtime, ServingPlan
from checker.memory.units import gib
from checker.rulebook.neighbour import Neighbour
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler
from checker.rulebook.stack import stack_of
from checker.rulebook.tighter import higher, ranked
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.memory.alternatives import Alternative

SETTLED_BY = Settler.YOU


class Settings(RuleSettings):
    """Options of `serving-fits`."""

    min_certainty: MinCertainty = Certainty.CLAIMED
    headroom: Annotated[float, Share, higher] = 0.1
    """Part of each GPU's memory that has to stay free, 0 to 1. vLLM leaves a tenth by default."""
    measured_counts: Annotated[bool, YesNo, ranked((True, False))] = False
    """Whether `measured.serving_peak` stands in for the estimate of a model; else it is shown beside it."""


def check(
    entry: ModelEntry,
    manifest: Manifest,
    facts: Facts,
    loaded: Facts | None,
    settings: Settings,
    neighbours: tuple[Neighbour, ...],
    proposals: bool = True,
    bounds: bool = False,
) -> Outcome:
    """Estimate what the model needs, with the others on its hardware, and hold it against one GPU.

    `proposals` asks for what would fit instead; with `bounds` the verdict and the sum are enough.
    """
    deployment = entry.deployment
    if deployment is None:
        return NotApplicable("no `deployment` block is declared")
    if entry.access.value is Access.API:
        return NotApplicable("the model is used through somebody's service, which has the hardware")
    stated = deployment.hardware or manifest.hardware
    if stated is None:
        reason = "the estimate is held against its memory"
        return NotEvaluated((*_asked(deployment), _ask("hardware", reason, "{gpu: L4}", deployment)))
    at = stated.named_at or stated.at
    hardware = hardware_of(stated.stated)
    if not isinstance(hardware, Hardware):
        unclear = _ask("hardware", hardware.sentence, hardware.yaml, deployment)._replace(at=at)
        return NotEvaluated((*_asked(deployment), unclear))
    together = _together(Neighbour(entry, facts, loaded), neighbours)
    loads = [_load(each, hardware, settings) for each in together]
    missing = tuple(gap for load in loads if isinstance(load, NotEvaluated) for gap in load.missing)
    if missing:
        return NotEvaluated(missing)
    case = _Case(tuple(load for load in loads if isinstance(load, _Load)), hardware, at, settings.headroom)
    return _in_short(case) if bounds else _judged(case, _evidence(facts, loaded), proposals)


def _together(own: Neighbour, neighbours: tuple[Neighbour, ...]) -> tuple[Neighbour, ...]:
    """The entry first, then those that share its hardware."""
    if not own.entry.shares_hardware:
        return (own,)
    others = (each for each in neighbours if each.entry is not own.entry and each.entry.access.value is not Access.API)
    return (own, *others)


def _ask(key: str, reason: str, example: str, deployment: Deployment) -> Unanswered:
    return Unanswered(f"deployment.{key}", reason, f"deployment:\n  {key}: {example}", deployment.at)


def _asked(deployment: Deployment) -> tuple[Unanswered, ...]:
    if deployment.context_window is not None:
        return ()
    return (_ask("context_window", "the KV cache and the prefill grow with it", "8192", deployment),)


class _Load(NamedTuple):
    """One model on the hardware."""

    name: str
    model: Model
    plan: ServingPlan
    result: Estimate
    notes: tuple[str, ...]


def _load(neighbour: Neighbour, hardware: Hardware, settings: Settings) -> _Load | NotEvaluated:
    entry, facts, loaded = neighbour
    deployment = entry.deployment
    assert deployment is not None  # neighbours share the hardware that they are deployed on
    from checker.memory import serving  # what follows is loaded by the first manifest that deploys something

    model, assumed = _artefact(entry, facts, loaded)
    stored, said = _stored(entry, deployment, loaded or facts, model)
    if isinstance(stored, Unanswered) or deployment.context_window is None:
        return NotEvaluated((*_asked(deployment), *((stored,) if isinstance(stored, Unanswered) else ())))
    plan = ServingPlan(
        runtime=Runtime(deployment.runtime.value) if deployment.runtime else serving.default_runtime(model, stored),
        context_window=deployment.context_window.value,
        parallel_requests=deployment.parallel_requests.value,
        quantization=stored,
        kv_cache=deployment.kv_cache.value,
    )
    measured = entry.measured.serving_peak if entry.measured else None
    result = serving.estimate(model, plan, hardware.devices)
    if measured is not None and settings.measured_counts:
        result = serving.measured(measured.value)
    elif unsupported := _unsupported(entry, deployment, model, plan):
        return NotEvaluated((unsupported,))
    if isinstance(result, NotEstimable):
        stated = () if loaded else unknown_facts(result, facts)  # `known:` speaks of the entry's own model
        return NotEvaluated(stated or (_measured_instead(result, deployment),))
    notes = [*_defaults(deployment, plan), *said, *assumed, *result.assumptions]
    if measured is not None:
        notes.append(f"measured: {gib(measured.value)}, estimated: {gib(result.peak_bytes)}")
    return _Load(entry.display_name, model, plan, result, tuple(notes))


def _artefact(entry: ModelEntry, facts: Facts, loaded: Facts | None) -> tuple[Model, tuple[str, ...]]:
    """The model that is really loaded, and what of it is taken from the entry's own model."""
    own = model_of(facts)
    if loaded is None:
        return own, ()
    found = model_of(loaded)
    known = isinstance(loaded.dimensions, Fact)
    taken = [name for name, lacks in (("parameters", not found.parameters), ("dimensions", not known)) if lacks]
    model = Model(
        parameters=found.parameters or own.parameters,
        dimensions=found.dimensions if known else own.dimensions,
        architecture=found.architecture or own.architecture,
        model_type=found.model_type or own.model_type,
        torch_dtype=found.torch_dtype or own.torch_dtype,
        multimodal=found.multimodal if isinstance(loaded.multimodal, Fact) else own.multimodal,
        state_space=found.state_space if isinstance(loaded.state_space, Fact) else own.state_space,
        traits=found.traits if known else own.traits,
    )
    if not taken:
        return model, (f"the memory is that of {loaded.found_as}, which is loaded",)
    said = f"no source states {' and '.join(taken)} of {loaded.found_as}, which is loaded"
    return model, (f"{said}; assumed as those of {entry.model.value}",)


def _unsupported(entry: ModelEntry, deployment: Deployment, model: Model, plan: ServingPlan) -> Unanswered | None:
    """A combination that the runtime is not known to run."""
    from checker.memory.formats import GGUF
    from checker.memory.kv_cache import element_of
    from checker.memory.runtimes import cannot_load

    writes = entry.objective.value in (Objective.CHAT, Objective.TEXT_GENERATION)
    if plan.runtime is Runtime.TEI and writes and model.architecture is ArchitectureClass.DECODER:
        return _ask("runtime", "TEI embeds and classifies texts, it generates none", "vllm", deployment)
    reason = cannot_load(plan.runtime, plan.quantization)
    if reason is None:
        element = element_of(plan.kv_cache, plan.runtime)
        return _ask("kv_cache", element.reason, "fp16", deployment) if isinstance(element, NotEstimable) else None
    if plan.runtime is Runtime.LLAMA_CPP:
        return _ask("quantization", reason, "Q4_K_M", deployment)
    return _ask("runtime", reason, "llama.cpp" if plan.quantization in GGUF else "vllm", deployment)


def _measured_instead(result: NotEstimable, deployment: Deployment) -> Unanswered:
    yaml = "measured: {serving_peak: 21.4 GiB, evidence: runs/2026-11-02.json}"
    reason = f"{result.reason}; a measurement counts where the policy sets `measured_counts: true`"
    return Unanswered("measured.serving_peak", reason, yaml, deployment.at)


def _stored(
    entry: ModelEntry, deployment: Deployment, facts: Facts, model: Model
) -> tuple[str | Unanswered, tuple[str, ...]]:
    """How the loaded weights are stored, and where that was read if the manifest does not say it."""
    from checker.memory.weights import canonical, format_in_name

    if deployment.quantization is not None:
        return canonical(deployment.quantization.value.value), ()
    from checker.memory.native import Unclear, as_published

    loaded = deployment.weights.model.value if deployment.weights else entry.model.value
    found = format_in_name(loaded)
    if found is not None:
        return found, (f"quantization {found}, read from the name {loaded}",)
    formats = facts.weight_formats
    if "gguf" in loaded.casefold() or (isinstance(formats, Fact) and formats.value == ("gguf",)):
        reason = f"{loaded} holds GGUF files, which come in many sizes"
        return _ask("quantization", reason, "Q4_K_M", deployment), ()
    published = as_published(facts.model, model.model_type)
    if isinstance(published, Unclear):
        return _ask("quantization", published.reason, published.example, deployment), ()
    if published is None:
        return "none", ()
    return published.quantization, (f"quantization {published.quantization}, as published ({published.source})",)


class _Case(NamedTuple):
    """Models that can be judged on one hardware; the first is the one in question."""

    loads: tuple[_Load, ...]
    hardware: Hardware
    at: Place
    headroom: float

    @property
    def fitting(self) -> Fitting:
        return fitting([load.result for load in self.loads], self.hardware.bytes, self.headroom)


def _in_short(case: _Case) -> Outcome:
    """The same verdict without words: of hundreds of models a few are told about."""
    outcome = case.fitting
    named = [(load.name if len(case.loads) > 1 else "", load.result) for load in case.loads]
    stack = stack_of(f"serving on {case.hardware.label}", named, outcome)
    if outcome.fit is Fit.YES:
        return Passed(stack=stack)
    return Failed((Finding(case.at, "", "", "", stack=stack, advises=outcome.fit is Fit.UNSURE),))


def _judged(case: _Case, evidence: tuple[Fact[object], ...], proposals: bool) -> Outcome:
    from checker.memory import sentences

    outcome, detail, notes = case.fitting, _detail(case), _notes(case)
    named = [(load.name if len(case.loads) > 1 else "", load.result) for load in case.loads]
    stack = stack_of(f"serving on {case.hardware.label}", named, outcome)
    if outcome.fit is Fit.YES:
        return Passed(evidence, sentences.margin(outcome), notes, detail, stack)
    from checker.memory import alternatives  # only what does not fit needs them

    changes = _instead(case, outcome) if proposals else ()
    larger = alternatives.gpus_for(outcome.most, case.headroom)
    finding = Finding(
        at=case.at,
        setting="headroom",
        expected=sentences.room(outcome, case.hardware, case.headroom),
        found=_found(case),
        remedy=sentences.instead(changes, larger),
        evidence=evidence,
        detail=(*detail, *(f"instead: {change}, {change.fit}" for change in changes)),
        stack=stack,
        advises=outcome.fit is Fit.UNSURE,
    )
    return Failed((finding,), notes)


def _instead(case: _Case, outcome: Fitting) -> "tuple[Alternative, ...]":
    """Changes of this model's plan alone, within what the others leave."""
    from checker.memory import alternatives

    own = case.loads[0]
    others = outcome.most - own.result.most_bytes
    # What the others need, and the headroom on it, is gone for this one.
    left = max(1, case.hardware.bytes - int(others / (1 - case.headroom))) if case.headroom < 1 else 1
    return alternatives.for_serving(own.model, own.plan, case.hardware.devices, left, case.headroom)


def _found(case: _Case) -> str:
    from checker.memory import sentences

    own = case.loads[0]
    if len(case.loads) == 1:
        return sentences.needs(own.result)
    each = ", ".join(f"{load.name} {gib(load.result.peak_bytes)}" for load in case.loads)
    return f"{len(case.loads)} models share it and need {gib(case.fitting.needed)}: {each}"


def _detail(case: _Case) -> tuple[str, ...]:
    from checker.memory import sentences

    if len(case.loads) == 1:
        return sentences.detail(case.loads[0].result)
    return tuple(f"{load.name}: {line}" for load in case.loads for line in sentences.detail(load.result))


def _notes(case: _Case) -> tuple[str, ...]:
    shared = len(case.loads) > 1
    notes = [f"{load.name}: {note}" if shared else note for load in case.loads for note in load.notes]
    if case.hardware.note:
        notes.append(f"{case.hardware.label}: {case.hardware.note}")
    return tuple(notes)


def _evidence(facts: Facts, loaded: Facts | None) -> tuple[Fact[object], ...]:
    own = (facts.parameters, facts.dimensions, facts.architecture_class)
    found = (loaded.parameters, loaded.dimensions, loaded.architecture_class) if loaded else own
    used = (first if isinstance(first, Fact) else second for first, second in zip(found, own, strict=True))
    return tuple(fact for fact in used if isinstance(fact, Fact))


def _defaults(deployment: Deployment, plan: ServingPlan) -> tuple[str, ...]:
    """The keys that the manifest leaves out, with the values that stand in for them."""
    left = [] if deployment.runtime else [f"runtime {plan.runtime}"]
    keys: dict[str, At[int] | At[str]] = {
        "parallel_requests": deployment.parallel_requests,
        "kv_cache": deployment.kv_cache,
    }
    left += [f"{key} {value.value}" for key, value in keys.items() if value.at is NOWHERE]
    return (f"not written, so assumed: {', '.join(left)}",) if left else ()
