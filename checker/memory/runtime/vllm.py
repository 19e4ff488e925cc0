"""vLLM: pieces of prompts, a profile of the sampler for all sequences, captured graphs, and a paged cache."""

from checker.memory.estimate import Term
from checker.memory.kv_cache import in_blocks
from checker.memory.overhead import NCCL, VLLM_GRAPHS, VLLM_OTHER
from checker.memory.runtime.case import (
    Case,
    Phase,
    adapter_term,
    block_values,
    mixed_note,
    shared_weights,
    state_term,
)

CHUNK = 8192
"""Tokens of one step (`max_num_batched_tokens` of data-centre GPUs); at least 2,048."""
SEQUENCES = 256
"""Sequences that the profile run samples (`max_num_seqs`)."""
SAMPLER_BYTES = 44
"""Bytes of a logit while the profile run samples: eleven 32-bit values, among them the logits, their sorted copy with
64-bit indices, the buffers of the sort, probabilities and their sums. Fitted to start-up logs, which give 39 to 49."""


def request_bytes(case: Case) -> float:
    """The cache of one request on one device, in whole blocks of 16 tokens."""
    cache = case.cache
    return cache.whole * in_blocks(case.plan.context_window) + cache.local * in_window(case) + cache.state


def in_window(case: Case) -> int:
    """Tokens that layers with a window keep of one request: the window and one step, in blocks, and one block more."""
    context, window = case.plan.context_window, case.cache.window
    kept = in_blocks(window - 1 + CHUNK) + 16
    return min(in_blocks(context), kept) if window and _windows(case) else in_blocks(context)


def _windows(case: Case) -> bool:
    """From 0.10 on the cache of layers with a window is managed apart."""
    return not case.version.before(0, 10)


def activations(case: Case) -> Term:
    """The larger of one step's widest block, whose MLP is divided over devices, and the sampler, which is not."""
    asked = case.plan.context_window * case.requests
    values = block_values(case._replace(wide=case.wide // case.devices), max(2048, min(CHUNK, asked)))
    sampler = SEQUENCES * case.vocabulary * SAMPLER_BYTES
    if values.bytes >= sampler:
        return values
    return Term("activations", sampler, f"sampling {SEQUENCES} sequences · {case.vocabulary} · {SAMPLER_BYTES} bytes")


def phases(case: Case) -> tuple[Phase, ...]:
    """Serving with a full cache."""
    return (Phase("serving, the cache full", _terms(case)),)


def _terms(case: Case) -> tuple[Term, ...]:
    cache = case.cache
    attending = int((request_bytes(case) - cache.state) * case.requests)
    terms = [shared_weights(case), *adapter_term(case), activations(case), *state_term(case)]
    if cache.formula:
        words = f"{case.tokens} in blocks of 16 · {cache.formula}"
        if cache.local and cache.window and _windows(case):
            words += f" in {in_window(case)} tokens"
        terms.append(Term("KV cache", attending, words))
    graphs = "libraries 0.3 GiB and captured graphs 0.7 GiB, as vLLM's logs have them"
    terms.append(Term("runtime", VLLM_OTHER + VLLM_GRAPHS, graphs))
    if case.devices > 1:
        terms.append(Term("communication", NCCL, "buffers between devices, 1.8 GiB in one log"))
    return tuple(terms)


def notes(case: Case) -> tuple[str, ...]:
    """What is assumed of vLLM."""
    from checker.memory.formats import GGUF

    said = ["needed, not taken: vLLM takes 90 % of the card whatever the model", *mixed_note(case)]
    if case.cache.window and not _windows(case):
        said.append("this release caches the whole context in layers with a sliding window too")
    if case.plan.quantization in GGUF:
        said.append("vLLM loads GGUF through a plugin that its documentation calls experimental")
    return (*said, *parallel_note(case))


def parallel_note(case: Case) -> tuple[str, ...]:
    """How several devices share one model."""
    if case.devices == 1:
        return ()
    return (f"each of {case.devices} devices holds its part of weights and cache, as in tensor parallelism",)
