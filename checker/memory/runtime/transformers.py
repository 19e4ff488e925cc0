"""transformers: whole prompts at once, and in older releases logits of the whole prompt and caches held twice."""

from checker.memory.estimate import Term
from checker.memory.families import family_of
from checker.memory.model import is_encoder
from checker.memory.placement import Part, balanced
from checker.memory.runtime.case import Case, Phase, adapter_term, block_values, mixed_note
from checker.memory.units import MIB, gib

SCORE_BYTES = 12
"""Bytes of a score where attention is written out: the product and its scaled copy in 16 bits, and in 32 bits the input
and the output of the softmax, which PyTorch copies for bfloat16."""

WORKSPACES = 32 * MIB
"""Workspaces of matrix products, and buffers of sampling: 0.02 to 0.05 GiB in the tables of Qwen2.5 and Qwen3."""

_TUPLES = frozenset({"qwen", "chatglm"})
"""Families run by code of their own, which keeps caches as tuples in every release."""

_LOGITS = frozenset({"qwen"})
"""Those whose code computes logits of all tokens."""


def _keeps_tuples(case: Case) -> bool:
    """Before 4.42 each step made a cache of new tensors while its caller still held the old ones."""
    return case.version.before(4, 42) or case.model.model_type in _TUPLES


def _all_logits(case: Case) -> bool:
    """Before 4.45 a prefill computed logits of all tokens, in 16 bits and again in 32."""
    return case.version.before(4, 45) or case.model.model_type in _LOGITS


def _windows(case: Case) -> bool:
    """From 4.56 on layers with a window drop what is outside of it; Gemma's did before."""
    return not case.version.before(4, 56) or (case.model.model_type or "").startswith("gemma")


def _writes_scores(case: Case) -> bool:
    """Whether attention is written out: in old releases, or where the library has no fused kernel for the family."""
    family = family_of(case.model.model_type, encoder=is_encoder(case.model))
    fused = any(word in case.version.words for word in ("flash", "fa2", "sdpa"))
    return case.version.eager or (family.eager and not fused)


def phases(case: Case) -> tuple[Phase, ...]:
    """Loading, prefill and decode on the device whose peak is the highest."""
    every = _each_device(case)
    return max(every, key=lambda phases: max(phase.bytes for phase in phases))


def device_peaks(case: Case) -> tuple[int, ...]:
    """The peak of each device in bytes, which published sums add up although they come at different times."""
    return tuple(max(phase.bytes for phase in phases) for phases in _each_device(case))


def _each_device(case: Case) -> tuple[tuple[Phase, ...], ...]:
    held, layers = case.held, max(1, case.layers)
    parts = balanced(held.blocks // layers, layers, held.table, held.head, case.devices)
    return tuple(_phases(case, part) for part in parts)


def _phases(case: Case, part: Part) -> tuple[Phase, ...]:
    fixed = (*_weights(case, part), *_tables(case, part), *adapter_term(case), _workspaces())
    prefill = max(_prefill(case, part), key=lambda terms: sum(term.bytes for term in terms))
    found = [
        Phase("prefill", (*fixed, *_cache(case, part, case.prompt), *prefill)),
        Phase("decode", (*fixed, *_cache(case, part, case.plan.context_window, 2 if _keeps_tuples(case) else 1))),
    ]
    if case.held.loading and part.head:
        again = Term("head before it is tied", case.held.loading, "the file holds the head of a tied model apart")
        found.append(Phase("loading", (*_weights(case, part), again)))
    return tuple(found)


def _weights(case: Case, part: Part) -> tuple[Term, ...]:
    held = case.held
    here = held.blocks * part.layers // max(1, case.layers) + held.table * part.table + held.head * part.head
    if case.devices == 1:
        return (Term("weights", held.device, held.formula),)
    return (Term("weights", here, f"{held.formula}; {part.layers} of {case.layers} layers on the fullest device"),)


def _tables(case: Case, part: Part) -> tuple[Term, ...]:
    """Before 4.45 every layer had its own table of sines and cosines: positions · head dimension · 2 · 2 bytes."""
    dims = case.model.dimensions
    if not case.vocabulary or not case.version.before(4, 45) or not dims.head_dim:
        return ()
    positions = dims.max_position_embeddings or case.plan.context_window
    words = f"{part.layers} layers · {positions} positions · {dims.head_dim} · 2 · 2 bytes"
    return (Term("position tables", part.layers * positions * dims.head_dim * 4, words),)


def _workspaces() -> Term:
    return Term("workspaces", WORKSPACES, "of matrix products and sampling, fixed")


def _cache(case: Case, part: Part, tokens: int, copies: int = 1) -> tuple[Term, ...]:
    cache, layers = case.cache, max(1, case.layers)
    if not cache.formula and not cache.state:
        return ()
    local = min(tokens, cache.window) if cache.window and _windows(case) else tokens
    held = (cache.whole * tokens + cache.local * local) * case.requests * copies * part.layers / layers
    requests = f" · {case.requests} requests" if case.requests > 1 else ""
    words = f"{tokens} tokens{requests} · {cache.formula}"
    if copies > 1:
        words += ", old and new at once"
    terms = [Term("KV cache", int(held), words)]
    if cache.state:
        state = int(cache.state * case.requests * part.layers / layers)
        terms.append(Term("recurrent state", state, cache.state_formula))
    return tuple(terms)


def _prefill(case: Case, part: Part) -> tuple[tuple[Term, ...], ...]:
    """What may be alive beside weights and cache: a block's widest values, its scores, or the logits."""
    asked = case.prompt * case.requests
    each = 4 if case.held.wide else 2
    found: list[tuple[Term, ...]] = [(block_values(case, asked, each),)]
    heads = case.model.dimensions.num_attention_heads or 0
    if heads and _writes_scores(case):
        scores = heads * case.prompt * asked * SCORE_BYTES
        words = f"{heads} heads · {case.prompt}² · {case.requests} · {SCORE_BYTES} bytes, written out"
        values = Term(
            "activations", asked * 6 * case.hidden * each, f"{asked} tokens · 6 · {case.hidden} · {each} bytes"
        )
        found.append((Term("attention scores", scores, words), values))
    if case.vocabulary:
        found.append((_logits(case, part, asked),))
    return tuple(found)


def _logits(case: Case, part: Part, asked: int) -> Term:
    """Logits in 16 bits and their 32-bit copy; a device map returns the copy to the first device."""
    if not _all_logits(case):
        asked, words = case.requests, f"last token of {case.requests} requests"
    else:
        words = f"{asked} tokens"
    each = 6 if part.head else 4 if part.table else 0
    return Term("logits", asked * case.vocabulary * each, f"{words} · {case.vocabulary} · {each} bytes")


def notes(case: Case) -> tuple[str, ...]:
    """What is assumed of transformers."""
    said = [*mixed_note(case)]
    if case.devices > 1:
        together = gib(sum(device_peaks(case)))
        said.append(
            f"whole layers on each of {case.devices} devices, as `device_map: auto` places them: the fullest is shown,"
            f" all together have peaks of {together}"
        )
    if case.cache.window and not _windows(case):
        said.append("this release caches the whole context in layers with a sliding window too")
    return tuple(said)
