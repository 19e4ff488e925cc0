"""Which layers of a model keep what for later tokens: the whole context, a window of it, a state, or nothing."""

from checker.memory.estimate import NotEstimable
from checker.memory.model import Model
from checker.value import NamedTuple


class Pattern(NamedTuple):
    """How the layers of a family repeat, where no configuration lists them."""

    full_every: int = 1
    """One attending layer in so many sees the whole context, the others a window; 0: none does."""
    attend_every: int = 1
    """One layer in so many attends, the others are recurrent; 0: none does."""
    both: bool = False
    """Whether every layer attends and is recurrent."""
    window: int = 0
    """Tokens of the window where the dimensions do not say; 0: as the dimensions have it."""


_WINDOWED = Pattern(full_every=0)
PATTERNS = {
    "afmoe": Pattern(full_every=4),
    "cohere2": Pattern(full_every=4, window=4096),
    "exaone4": Pattern(full_every=4),
    "falcon_h1": Pattern(both=True),
    "falcon_mamba": Pattern(attend_every=0),
    "gemma2": Pattern(full_every=2, window=4096),
    "gemma3": Pattern(full_every=6),
    "gemma3_text": Pattern(full_every=6),
    "gpt_oss": Pattern(full_every=2, window=128),
    "jamba": Pattern(attend_every=8),
    "llama4": Pattern(full_every=4, window=8192),
    "llama4_text": Pattern(full_every=4, window=8192),
    "mamba": Pattern(attend_every=0),
    "mamba2": Pattern(attend_every=0),
    "mistral": _WINDOWED,
    "mixtral": _WINDOWED,
    "olmo3": Pattern(full_every=4, window=4096),
    "olmo_hybrid": Pattern(attend_every=4),
    "phi3": _WINDOWED,
    "phimoe": _WINDOWED,
    "qwen3_5": Pattern(attend_every=4),
    "qwen3_5_moe": Pattern(attend_every=4),
    "qwen3_5_moe_text": Pattern(attend_every=4),
    "qwen3_5_text": Pattern(attend_every=4),
    "qwen3_next": Pattern(attend_every=4),
    "rwkv": Pattern(attend_every=0),
    "starcoder2": _WINDOWED,
}
"""By `model_type`, from the families' configuration classes in transformers; all layers of others see all."""

LISTED = frozenset(
    {
        "bamba",
        "granitemoehybrid",
        "kimi_linear",
        "lfm2",
        "lfm2_moe",
        "minimax",
        "nemotron_h",
        "recurrent_gemma",
        "zamba2",
    }
)
"""Families whose kinds of layers differ from model to model: a configuration has to list them."""

_REFUSED = {
    "bailing_hybrid": "its layers of linear attention are not modelled",
    "deepseek_v4": "its layers compress their caches by ratios that the dimensions do not hold",
    "nemotron-nas": "its layers differ",
    "zamba": "its layers share attention blocks that are not modelled",
}

_FULL = frozenset({"full_attention", "attention", "indexed_attention", "full", "global"})
_LOCAL = frozenset({"sliding_attention", "chunked_attention", "sliding", "local"})
_STATE = frozenset({"linear_attention", "mamba", "mamba2", "conv", "recurrent", "rwkv", "linear"})
_BOTH = frozenset({"hybrid"})
_NEITHER = frozenset({"mlp", "moe"})


class Kinds(NamedTuple):
    """Counts of layers; a layer that attends and is recurrent counts as full and as recurrent."""

    full: int
    """Layers that cache the whole context."""
    local: int = 0
    """Layers that need the last `window` tokens alone."""
    window: int = 0
    recurrent: int = 0
    convolution: bool = False
    """Whether the recurrent layers are short convolutions."""
    shared: bool = False
    """Whether some layers read another layer's cache and have none."""

    @property
    def attending(self) -> int:
        """Layers with a cache."""
        return self.full + self.local


def is_mixed(model: Model) -> bool:
    """Whether some layers are no attention, so far as is known."""
    pattern = PATTERNS.get(model.model_type or "", Pattern())
    stated = model.traits.layer_types or ()
    recurrent = any(kind in _STATE or kind in _BOTH for kind in stated)
    return model.state_space or recurrent or pattern.attend_every != 1 or pattern.both or model.model_type in LISTED


def kinds_of(model: Model) -> Kinds | NotEstimable:
    """The kinds of a model's layers, as its configuration lists them or its family repeats them."""
    family = model.model_type or ""
    if reason := _REFUSED.get(family):
        return NotEstimable(f"the KV cache of `{family}` is not modelled: {reason}")
    if model.traits.layer_types:
        return _listed(model, model.traits.layer_types)
    pattern = PATTERNS.get(family, Pattern())
    if family in LISTED or (model.state_space and pattern.attend_every == 1 and not pattern.both):
        return NotEstimable("which of its layers attend is not among the facts; a config.json lists them")
    if family.startswith(("gemma3n", "gemma4")):
        return NotEstimable(
            f"the KV cache of `{family}` needs its config.json: layers share caches and differ in heads"
        )
    return _patterned(model, pattern)


def _listed(model: Model, stated: tuple[str, ...]) -> Kinds | NotEstimable:
    own = stated[: len(stated) - (model.traits.shared_cache_layers or 0)]
    window = model.dimensions.sliding_window or PATTERNS.get(model.model_type or "", Pattern()).window
    known = _FULL | _LOCAL | _STATE | _BOTH | _NEITHER
    if strange := next((kind for kind in own if kind not in known), None):
        return NotEstimable(f"layers of the kind `{strange}` are not modelled")
    local = sum(kind in _LOCAL for kind in own)
    full = sum(kind in _FULL or kind in _BOTH for kind in own)
    if local and not window:
        full, local = full + local, 0
    return Kinds(
        full=full,
        local=local,
        window=window,
        recurrent=sum(kind in _STATE or kind in _BOTH for kind in own),
        convolution="conv" in own,
        shared=len(own) < len(stated),
    )


def _patterned(model: Model, pattern: Pattern) -> Kinds:
    layers = model.dimensions.num_hidden_layers or 0
    if pattern.both:
        return Kinds(full=layers, recurrent=layers)
    attending = layers // pattern.attend_every if pattern.attend_every else 0
    window = model.dimensions.sliding_window or pattern.window
    every = model.traits.window_every if pattern.attend_every == 1 and model.traits.window_every else pattern.full_every
    full = attending // every if every else 0
    if not window or every == 1:
        full = attending
    return Kinds(full=full, local=attending - full, window=window, recurrent=layers - attending)
