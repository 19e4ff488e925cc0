"""Memory of serving on one device: weights, caches, the values of a prefill, and what the runtime takes.

The peak is the fullest of the moments that the runtime goes through (`runtime/`), on the fullest device.
"""

from functools import lru_cache
from types import ModuleType

from checker.facts.model import ArchitectureClass
from checker.memory import bands, runtimes
from checker.memory.estimate import Band, Estimate, Moment, NotEstimable, Spread, Term, estimate_of
from checker.memory.formats import GGUF
from checker.memory.held_weights import held
from checker.memory.kv_cache import cache_of
from checker.memory.layer_kinds import is_mixed
from checker.memory.model import Model, contradiction, is_encoder, missing_of, unknown
from checker.memory.overhead import CUDA_CONTEXT
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.runtime import llama_cpp, seq2seq, tei, tgi, transformers, vllm
from checker.memory.runtime.case import Case, Phase
from checker.memory.versions import version_of
from checker.memory.weights import canonical

_RUNTIMES: dict[Runtime, ModuleType] = {
    Runtime.VLLM: vllm,
    Runtime.TGI: tgi,
    Runtime.LLAMA_CPP: llama_cpp,
    Runtime.TRANSFORMERS: transformers,
    Runtime.TEI: tei,
}
_PARALLEL = (Runtime.VLLM, Runtime.TGI)
"""Runtimes that give each device a part of every matrix; others give it whole layers."""

_NOT_IN_LLAMA_CPP = frozenset({"albert", "big_bird", "deberta", "deberta-v2", "electra", "longformer"})
"""Encoders that its converter lists no class of (convert_hf_to_gguf.py of ggml-org/llama.cpp)."""

_ABSURD = 2**27
"""More tokens than any context has, in one request."""


@lru_cache(maxsize=512)
def estimate(model: Model, plan: ServingPlan, devices: int = 1) -> Estimate | NotEstimable:
    """What each of `devices` devices needs to serve `plan`, on the fullest of them."""
    if refusal := _unplannable(plan, devices):
        return refusal
    plan = plan._replace(quantization=canonical(plan.quantization))
    if model.architecture is ArchitectureClass.ENCODER_DECODER:
        return _sequence_to_sequence(model, plan)
    case = case_of(model, plan, devices)
    if isinstance(case, NotEstimable):
        return case
    runtime = _RUNTIMES[plan.runtime]
    assumptions = (*_assumptions(case), *runtime.notes(case), *case.cache.notes)
    kind = bands.Kind(is_encoder(model), is_mixed(model), case.version.eager, case.devices)
    return _estimate(runtime.phases(case), assumptions, bands.of_serving(plan, kind))


def case_of(model: Model, plan: ServingPlan, devices: int = 1) -> Case | NotEstimable:
    """What a runtime's arithmetic looks at, or why there is none."""
    if model.architecture is None:
        return unknown(("architecture_class",))
    if missing := missing_of(model, ("num_hidden_layers", "hidden_size", "vocab_size")):
        return unknown(missing)
    if model.architecture is not ArchitectureClass.DECODER and not is_encoder(model):
        return NotEstimable(
            f"serving is modelled for decoders, encoders and encoder-decoders, not for class {model.architecture}"
        )
    if plan.runtime is Runtime.LLAMA_CPP and model.model_type in _NOT_IN_LLAMA_CPP:
        return NotEstimable(f"llama.cpp is not known to run `{model.model_type}`")
    if plan.runtime is Runtime.TEI:
        devices = 1  # each device serves a copy
    if refusal := contradiction(model) or _refused(model, plan, devices):
        return refusal
    version = version_of(plan.runtime_version, plan.runtime)
    weights = held(model, plan, version)
    if isinstance(weights, NotEstimable):
        return weights
    cache = cache_of(model, plan, version, devices if plan.runtime in _PARALLEL else 1)
    if isinstance(cache, NotEstimable):
        return cache
    wide = _wide(model)
    if not wide:
        return unknown(("dimensions.intermediate_size",))
    return Case(model, plan, version, devices, weights, cache, wide)


def _estimate(phases: tuple[Phase, ...], assumptions: tuple[str, ...], spread: Spread) -> Estimate:
    fullest = max(phases, key=lambda phase: phase.bytes)
    context = Term("CUDA context", CUDA_CONTEXT, "fixed, 0.3 to 0.6 GB are seen", outside=True)
    found = estimate_of((*fullest.terms, context), fullest.name, assumptions, spread)
    return found._replace(moments=tuple(Moment(phase.name, phase.bytes) for phase in phases))


def _sequence_to_sequence(model: Model, plan: ServingPlan) -> Estimate | NotEstimable:
    phases = seq2seq.phases(model, plan)
    if isinstance(phases, NotEstimable):
        return phases
    assumptions = () if plan.prompt_tokens else ("prompt and answer are each taken to be as long as the context",)
    return _estimate(phases, assumptions, bands.of_serving(plan, bands.Kind(mixed=True)))


def _unplannable(plan: ServingPlan, devices: int) -> NotEstimable | None:
    """Sizes that nobody can mean."""
    sizes = {
        "context_window": plan.context_window,
        "parallel_requests": plan.parallel_requests,
        "the number of devices": devices,
        "prompt_tokens": 1 if plan.prompt_tokens is None else plan.prompt_tokens,
    }
    for name, size in sizes.items():
        if not 1 <= size <= _ABSURD:
            return NotEstimable(f"{name} is {size}: expected 1 to {_ABSURD}")
    if plan.prompt_tokens is not None and plan.prompt_tokens > plan.context_window:
        return NotEstimable(
            f"prompt_tokens is {plan.prompt_tokens}, more than the context_window of {plan.context_window} around it"
        )
    return None


def _refused(model: Model, plan: ServingPlan, devices: int) -> NotEstimable | None:
    """What the runtime does not load, heads that do not divide, or devices that cannot have equal parts."""
    if reason := runtimes.cannot_load(plan.runtime, plan.quantization):
        return NotEstimable(reason)
    heads, groups = model.dimensions.num_attention_heads, model.dimensions.num_key_value_heads
    if heads and groups and not model.dimensions.kv_lora_rank and heads % groups:
        return NotEstimable(f"{heads} attention heads do not divide by {groups} key-value heads", ("dimensions",))
    return _uneven(model, devices) if devices > 1 and plan.runtime in _PARALLEL else None


def _uneven(model: Model, devices: int) -> NotEstimable | None:
    """Refuse parts that vLLM and TGI refuse.

    Key-value heads are divided, or copied where there are fewer of them than devices (vLLM's `QKVParallelLinear`).
    """
    heads, groups = model.dimensions.num_attention_heads, model.dimensions.num_key_value_heads
    if heads is None:
        return unknown(("dimensions.num_attention_heads",))
    words = "serving on several devices is modelled as tensor parallelism, which gives each as many"
    if heads % devices:
        return NotEstimable(f"{heads} attention heads do not divide by {devices} devices; {words}")
    if groups and not model.dimensions.kv_lora_rank and groups % devices and devices % groups:
        return NotEstimable(f"{groups} key-value heads do not divide by {devices} devices; {words}")
    return None


def _wide(model: Model) -> int:
    """Width of the MLP that one token passes; models without one have the inner width of their recurrence."""
    dims = model.dimensions
    experts = (dims.moe_intermediate_size or 0) * (dims.experts_per_tok or 0)
    inner = int((model.traits.state_expand or 2) * (dims.hidden_size or 0)) if is_mixed(model) else 0
    return dims.intermediate_size or experts or inner


def _assumptions(case: Case) -> tuple[str, ...]:
    model, plan = case.model, case.plan
    said = [*case.held.notes]
    if case.version.note:
        said.append(case.version.note)
    if model.multimodal:
        said.append("text only; the vision part is counted in the weights, its images in nothing")
    positions = model.dimensions.max_position_embeddings
    if positions and plan.context_window > positions and not model.traits.rope_scaled:
        said.append(
            f"{plan.context_window} tokens are more than the {positions} positions that the model was trained for,"
            " and no rope scaling is known"
        )
    return tuple(said)


def default_runtime(model: Model, quantization: str) -> Runtime:
    """vllm, tei for encoders, transformers for encoder-decoders, llama.cpp for GGUF."""
    if quantization in GGUF:
        return Runtime.LLAMA_CPP
    if model.architecture is ArchitectureClass.ENCODER_DECODER:
        return Runtime.TRANSFORMERS
    return Runtime.TEI if is_encoder(model) else Runtime.VLLM


def measured(peak_bytes: int) -> Estimate:
    """A measurement in the place of an estimate: one term, no band."""
    return Estimate(
        (Term("measured", peak_bytes, "as the manifest states"),), "as measured", (), Band(0, 0, "a measurement")
    )
