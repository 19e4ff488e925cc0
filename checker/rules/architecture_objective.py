"""The model is built for the objective that it is meant to serve.

What: the model's architecture class is one that suits `objective`: decoders chat and generate text, bi-encoders
      compare, cross-encoders re-rank, encoders classify. The facts say what a model is; the table of objectives is the
      guidance's. A model that was trained for two purposes (GritLM embeds and answers) serves both.
Why:  a model of another kind still returns something: an embedder's "chat" and a chat model's "similarity" look
      plausible and are wrong, and nothing raises.
Fix:  choose a model of a suitable class, or correct `objective`.

Passes: {model: BAAI/bge-m3, objective: similarity}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, objective: similarity}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany, Word
from checker.facts.fact import Certainty, Fact, Unknown
from checker.facts.model import ArchitectureClass, Facts
from checker.guidance.guidance import guidance
from checker.manifest.model import Access, ModelEntry, Objective
from checker.rulebook.outcome import Evidence, Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler
from checker.rulebook.tighter import per_key, subset

SETTLED_BY = Settler.YOU
JUDGES_WEIGHTS = True
DEFAULT = {Objective(line.name): line.architectures for line in guidance().objectives}


class Settings(RuleSettings):
    """Options of `architecture-objective`."""

    min_certainty: MinCertainty = Certainty.CLAIMED
    suitable: Annotated[
        dict[Annotated[Objective, Word], OneOrMany[Annotated[ArchitectureClass, Word]]], per_key(subset)
    ] = DEFAULT
    """Architecture classes that suit each objective; a line here replaces the guidance's line."""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Compare the class that the facts state with the classes that suit the objective."""
    objective = entry.objective
    suitable = settings.suitable.get(objective.value)
    if suitable is None:
        return NotApplicable(f"no table says what suits `objective: {objective.value}`")
    actual = facts.architecture_class
    if isinstance(actual, Unknown):
        if entry.access.value is Access.API:
            return NotApplicable(f"used through an API, whose provider answers for it: {actual.name}: {actual.reason}")
        return NotEvaluated((actual,))
    also = facts.also_serves
    if actual.value not in suitable and isinstance(also, Fact) and objective.value in also.value:
        return Passed(evidence=(actual, also))
    if actual.value not in suitable:
        return _failed(entry, facts, f"a model of class {' or '.join(suitable)}", f"of class {actual.value}", actual)
    line, variant = guidance().objective(objective.value), facts.variant
    if line is None or isinstance(variant, Unknown) or line.suits(actual.value, variant.value):
        return Passed(evidence=(actual,))
    trained = " or ".join(line.variants[actual.value])
    return _failed(
        entry,
        facts,
        f"a model of class {actual.value} trained as {trained}",
        f"of class {actual.value} and trained as {variant.value}",
        variant,
    )


def _failed(entry: ModelEntry, facts: Facts, expected: str, found: str, evidence: Evidence) -> Failed:
    return Failed(
        (
            Finding(
                at=entry.objective.at,
                setting="suitable",
                expected=f"{expected} for {entry.objective.value}",
                found=f"{facts.model} is {found}",
                evidence=(evidence,),
                remedy=f"choose {expected}, or correct `objective`",
            ),
        )
    )
