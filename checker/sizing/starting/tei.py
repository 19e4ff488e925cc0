"""`text-embeddings-router`, of Text Embeddings Inference."""

from __future__ import annotations

from checker.memory.runtime.tei import BATCH
from checker.sizing.starting.launch import Case, Flag, Launch, pinned, unpinned

SOURCE = "https://huggingface.co/docs/text-embeddings-inference/cli_arguments"
PORT = 8080
HEALTH = "/health"
_REQUESTS = 512
"""What `--max-concurrent-requests` is unless it is given."""


def launch(case: Case) -> Launch:
    """The command that serves the plan: a batch of the tokens that the estimate was made for."""
    plan, artefact = case.plan, case.artefact
    tokens = max(BATCH, plan.context_window)
    flags = [
        Flag("--model-id", artefact.name, "what is loaded", SOURCE),
        *pinned(artefact, SOURCE),
        Flag("--max-batch-tokens", str(tokens), "tokens of a batch, which requests share", SOURCE),
    ]
    if plan.parallel_requests > _REQUESTS:
        words = "requests at the same time; more are refused"
        flags.append(Flag("--max-concurrent-requests", str(plan.parallel_requests), words, SOURCE))
    if plan.quantization != "F32":
        flags.append(Flag("--dtype", "float16", "weights of 16 bits", SOURCE))
    several = (f"TEI serves one GPU: start one on each of the {case.devices}",) if case.devices > 1 else ()
    return Launch(("text-embeddings-router",), tuple(flags), (*unpinned(artefact), *several))
