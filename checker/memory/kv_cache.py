"""The KV cache: what one more token, and one more sequence, costs in the layers of a model."""

from checker.facts.parameters.decoder import DECODERS, Decoder
from checker.memory.estimate import NotEstimable
from checker.memory.layer_kinds import Kinds, kinds_of
from checker.memory.model import Model, is_encoder, missing_of, unknown
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.recurrent import state_of
from checker.memory.versions import Version
from checker.value import NamedTuple

ELEMENT_BYTES = {
    "fp16": 2.0,
    "bf16": 2.0,
    "f16": 2.0,
    "fp32": 4.0,
    "f32": 4.0,
    "fp8": 1.0,
    "int8": 1.0,
    "q8_0": 34 / 32,
    "q5_1": 24 / 32,
    "q5_0": 22 / 32,
    "q4_1": 20 / 32,
    "q4_0": 18 / 32,
    "iq4_nl": 18 / 32,
}
"""Bytes a cached number, by the manifest's names; the q formats are llama.cpp's blocks of 32 with their scales."""

_ALIASES = {"auto": "fp16", "bfloat16": "bf16", "float16": "fp16", "fp8_e4m3": "fp8", "fp8_e5m2": "fp8"}
_DEFAULTS = frozenset({"fp16", "bf16", "f16"})
HELD = {
    Runtime.VLLM: _DEFAULTS | {"fp8", "int8"},
    Runtime.TGI: _DEFAULTS | {"fp8"},
    Runtime.LLAMA_CPP: frozenset(ELEMENT_BYTES) - {"fp8", "int8"},
    Runtime.TRANSFORMERS: _DEFAULTS | {"fp32", "f32", "int8"},
    Runtime.TEI: _DEFAULTS | {"fp32", "f32"},
}
"""Formats of the cache that a runtime is known to have."""


class Element(NamedTuple):
    """Bytes of a cached number of keys and of values."""

    key: float
    value: float


def element_of(name: str, runtime: Runtime) -> Element | NotEstimable:
    """The format of a cache; two names with a slash between them are those of keys and of values."""
    parts = [part.split()[-1] for part in name.casefold().split("/") if part.split()]
    names = [_ALIASES.get(part, part) for part in parts]
    if not 1 <= len(names) <= 2 or any(part not in ELEMENT_BYTES for part in names):
        return NotEstimable(f"the KV cache format `{name}` is not known: expected one of {', '.join(ELEMENT_BYTES)}")
    if strange := next((part for part in names if part not in HELD[runtime]), None):
        held = ", ".join(each for each in ELEMENT_BYTES if each in HELD[runtime])
        return NotEstimable(f"{runtime} is not known to hold a KV cache of {strange}: expected one of {held}")
    return Element(ELEMENT_BYTES[names[0]], ELEMENT_BYTES[names[-1]])


def in_blocks(tokens: int, block: int = 16) -> int:
    """Tokens rounded up to whole blocks of a paged cache (vLLM, arXiv:2309.06180)."""
    return -(-tokens // block) * block


class Cache(NamedTuple):
    """What the layers of one device keep."""

    whole: float
    """Bytes a token in layers that keep the whole context."""
    local: float
    """Bytes a token in layers that need a window."""
    window: int
    state: float
    """Bytes a sequence in recurrent layers."""
    formula: str
    """How a token's bytes are made."""
    state_formula: str = ""
    layers: int = 0
    """Layers with a cache."""
    notes: tuple[str, ...] = ()

    @property
    def all_whole(self) -> float:
        """Bytes a token where windows are not made use of."""
        return self.whole + self.local


NO_CACHE = Cache(0, 0, 0, 0, "")


def cache_of(model: Model, plan: ServingPlan, version: Version, devices: int = 1) -> Cache | NotEstimable:
    """The cache of one of `devices` devices that share heads.

    A token of grouped heads takes 2 (key, value) · layers · key-value heads · head dimension · bytes (GQA,
    arXiv:2305.13245); one of latent attention layers · (latent + rotated part) · bytes (MLA, arXiv:2405.04434).
    """
    if is_encoder(model):
        return NO_CACHE
    element = element_of(plan.kv_cache, plan.runtime)
    if isinstance(element, NotEstimable):
        return element
    kinds = kinds_of(model)
    if isinstance(kinds, NotEstimable):
        return kinds
    cache: Cache | NotEstimable = NO_CACHE
    if kinds.attending:
        if model.dimensions.kv_lora_rank:
            cache = _latent(model, plan, version, kinds, element)
        else:
            cache = _grouped(model, kinds, element, _of_windows(plan, version, element), devices)
    if isinstance(cache, NotEstimable) or not kinds.recurrent:
        return cache
    return _with_state(cache, model, plan, kinds, devices)


def _with_state(cache: Cache, model: Model, plan: ServingPlan, kinds: Kinds, devices: int) -> Cache | NotEstimable:
    """The recurrence in 32 bits; the last inputs too in llama.cpp, elsewhere in 16."""
    state = state_of(model, kinds)
    if isinstance(state, NotEstimable):
        return state
    kept = 4 if plan.runtime is Runtime.LLAMA_CPP else 2
    each = kinds.recurrent * (4 * state.matrix + kept * state.convolution) / devices
    words = f"{kinds.recurrent} layers · {state.formula}; 4 and {kept} bytes"
    return cache._replace(state=each, state_formula=words)


def _of_windows(plan: ServingPlan, version: Version, element: Element) -> float:
    """Bytes of a key and a value in layers with a window.

    llama.cpp leaves them in 16 bits where the other cache is quantised (its pull request 21277); its fork does not.
    """
    both = element.key + element.value
    return max(both, 4) if plan.runtime is Runtime.LLAMA_CPP and "ik_llama" not in version.words else both


def _grouped(model: Model, kinds: Kinds, element: Element, local: float, devices: int) -> Cache | NotEstimable:
    if missing := missing_of(model, ("num_key_value_heads", "head_dim")):
        return unknown(missing)
    dims, traits = model.dimensions, model.traits
    heads, size = -(-(dims.num_key_value_heads or 0) // devices), dims.head_dim or 0
    wide, wide_heads = traits.global_head_dim or size, heads
    if traits.global_kv_heads:
        wide_heads = -(-traits.global_kv_heads // devices)
    both = element.key + element.value
    words = f"{kinds.full} layers · {wide_heads} heads · {wide} · {_bytes_words(element)}"
    if kinds.local:
        words += f", and {kinds.local} with a window of {kinds.window}: {heads} · {size} · {local:g} bytes"
    notes = ("layers that read another layer's cache have none",) if kinds.shared else ()
    return Cache(
        whole=kinds.full * wide_heads * wide * both,
        local=kinds.local * heads * size * local,
        window=kinds.window,
        state=0,
        formula=words,
        layers=kinds.attending,
        notes=notes,
    )


def _bytes_words(element: Element) -> str:
    if element.key == element.value:
        return f"2 · {element.key:g} bytes"
    return f"({element.key:g} + {element.value:g}) bytes"


_INDEXED = frozenset({"deepseek_v32", "glm_moe_dsa"})
"""Families with sparse attention, whose indexer has a cache of its own."""

INDEX_BYTES = 132
"""Bytes a token and layer of the indexer's cache: 128 numbers in 8 bits and a 32-bit scale (vLLM's DeepSeek-V3.2)."""


class Latent(NamedTuple):
    """Sizes of latent attention."""

    rank: int
    rope: int
    nope: int
    value: int


def latent_of(model: Model) -> Latent | NotEstimable:
    """As the configuration or the family has them."""
    family, traits = DECODERS.get(model.model_type or "", Decoder()), model.traits
    rope = traits.rope_head_dim or (family.rope if family.nope else 0)
    if not rope:
        return NotEstimable("the rotated head dimension of its latent attention is not among the facts")
    nope, value = traits.nope_head_dim or family.nope, traits.value_head_dim or family.value
    return Latent(model.dimensions.kv_lora_rank or 0, rope, nope, value)


def _latent(model: Model, plan: ServingPlan, version: Version, kinds: Kinds, element: Element) -> Cache | NotEstimable:
    """Latent attention: one latent a token where the runtime absorbs its matrices, else keys and values of all heads.

    transformers caches what it multiplies: heads · (key + value dimension). So did vLLM before 0.7, both padded
    to steps of 256 numbers; 0.7 padded the latent to steps of 128 (640 for 576).
    """
    sizes = latent_of(model)
    if isinstance(sizes, NotEstimable):
        return sizes
    layers, heads = kinds.full, model.dimensions.num_attention_heads or 0
    key = sizes.nope + sizes.rope
    if plan.runtime is Runtime.TRANSFORMERS:
        words = f"{layers} layers · {heads} heads · ({key} + {sizes.value}) · {element.key:g} bytes"
        return Cache(layers * heads * (key + sizes.value) * element.key, 0, 0, 0, words, layers=layers)
    if plan.runtime is Runtime.VLLM and version.before(0, 7):
        padded = in_blocks(key, 256) if key > 128 else 128
        words = f"{layers} layers · {heads} heads · 2 · {padded} · {element.key:g} bytes, not absorbed before 0.7"
        return Cache(layers * heads * 2 * padded * element.key, 0, 0, 0, words, layers=layers)
    latent = sizes.rank + sizes.rope
    if plan.runtime is Runtime.VLLM and version.before(0, 8):
        latent = in_blocks(latent, 128)
    words = f"{layers} layers · {latent} ({sizes.rank} + {sizes.rope}) · {element.key:g} bytes, one copy on each device"
    token = layers * latent * element.key
    if model.model_type in _INDEXED:
        token += layers * INDEX_BYTES
        words += f", and {INDEX_BYTES} bytes of the indexer"
    return Cache(token, 0, 0, 0, words, layers=layers)
