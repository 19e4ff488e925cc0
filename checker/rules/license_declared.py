"""The manifest, the model's card, its licence file and the Hub's tag name one licence.

What: `license` in the manifest and the licence that the facts state name the same text, however each is spelled. So
      do the licence file, as far as its text is known, and the Hub's tag, where a lock holds them. Every disagreement
      is listed with all sources.
Why:  a wrong line here is what people read, copy into notices and rely on; a card that says one thing and a licence
      file that says another leave open which terms hold.
Fix:  correct `license`, or pin the revision at which the model had that licence; where the publisher's own files
      disagree, ask the publisher, and let legal decide meanwhile.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, license: "Apache License, Version 2.0"}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, license: MIT}
"""

from __future__ import annotations

from checker.document.errors import shown
from checker.document.place import At
from checker.facts.fact import Fact, Unknown
from checker.facts.model import Facts, LicenseFile
from checker.licenses.declared import Declared, declared
from checker.licenses.registry import Resolution, Resolved, resolve
from checker.licenses.spelling import fold
from checker.manifest.model import Access, ModelEntry
from checker.rulebook.outcome import Evidence, Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import Settler
from checker.value import NamedTuple

SETTLED_BY = Settler.YOU
_NO_NAME = frozenset(("", "other", "unknown"))
"""What the Hub's tag says where it names no licence."""


class _Said(NamedTuple):
    """What one source beside the card says, and whether it agrees with what the card names."""

    source: str
    names: str
    agrees: bool
    evidence: Evidence


def check(entry: ModelEntry, facts: Facts) -> Outcome:
    """Compare what all sources name."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: its provider's terms apply")
    stated = declared(facts)
    beside = () if isinstance(stated, Unknown) else _beside(facts, stated)
    if entry.license is None:
        if not beside:
            return NotApplicable("the manifest declares no licence")
        apart = [said for said in beside if not said.agrees]
        return _sources_apart(entry, stated, beside) if apart else Passed(_evidence(stated, beside))
    if isinstance(stated, Unknown):
        return NotEvaluated((stated,))
    if _named(resolve(entry.license.value)) == _named(stated.resolution):
        apart = [said for said in beside if not said.agrees]
        return _sources_apart(entry, stated, beside) if apart else Passed(_evidence(stated, beside))
    if stated.problem and stated.spelling:
        return NotEvaluated((Unknown("license text", stated.problem),))
    return _other(entry.license, facts, stated, beside)


def _beside(facts: Facts, stated: Declared) -> tuple[_Said, ...]:
    """What the Hub's tag and the licence files say, where they name a licence at all."""
    said = []
    tag, files = facts.license_tag, facts.license_files
    if isinstance(tag, Fact) and tag.value.casefold() not in _NO_NAME:
        parts = {_named(resolve(part)) for part in stated.spelling.split(" AND ")}
        named = _named(resolve(tag.value))
        said.append(_Said("the Hub's tag", _id(tag.value), named in parts or named == _named(stated.resolution), tag))
    known = [file for file in files.value if _is_license(file)] if isinstance(files, Fact) else []
    if isinstance(files, Fact) and known:
        agrees = any(_of_file(file) in _parts(stated) for file in known)
        said += [_Said(f"the file {shown(file.path)}", _id(file.license or ""), agrees, files) for file in known]
    return tuple(said)


def _is_license(file: LicenseFile) -> bool:
    """Whether the text is that of a licence: a use policy beside it is known too, and names none."""
    return isinstance(resolve(file.license or ""), Resolved)


def _of_file(file: LicenseFile) -> str:
    return _named(resolve(file.license or ""))


def _parts(stated: Declared) -> set[str]:
    """What the card names: one licence, or each of several that all apply."""
    return {_named(stated.resolution), *(_named(resolve(part)) for part in stated.spelling.split(" AND ") if part)}


def _evidence(stated: Declared | Unknown, beside: tuple[_Said, ...]) -> tuple[Evidence, ...]:
    card = () if isinstance(stated, Unknown) else stated.evidence
    return tuple(dict.fromkeys((*card, *(said.evidence for said in beside))))


def _lines(entry: ModelEntry, stated: Declared | Unknown, beside: tuple[_Said, ...]) -> tuple[str, ...]:
    """Every source with what it says, one a line."""
    card = "nothing" if isinstance(stated, Unknown) else stated.spelling or "nothing"
    lines = [f"the manifest: {shown(entry.license.value)}"] if entry.license else []
    return (*lines, f"the card: {_id(card)}", *(f"{said.source}: {said.names}" for said in beside))


def _sources_apart(entry: ModelEntry, stated: Declared | Unknown, beside: tuple[_Said, ...]) -> Failed:
    """The model's own sources disagree, whatever the manifest says."""
    apart = [said for said in beside if not said.agrees]
    card = "" if isinstance(stated, Unknown) else stated.spelling
    return Failed(
        (
            Finding(
                at=entry.license.at if entry.license else entry.model.at,
                expected=f"one licence in all sources: the card declares {_id(card) if card else 'none'}",
                found=", ".join(f"{said.names} by {said.source}" for said in apart),
                evidence=_evidence(stated, beside),
                detail=_lines(entry, stated, beside),
                remedy="ask the publisher which terms hold, and let legal decide meanwhile",
            ),
        )
    )


def _named(found: Resolution) -> str:
    return found.license.id if isinstance(found, Resolved) else fold(found.spelling)


def _id(spelling: str) -> str:
    """The licence's id, else the spelling itself."""
    found = resolve(spelling)
    return found.license.id if isinstance(found, Resolved) else shown(spelling)


def _other(written: At[str], facts: Facts, stated: Declared, beside: tuple[_Said, ...]) -> Failed:
    found, actual = resolve(written.value), stated.resolution
    name = actual.license.id if isinstance(actual, Resolved) else ""
    listed = (f"the card: {_id(stated.spelling)}", *(f"{said.source}: {said.names}" for said in beside))
    return Failed(
        (
            Finding(
                at=written.at,
                expected=f"{name or 'no licence'}, which is what {facts.model} declares",
                found=found.license.id if isinstance(found, Resolved) else written.value,
                evidence=_evidence(stated, beside),
                detail=listed if beside else (),
                remedy=f"set license to {name}" if name else "remove license",
            ),
        )
    )
