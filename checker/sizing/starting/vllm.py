"""`vllm serve`."""

from __future__ import annotations

from checker.memory.formats import GGUF
from checker.memory.plan import Task
from checker.sizing.starting.launch import Case, Flag, Launch, pinned, share_text, unmade, unpinned

SOURCE = "https://docs.vllm.ai/en/v0.8.5/serving/engine_args.html"
POOLING = "https://docs.vllm.ai/en/v0.18.0/models/pooling_models/"
PORT = 8000
HEALTH = "/health"

_METHODS = {
    "awq-int4": "awq_marlin",
    "gptq-int4": "gptq_marlin",
    "gptq-int8": "gptq_marlin",
    "nf4": "bitsandbytes",
    "nf4-dq": "bitsandbytes",
    "fp8": "fp8",
}
_MADE = ("fp8", "nf4", "nf4-dq")
"""Formats that vLLM makes while it loads 16-bit files; files that hold one say so themselves."""


def launch(case: Case) -> Launch:
    """The command that serves the plan."""
    plan, artefact = case.plan, case.artefact
    flags = [*pinned(artefact, SOURCE)]
    flags.append(Flag("--max-model-len", str(plan.context_window), "tokens of one request, prompt and answer", SOURCE))
    flags.append(Flag("--max-num-seqs", str(plan.parallel_requests), "requests at the same time", SOURCE))
    method = _METHODS.get(plan.quantization)
    if method is not None and not (plan.quantization in _MADE and artefact.stored == plan.quantization):
        flags.append(Flag("--quantization", method, f"weights in {plan.quantization}", SOURCE))
    if plan.kv_cache in ("fp8", "int8"):
        flags.append(Flag("--kv-cache-dtype", plan.kv_cache, f"a KV cache in {plan.kv_cache}", SOURCE))
    if case.devices > 1:
        words = f"each of {case.devices} GPUs holds its part of each matrix"
        flags.append(Flag("--tensor-parallel-size", str(case.devices), words, SOURCE))
    if case.share is not None:
        text = share_text(case.share)
        flags.append(Flag("--gpu-memory-utilization", text, "the part of each GPU that vLLM may take", SOURCE))
    if case.task is not Task.CAUSAL:
        flags.append(Flag("--runner", "pooling", "the model embeds or classifies; it writes nothing", POOLING))
    return Launch(("vllm", "serve", artefact.name), tuple(flags), (*unpinned(artefact), *_notes(case)))


def _notes(case: Case) -> tuple[str, ...]:
    said = [*unmade(case.artefact, case.plan)]
    if case.plan.quantization in GGUF:
        said.append(
            "vLLM reads GGUF through a plugin, which needs the file and the tokenizer named; see its page on GGUF"
        )
    if case.plan.quantization == "int8":
        said.append("vLLM makes no int8 weights while it loads: the files must hold them (W8A8)")
    if case.plan.kv_cache == "int8":
        said.append("a KV cache of int8 is in some builds of vLLM alone; `--kv-cache-dtype fp8` takes as much")
    return tuple(said)
