"""The model's licence is one that the organisation accepts.

What: the licence is on the list `allow`, where there is one, and neither on the list `deny` nor of a denied category.
      Licences may be spelled in any way; what is denied stays denied, whoever allows it.
Why:  a list that legal people have read once spares every project the reading.
Fix:  choose a model under an accepted licence, or ask for this licence to be reviewed and added.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, settings: {allow: [Apache 2.0, MIT]}}
        {model: BAAI/bge-m3, objective: similarity, settings: {deny: [gemma], deny_categories: [noncommercial]}}
Fails:  {model: google/gemma-2-9b-it, settings: {allow: [Apache-2.0, MIT]}}
        {model: CohereLabs/aya-23-8B, settings: {deny_categories: [noncommercial, research]}}
        {model: Qwen/Qwen2.5-7B-Instruct, settings: {allow: [Apache-2.0], deny: [Apache-2.0]}}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany, Word
from checker.facts.fact import Unknown
from checker.facts.model import Facts
from checker.licenses.declared import Declared, declared
from checker.licenses.license import Category
from checker.licenses.option import LicenseId
from checker.licenses.registry import Resolved
from checker.licenses.spelling import fold
from checker.manifest.model import Access, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import subset, superset

SETTLED_BY = Settler.LEGAL
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `license-allowed`."""

    allow: Annotated[OneOrMany[Annotated[str, LicenseId]] | None, subset] = None
    """Licences that are accepted, in any spelling; without a list every licence is that is not denied."""
    deny: Annotated[OneOrMany[Annotated[str, LicenseId]], superset] = ()
    """Licences that are never accepted."""
    deny_categories: Annotated[OneOrMany[Annotated[Category, Word]], superset] = ()
    """Kinds of licence that are never accepted: noncommercial, research, copyleft …"""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Look the licence up in the lists, what denies it first."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: its provider's terms apply")
    if settings.allow is None and not settings.deny and not settings.deny_categories:
        return NotApplicable("the policy lists no licences")
    stated = declared(facts)
    if isinstance(stated, Unknown):
        return NotEvaluated((stated,))
    name, category = _name(stated)
    if _is_listed(name, settings.deny):
        return _refused(entry, stated, "deny", "a licence that the policy does not deny", name)
    if category in settings.deny_categories:
        accepted = f"a licence of none of these kinds: {', '.join(settings.deny_categories)}"
        return _refused(entry, stated, "deny_categories", accepted, f"{name}, which is {category}")
    if settings.allow is not None and _is_listed(name, settings.allow):
        return Passed(stated.evidence)
    if not isinstance(stated.resolution, Resolved):
        return NotEvaluated((Unknown("license text", stated.problem),))
    if settings.allow is None:
        return Passed(stated.evidence)
    return _refused(entry, stated, "allow", f"one of {', '.join(settings.allow)}", name)


def _name(stated: Declared) -> tuple[str, Category | None]:
    """The canonical id and the category; of a text that was not read, the spelling."""
    found = stated.resolution
    if isinstance(found, Resolved):
        return found.license.id, found.license.category
    return found.spelling, None


def _is_listed(name: str, names: tuple[str, ...]) -> bool:
    return fold(name) in {fold(listed) for listed in names}


def _refused(entry: ModelEntry, stated: Declared, setting: str, expected: str, found: str) -> Failed:
    return Failed(
        (
            Finding(
                at=entry.model.at,
                setting=setting,
                expected=expected,
                found=found,
                evidence=stated.evidence,
                remedy="choose a model under an accepted licence, or ask for this licence to be reviewed",
            ),
        )
    )
