"""What people read of a custom rule, and of the variables that such rules may use."""

from __future__ import annotations

from collections.abc import Iterable

from checker import HOME
from checker.custom.expression import asks_what_is_known
from checker.custom.settings import CustomSettings
from checker.custom.variables import Variable
from checker.policy.policy import Policy, ResolvedRule
from checker.rulebook.documentation import Documentation, Setting
from checker.rulebook.tighter import Direction, fixed


def pages(policy: Policy) -> tuple[Documentation, ...]:
    """The documentation of the policy's own rules."""
    return tuple(page(rule) for rule in policy.rules.values() if rule.custom)


def page(rule: ResolvedRule) -> Documentation:
    """The documentation of a custom rule, from what the policy says of it."""
    settings = rule.settings
    assert isinstance(settings, CustomSettings)  # what `custom` says
    condition = f", where `{_line(settings.when)}`" if settings.when else ""
    also = "; of the artefact under `deployment.weights` too" if settings.weights else ""
    stated = rule.set_by["assert"]
    return Documentation(
        id=rule.id,
        summary=_line(settings.message),
        what=f"`{_line(settings.assert_)}`{condition}{also}.",
        why=f"a rule of the policy's own, stated in {stated.at}.",
        fix=_line(settings.message),
        settled_by=settings.settled_by,
        settings=(_min_certainty(settings),),
        passes=(),
        fails=(),
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _min_certainty(settings: CustomSettings) -> Setting:
    field = CustomSettings.model_fields["min_certainty"]
    direction = next(marker for marker in field.metadata if isinstance(marker, Direction))
    if any(asks_what_is_known(text) for _, text in settings.expressions):
        direction = fixed
    meaning = "The least certainty of the facts that the rule may rest on."
    return Setting("min_certainty", meaning, direction.words, str(field.default))


_INTRODUCTION = f"""\
custom-rules: rules of a policy's own, in the Common Expression Language (extra `cel`).

rules:
  custom:
    - id: acme-small-models
      when: manifest.objective == "chat"       # optional
      assert: model.params <= 14000000000
      message: choose a model of 14B parameters or fewer
      enforcement: soft-mandatory

A variable without a value leaves the rule not evaluated, unless the other side of `&&` or `||` decides;
`known.…` and `stated.…` always have one. {HOME}/docs/custom-rules/ says more.
"""


def introduced(variables: Iterable[Variable]) -> str:
    """How custom rules are written, and all variables, for a terminal."""
    listed = list(variables)
    width = max(len(variable.name) for variable in listed)
    kind = max(len(variable.type) for variable in listed)
    lines = [f"{one.name:<{width}}  {one.type:<{kind}}  {_told(one)}".rstrip() for one in listed]
    return _INTRODUCTION + "\n" + "\n".join(lines) + "\n"


def as_table(variables: Iterable[Variable]) -> str:
    """All variables as a table of the documentation."""
    rows = [f"| `{one.name}` | {one.type} | {_told(one)} |" for one in variables]
    return "\n".join(["| variable | type | meaning |", "|---|---|---|", *rows]) + "\n"


def _told(variable: Variable) -> str:
    if not variable.choices:
        return variable.meaning
    return f"{variable.meaning} One of {', '.join(variable.choices)}.".strip()
