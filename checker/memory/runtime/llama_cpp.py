"""llama.cpp: a cache of whole cells allocated at the start, and buffers for one micro batch."""

import re

from checker.memory.estimate import Term
from checker.memory.kv_cache import in_blocks
from checker.memory.placement import Part, split
from checker.memory.runtime.case import Case, Phase, adapter_term, mixed_note

UBATCH = 512
"""Tokens of a micro batch (`--ubatch-size`), where the version's text states no other."""

_STATED = re.compile(r"(?:ubatch[-_a-z]*|-ub)[ =:]+(\d+)")


def micro_batch(case: Case) -> int:
    """Tokens of a micro batch."""
    stated = _STATED.search(case.version.words)
    return max(1, int(stated[1])) if stated else UBATCH


def _windows(case: Case) -> bool:
    """The fork ik_llama.cpp gives layers with a window the whole context."""
    return case.cache.window > 0 and "ik_llama" not in case.version.words


def window_cells_of(case: Case) -> int:
    """Cells of a layer with a window, in steps of 256, or of 32 without flash attention; at most the whole cache."""
    if not _windows(case):
        return cells_of(case)
    step = 32 if case.version.eager else 256
    return min(cells_of(case), in_blocks(case.cache.window * case.requests + micro_batch(case), step))


def phases(case: Case) -> tuple[Phase, ...]:
    """Serving on the fullest device: all is allocated at the start."""
    every = [_terms(case, part) for part in split(max(1, case.layers), case.devices)]
    return (Phase("allocated at the start", max(every, key=lambda terms: sum(term.bytes for term in terms))),)


def _terms(case: Case, part: Part) -> tuple[Term, ...]:
    held, layers = case.held, max(1, case.layers)
    here = held.blocks * part.layers // layers
    if part.head:
        here += held.head or (0 if held.table_on_host else held.table)
    words = held.formula
    if held.table_on_host:
        words += ", the token table on the host"
    if case.devices > 1:
        words += f"; {part.layers} of {layers} layers on the fullest device"
    return (Term("weights", here, words), *adapter_term(case), *_cache(case, part), buffers(case, last=part.head))


def _cache(case: Case, part: Part) -> tuple[Term, ...]:
    cache, share = case.cache, part.layers / max(1, case.layers)
    terms = []
    if cache.formula:
        cells = cells_of(case)
        local = window_cells_of(case)
        amount = int((cache.whole * cells + cache.local * local) * share)
        words = f"{cells} cells · {cache.formula}"
        if cache.local:
            words += f" in {local} cells"
        terms.append(Term("KV cache", amount, words))
    if cache.state:
        state = int(cache.state * case.requests * share)
        terms.append(Term("recurrent state", state, f"{case.requests} sequences · {cache.state_formula}"))
    return tuple(terms)


def cells_of(case: Case) -> int:
    """Cells of the cache: the context of all requests, in steps of 256."""
    return in_blocks(case.plan.context_window * case.requests, 256)


def buffers(case: Case, *, last: bool = True) -> Term:
    """The compute buffer, in 32 bits: the head's output and input, or the widest moment of a block and the mask.

    micro batch · (vocabulary + hidden) · 4 (258.5 MiB for Llama-3-8B, 2,096 MiB for Command A with 2,048 tokens), or
    micro batch · ((3 · intermediate + 4 · hidden) · 4 + cells · 2) (85.0 MiB for Qwen3-4B with one output).
    """
    tokens = min(micro_batch(case), case.plan.context_window * case.requests)
    outputs = case.requests if "n_outputs_max" in case.version.words else tokens
    block = tokens * ((3 * case.wide + 4 * case.hidden) * 4 + 2 * cells_of(case))
    head = outputs * (case.vocabulary + case.hidden) * 4 if last else 0
    if head >= block:
        return Term("compute buffer", head, f"{outputs} tokens · ({case.vocabulary} + {case.hidden}) · 4 bytes")
    words = f"{tokens} tokens · ((3 · {case.wide} + 4 · {case.hidden}) · 4 + {cells_of(case)} · 2) bytes"
    return Term("compute buffer", block, words)


def notes(case: Case) -> tuple[str, ...]:
    """What is assumed of llama.cpp."""
    said = [f"flash attention, and logits reserved for a whole micro batch of {micro_batch(case)} tokens"]
    said += mixed_note(case)
    if case.devices > 1:
        said.append(f"whole layers on each of {case.devices} devices, as `--split-mode layer` places them")
    return tuple(said)
