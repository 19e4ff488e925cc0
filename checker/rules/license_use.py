"""The licence's terms permit the use that is declared.

What: each term of the licence is held against the use: purpose, distribution, regions, users, revenue, seat, and what a
      licensor must have granted. Only keys that the terms mention are asked for. An opinion of the organisation on
      the licence (`opinions:` in the policy) decides instead for as long as it stands; both readings are told.
Why:  a licence that is known and accepted can still exclude a use: research licences a product, the Llama licences the
      largest companies and, for multimodal models, licensees in the European Union.
Fix:  state what is asked for, obtain the licence or registration that the clause names, or choose another model.

Passes: {model: Qwen/Qwen2.5-7B-Instruct}
        {model: meta-llama/Llama-3.1-8B-Instruct, organisation: {users: [{month: 2024-06, value: 1200000}]}}
        {model: meta-llama/Llama-3.1-8B-Instruct, settings: {assume_users_below: 100000000}}
        {model: CohereLabs/aya-23-8B, use: {purpose: research}}
Fails:  {model: CohereLabs/aya-23-8B, use: {purpose: commercial}}
        {model: CohereLabs/aya-23-8B, settings: {assume_purpose: commercial}}
        {model: meta-llama/Llama-3.1-8B-Instruct, organisation: {users: [{month: 2024-06, value: 900000000}]}}
"""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from checker.document.scalars import Whole, Word, YesNo
from checker.facts.fact import Unknown
from checker.facts.model import Facts
from checker.licenses.circumstances import Assumptions, Circumstances
from checker.licenses.declared import Declared, declared, takes_more_than_text
from checker.licenses.license import License
from checker.licenses.stated import StatedOrganisation, circumstances, line_of
from checker.licenses.terms import Assumed, Duty, Forbidden, Needs, TermResult, Unsettled, in_notes
from checker.licenses.use import DISTRIBUTION_YAML, judge
from checker.manifest.model import Access, Manifest, ModelEntry, Purpose
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.several import Judged, all_of, any_of
from checker.rulebook.tighter import fixed

if TYPE_CHECKING:
    from checker.rulebook.opinions import Opinion

SETTLED_BY = Settler.LEGAL
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `license-use`."""

    assume_purpose: Annotated[Annotated[Purpose, Word] | None, fixed] = None
    """The purpose of a project that declares none; printed as an assumption."""
    assume_users_below: Annotated[Annotated[int, Whole, Field(ge=1)] | None, fixed] = None
    """A number that the whole group's monthly users stay below; meets every limit at or above it, as an assumption."""
    assume_model_as_a_service: Annotated[Annotated[bool, YesNo] | None, fixed] = None
    """Whether the organisation or an affiliate offers models to third parties as a service."""


def check(
    entry: ModelEntry,
    manifest: Manifest,
    facts: Facts,
    organisation: StatedOrganisation,
    opinions: "tuple[Opinion, ...]",
    today: date,
    settings: Settings,
) -> Outcome:
    """Judge every term, what forbids the use first; then let the organisation's own reading decide."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: its provider's terms apply")
    known = declared(facts)
    if isinstance(known, Unknown):
        return NotEvaluated((known,))
    if not known.ways:
        return NotEvaluated((Unknown("license text", known.problem),), _on_unread(opinions, known.spelling))
    stated = circumstances(
        manifest.use,
        organisation,
        multimodal=takes_more_than_text(facts),
        hardware=_hardware(entry),
        family=facts.model,
        duties_shown=(shown.duty.value for shown in entry.obligations if shown.is_vouched_for),
        assumed=Assumptions(settings.assume_users_below, settings.assume_model_as_a_service),
    )

    def judged(text: License) -> Judged:
        ours = _outcome(entry, manifest, known, text, stated, settings)
        return _as_the_organisation_reads(entry, text, ours, stated, opinions, today) if opinions else ours

    ways = [all_of([judged(text) for text in way]) if len(way) > 1 else judged(way[0]) for way in known.ways]
    chosen = any_of(ways)
    if len(ways) == 1:
        return ways[chosen]
    names = " and ".join(text.id for text in known.ways[chosen])
    return ways[chosen]._replace(notes=(f"`{known.spelling}` leaves a choice: judged by {names}", *ways[chosen].notes))


def _hardware(entry: ModelEntry) -> str:
    hardware = entry.deployment.hardware if entry.deployment else None
    if hardware is None or hardware.instance is None:
        return hardware.gpu.value if hardware and hardware.gpu else ""
    from checker.memory.hardware import hardware_of
    from checker.memory.plan import Hardware

    found = hardware_of(hardware.stated)
    return found.label if isinstance(found, Hardware) else ""


def _on_unread(opinions: "tuple[Opinion, ...]", spelling: str) -> tuple[str, ...]:
    if not opinions:
        return ()
    from checker.rulebook.opinions import on_unread  # few policies hold opinions

    return on_unread(opinions, spelling)


def _as_the_organisation_reads(
    entry: ModelEntry,
    text: License,
    ours: Passed | Failed | NotEvaluated,
    stated: Circumstances,
    opinions: "tuple[Opinion, ...]",
    today: date,
) -> Judged:
    """The organisation's reading decides; ours is told beside it."""
    from checker.rulebook.opinions import OpinionVerdict, standing

    found = standing(opinions, text.id, stated.distribution or (), today)
    against = found.deciding is not None and found.deciding.verdict.value is OpinionVerdict.CONFLICT
    if found.turning_on_use and not against and not (found.deciding is None and isinstance(ours, Failed)):
        asked = Unanswered("use.distribution", found.turning_on_use.sentence, DISTRIBUTION_YAML)
        return NotEvaluated((asked,), (f"our own reading: {_in_words(ours)}", *found.notes))
    if found.deciding is None:
        return ours._replace(notes=(*ours.notes, *found.notes))
    beside = (f"our own reading: {_in_words(ours)}", *found.notes)
    if against:
        finding = Finding(
            at=entry.model.at,
            expected=f"a use that the organisation reads {text.id} to permit",
            found=found.deciding.sentence,
            remedy="choose another model, or ask who gave the opinion",
        )
        return Failed((finding,), beside)
    evidence = ours.evidence if isinstance(ours, Passed) else ()
    return Passed(evidence, notes=(found.deciding.sentence, *beside))


def _in_words(ours: Passed | Failed | NotEvaluated) -> str:
    match ours:
        case Passed():
            said: list[str] = list(ours.notes)
        case Failed():
            said = [f"{finding.expected}; {finding.found}" for finding in ours.findings]
        case NotEvaluated():
            said = [f"not evaluated: {missing.reason}" for missing in ours.missing]
    return "; ".join(said)


def _outcome(
    entry: ModelEntry, manifest: Manifest, known: Declared, text: License, stated: Circumstances, settings: Settings
) -> Passed | Failed | NotEvaluated:
    results = judge(text, stated)
    assumed: tuple[str, ...] = ()
    if settings.assume_purpose is not None and _asks_purpose(results):
        results = judge(text, stated._replace(purpose=settings.assume_purpose.value))
        assumed = (f"the policy assumes that the purpose is {settings.assume_purpose.value}",)
    notes = (*assumed, *(result.sentence for result in results if isinstance(result, Assumed)))
    findings = tuple(
        Finding(
            at=line_of(result.key, manifest.use) or entry.model.at,
            setting="assume_purpose" if assumed and result.key == "use.purpose" else "enforcement",
            expected=f"the terms kept: {result.term}",
            found=f"{result.found}, as the policy assumes" if assumed and result.key == "use.purpose" else result.found,
            evidence=known.evidence,
            remedy="obtain what the clause asks for from the licensor, or choose another model",
        )
        for result in results
        if isinstance(result, Forbidden)
    )
    if findings:
        return Failed(findings, notes)
    missing = tuple(_missing(result) for result in results if isinstance(result, (Needs, Unsettled)))
    if missing:
        return NotEvaluated(missing, notes)
    read = f"no conflict found in what was read of {text.id} ({text.what_was_read})"
    duties = in_notes(result for result in results if isinstance(result, Duty))
    return Passed(known.evidence, notes=(read, *notes, *duties))


def _asks_purpose(results: tuple[TermResult, ...]) -> bool:
    return any(isinstance(result, Needs) and result.key == "use.purpose" for result in results)


def _missing(result: Needs | Unsettled) -> Unknown | Unanswered:
    if isinstance(result, Unsettled):
        return Unknown("license terms", result.reason)
    in_policy = result.key.startswith(("organisation.", "rules."))
    return Unanswered(result.key, result.why, result.yaml, where="the policy" if in_policy else "")
