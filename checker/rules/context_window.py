"""The declared context window is one that the model was trained for.

What: `deployment.context_window` is at most the model's native context, in tokens; with `documents: long-form` it is
      also at least what long-form documents need.
Why:  positions beyond the native context were never seen in training: answers degrade and nothing raises. A window
      that is too short for the documents cuts them, as silently.
Fix:  change `context_window`, or pick a model with a longer native context.

Passes: {model: mistralai/Mistral-7B-Instruct-v0.3, deployment: {context_window: 16384}}
Fails:  {model: mistralai/Mistral-7B-Instruct-v0.3, deployment: {context_window: 65536}}
"""

from typing import Annotated

from pydantic import Field

from checker.document.scalars import Share, Whole
from checker.facts.fact import Certainty, Unknown
from checker.facts.model import Facts
from checker.guidance.guidance import guidance
from checker.manifest.model import ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler
from checker.rulebook.tighter import higher, lower

SETTLED_BY = Settler.YOU


class Settings(RuleSettings):
    """Options of `context-window`."""

    min_certainty: MinCertainty = Certainty.CLAIMED
    share: Annotated[float, Share, lower] = 1.0
    """Part of the native context that may be declared, 0 to 1."""
    long_form: Annotated[int, Whole, Field(ge=1), higher] = guidance().long_form.least_tokens
    """Least context, in tokens, for `documents: long-form`; the guidance asks for 32k to 128k, and more is fine."""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Hold the declared window against the native one and against the documents."""
    if entry.deployment is None:
        return NotApplicable("no `deployment` block is declared")
    window, native = entry.deployment.context_window, facts.native_context
    if window is None:
        return NotEvaluated((Unanswered("deployment.context_window", ASKED, YAML, entry.deployment.at),))
    if isinstance(native, Unknown):
        return NotEvaluated((native,))
    limit = int(native.value * settings.share)
    findings = []
    if window.value > limit:
        findings.append(
            Finding(
                at=window.at,
                setting="share",
                expected=f"at most {limit} tokens",
                found=f"{window.value} tokens, while {facts.model} was trained for {native.value}",
                evidence=(native,),
                remedy=f"set context_window to {limit} or less, or pick a model with a longer native context",
            )
        )
    if entry.documents is not None and window.value < settings.long_form:
        findings.append(
            Finding(
                at=entry.documents.at,
                setting="long_form",
                expected=f"a context window of at least {settings.long_form} tokens for long-form documents",
                found=f"{window.value} tokens",
                evidence=(native,),
                remedy=f"raise context_window to {settings.long_form} or more, or leave `documents` out",
            )
        )
    if findings:
        return Failed(tuple(findings))
    return Passed(evidence=(native,), margin=f"{limit - window.value} tokens left")


ASKED = "the window is compared with the native context and decides the memory of the KV cache"
YAML = "deployment:\n  context_window: 8192"
