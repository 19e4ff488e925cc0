"""The data of a fine-tuning is recorded, one line a set.

What: an entry with `fine_tuning` lists its `data`, and each set states source, license, personal_data and generated_by
      (`none` where no model made it).
Why:  what a model was trained on decides what may be done with it, and nobody can reconstruct it afterwards.
Fix:  add a line for each set, and the keys that are named.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {data: {name: tickets, source: internal, license: proprietary,
         personal_data: true, generated_by: none}}}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {goal: tone}}
        {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {data: {name: tickets, source: internal}}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.manifest.model import ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler

if TYPE_CHECKING:
    from checker.manifest.fine_tuning import DataSet, FineTuning

SETTLED_BY = Settler.YOU
_KEYS = ("source", "license", "personal_data", "generated_by")


def check(entry: ModelEntry, settings: RuleSettings) -> Outcome:
    """Name the keys that each set lacks."""
    if entry.fine_tuning is None:
        return NotApplicable("no `fine_tuning` block is declared")
    if not entry.fine_tuning.data:
        return Failed((_no_data(entry.fine_tuning),))
    findings = tuple(_lacking(data) for data in entry.fine_tuning.data if _open(data))
    if findings:
        return Failed(findings)
    count = len(entry.fine_tuning.data)
    return Passed(margin=f"{count} set{'s' if count > 1 else ''}")


def _open(data: DataSet) -> list[str]:
    return [key for key in _KEYS if getattr(data, key) is None]


def _no_data(tuning: FineTuning) -> Finding:
    return Finding(
        at=tuning.at,
        expected="`data` with one line for each set",
        found="none is recorded",
        remedy="add `data: [{name: …, source: …, license: …, personal_data: …, generated_by: …}]`",
    )


def _lacking(data: DataSet) -> Finding:
    lacking = ", ".join(f"`{key}`" for key in _open(data))
    return Finding(
        at=data.name.at,
        expected=f"source, license, personal_data and generated_by of `{data.name.value}`",
        found=f"no {lacking}",
        remedy=f"add {lacking}; `generated_by: none` where no model made it",
    )
