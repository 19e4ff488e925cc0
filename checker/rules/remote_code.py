"""Loading the model runs no code from the model's repository.

What: the model's configuration names no code of its own (`auto_map`), so that it loads without `trust_remote_code`.
      Judged from a lock or a local folder, since only files can tell.
Why:  with `trust_remote_code`, whoever can push to that repository runs code on your machines.
Fix:  use a revision or a model that the library supports by itself, or have the code reviewed and the commit pinned.

Passes:
  {model: BAAI/bge-m3, objective: similarity, known: {remote_code: {value: false}}, settings: {min_certainty: claimed}}
Fails:
  {model: BAAI/bge-m3, objective: similarity, known: {remote_code: {value: true}}, settings: {min_certainty: claimed}}
"""

from checker.facts.fact import NotRead, Unknown
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler

SETTLED_BY = Settler.PLATFORM
SECURITY_SEVERITY = 8.8  # loading the model runs code that its publisher can change; our judgement on CVSS's scale
JUDGES_WEIGHTS = True


def check(entry: ModelEntry, facts: Facts, settings: RuleSettings) -> Outcome:
    """Ask whether the configuration names code of its own."""
    code = facts.remote_code
    if isinstance(code, NotRead):
        return NotApplicable(code.reason)
    if isinstance(code, Unknown):
        return NotEvaluated((code,))
    if not code.value:
        return Passed(evidence=(code,))
    return Failed(
        (
            Finding(
                at=entry.model.at,
                expected="a model that loads without code of its own",
                found="its configuration names code in its repository (`auto_map`)",
                evidence=(code,),
                remedy="use a model that the library supports by itself, or have the code reviewed at a pinned commit",
            ),
        )
    )
