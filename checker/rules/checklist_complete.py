"""The five steps of the guidance's checklist are answered for this model.

What: the task category (`objective`), the audit of the hardware (`hardware`), the scale (`size_class`), the licence
      (`license`) and, before a fine-tuning, the baseline (`baseline`) are declared, as far as `steps` asks for them.
      With `access: api` the hardware and the licence are the provider's, and nobody is asked for them.
Why:  a step that nobody wrote down is a step that nobody can review.
Fix:  add the keys that are named; `objective` alone is always there.

Passes: {model: BAAI/bge-m3, objective: similarity, size_class: edge, license: mit, hardware: {gpu: L4}}
        {model: BAAI/bge-m3, size_class: edge, license: mit, settings: {steps: {hardware: optional}}}
Fails:  {model: BAAI/bge-m3, objective: similarity}
"""

from enum import StrEnum
from typing import Annotated

from checker.document.scalars import Word
from checker.guidance.guidance import guidance
from checker.manifest.model import Access, Manifest, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import per_key, ranked

SETTLED_BY = Settler.YOU


class Step(StrEnum):
    """A step of the checklist, by the key that answers it."""

    OBJECTIVE = "objective"
    HARDWARE = "hardware"
    SIZE_CLASS = "size_class"
    LICENSE = "license"
    BASELINE = "baseline"


class Asked(StrEnum):
    """Whether a step has to be answered."""

    OPTIONAL = "optional"
    REQUIRED = "required"


class Settings(RuleSettings):
    """Options of `checklist-complete`."""

    steps: Annotated[dict[Annotated[Step, Word], Annotated[Asked, Word]], per_key(ranked(tuple(Asked)))] = {
        Step(step.key): Asked.REQUIRED for step in guidance().checklist
    }
    """Whether each step has to be answered; a line here replaces the guidance's line."""


def check(manifest: Manifest, entry: ModelEntry, settings: Settings) -> Outcome:
    """Name the steps whose keys are absent."""
    asked = [step for step in guidance().checklist if settings.steps[Step(step.key)] is Asked.REQUIRED]
    if not asked:
        return NotApplicable("the policy asks for no step")
    still_open = [f"{step.step}: `{step.key}`" for step in asked if not _answered(Step(step.key), manifest, entry)]
    if not still_open:
        return Passed(margin=f"{len(asked)} of {len(asked)} steps")
    return Failed(
        (
            Finding(
                at=entry.model.at,
                setting="steps",
                expected=f"an answer to each of the {len(asked)} steps",
                found=f"{len(asked) - len(still_open)} of {len(asked)}; open: {'; '.join(still_open)}",
                remedy="add the keys that are named",
            ),
        )
    )


def _answered(step: Step, manifest: Manifest, entry: ModelEntry) -> bool:
    if entry.access.value is Access.API and step in (Step.HARDWARE, Step.LICENSE):
        return True  # `api-allowed` judges whose they are
    match step:
        case Step.OBJECTIVE:
            return True  # no manifest is without
        case Step.HARDWARE:
            blocks = (manifest, entry.deployment, entry.fine_tuning)
            return any(block is not None and block.hardware is not None for block in blocks)
        case Step.SIZE_CLASS:
            return entry.size_class is not None
        case Step.LICENSE:
            return entry.license is not None
        case Step.BASELINE:
            return entry.fine_tuning is None or entry.baseline is not None
