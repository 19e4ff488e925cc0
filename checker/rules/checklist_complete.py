"""The five steps of the guidance's checklist are answered for this model.

What: the task category (`objective`), the audit of the hardware (`hardware`), the scale (`size_class`), the licence
      (`license`) and, before a fine-tuning, the baseline (`baseline`) are all declared.
Why:  a step that nobody wrote down is a step that nobody can review.
Fix:  add the keys that are named; `objective` alone is always there.

Passes:
  {model: BAAI/bge-m3, objective: similarity, size_class: edge, license: mit, hardware: {gpu: L4}}
Fails:  {model: BAAI/bge-m3, objective: similarity}
"""

from checker.manifest.model import Manifest, ModelEntry
from checker.rulebook.outcome import Failed, Finding, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler

SETTLED_BY = Settler.YOU


def check(manifest: Manifest, entry: ModelEntry, settings: RuleSettings) -> Outcome:
    """Name the steps whose keys are absent."""
    blocks = (manifest, entry.deployment, entry.fine_tuning)
    steps = {
        "audit the hardware: `hardware`": any(block is not None and block.hardware is not None for block in blocks),
        "select the scale: `size_class`": entry.size_class is not None,
        "verify the licence: `license`": entry.license is not None,
        "test the baseline before fine-tuning: `baseline`": entry.fine_tuning is None or entry.baseline is not None,
    }
    open_steps = [step for step, done in steps.items() if not done]
    if not open_steps:
        return Passed(margin="5 of 5 steps")
    return Failed(
        (
            Finding(
                at=entry.model.at,
                expected="an answer to each of the five steps",
                found=f"{5 - len(open_steps)} of 5; open: {'; '.join(open_steps)}",
                remedy="add the keys that are named",
            ),
        )
    )
