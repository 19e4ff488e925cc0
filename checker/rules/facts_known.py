"""What the project claims of its models does not contradict what surer sources state.

What: each value under `known:` agrees with the fact that the catalogue, a lock or a local folder states, where one
      does; and the facts that most rules rest on (licence, architecture, parameters, context) are known at all.
Why:  a claim never overrides a surer fact, so a contradiction means that one of the two is wrong.
Fix:  correct the claim, or report the catalogue's error with a source.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, known: {native_context: {value: 32768, evidence: config.json}}}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, known: {native_context: {value: 4096, evidence: config.json}}}
"""

from checker.facts.claims import Contradiction
from checker.facts.fact import Certainty, Unknown
from checker.facts.model import Facts
from checker.manifest.model import Access, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler

SETTLED_BY = Settler.YOU


class Settings(RuleSettings):
    """Options of `facts-known`."""

    min_certainty: MinCertainty = Certainty.CLAIMED


def check(entry: ModelEntry, facts: Facts, contradictions: tuple[Contradiction, ...], settings: Settings) -> Outcome:
    """List the claims that surer facts contradict, and the basic facts that nobody states."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: the provider answers for the model")
    if contradictions:
        return Failed(tuple(_finding(contradiction) for contradiction in contradictions))
    basic = (facts.license, facts.architecture_class, facts.parameters, facts.native_context)
    unknown = tuple(fact for fact in basic if isinstance(fact, Unknown))
    conflicts = tuple(f"sources contradict each other: {conflict}" for conflict in facts.conflicts)
    return NotEvaluated(unknown, conflicts) if unknown else Passed(notes=conflicts)


def _finding(contradiction: Contradiction) -> Finding:
    claimed, surer = contradiction.claimed, contradiction.surer
    said_by = f"{surer.certainty}, {surer.source.origin}: {surer.source.detail}"
    return Finding(
        at=contradiction.at,
        expected=f"{contradiction.name} {surer.value} ({said_by})",
        found=f"{contradiction.name} {claimed.value} ({claimed.certainty}, evidence: {claimed.source.detail})",
        evidence=(surer, claimed),
        remedy="correct the claim, or report the other source's error; until then the surer fact counts",
    )
