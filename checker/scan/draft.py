"""Drafts a manifest from what code and configuration use; what nobody can know from them is asked in comments."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.document.quote import quoted
from checker.manifest.choices import Objective
from checker.scan.models import Used, unique_name
from checker.scan.use import Option

_HEAD = """\
# Drafted by `weighbridge scan --write` from what code and configuration use: read it before you trust it.
# Lines behind `#` ask for what they cannot tell. `weighbridge check` judges the file.
weighbridge: 1
# owner: team@example.com                     # who answers for these models
# status: live                                # planned, live or retired
# use: {purpose: commercial, distribution: [service], regions: [EU]}   # asked where a licence's terms mention it
models:
"""
_PLACES = 3
"""Places of a model that its comment lists."""


def draft(models: tuple[Used, ...]) -> str:
    """The text of a manifest with these models.

    An entry whose objective nobody tells has it behind `#`, so that `check` asks for it.
    """
    names: set[str] = set()
    return _HEAD + "".join(f"{line}\n" for used in models for line in _entry(used, names))


def _entry(used: Used, names: set[str]) -> Iterator[str]:
    yield f"  # {_where(used)}"
    yield f"  - model: {quoted(used.model)}"
    name = unique_name(used.model, names)
    if name is not None:
        yield f"    name: {quoted(name)}"
    if used.revision:
        yield f"    revision: {quoted(used.revision)}"
    elif not used.model.startswith(".") and used.access == "weights":
        yield "    # revision: the 40 hex digits of a commit; without it `weighbridge lock` pins one in model.lock"
    yield from _objective(used)
    if used.access == "api":
        yield "    access: api"
        yield "    # provider: whose service runs it"
    for block in ("fine_tuning", "deployment"):
        options = [one for one in used.options if one.key.startswith(f"{block}.")]
        if options:
            yield f"    {block}:"
            yield from (f"      {one.key.partition('.')[2]}: {quoted(one.value)}" for one in options)
            yield from _asked(block, options)
    for note in sorted({use.note for use in used.uses if use.note}):
        yield f"    # {_comment(note)}"


def _objective(used: Used) -> Iterator[str]:
    if used.objective is None:
        yield f"    # objective: one of {', '.join(Objective)}"
        return
    said = "   # inferred from what the model is made for" if used.inferred else ""
    yield f"    objective: {used.objective.value}{said}"
    if used.objective.value == Objective.OTHER:
        if used.task:
            yield f"    task: {quoted(used.task.value)}"
        else:
            yield "    # task: what it is to do"


def _asked(block: str, options: list[Option]) -> Iterator[str]:
    stated = {one.key.partition(".")[2] for one in options}
    if block == "deployment" and "context_window" not in stated:
        yield "      # context_window: tokens of one request; asked, to judge memory"
    if block == "fine_tuning":
        yield from (
            f"      # {key}: asked, to judge memory" for key in ("method", "sequence_length") if key not in stated
        )
    yield "      # hardware: {gpu: L4, count: 1}         # asked, to judge memory"


def _where(used: Used) -> str:
    places = [f"{use.kind} at {use.at}" for use in used.uses[:_PLACES]]
    more = len(used.uses) - _PLACES
    return _comment(", ".join(places) + (f" and {more} places more" if more > 0 else ""))


def _comment(text: str) -> str:
    """Text of a foreign file inside a comment: on one line, without control characters."""
    return visible(" ".join(text.split()))[:300]
