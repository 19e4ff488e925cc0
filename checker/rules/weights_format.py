"""The weights come in a format that cannot run code when it is loaded.

What: at least one of the formats that the policy allows (safetensors, GGUF, ONNX) is there, so that no pickle has to
      be read. Judged from a lock or a local folder, since only files can tell.
Why:  a pickle runs what its author put into it, on load, with the rights of whoever loads it.
Fix:  use a revision with safetensors weights, or convert them once in a sandbox and publish the result.

Passes:
  {model: BAAI/bge-m3, objective: similarity, known: {weight_formats: {value: [safetensors]}},
   settings: {min_certainty: claimed}}
Fails:
  {model: BAAI/bge-m3, objective: similarity, known: {weight_formats: {value: [pickle]}},
   settings: {min_certainty: claimed}}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany, Text
from checker.facts.fact import Fact, NotRead, Unknown
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import subset

SETTLED_BY = Settler.PLATFORM
SECURITY_SEVERITY = 8.8  # unpickling runs code that a file may hold; our judgement on CVSS's scale
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `weights-format`."""

    allow: Annotated[OneOrMany[Annotated[str, Text]], subset] = ("safetensors", "gguf", "onnx")
    """Formats of which one has to be there."""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Look for a safe format among those that the files have."""
    formats = facts.weight_formats
    if isinstance(formats, NotRead):
        return NotApplicable(formats.reason)
    if isinstance(formats, Unknown):
        return NotEvaluated((formats,))
    notes = _scanned(facts)
    safe = [name for name in formats.value if name in settings.allow]
    if safe:
        return Passed(evidence=(formats,), notes=notes)
    return Failed(
        (
            Finding(
                at=entry.model.at,
                setting="allow",
                expected=f"weights as {' or '.join(settings.allow)}",
                found=f"only {' and '.join(formats.value)}" if formats.value else "no file of weights",
                evidence=(formats,),
                remedy="use a revision with safetensors weights, or convert them once in a sandbox",
            ),
        ),
        notes=notes,
    )


def _scanned(facts: Facts) -> tuple[str, ...]:
    """What the Hub's scanners object to: said, and no decision, since a library reads a safe format first."""
    unsafe = facts.unsafe_files
    if not isinstance(unsafe, Fact) or not unsafe.value:
        return ()
    return (f"the Hub's scanners object to {', '.join(unsafe.value)} ({unsafe.source.origin})",)
