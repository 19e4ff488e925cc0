"""The model was evaluated before it is fine-tuned.

What: an entry with `fine_tuning` names a `baseline` file with results, as lm-evaluation-harness writes them, of the
      same model at the same revision.
Why:  without the floor nobody can say what the fine-tuning gained, or that it lost something.
Fix:  run the evaluation on the untuned model at the pinned revision and name its output under `baseline`.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, baseline: baseline.json, fine_tuning: {method: lora, sequence_length: 2048}}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {method: lora, sequence_length: 2048}}
"""

from checker.facts.baseline import Baseline, BaselineNotDeclared, BaselineState, NoBaseline
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler

SETTLED_BY = Settler.YOU
REMEDY = (
    "evaluate the untuned model at the pinned revision with lm-evaluation-harness, and name the file under `baseline`"
)


def check(entry: ModelEntry, facts: Facts, baseline: BaselineState, settings: RuleSettings) -> Outcome:
    """Compare model and revision of the baseline with those of the entry."""
    if entry.fine_tuning is None:
        return NotApplicable("no `fine_tuning` block is declared")
    if isinstance(baseline, BaselineNotDeclared):
        return Failed((_finding(entry, "a `baseline` file", "none in the entry"),))
    if isinstance(baseline, NoBaseline):
        return Failed((_finding(entry, "results by task", f"{baseline.path}: {baseline.reason}"),))
    wrong = tuple(_mismatches(entry, facts, baseline))
    if wrong:
        return Failed(tuple(_finding(entry, expected, found) for expected, found in wrong))
    tasks = f"{len(baseline.tasks)} task{'s' if len(baseline.tasks) > 1 else ''}"
    notes = () if baseline.revision else ("the baseline does not say at which revision the model was evaluated",)
    return Passed(margin=f"{tasks}: {', '.join(baseline.tasks[:5])}", notes=notes)


def _mismatches(entry: ModelEntry, facts: Facts, baseline: Baseline) -> list[tuple[str, str]]:
    wrong = []
    if baseline.model not in (facts.model, facts.found_as):
        found = baseline.model or "no model"
        wrong.append((f"results of {facts.model}", f"{baseline.path} holds results of {found}"))
    pinned = entry.revision.value if entry.revision else None
    if pinned and baseline.revision and baseline.revision != pinned:
        wrong.append((f"results at revision {pinned}", f"{baseline.path} holds results at {baseline.revision}"))
    return wrong


def _finding(entry: ModelEntry, expected: str, found: str) -> Finding:
    at = entry.baseline.at if entry.baseline else entry.model.at
    return Finding(at=at, expected=expected, found=found, remedy=REMEDY)
