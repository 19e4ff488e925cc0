"""The licence that the manifest declares is the one that the model has.

What: `license` in the manifest and the licence that the facts state name the same text, however each is spelled.
Why:  a wrong line here is what people read, copy into notices and rely on.
Fix:  correct `license`, or pin the revision at which the model had that licence.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, license: "Apache License, Version 2.0"}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, license: MIT}
"""

from __future__ import annotations

from checker.document.place import At
from checker.facts.fact import Unknown
from checker.facts.model import Facts
from checker.licenses.declared import Declared, declared
from checker.licenses.registry import Resolution, Resolved, resolve
from checker.licenses.spelling import fold
from checker.manifest.model import Access, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import Settler

SETTLED_BY = Settler.YOU


def check(entry: ModelEntry, facts: Facts) -> Outcome:
    """Compare what the two name."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: its provider's terms apply")
    if entry.license is None:
        return NotApplicable("the manifest declares no licence")
    stated = declared(facts)
    if isinstance(stated, Unknown):
        return NotEvaluated((stated,))
    if _named(resolve(entry.license.value)) == _named(stated.resolution):
        return Passed(stated.evidence)
    if stated.problem and stated.spelling:
        return NotEvaluated((Unknown("license text", stated.problem),))
    return _other(entry.license, facts, stated)


def _named(found: Resolution) -> str:
    return found.license.id if isinstance(found, Resolved) else fold(found.spelling)


def _other(written: At[str], facts: Facts, stated: Declared) -> Failed:
    found, actual = resolve(written.value), stated.resolution
    name = actual.license.id if isinstance(actual, Resolved) else ""
    return Failed(
        (
            Finding(
                at=written.at,
                expected=f"{name or 'no licence'}, which is what {facts.model} declares",
                found=found.license.id if isinstance(found, Resolved) else written.value,
                evidence=stated.evidence,
                remedy=f"set license to {name}" if name else "remove license",
            ),
        )
    )
