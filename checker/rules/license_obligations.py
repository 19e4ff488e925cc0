"""What the licence asks to be done is shown.

What: each duty of the model's licence, and of those it descends from, that arises from the declared use is shown: in a
      file that `obligations` names (the text is looked for, wherever the file lies), or elsewhere, by address, day and
      person. The name of a model made with it (`fine_tuning.produces`) is held against the prefix that a licence asks
      for. Duties that are kept by leaving something undone are notes.
Why:  a licence that is kept in spirit and shown nowhere cannot be proved when somebody asks.
Fix:  `weighbridge license notices` writes the notices; name the file, or the page, under `obligations`.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, use: {distribution: service}}
        {model: meta-llama/Llama-3.1-8B-Instruct, use: {distribution: service},
        obligations: {duty: built-with-llama, where: "https://acme.example/about", checked_on: 2026-11-02, by: legal}}
Fails:  {model: meta-llama/Llama-3.1-8B-Instruct, use: {distribution: service}}
        {model: Qwen/Qwen2.5-7B-Instruct, use: {distribution: weights}}
        {model: meta-llama/Llama-3.1-8B-Instruct, use: {distribution: service}, settings: {max_age_days: 10},
        obligations: {duty: built-with-llama, where: "https://acme.example/about", checked_on: 2026-11-02, by: legal}}
"""

from datetime import date
from typing import Annotated, cast

from pydantic import Field

from checker.document.scalars import Whole
from checker.facts.fact import Certainty, Unknown
from checker.facts.lineage import Lineage
from checker.facts.model import Facts
from checker.facts.shown import ShownText
from checker.licenses.ancestry import Gap, Link, links
from checker.licenses.circumstances import Assumptions, Circumstances, Sharing
from checker.licenses.declared import Declared, declared, takes_more_than_text
from checker.licenses.license import License
from checker.licenses.notice_file import notice_of
from checker.licenses.obligations import Owed, Proof, owed
from checker.licenses.registry import AllOf, AnyOf, Resolved, canonical_id
from checker.licenses.showing import Claim, NotShown, Shown, judge
from checker.licenses.stated import StatedOrganisation, circumstances
from checker.manifest.model import Access, Manifest, ModelEntry
from checker.rulebook.outcome import Due, Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler
from checker.rulebook.tighter import lower

SETTLED_BY = Settler.YOU
JUDGES_WEIGHTS = True
_USE_YAML = "use:\n  distribution: <service, internal, weights or on-device>"


class Settings(RuleSettings):
    """Options of `license-obligations`."""

    min_certainty: MinCertainty = Certainty.DECLARED
    """The least certainty of the licence that the rule may rest on."""
    max_age_days: Annotated[Annotated[int, Whole, Field(ge=1)] | None, lower] = None
    """How many days ago somebody may have looked at an address at most."""


def check(
    entry: ModelEntry,
    manifest: Manifest,
    facts: Facts,
    lineage: Lineage,
    organisation: StatedOrganisation,
    shown: tuple[ShownText, ...],
    today: date,
    settings: Settings,
) -> Outcome:
    """Look for a sign of each duty that arises."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: its provider's terms apply")
    known = declared(facts)
    if isinstance(known, Unknown):
        return NotEvaluated((known,))
    own = _texts(entry, known)
    if isinstance(own, Unknown | Unanswered):
        return NotEvaluated((own,))
    stated = _stated(entry, manifest, facts, organisation)
    above = tuple(links(facts, lineage))
    texts = {one.id: one for one in (*own, *(link.license for link in above if isinstance(link, Link)))}
    duties = tuple(
        duty
        for text in texts.values()
        for duty in owed(text, stated, modified=entry.fine_tuning is not None, notices=_notices(text, stated))
    )
    gaps = tuple(dict.fromkeys(one.reason for one in above if isinstance(one, Gap)))
    return _outcome(entry, known, duties, _claims(entry, shown), today, settings, gaps)


def _texts(entry: ModelEntry, known: Declared) -> tuple[License, ...] | Unknown | Unanswered:
    """The licences that apply: of a choice the one that the project names, of several that all apply each."""
    match known.resolution:
        case Resolved(text):
            return (text,)
        case AllOf(parts=parts) if all(isinstance(part, Resolved) for part in parts):
            return tuple(part.license for part in parts if isinstance(part, Resolved))
        case AnyOf(choices=choices):
            offered = {one.license.id: one.license for one in choices if isinstance(one, Resolved)}
            chosen = canonical_id(entry.license.value) if entry.license else None
            if chosen in offered:
                return (offered[chosen],)
            reason = f"`{known.spelling}` offers a choice, and nothing says which licence is used"
            return Unanswered("license", reason, f"license: <{' or '.join(offered)}>")
        case _:
            return Unknown("license text", known.problem)


def _stated(entry: ModelEntry, manifest: Manifest, facts: Facts, organisation: StatedOrganisation) -> Circumstances:
    """The use that is declared; what the project makes of the model may leave the house where the product does not."""
    stated = circumstances(
        manifest.use,
        organisation,
        multimodal=takes_more_than_text(facts),
        duties_shown=(shown.duty.value for shown in entry.obligations if shown.is_vouched_for),
        assumed=Assumptions(),
    )
    produces = entry.fine_tuning.produces if entry.fine_tuning else None
    way = cast("Sharing", str(produces.shared.value)) if produces and produces.shared else "no"
    if way == "no":
        return stated
    return stated._replace(distribution=tuple(dict.fromkeys((*(stated.distribution or ()), way))))


def _notices(text: License, stated: Circumstances) -> tuple[str, ...]:
    """What a notice file must say; looked up only where copies leave the house."""
    notice = None if stated.passes_on is False else notice_of(text.id)
    return (notice,) if notice else ()


def _claims(entry: ModelEntry, shown: tuple[ShownText, ...]) -> tuple[Claim, ...]:
    files = {one.where: one for one in shown}
    return tuple(
        Claim(
            duty=line.duty.value,
            where=line.where.value,
            text=files[line.where.value].text if line.where.value in files else None,
            problem=files[line.where.value].problem if line.where.value in files else "",
            checked_on=line.checked_on.value if line.checked_on else None,
            by=line.by.value if line.by else "",
        )
        for line in entry.obligations
    )


def _outcome(
    entry: ModelEntry,
    known: Declared,
    duties: tuple[Owed, ...],
    claims: tuple[Claim, ...],
    today: date,
    settings: Settings,
    gaps: tuple[str, ...],
) -> Outcome:
    names = _names(entry)
    judged = [
        (duty, judge(duty, claims, names, today, settings.max_age_days))
        for duty in duties
        if duty.proof is not Proof.CONDUCT
    ]
    due = tuple(_due(duty, found, today) for duty, found in judged)
    due += tuple(_kept(duty) for duty in duties if duty.proof is Proof.CONDUCT)
    missing = [(duty, found) for duty, found in judged if isinstance(found, NotShown)]
    notes = (
        *(f"{duty.asks}: shown in {found.where}" for duty, found in judged if not isinstance(found, NotShown)),
        *(f"{duty.asks}: nothing shows it" for duty in duties if duty.proof is Proof.CONDUCT and not duty.only_if),
        *(_later(duty) for duty, _ in missing if duty.only_if or duty.encouraged),
        *_unasked(claims, duties),
        *(f"duties of what it descends from may be missing: {gap}" for gap in gaps),
    )
    findings = tuple(
        _finding(entry, known, duty, found) for duty, found in missing if not (duty.only_if or duty.encouraged)
    )
    if findings:
        return Failed(findings, notes, due)
    asked = [duty for duty, _ in missing if duty.only_if and not (duty.ordinary or duty.encouraged)]
    if asked:
        return NotEvaluated((_asks(asked[0]),), notes, due)
    return Passed(known.evidence, notes=notes, duties=due)


def _due(duty: Owed, found: Shown | NotShown, today: date) -> Due:
    """What a document says of the duty: a line that does not show it has an age too."""
    claim = found.claim
    checked = claim.checked_on if claim and claim.text is None and not claim.problem else None
    shown = found.where if isinstance(found, Shown) else ""
    return Due(
        asks=_asked(duty),
        shown=shown,
        why_not=found.reason if isinstance(found, NotShown) else "",
        checked_on=checked,
        by=claim.by if claim and checked else "",
        age_days=(today - checked).days if checked else None,
        only_if=duty.only_if,
    )


def _kept(duty: Owed) -> Due:
    why_not = "it is kept by what is left undone, which nothing shows"
    return Due(_asked(duty), shown="", why_not=why_not, only_if=duty.only_if, by_omission=True)


def _asked(duty: Owed) -> str:
    return f"{duty.asks}, {duty.only_if}" if duty.only_if else duty.asks


def _names(entry: ModelEntry) -> tuple[str, ...]:
    produces = entry.fine_tuning.produces if entry.fine_tuning else None
    return (produces.name.value,) if produces and produces.name else ()


def _later(duty: Owed) -> str:
    return f"{_asked(duty)}: not shown"


def _asks(duty: Owed) -> Unanswered:
    if duty.only_if == "where the use is commercial":
        return Unanswered("use.purpose", duty.asks, "use:\n  purpose: <commercial, research or personal>")
    return Unanswered("use.distribution", f"{duty.asks}, {duty.only_if}", _USE_YAML)


def _unasked(claims: tuple[Claim, ...], duties: tuple[Owed, ...]) -> tuple[str, ...]:
    """Lines that are about no duty that arises: harmless, or a slip."""
    from checker.document.nearest import did_you_mean

    names = sorted({duty.name for duty in duties if duty.proof is not Proof.CONDUCT})
    idle = dict.fromkeys(claim.duty for claim in claims if not any(duty.is_called(claim.duty) for duty in duties))
    return tuple(f"no duty `{name}` arises here; {did_you_mean(name, names)}".rstrip("; ") for name in idle)


def _finding(entry: ModelEntry, known: Declared, duty: Owed, found: NotShown) -> Finding:
    line = next((one for one in entry.obligations if found.claim and one.where.value == found.claim.where), None)
    return Finding(
        at=line.where.at if line else entry.model.at,
        setting="max_age_days" if "the policy allows" in found.reason else "enforcement",
        expected=f"shown: {duty.asks}",
        found=found.reason,
        evidence=known.evidence,
        remedy=_remedy(duty),
    )


def _remedy(duty: Owed) -> str:
    if duty.proof is Proof.NAME:
        return f"let the name begin with {' or '.join(f'{chr(34)}{one}{chr(34)}' for one in duty.texts)}"
    return f"add to obligations: {{duty: {duty.name}, where: <file or address>, checked_on: <day>, by: <who looked>}}"
