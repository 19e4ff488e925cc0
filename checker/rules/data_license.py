"""The licences of the training data permit the use.

What: the license of each set under `fine_tuning.data` is held against the use as a model's is: purpose, field, regions.
      What its text asks of those who share what is made from the data is a note, since texts differ on whether a
      trained model is made from it. Data of one's own (`source: internal` without another licence, or `license:
      proprietary` without another source) has no terms.
Why:  a model that was tuned on data for research only is not free for a product, whatever its own licence says.
Fix:  replace the set, obtain the rights, or state the purpose that its licence grants.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {data: {name: tickets, source: internal, license: proprietary}}}
        {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {data: {name: a, license: cc-by-4.0}}}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, use: {purpose: commercial}, fine_tuning: {data: {name: a,
         license: cc-by-nc-4.0}}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.facts.fact import Unknown
from checker.licenses.circumstances import Assumptions
from checker.licenses.license import License
from checker.licenses.registry import Resolved, resolve
from checker.licenses.spelling import fold
from checker.licenses.stated import StatedOrganisation, circumstances
from checker.licenses.terms import Duty, Forbidden, Needs, Unsettled, in_notes
from checker.licenses.use import judge
from checker.manifest.model import Manifest, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import RuleSettings, Settler
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.manifest.fine_tuning import DataSet

SETTLED_BY = Settler.LEGAL
_OWN = frozenset({"proprietary", "internal", "own"})


class _Judged(NamedTuple):
    findings: tuple[Finding, ...] = ()
    missing: tuple[Unknown | Unanswered, ...] = ()
    notes: tuple[str, ...] = ()


def check(entry: ModelEntry, manifest: Manifest, organisation: StatedOrganisation, settings: RuleSettings) -> Outcome:
    """Judge each set by its own licence."""
    if entry.fine_tuning is None or not entry.fine_tuning.data:
        return NotApplicable("no `fine_tuning.data` is declared")
    judged = [_judged(number, data, manifest, organisation) for number, data in enumerate(entry.fine_tuning.data)]
    findings = tuple(finding for one in judged for finding in one.findings)
    notes = tuple(dict.fromkeys(note for one in judged for note in one.notes))
    if findings:
        return Failed(findings, notes)
    missing = tuple(one for each in judged for one in each.missing)
    return NotEvaluated(missing, notes) if missing else Passed(notes=notes)


def _judged(number: int, data: DataSet, manifest: Manifest, organisation: StatedOrganisation) -> _Judged:
    if _is_own(data):
        return _Judged()
    if data.license is None:
        key = f"fine_tuning.data[{number}].license"
        yaml = f"license: <the terms of {data.name.value}>"
        return _Judged(missing=(Unanswered(key, "the terms of the set decide", yaml, data.name.at),))
    found = resolve(data.license.value)
    if not isinstance(found, Resolved):
        problem = f"the licence of the set {data.name.value}: `{data.license.value}` names no single text that was read"
        return _Judged(missing=(Unknown("license text", problem),))
    return _by_terms(data, found.license, manifest, organisation)


def _is_own(data: DataSet) -> bool:
    """Whether a set is the organisation's own. A licence that is named counts more than a source, and what somebody
    else offers as proprietary is not one's own.
    """
    from_inside = data.source is not None and fold(data.source.value) in _OWN
    if data.license is None:
        return from_inside
    named = fold(data.license.value)
    return named in _OWN and (named != "proprietary" or data.source is None or from_inside)


def _by_terms(data: DataSet, text: License, manifest: Manifest, organisation: StatedOrganisation) -> _Judged:
    stated = circumstances(manifest.use, organisation, multimodal=None, duties_shown=(), assumed=Assumptions())
    # The data itself is not passed on with a model.
    results = judge(text, stated._replace(distribution=("no",)))
    return _Judged(
        findings=tuple(_finding(data, one) for one in results if isinstance(one, Forbidden)),
        missing=tuple(_missing(one) for one in results if isinstance(one, Needs | Unsettled)),
        notes=(*in_notes(one for one in results if isinstance(one, Duty)), *_where_shared(text)),
    )


def _where_shared(text: License) -> tuple[str, ...]:
    asks = [one.duty for one in text.obligations if one.duty in ("attribution", "share-alike", "source-disclosure")]
    if not asks:
        return ()
    return (f"{text.id} asks for {' and '.join(asks)} where the data, or what is made from it, is shared",)


def _finding(data: DataSet, result: Forbidden) -> Finding:
    at = data.license.at if data.license else data.name.at
    return Finding(
        at=at,
        expected=f"the terms of `{data.name.value}` kept: {result.term}",
        found=result.found,
        remedy="replace the set, or obtain the rights from its licensor",
    )


def _missing(result: Needs | Unsettled) -> Unknown | Unanswered:
    if isinstance(result, Unsettled):
        return Unknown("license terms", result.reason)
    in_policy = result.key.startswith("organisation.")
    return Unanswered(result.key, result.why, result.yaml, where="the policy" if in_policy else "")
