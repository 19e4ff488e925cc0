"""Memory of serving on one device: weights, KV cache, the values of a prefill, and what the runtime takes.

Several devices share weights and cache by tensor parallelism: each holds its part, and at least one key-value head.
"""

from checker.facts.model import ArchitectureClass
from checker.memory import bands, kv_cache, native, runtimes
from checker.memory.estimate import Band, Estimate, NotEstimable, Term, estimate_of
from checker.memory.model import Model, contradiction, is_encoder, missing_of, shape_of, unknown
from checker.memory.overhead import CUDA_CONTEXT, NCCL, VLLM_GRAPHS, VLLM_OTHER
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.weights import FORMATS, GGUF, Format, stored_bytes
from checker.value import NamedTuple


def estimate(model: Model, plan: ServingPlan, devices: int = 1) -> Estimate | NotEstimable:
    """What each of `devices` devices needs to serve `plan`."""
    if model.architecture is None:
        return unknown(("architecture_class",))
    if missing := missing_of(model, ("num_hidden_layers", "hidden_size", "vocab_size")):
        return unknown(missing)
    if plan.runtime is Runtime.TEI:
        devices = 1  # each device serves a copy
    if model.architecture is not ArchitectureClass.DECODER and not is_encoder(model):
        return NotEstimable(f"serving is modelled for decoders and encoders, not for class {model.architecture}")
    if refusal := contradiction(model) or _refused(model, plan, devices):
        return refusal
    stored = _format(model, plan)
    weights = _weights(model, stored, devices)
    if isinstance(weights, NotEstimable):
        return weights
    cache = _Cache((), ()) if is_encoder(model) else _cache(model, plan, devices)
    if isinstance(cache, NotEstimable):
        return cache
    prefill = _prefill(model, plan)
    if isinstance(prefill, NotEstimable):
        return prefill
    terms = (weights, *cache.terms, prefill, *_runtime(plan, devices))
    assumptions = (*_assumptions(model, plan, stored, devices), *cache.assumptions)
    moment = "prefill of the longest batch, the cache full"
    return estimate_of(terms, moment, assumptions, bands.of_serving(plan, encoder=is_encoder(model)))


def _refused(model: Model, plan: ServingPlan, devices: int) -> NotEstimable | None:
    """What the runtime does not load, or devices that cannot have equal parts."""
    if reason := runtimes.cannot_load(plan.runtime, plan.quantization):
        return NotEstimable(reason)
    return _uneven(model, devices) if devices > 1 else None


def _uneven(model: Model, devices: int) -> NotEstimable | None:
    """Refuse parts that vLLM and TGI refuse; what other runtimes make of them is not modelled.

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


def _format(model: Model, plan: ServingPlan) -> Format:
    """The format of the stored weights; `none` in transformers is what the checkpoint has, elsewhere 16 bits."""
    if plan.quantization == "none" and plan.runtime is Runtime.TRANSFORMERS and _wide(model):
        return FORMATS["F32"]._replace(formula="32 bits a weight")
    return FORMATS[plan.quantization]


def _wide(model: Model) -> bool:
    return model.torch_dtype == "float32" or (model.torch_dtype is None and is_encoder(model))


def _weights(model: Model, stored: Format, devices: int) -> Term | NotEstimable:
    """Weights on each device; quantised matrices apart from what stays in 16 bits."""
    total = model.parameters or 0
    blocks: int | NotEstimable = total if stored.whole else _block_weights(model, stored)
    if isinstance(blocks, NotEstimable):
        return blocks
    apart = total - blocks + _second_head(model, stored)
    amount = stored_bytes(blocks, apart, stored) // devices
    words = f"{total} weights: {stored.formula}"
    if not stored.whole:
        words += f", and {apart} in 16 bits"
    return Term("weights", amount, words + (f", over {devices} devices" if devices > 1 else ""))


def _second_head(model: Model, stored: Format) -> int:
    """FP8 files hold the head of a tied model apart from the embeddings (measured on Qwen3-1.7B-FP8)."""
    dims = model.dimensions
    tied = bool(dims.tie_word_embeddings) and not is_encoder(model)
    return (dims.vocab_size or 0) * (dims.hidden_size or 0) if tied and stored is FORMATS["fp8"] else 0


def _block_weights(model: Model, stored: Format) -> int | NotEstimable:
    """Weights of the matrices that quantisers touch: those of the blocks, or all but the tables where blocks differ."""
    dims = model.dimensions
    if stored is FORMATS["mxfp4"] and model.model_type in native.EXPERTS_ONLY:
        return _expert_weights(model)
    if dims.num_experts or dims.kv_lora_rank or model.state_space or not dims.intermediate_size:
        tables = (dims.vocab_size or 0) * (dims.hidden_size or 0) * (1 if dims.tie_word_embeddings else 2)
        return max(0, (model.parameters or 0) - tables)
    shape = shape_of(model)
    return shape if isinstance(shape, NotEstimable) else min(shape.block_weights, shape.parameters)


def _expert_weights(model: Model) -> int | NotEstimable:
    """Weights of the matrices of all experts: layers · experts · 3 · hidden · width."""
    dims = model.dimensions
    width = dims.moe_intermediate_size or dims.intermediate_size
    if not dims.num_experts or not width:
        return unknown(missing_of(model, ("num_experts", "moe_intermediate_size")))
    made = (dims.num_hidden_layers or 0) * dims.num_experts * 3 * (dims.hidden_size or 0) * width
    return min(made, model.parameters or 0)


class _Cache(NamedTuple):
    terms: tuple[Term, ...]
    assumptions: tuple[str, ...]


_UNKNOWN_CACHE = {
    "deepseek_v4": "its layers compress their caches by ratios that the dimensions do not hold",
    "gemma3n": "its layers share caches",
    "gemma4": "its layers share caches and differ in their heads",
    "nemotron-nas": "its layers differ",
}


def _cache(model: Model, plan: ServingPlan, devices: int) -> _Cache | NotEstimable:
    layers = kv_cache.FAMILIES.get(model.model_type or "", kv_cache.Layers())
    if model.state_space and layers.every == 1:
        return NotEstimable("which of its layers attend, and the state of the others, are not among the facts")
    if reason := _UNKNOWN_CACHE.get(model.model_type or ""):
        return NotEstimable(f"the KV cache of `{model.model_type}` is not modelled: {reason}")
    if model.dimensions.kv_lora_rank:
        return _latent_cache(model, plan)
    if missing := missing_of(model, ("num_key_value_heads", "head_dim")):
        return unknown(missing)
    return _grouped_cache(model, plan, layers, devices)


def _latent_cache(model: Model, plan: ServingPlan) -> _Cache | NotEstimable:
    dims, rope = model.dimensions, kv_cache.ROPE_DIM.get(model.model_type or "")
    if rope is None:
        return NotEstimable("the rotated head dimension of its latent attention is not among the facts")
    rank, layers = dims.kv_lora_rank or 0, dims.num_hidden_layers or 0
    element = kv_cache.ELEMENT_BYTES[plan.kv_cache]
    token = kv_cache.latent_bytes(layers, rank, rope, element)
    tokens = plan.context_window * plan.parallel_requests
    words = f"{_tokens(plan)} · {layers} layers · ({rank} + {rope}) · {element:g} bytes; each device holds all"
    return _Cache((Term("KV cache", int(token * tokens), words),), ())


def _grouped_cache(model: Model, plan: ServingPlan, layers: kv_cache.Layers, devices: int) -> _Cache:
    dims, element = model.dimensions, kv_cache.ELEMENT_BYTES[plan.kv_cache]
    attending = (dims.num_hidden_layers or 0) // layers.every
    heads = -(-(dims.num_key_value_heads or 0) // devices)
    size, tokens = dims.head_dim or 0, plan.context_window * plan.parallel_requests
    local = _local_layers(model, plan, layers, attending)
    cells = kv_cache.window_cells(dims.sliding_window or 0, plan.context_window, plan.parallel_requests)
    whole = kv_cache.grouped_bytes(attending - local, heads, size, element) * tokens
    part = kv_cache.grouped_bytes(local, heads, size, element) * cells
    words = f"{_tokens(plan)} · 2 · {attending - local} layers · {heads} heads · {size} · {element:g} bytes"
    assumptions: tuple[str, ...] = ()
    if local:
        words += f", and {cells} tokens of {local} layers with a sliding window"
    elif dims.sliding_window and dims.sliding_window < plan.context_window:
        assumptions = (f"{plan.runtime} is taken to cache the whole context in layers with a sliding window too",)
    terms = [Term("KV cache", int(whole + part), words)]
    if layers.every > 1:
        state = kv_cache.RECURRENT_STATE * plan.parallel_requests
        terms.append(Term("recurrent state", state, f"{plan.parallel_requests} sequences · at most 150 MiB"))
    return _Cache(tuple(terms), assumptions)


def _local_layers(model: Model, plan: ServingPlan, layers: kv_cache.Layers, attending: int) -> int:
    """Layers that hold a window only. llama.cpp allocates so; other runtimes may, and are not credited with it."""
    if plan.runtime is not Runtime.LLAMA_CPP or not model.dimensions.sliding_window or layers.full_every == 1:
        return 0
    return attending - (attending // layers.full_every if layers.full_every else 0)


def _tokens(plan: ServingPlan) -> str:
    requests = f" · {plan.parallel_requests} requests" if plan.parallel_requests > 1 else ""
    return f"{plan.context_window} tokens{requests}"


_CHUNK = 8192
_UBATCH = 512
_TEI_BATCH = 16384
_SEQUENCES = 256


def _prefill(model: Model, plan: ServingPlan) -> Term | NotEstimable:
    """Values of the widest moment of one block, and the logits that the runtime reserves.

    One block: (3 · intermediate + 4 · hidden) · 2 bytes a token, which fits transformers' peaks. transformers runs the
    whole prompts at once; vLLM and TGI at most 8,192 tokens, and reserve logits for 256 sequences (8 bytes an entry);
    llama.cpp reserves logits of a micro batch of 512 (4 bytes, and a tenth); TEI runs batches of 16,384 tokens.
    """
    dims = model.dimensions
    wide = dims.intermediate_size or _experts_width(model)
    if not wide:
        return unknown(("dimensions.intermediate_size",))
    hidden, vocabulary = dims.hidden_size or 0, dims.vocab_size or 0
    asked = plan.context_window * plan.parallel_requests
    tokens = {
        Runtime.TRANSFORMERS: asked,
        Runtime.TEI: max(_TEI_BATCH, plan.context_window),
        Runtime.LLAMA_CPP: min(_UBATCH, asked),
    }.get(plan.runtime, min(_CHUNK, asked))
    each = 4 if plan.runtime is Runtime.TRANSFORMERS and _wide(model) else 2
    token = (3 * wide + 4 * hidden) * each
    words = f"{tokens} tokens · (3 · {wide} + 4 · {hidden}) · {each} bytes"
    logits = 0
    if not is_encoder(model) and plan.runtime in (Runtime.VLLM, Runtime.TGI):
        logits, words = _SEQUENCES * vocabulary * 8, f"{words}, logits of {_SEQUENCES} sequences"
    elif plan.runtime is Runtime.LLAMA_CPP:
        logits, words = int(_UBATCH * vocabulary * 4 * 1.1), f"logits of {_UBATCH} tokens, and {words}"
    return Term("activations", int(tokens * token) + logits, words)


def _experts_width(model: Model) -> int:
    dims = model.dimensions
    return (dims.moe_intermediate_size or 0) * (dims.experts_per_tok or 0)


def _runtime(plan: ServingPlan, devices: int) -> tuple[Term, ...]:
    terms = [Term("CUDA context", CUDA_CONTEXT, "fixed, 0.3 to 0.6 GB are seen", outside=True)]
    if plan.runtime in (Runtime.VLLM, Runtime.TGI):
        words = "libraries 0.3 GiB and captured graphs 0.7 GiB, as vLLM's logs have them"
        terms.append(Term("runtime", VLLM_OTHER + VLLM_GRAPHS, words, outside=True))
    if devices > 1 and plan.runtime in (Runtime.VLLM, Runtime.TGI):
        terms.append(Term("communication", NCCL, "buffers between devices, 1.8 GiB in one log", outside=True))
    return tuple(terms)


def _assumptions(model: Model, plan: ServingPlan, stored: Format, devices: int) -> tuple[str, ...]:
    said = []
    if plan.quantization == "none" and model.torch_dtype is None:
        said.append(f"weights are held in {stored.bits:.0f} bits; no source states their type")
    if model.multimodal:
        said.append("text only; the vision part is counted in the weights, its images in nothing")
    if devices > 1:
        said.append(f"each of {devices} devices holds its part of weights and cache, as in tensor parallelism")
    if plan.runtime is Runtime.VLLM:
        said.append("needed, not taken: vLLM takes 90 % of the card whatever the model")
    if plan.runtime is Runtime.TGI:
        said.append("TGI is taken to need what vLLM needs")
    if plan.quantization in GGUF and plan.runtime is Runtime.VLLM:
        said.append("vLLM loads GGUF through a plugin that its documentation calls experimental")
    if plan.quantization in GGUF:
        said.append("bits a weight as in files of Llama-3.1-8B; all layers on the GPU")
    return tuple(said)


def default_runtime(model: Model, quantization: str) -> Runtime:
    """vllm, tei for encoders, llama.cpp for GGUF."""
    if quantization in GGUF:
        return Runtime.LLAMA_CPP
    return Runtime.TEI if is_encoder(model) else Runtime.VLLM


def measured(peak_bytes: int) -> Estimate:
    """A measurement in the place of an estimate: one term, no band."""
    return Estimate(
        (Term("measured", peak_bytes, "as the manifest states"),), "as measured", (), Band(0, 0, "a measurement")
    )
