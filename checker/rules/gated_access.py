"""Nobody has to accept terms or ask for approval on the Hub before the model can be fetched.

What: the model is not gated. Judged from a lock, a local folder or the project's own word, since access changes.
Why:  a gate is a contract that a person enters into, and a build that lacks that person's token stops.
Fix:  let the organisation accept the terms once and fetch the model through its mirror, or choose an open model.

Passes: {model: BAAI/bge-m3, objective: similarity, known: {gated: {value: false}}}
Fails:  {model: meta-llama/Llama-3.1-8B-Instruct, known: {gated: {value: true}}}
"""

from checker.facts.fact import Certainty, NotRead, Unknown
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler

SETTLED_BY = Settler.PLATFORM
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `gated-access`."""

    min_certainty: MinCertainty = Certainty.CLAIMED


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Ask whether the Hub gates the model."""
    gated = facts.gated
    if isinstance(gated, NotRead):
        return NotApplicable(gated.reason)
    if isinstance(gated, Unknown):
        return NotEvaluated((gated,))
    if not gated.value:
        return Passed(evidence=(gated,))
    return Failed(
        (
            Finding(
                at=entry.model.at,
                expected="a model that can be fetched without a personal agreement",
                found=f"{facts.model} is gated",
                evidence=(gated,),
                remedy="accept the terms once for the organisation and use its mirror, or choose an open model",
            ),
        )
    )
