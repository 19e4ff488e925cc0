"""The model's licence is one that the organisation accepts.

What: the licence is held against lists of the policy: by id (any spelling), by category (permissive, copyleft,
      source-available, non-commercial, responsible-use, or a finer one), and by property (`require`). Deny wins; then
      what a list names goes before what it takes in by category. On a `review` list a person has to decide: the rule is
      not evaluated until the licence moves to `allow` or `deny`. `contexts` add lists for internal use, for a service,
      or for weights that are handed out. Of licences to choose from one is enough; of several that apply, each counts.
Why:  a list that legal people have read once spares every project the reading.
Fix:  choose a model under an accepted licence, or ask for this licence to be reviewed and added.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, settings: {allow: [Apache 2.0, MIT]}}
        {model: Qwen/Qwen2.5-7B-Instruct, settings: {allow_categories: permissive, require: {patent_grant: express}}}
        {model: BAAI/bge-m3, objective: similarity, settings: {deny: [gemma], deny_categories: [noncommercial]}}
        {model: google/gemma-2-9b-it, use: {distribution: internal},
        settings: {allow: [MIT], contexts: {internal: {allow: [gemma]}}}}
Fails:  {model: google/gemma-2-9b-it, settings: {allow: [Apache-2.0, MIT]}}
        {model: CohereLabs/aya-23-8B, settings: {deny_categories: [non-commercial]}}
        {model: Qwen/Qwen2.5-7B-Instruct, settings: {allow: [Apache-2.0], deny: [Apache-2.0]}}
        {model: meta-llama/Llama-3.1-8B-Instruct, settings: {require: {max_mau_cap: none}}}
        {model: google/gemma-2-9b-it, use: {distribution: weights},
        settings: {allow: [MIT], contexts: {internal: {allow: [gemma]}}}}
"""

from typing import TYPE_CHECKING, Annotated, Any

from checker.document.bind import Later
from checker.document.scalars import OneOrMany, Word
from checker.facts.fact import Unknown
from checker.facts.model import Facts
from checker.licenses.declared import Declared, declared
from checker.licenses.kinds import Kind
from checker.licenses.listed import Named, Ruling, Standing, rule
from checker.licenses.option import LicenseId
from checker.manifest.model import Access, Manifest, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import each_block, each_key, fixed, subset, superset
from checker.rulebook.use_context import Context

if TYPE_CHECKING:
    from checker.rulebook.license_lists import ContextLists, Properties
else:
    # Most policies do without; building their validators takes as long as the rule itself.
    ContextLists = Annotated[Any, Later("checker.rulebook.license_lists", "ContextLists")]
    Properties = Annotated[Any, Later("checker.rulebook.license_lists", "Properties")]

SETTLED_BY = Settler.LEGAL
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `license-allowed`."""

    allow: Annotated[OneOrMany[Annotated[str, LicenseId]] | None, subset] = None
    """Licences that are accepted, in any spelling; without any allowing setting every licence is that is not denied."""
    allow_categories: Annotated[OneOrMany[Annotated[Kind, Word]], subset] = ()
    """Kinds of licence that are accepted: permissive, copyleft, source-available, non-commercial, responsible-use …"""
    allow_if: Annotated[Properties | None, fixed] = None
    """Accepted is whatever has all of these properties."""
    deny: Annotated[OneOrMany[Annotated[str, LicenseId]], superset] = ()
    """Licences that are never accepted."""
    deny_categories: Annotated[OneOrMany[Annotated[Kind, Word]], superset] = ()
    """Kinds of licence that are never accepted."""
    require: Annotated[Properties | None, each_key] = None
    """Properties that every licence must have: `{commercial_use: yes, max_mau_cap: none, patent_grant: required}`."""
    review: Annotated[OneOrMany[Annotated[str, LicenseId]], superset] = ()
    """Licences that a person has to decide on."""
    review_categories: Annotated[OneOrMany[Annotated[Kind, Word]], superset] = ()
    """Kinds of licence that a person has to decide on."""
    review_unless: Annotated[Properties | None, each_key] = None
    """Without all of these properties a person has to decide on the licence."""
    contexts: Annotated[dict[Annotated[Context, Word], ContextLists], each_block] = {}
    """Lists that are added for one use: `internal`, `service` or `weights`, as `use.distribution` says."""


_LISTS = tuple(name for name in Settings.model_fields if name not in ("min_certainty", "allow"))


def check(entry: ModelEntry, manifest: Manifest, facts: Facts, settings: Settings) -> Outcome:
    """Hold the licence against the lists of every use and of those that the manifest states."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: its provider's terms apply")
    if settings.allow is None and not any(getattr(settings, name) for name in _LISTS):
        return NotApplicable("the policy lists no licences")
    stated = declared(facts)
    if isinstance(stated, Unknown):
        return NotEvaluated((stated,))
    contexts = _contexts(manifest)
    rulings = {context: _ruling(stated, settings, context) for context in contexts or tuple(Context)}
    if not contexts and len({ruling.standing for ruling in rulings.values()}) > 1:
        return NotEvaluated((_asks_use(rulings),))
    return _outcome(entry, stated, max(rulings.values(), key=lambda ruling: ruling.standing))


def _contexts(manifest: Manifest) -> tuple[Context, ...]:
    """The uses that the manifest states; on a customer's device is where a copy has left the organisation."""
    ways = manifest.use.distribution if manifest.use else ()
    named = (Context.WEIGHTS if way.value == "on-device" else Context(str(way.value)) for way in ways)
    return tuple(dict.fromkeys(named))


def _ruling(stated: Declared, settings: Settings, context: Context) -> Ruling:
    added = settings.contexts.get(context)
    return rule(stated.resolution, (Named(settings), *((Named(added, "contexts"),) if added else ())))


def _asks_use(rulings: dict[Context, Ruling]) -> Unanswered:
    said = {Standing.ALLOWED: "allowed", Standing.REVIEW: "to be reviewed", Standing.OPEN: "not known"}
    each = ", ".join(f"{context}: {said.get(ruling.standing, 'denied')}" for context, ruling in rulings.items())
    name = next(iter(rulings.values())).name
    yaml = "use:\n  distribution: <service, internal, weights or on-device>"
    return Unanswered("use.distribution", f"the policy's lists differ by use for {name} ({each})", yaml)


def _outcome(entry: ModelEntry, stated: Declared, ruling: Ruling) -> Outcome:
    match ruling.standing:
        case Standing.ALLOWED:
            return Passed(stated.evidence)
        case Standing.OPEN:
            return NotEvaluated((Unknown("license text", stated.problem),))
        case Standing.REVIEW:
            return NotEvaluated((_asks_person(ruling),))
        case Standing.DENIED:
            return _refused(entry, stated, ruling)


def _asks_person(ruling: Ruling) -> Unanswered:
    """Nobody but a person can answer, and the answer is an entry of a list."""
    yaml = f"rules:\n  license-allowed:\n    allow: [{ruling.name}]  # or deny; and off the review list"
    return Unanswered(
        f"rules.license-allowed.{ruling.setting}", f"{ruling.found}: legal decides", yaml, where="the policy"
    )


def _refused(entry: ModelEntry, stated: Declared, ruling: Ruling) -> Failed:
    return Failed(
        (
            Finding(
                at=entry.model.at,
                setting=ruling.setting,
                expected=ruling.expected,
                found=ruling.found,
                evidence=stated.evidence,
                remedy="choose a model under an accepted licence, or ask for this licence to be reviewed",
            ),
        )
    )
