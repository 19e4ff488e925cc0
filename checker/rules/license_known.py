"""A source declares a licence that names a text, and that text was read.

What: the card, the catalogue or a lock declares a licence, and what it declares names one text of the registry, several
      that all apply (`MIT AND CC-BY-4.0`, a list), or a choice of which one was read (`MIT OR Apache-2.0`). `other` is
      read with the `license_name` and the `license_link` beside it. A family (`llama`, `gpl`) names no single text.
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
    if stated.ways:
        texts = dict.fromkeys(text for way in stated.ways for text in way)
        return Passed(stated.evidence, detail=tuple(f"read of {text.id}: {text.what_was_read}" for text in texts))
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
