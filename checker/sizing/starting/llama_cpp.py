"""`llama-server`, of llama.cpp."""

from __future__ import annotations

from checker.memory.formats import GGUF
from checker.memory.plan import Task
from checker.sizing.starting.launch import Case, Flag, Launch, unpinned

SOURCE = "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"
TOTAL = "https://github.com/ggml-org/llama.cpp/issues/11681"
"""`-c` is what all slots share: each gets `-c` over `-np`."""
PORT = 8080
HEALTH = "/health"
FILE = "FILE.gguf"
"""Stands for the file's name, which only the repository's listing says."""

_NAMES = {"fp16": "f16"}


def launch(case: Case) -> Launch:
    """The command that serves the plan, after the download of a commit or the conversion."""
    plan, artefact = case.plan, case.artefact
    holds = "gguf" in artefact.name.casefold()
    whole = plan.context_window * plan.parallel_requests
    words = f"{plan.parallel_requests} slots of {plan.context_window} tokens: the total, which they divide"
    flags = [
        _file(case, holds=holds),
        Flag("-c", str(whole), words, TOTAL),
        Flag("-np", str(plan.parallel_requests), "slots: requests at the same time", SOURCE),
        Flag("-ngl", "99", "all layers on the GPU", SOURCE),
    ]
    if plan.kv_cache != "fp16":
        flags.append(Flag("-fa", "on", "a quantised cache of values needs flash attention", SOURCE))
        flags.append(Flag("-ctk", _NAMES.get(plan.kv_cache, plan.kv_cache), "the cached keys", SOURCE))
        flags.append(Flag("-ctv", _NAMES.get(plan.kv_cache, plan.kv_cache), "the cached values", SOURCE))
    if case.task is Task.EMBED:
        flags.append(Flag("--embeddings", None, "the model embeds; it writes nothing", SOURCE))
    if case.task is Task.CLASSIFY:
        flags.append(Flag("--reranking", None, "the model scores pairs; it writes nothing", SOURCE))
    return Launch(("llama-server",), tuple(flags), _notes(case, holds=holds), _before(case, holds=holds))


def _file(case: Case, *, holds: bool) -> Flag:
    artefact, stored = case.artefact, case.plan.quantization
    if holds and not artefact.local and artefact.revision is None:
        return Flag("-hf", f"{artefact.name}:{stored}", "the repository and the type of its file", SOURCE)
    if holds:
        folder = artefact.name if artefact.local else _folder(artefact.name)
        return Flag("-m", f"{folder}/{FILE}", "the file", SOURCE)
    return Flag("-m", FILE, "the file", SOURCE)


def _folder(name: str) -> str:
    """Where a repository is downloaded to: the last part of its id."""
    return f"./{name.rpartition('/')[2]}"


def _before(case: Case, *, holds: bool) -> tuple[tuple[str, ...], ...]:
    artefact, stored = case.artefact, case.plan.quantization
    if holds and not artefact.local and artefact.revision is not None:
        included = ("--include", f"*{stored}*.gguf", "--local-dir", _folder(artefact.name))
        return (("hf", "download", artefact.name, "--revision", artefact.revision, *included),)
    if not holds and stored in GGUF and stored not in ("F32", "F16", "BF16"):
        return (("llama-quantize", "FILE-F16.gguf", FILE, stored),)
    return ()


def _notes(case: Case, *, holds: bool) -> tuple[str, ...]:
    artefact = case.artefact
    if not holds:
        made = f" at {artefact.revision}" if artefact.revision and not artefact.local else ""
        return (
            f"{FILE} is converted from {artefact.name}{made}: llama.cpp loads GGUF files alone",
            *unpinned(artefact),
        )
    if artefact.local or artefact.revision is not None:
        return (f"{FILE} stands for the file in that folder; of a split one the first part", *unpinned(artefact))
    return unpinned(artefact)
