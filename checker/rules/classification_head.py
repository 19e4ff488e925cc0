"""The model's classification head computes what the objective asks for.

What: multi-label classification wants a sigmoid for each label, multi-class a softmax over all labels, where the facts
      say which one a model has.
Why:  with a softmax, labels that hold together suppress each other; with sigmoids, nothing makes exactly one class
      win.
Fix:  train a new head, choose a model with the other head, or correct `objective`.

Passes: {model: SamLowe/roberta-base-go_emotions, objective: multi-label-classification}
Fails:  {model: SamLowe/roberta-base-go_emotions, objective: multi-class-classification}
"""

from checker.facts.fact import Certainty, Unknown
from checker.facts.model import Facts, Head
from checker.manifest.model import ModelEntry, Objective
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler

SETTLED_BY = Settler.YOU
WANTED = {
    Objective.MULTI_LABEL_CLASSIFICATION: Head.SIGMOID,
    Objective.MULTI_CLASS_CLASSIFICATION: Head.SOFTMAX,
}


class Settings(RuleSettings):
    """Options of `classification-head`."""

    min_certainty: MinCertainty = Certainty.CLAIMED


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Compare the head that the facts state with the one that the objective wants."""
    wanted = WANTED.get(entry.objective.value)
    if wanted is None:
        return NotApplicable(f"`objective: {entry.objective.value}` needs no classification head")
    actual = facts.head
    if isinstance(actual, Unknown):
        return NotApplicable("no source states a classification head; a base encoder gets one when it is fine-tuned")
    if actual.value is wanted:
        return Passed(evidence=(actual,))
    if entry.fine_tuning is not None:
        return Passed(
            evidence=(actual,), notes=(f"the fine-tuning has to replace the {actual.value} head by {wanted}",)
        )
    return Failed(
        (
            Finding(
                at=entry.objective.at,
                expected=f"a {wanted} head for {entry.objective.value}",
                found=f"{facts.model} has a {actual.value} head",
                evidence=(actual,),
                remedy=f"fine-tune a {wanted} head (add a `fine_tuning` block), or correct `objective`",
            ),
        )
    )
