"""What rules see of a lock's entry: the same facts as from any other source, with the lock as where they come from."""

from __future__ import annotations

from typing import Any

from checker.facts.fact import Certainty, Fact, NotRead, Origin, Source, Unknown
from checker.facts.locked.entry import Gate, LockEntry, Stated
from checker.facts.model import Facts

_JUDGED = frozenset(("architecture_class", "multimodal", "state_space", "variant"))
_OF_FILES = ("weight_formats", "remote_code", "unsafe_files")


def facts_of_entry(entry: LockEntry, origin: Origin, *, at_pinned_commit: bool = True) -> Facts:
    """The facts of an entry.

    A project's lock is the project's own file, so nothing in it is surer than *declared*, and what is our heuristic is
    inferred whatever the file says. What the organisation resolved (`facts:`) counts as *verified*, its card's
    statements too, since somebody answers for it; what was inferred stays so. At another commit than the pinned one
    nothing is surer than *declared*, and what only files tell is not taken.

    Args:
        entry: what the lock holds.
        origin: whose lock it is.
        at_pinned_commit: whether the entry's commit is the one that the project uses.
    """
    signed = origin is Origin.ORGANISATION and at_pinned_commit
    known: dict[str, Any] = {}
    for name, stated in zip(entry.facts._fields, entry.facts, strict=True):
        if stated is not None and name in Facts._fields:
            fact = _fact(entry, origin, stated, stated.value, signed)
            judged = name in _JUDGED and origin is Origin.LOCK
            known[name] = fact._replace(certainty=Certainty.INFERRED) if judged else fact
    if entry.facts.gate is not None:
        known["gated"] = _fact(entry, origin, entry.facts.gate, entry.facts.gate.value is not Gate.NO, signed)
    if (scan := entry.facts.security) is not None and scan.value.done:
        issues = tuple(f"{issue.path}: {issue.level}" for issue in scan.value.issues)
        known["unsafe_files"] = _fact(entry, origin, scan, issues, signed)
    if at_pinned_commit:
        known |= {name: _absent(entry, name) for name in _OF_FILES if name not in known}
    else:
        known |= {name: NotRead(name) for name in _OF_FILES}
    return Facts(model=entry.id, found_as=entry.model, revision=entry.commit, notes=entry.notes, **known)


def _fact(entry: LockEntry, origin: Origin, stated: Stated[Any], value: object, signed: bool) -> Fact[Any]:
    certainty = stated.certainty
    if certainty is not Certainty.INFERRED:
        certainty = Certainty.VERIFIED if signed else Certainty.DECLARED
    return Fact(value, certainty, Source(origin, stated.source, entry.id, stated.commit or entry.commit))


_NO_FILES = "only files can tell, and the lock lists none"


def _absent(entry: LockEntry, name: str) -> Unknown | NotRead:
    """Why a fact about files is not there: they were listed and do not tell, or nobody could look into them."""
    if entry.is_closed and not (name == "weight_formats" and entry.files):  # names tell formats without being opened
        return NotRead(name, "the model is gated, and whoever wrote the lock could not read its files")
    return Unknown(name, "the files that the lock lists do not tell") if entry.files else NotRead(name, _NO_FILES)
