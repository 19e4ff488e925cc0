"""The kind of training behind the model suits what is to be done with it.

What: the goal of the fine-tuning decides: a new language or a domain's vocabulary wants a base model; behaviour, tone
      and strict output formats want an instruct model; domain knowledge takes either. Without a goal, chat wants
      instruct.
Why:  a base model continues text instead of answering; an instruct model has given up some of the plasticity that new
      vocabulary needs.
Fix:  choose the sibling of the other kind, or state the goal that is really pursued.

Passes: {model: meta-llama/Llama-3.1-8B-Instruct, objective: chat}
Fails:  {model: meta-llama/Llama-3.1-8B, objective: chat}
"""

from typing import Annotated

from checker.document.place import Place
from checker.document.scalars import OneOrMany, Word
from checker.facts.fact import Certainty, Unknown
from checker.facts.model import ArchitectureClass, Facts, Variant
from checker.guidance.guidance import guidance
from checker.manifest.model import Access, Goal, ModelEntry, Objective
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler
from checker.rulebook.tighter import per_key, subset

SETTLED_BY = Settler.YOU


class Settings(RuleSettings):
    """Options of `base-or-instruct`."""

    min_certainty: MinCertainty = Certainty.CLAIMED
    goals: Annotated[dict[Annotated[Goal, Word], OneOrMany[Annotated[Variant, Word]]], per_key(subset)] = {
        Goal(line.name): line.variants for line in guidance().goals
    }
    """Kinds of training that suit each goal of a fine-tuning; a line here replaces the guidance's line."""
    objectives: Annotated[dict[Annotated[Objective, Word], OneOrMany[Annotated[Variant, Word]]], per_key(subset)] = {
        Objective.CHAT: (Variant.INSTRUCT,)
    }
    """Kinds of training that suit an objective where no goal is stated."""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Compare the variant that the facts state with what the goal, else the objective, wants."""
    asked = wanted(entry, settings)
    if asked is None:
        return NotApplicable(f"no goal is stated, and `objective: {entry.objective.value}` takes either kind")
    kind = facts.architecture_class
    if isinstance(kind, Unknown):
        if entry.access.value is Access.API:
            return NotApplicable(f"used through an API, whose provider answers for it: {kind.name}: {kind.reason}")
        return NotEvaluated((kind,))
    if kind.value not in (ArchitectureClass.DECODER, ArchitectureClass.ENCODER_DECODER):
        return NotApplicable(f"a model of class {kind.value} is neither base nor instruct")
    actual = facts.variant
    if isinstance(actual, Unknown):
        return NotEvaluated((actual,))
    suitable, reason, at, setting = asked
    if actual.value in suitable:
        return Passed(evidence=(actual,))
    return Failed(
        (
            Finding(
                at=at,
                setting=setting,
                expected=f"a model of kind {' or '.join(suitable)}: {reason}",
                found=f"{facts.model} is of kind {actual.value}",
                evidence=(actual,),
                remedy=f"choose the {suitable[0]} model of this family, or correct {reason}",
            ),
        )
    )


def wanted(entry: ModelEntry, settings: Settings) -> tuple[tuple[Variant, ...], str, Place, str] | None:
    """The suitable kinds, why, the line that says so, and the setting that decides."""
    goal = entry.fine_tuning.goal if entry.fine_tuning else None
    if goal is not None and goal.value in settings.goals:
        return settings.goals[goal.value], f"`goal: {goal.value}`", goal.at, "goals"
    objective = entry.objective
    if goal is None and objective.value in settings.objectives:
        return settings.objectives[objective.value], f"`objective: {objective.value}`", objective.at, "objectives"
    return None
