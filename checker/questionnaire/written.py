"""The manifest that answers make: first with its model open, as `select` reads it, then with the model chosen."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.place import SourceFile
from checker.document.quote import quoted
from checker.questionnaire.question import Stated
from checker.questionnaire.questions import LATER
from checker.selection import ask, write
from checker.selection.judge import Judged

_HEAD = """\
# Written by `weighbridge init` from the five steps of the checklist. `weighbridge check` judges it.
weighbridge: 1
"""
_TOP = ("project", "owner")
_BLOCKS = {
    "use": {"purpose": "purpose", "distribution": "distribution", "region": "regions", "monthly_active_users": ""},
    "hardware": {"gpu": "", "vram": "", "instance": "", "count": ""},
}
_ENTRY = ("name", "license", "objective", "task", "size_class", "documents", "baseline")
_ENTRY_BLOCKS = {
    "fine_tuning": {"goal": "", "method": "", "sequence_length": "", "micro_batch_size": ""},
    "deployment": {"runtime": "", "quantization": "", "context_window": "", "parallel_requests": ""},
}
_LISTS = frozenset(("distribution", "region"))
KEYS = (*_TOP, *_ENTRY, *(key for block in (*_BLOCKS.values(), *_ENTRY_BLOCKS.values()) for key in block))
"""What answers may state."""


def open_manifest(stated: Stated, name: str) -> SourceFile:
    """The manifest without its model.

    Args:
        stated: the answers so far; without an objective it is one that suits every model.
        name: what the file will be called.
    """
    return SourceFile(name, _HEAD + "".join(f"{line}\n" for line in _lines(stated)))


def with_model(stated: Stated, name: str, judged: Judged) -> SourceFile:
    """The manifest with a model that was chosen, its licence and what has to change for it."""
    known = judged.facts.license
    license_id = getattr(known, "value", None)
    said = {**stated, "license": license_id if license_id and license_id != "other" else ""}
    source = open_manifest(said, name)
    question = ask.of_manifest(source)
    model = write.Model(judged.id, judged.facts.revision, judged.changes)
    return SourceFile(name, write.into_entry(source, question.node, model))


def _lines(stated: Stated) -> Iterator[str]:
    for key in _TOP:
        if stated.get(key):
            yield f"{key}: {quoted(stated[key])}"
    if not stated.get("owner"):
        yield "# owner: team@example.com   # who answers for this manifest"
    for block, keys in _BLOCKS.items():
        yield from _block(block, keys, stated)
    yield "models:"
    if stated.get("objective") == "other":
        stated = {"task": "not stated", **stated}  # asked next
    entry = [f"{key}: {quoted(stated[key])}" for key in _ENTRY if stated.get(key)]
    for block, keys in _ENTRY_BLOCKS.items():
        entry += _block(block, keys, stated)
    yield f"  - {entry[0]}"
    yield from (f"    {line}" for line in entry[1:])
    if "baseline" in stated and not stated["baseline"]:
        yield f"    # baseline: evals/baseline.json   # {LATER}: results of the model before fine-tuning"


def _block(block: str, keys: dict[str, str], stated: Stated) -> Iterator[str]:
    pairs = [f"{name or key}: {_value(key, stated[key])}" for key, name in keys.items() if stated.get(key)]
    if block == "hardware" and not any(stated.get(key) for key in ("gpu", "vram", "instance")):
        return
    if pairs:
        yield f"{block}: {{{', '.join(pairs)}}}"


def _value(key: str, text: str) -> str:
    if key in _LISTS:
        return f"[{', '.join(quoted(part) for part in text.split(', '))}]"
    return quoted(text)
