"""`text-generation-launcher`, of Text Generation Inference."""

from __future__ import annotations

from checker.memory.runtime.vllm import CHUNK
from checker.sizing.starting.launch import Case, Flag, Launch, pinned, share_text, unmade, unpinned

SOURCE = "https://huggingface.co/docs/text-generation-inference/reference/launcher"
PORT = 8080
HEALTH = "/health"

_MADE = {"nf4": "bitsandbytes-nf4", "nf4-dq": "bitsandbytes-nf4", "int8": "bitsandbytes", "fp8": "fp8"}
"""Formats that it makes while it loads 16-bit files; those of files it reads from their configuration."""


def launch(case: Case) -> Launch:
    """The command that serves the plan; a prompt leaves at least one token for the answer."""
    plan, artefact = case.plan, case.artefact
    prompt = max(1, min(plan.prompt_tokens or plan.context_window, plan.context_window - 1))
    step = max(prompt, min(CHUNK, prompt * plan.parallel_requests))
    flags = [Flag("--model-id", artefact.name, "what is loaded", SOURCE), *pinned(artefact, SOURCE)]
    for name, value, why in (
        ("--max-input-tokens", prompt, "tokens of a prompt"),
        ("--max-total-tokens", plan.context_window, "tokens of one request, prompt and answer"),
        ("--max-batch-prefill-tokens", step, f"tokens of one prefill: a whole prompt, or {CHUNK} of several"),
        ("--max-batch-total-tokens", plan.context_window * plan.parallel_requests, "the context of all requests"),
        ("--max-concurrent-requests", plan.parallel_requests, "requests at the same time; more are refused"),
    ):
        flags.append(Flag(name, str(value), why, SOURCE))
    made = _MADE.get(plan.quantization)
    if made is not None and artefact.stored != plan.quantization:
        flags.append(Flag("--quantize", made, f"weights in {plan.quantization}", SOURCE))
    if plan.kv_cache == "fp8":
        flags.append(Flag("--kv-cache-dtype", "fp8_e4m3fn", "a KV cache in fp8", SOURCE))
    if case.devices > 1:
        flags.append(Flag("--num-shard", str(case.devices), "each GPU holds its part of each matrix", SOURCE))
    if case.share is not None:
        text = share_text(case.share)
        flags.append(Flag("--cuda-memory-fraction", text, "the part of each GPU that it may take", SOURCE))
    return Launch(("text-generation-launcher",), tuple(flags), (*unpinned(artefact), *unmade(artefact, plan)))
