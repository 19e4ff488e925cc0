"""Every model that code and configuration use is declared, and used as it is declared.

What: what `weighbridge scan` finds stands in a manifest, at the revision, context window, quantisation and tuning that
      the manifest states; and what the manifest declares is used. Code that could not be read leaves the rule not
      evaluated, since it may use any model. `check` reads no code and leaves this rule out.
Why:  a manifest that code does not follow describes models that nobody runs, and a policy judges those alone.
Fix:  declare the model (`weighbridge scan --write` drafts an entry), or make code and manifest say the same:
      `weighbridge get` lets code read the manifest instead of repeating it.

Passes: {model: BAAI/bge-m3, objective: similarity, code: "SentenceTransformer('BAAI/bge-m3')"}
Fails:  {model: BAAI/bge-m3, objective: similarity, code: "SentenceTransformer('intfloat/e5-large-v2')"}
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from checker.document.errors import shown
from checker.document.scalars import Word
from checker.facts.lock_state import LockState
from checker.manifest.model import Access, Manifest, ModelEntry, Status
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.scan_case import Difference, ScanCase, Sighting, Unnamed, differences, pinned_of
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import ranked

SETTLED_BY = Settler.YOU
_SHOWN = 8
"""Places of one model that a finding lists."""


class Weight(StrEnum):
    """What something that a scan cannot be sure of does."""

    SAY = "say"
    BLOCK = "block"
    """It counts at the rule's level."""


class Settings(RuleSettings):
    """Options of `models-declared`."""

    unused: Annotated[Weight, Word, ranked(tuple(Weight))] = Weight.SAY
    """Whether a declared model that is found nowhere is said or counts at the rule's level: `say` or `block`."""
    unnamed: Annotated[Weight, Word, ranked(tuple(Weight))] = Weight.SAY
    """Whether uses whose model cannot be named are said beside a manifest, or leave the rule not evaluated: `say` or
    `block`. Without a manifest they always do."""
    unread: Annotated[Weight, Word, ranked(tuple(Weight))] = Weight.BLOCK
    """Whether code that could not be read is said beside a manifest, or leaves the rule not evaluated: `say` or
    `block`. Without a manifest it always does."""


def check(
    scan: ScanCase, entry: ModelEntry | None, manifest: Manifest | None, lock: LockState | None, settings: Settings
) -> Outcome:
    """Compare where a model is used with where it is declared; without an entry, ask for what names no model."""
    if entry is None or manifest is None:
        return _unnamed(scan, settings)
    if not scan.declared:
        return Failed((_undeclared(scan),))
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: whose model answers, code does not say")
    if not scan.sightings:
        return _unused(scan, entry, manifest, settings)
    locked = lock.entry.commit if lock is not None and lock.entry is not None else None
    found = [
        one for sighting in scan.sightings for one in differences(entry, sighting, _pinned(entry, sighting, locked))
    ]
    notes = tuple(_unpinned(scan.sightings, entry, locked))
    if found:
        return Failed(tuple(_different(one, scan) for one in found), notes)
    places = len(scan.sightings)
    return Passed(margin=f"used in {places} place{'' if places == 1 else 's'}", notes=notes)


def _pinned(entry: ModelEntry, sighting: Sighting, locked: str | None) -> str | None:
    stated = pinned_of(entry, sighting)
    same = sighting.model.casefold() == entry.model.value.casefold()
    return stated or (locked if same else None)


def _undeclared(scan: ScanCase) -> Finding:
    first, others = scan.sightings[0], scan.sightings[1:]
    return Finding(
        at=first.at,
        expected=f"an entry for it in {scan.manifest}",
        found=f"{first.model} is {first.how} here and declared nowhere",
        remedy="declare it; `weighbridge scan --write` drafts a manifest where there is none",
        detail=_places(others),
        value=scan.model,
    )


def _places(sightings: tuple[Sighting, ...]) -> tuple[str, ...]:
    lines = [f"also {one.how} at {one.at}" for one in sightings[:_SHOWN]]
    more = len(sightings) - _SHOWN
    return (*lines, f"and at {more} places more") if more > 0 else tuple(lines)


def _unused(scan: ScanCase, entry: ModelEntry, manifest: Manifest, settings: Settings) -> Outcome:
    status = manifest.status.value if manifest.status else None
    if status in (Status.PLANNED, Status.RETIRED):
        return NotApplicable(f"the manifest says that its models are {status}")
    if not scan.whole:
        return NotApplicable("not all of the folder was read")
    unnamed = len(scan.unnamed)
    note = f"{unnamed} use{'' if unnamed == 1 else 's'} or files name no model, and any of them may be this one"
    finding = Finding(
        at=entry.model.at,
        expected="a place in code or configuration that uses it",
        found=f"{shown(entry.model.value)} is used nowhere that was read",
        remedy="remove the entry, or let code take the model from the manifest (`weighbridge get`)",
        advises=settings.unused is Weight.SAY or bool(unnamed),
        value="unused",
    )
    return Failed((finding,), (note,) if unnamed else ())


def _different(one: Difference, scan: ScanCase) -> Finding:
    return Finding(
        at=one.at,
        expected=f"{one.key} {shown(one.declared)}, as {scan.manifest} declares",
        found=f"{one.key} {shown(one.found)}",
        remedy="make both say the same: change the manifest, or this line",
        value=f"{one.key}\n{one.declared}\n{one.found}",
    )


def _unpinned(sightings: tuple[Sighting, ...], entry: ModelEntry, locked: str | None) -> Iterator[str]:
    """Code that names no revision loads whatever the main branch holds that day, whatever the manifest pins."""
    bare = [one for one in sightings if one.revision is None and not one.from_manifest and _pinned(entry, one, locked)]
    if bare:
        places = ", ".join(str(one.at) for one in bare[:3])
        yield f"a revision is pinned, and {len(bare)} of {len(sightings)} uses name none ({places}): they load `main`"


def _unnamed(scan: ScanCase, settings: Settings) -> Outcome:
    """A use without a name is one model more, which may be declared; what was not read may be any number of them."""
    missing: list[Unanswered] = []
    notes: list[str] = []
    for one in scan.unnamed:
        weight = settings.unread if one.is_unread else settings.unnamed
        if scan.declared and weight is Weight.SAY:
            notes.append(f"{one.at}: {one.what}: {one.why}")
        else:
            missing.append(_asked(one, scan.manifest))
    return NotEvaluated(tuple(missing), tuple(notes)) if missing else Passed(notes=tuple(notes))


def _asked(one: Unnamed, manifest: str) -> Unanswered:
    if one.is_unread:
        reason = f"{one.what}: {one.why}; mend it, or leave it out with `--exclude`"
        return Unanswered("code", reason, "", at=one.at, where="the code")
    yaml = "models:\n  - model: org/name\n    objective: chat\n"
    return Unanswered("models", f"{one.what}: {one.why}", yaml, at=one.at, where=manifest)
