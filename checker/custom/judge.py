"""Judges an entry by a custom rule: what `when` and `assert` come to, and what is missing where they come to none."""

from __future__ import annotations

from functools import partial

from checker.custom.expression import Trouble, evaluate, names_in
from checker.custom.settings import CustomSettings
from checker.custom.values import Values, values
from checker.document.errors import shown
from checker.facts.model import Facts
from checker.manifest.model import Manifest, ModelEntry
from checker.rulebook.discover import Rule
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.value import NamedTuple


def as_rule(rule_id: str, settings: CustomSettings) -> Rule:
    """A custom rule in the form that the engine knows."""
    return Rule(
        id=rule_id,
        check=partial(check, rule_id),
        needs=("entry", "manifest", "facts", "settings"),
        settings=CustomSettings,
        settled_by=settings.settled_by,
        judges_weights=settings.weights,
        docstring=settings.message,
    )


class _Answer(NamedTuple):
    """What one expression came to, and on what."""

    holds: bool | NotEvaluated
    values: Values


def check(rule_id: str, entry: ModelEntry, manifest: Manifest, facts: Facts, settings: CustomSettings) -> Outcome:
    """Compute `when`, then `assert`; an expression without a value leaves the rule without an answer."""
    evidence = Values({}, (), (), ())
    for key, text in settings.expressions:
        answer = _answer(key, text, rule_id, entry, manifest, facts)
        if isinstance(answer.holds, NotEvaluated):
            return answer.holds
        if key == "when" and not answer.holds:
            return NotApplicable(f"`when` does not hold: {_seen(answer.values)}")
        if key == "assert" and not answer.holds:
            return Failed((_finding(text, settings.message, answer.values, entry),))
        evidence = answer.values
    return Passed(evidence.evidence)


def _answer(key: str, text: str, rule_id: str, entry: ModelEntry, manifest: Manifest, facts: Facts) -> _Answer:
    known = values(names_in(text), rule_id, entry, manifest, facts)
    result = evaluate(text, known.bound)
    if not isinstance(result, Trouble):
        return _Answer(result, known)
    if result.unbound and known.missing:
        return _Answer(NotEvaluated(known.missing), known)
    reason = f"`{key}` of {rule_id} cannot be computed: {shown(result.reason)}"
    return _Answer(NotEvaluated((Unanswered(f"rules.custom.{key}", reason, "", where="the policy"),)), known)


def _finding(text: str, message: str, known: Values, entry: ModelEntry) -> Finding:
    return Finding(
        at=known.places[0] if known.places else entry.model.at,
        expected=f"`{' '.join(text.split())}`",
        found=_seen(known),
        remedy=" ".join(message.split()),
        setting="assert",
        evidence=known.evidence,
    )


def _seen(known: Values) -> str:
    """The values that decided, as the expression names them."""
    return ", ".join(f"{name} is {_written(value)}" for name, value in known.bound.items()) or "it reads nothing"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_written(item)}' for name, item in value.items())}}}"
    return shown(str(value)) or "empty"
