"""A rule as SARIF describes it: what code scanning shows beside an alert."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker import HOME
from checker.report._remarks import UNJUDGED, UNUSABLE
from checker.rulebook.discover import load_rule
from checker.rulebook.documentation import Documentation, documentation
from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple

MAX_DESCRIPTION = 1_024
"""Characters that GitHub takes of a description."""


class _Described(NamedTuple):
    summary: str
    what: str
    why: str
    fix: str
    settings: tuple[str, ...] = ()
    security_severity: float | None = None


_NO_RULES = {
    UNUSABLE: _Described(
        "A file that the gate needs can be used.",
        "manifests, policies and other inputs are read, and hold to their schema.",
        "what cannot be read cannot be judged, and is never taken as passed.",
        "correct what the message names; `weighbridge schema manifest` prints the schema.",
    ),
    UNJUDGED: _Described(
        "Some rule of the policy applies to each model.",
        "at least one rule was judged for the model.",
        "a model of which nothing was judged cannot pass.",
        "let the policy name a rule for models of this kind.",
    ),
}


def described(rule: str, enforcement: Enforcement, custom: Mapping[str, Documentation]) -> dict[str, Any]:
    """The `reportingDescriptor` of one rule at the level that the policy gives it; `custom` holds a policy's own."""
    page = _NO_RULES[rule] if rule in _NO_RULES else _page(rule, custom)
    level = "error" if enforcement.blocks else "warning"
    properties: dict[str, Any] = {"problem.severity": level, "tags": [rule.partition("-")[0]]}
    if page.security_severity is not None:
        properties["security-severity"] = str(page.security_severity)
        properties["tags"].append("security")
    return {
        "defaultConfiguration": {"level": level},
        "fullDescription": {"text": _cut(f"{page.summary} It checks that {page.what}")},
        "help": {"markdown": _markdown(page), "text": f"{page.what}\n\nWhy: {page.why}\n\nFix: {page.fix}"},
        "helpUri": f"{HOME}/docs/{'custom-rules' if rule in custom else f'rules/{rule}'}/",
        "id": rule,
        "name": "".join(part.capitalize() for part in rule.split("-")),
        "properties": properties,
        "shortDescription": {"text": _cut(page.summary)},
    }


def _page(rule: str, custom: Mapping[str, Documentation]) -> _Described:
    page = custom[rule] if rule in custom else documentation(rule)
    settings = tuple(f"`{setting.name}` (default `{setting.default}`): {setting.meaning}" for setting in page.settings)
    severity = None if rule in custom else load_rule(rule).security_severity
    return _Described(page.summary, page.what, page.why, page.fix, settings, severity)


def _markdown(page: _Described) -> str:
    parts = [f"**What it checks:** {page.what}", f"**Why:** {page.why}", f"**How to fix it:** {page.fix}"]
    if page.settings:
        parts.append("**Settings of the policy:**\n\n" + "\n".join(f"- {setting}" for setting in page.settings))
    return "\n\n".join(parts)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_DESCRIPTION else f"{text[: MAX_DESCRIPTION - 1]}…"
