"""A source declares a licence that names one text, and that text was read.

What: the card, the catalogue or a lock declares a licence, and what it declares names one text of the registry.
      `other` is read with the `license_name` beside it. A family (`llama`, `gpl`, `openrail`) names no single text.
Why:  without a licence nothing may be used, and no other rule can judge terms that nobody has read.
Fix:  ask the publisher which licence holds, or choose another model.

Passes: {model: Qwen/Qwen2.5-7B-Instruct}
        {model: Qwen/Qwen2.5-72B-Instruct}
Fails:  {model: facebook/opt-1.3b, objective: text-generation}
        {model: ProsusAI/finbert, objective: multi-class-classification}
"""

from __future__ import annotations

from checker.facts.fact import Unknown
from checker.facts.model import Facts
from checker.licenses.declared import declared
from checker.licenses.registry import Resolved
from checker.manifest.model import Access, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import Settler

SETTLED_BY = Settler.LEGAL
JUDGES_WEIGHTS = True


def check(entry: ModelEntry, facts: Facts) -> Outcome:
    """Resolve what the facts declare."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: its provider's terms apply")
    stated = declared(facts)
    if isinstance(stated, Unknown):
        return NotEvaluated((stated,))
    if isinstance(stated.resolution, Resolved):
        text = stated.resolution.license
        return Passed(stated.evidence, detail=(f"read of {text.id}: {text.what_was_read}",))
    return Failed(
        (
            Finding(
                at=entry.model.at,
                expected="a licence that names one text that was read",
                found=stated.problem,
                evidence=stated.evidence,
                remedy="ask the publisher which licence holds, or choose another model",
            ),
        )
    )
