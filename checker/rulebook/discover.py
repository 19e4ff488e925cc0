"""How rules are found: every file in `rules/` is one, and its name is its id."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

from checker.rulebook.outcome import Outcome
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import Direction
from checker.value import NamedTuple

_FOLDER = Path(__file__).parent.parent / "rules"


class Rule(NamedTuple):
    """One rule file, loaded."""

    id: str
    check: Callable[..., Outcome]
    needs: tuple[str, ...]
    """The names of the arguments that `check` takes."""
    settings: type[RuleSettings]
    settled_by: Settler
    judges_weights: bool
    """Whether the artefact named under `deployment.weights` is judged by it too."""
    docstring: str
    security_severity: float | None = None
    """How bad a finding is for security, on CVSS's scale of 0.1 to 10; None for a rule that is about something else."""


@cache
def rule_ids() -> tuple[str, ...]:
    """The ids of all rules, sorted; no rule is imported for it."""
    names = (path.stem for path in _FOLDER.glob("[a-z]*.py"))
    return tuple(sorted(name.replace("_", "-") for name in names))


def judges_waivers(rule_id: str) -> bool:
    """Whether a rule judges waivers and not the entries of manifests: the first word of its id says so."""
    return rule_id.startswith("waiver-")


def judges_scans(rule_id: str) -> bool:
    """Whether a rule compares what a scan found with what is declared: the first word of its id says so.

    `check` reads no code and leaves these rules out.
    """
    return rule_id.startswith("models-")


@cache
def load_rule(rule_id: str) -> Rule:
    """The rule of that id.

    Raises:
        ModuleNotFoundError: no file in `rules/` has that name.
    """
    module = import_module(f"checker.rules.{rule_id.replace('-', '_')}")
    code = module.check.__code__
    return Rule(
        id=rule_id,
        check=module.check,
        needs=code.co_varnames[: code.co_argcount + code.co_kwonlyargcount],
        settings=getattr(module, "Settings", RuleSettings),
        settled_by=module.SETTLED_BY,
        judges_weights=getattr(module, "JUDGES_WEIGHTS", False),
        docstring=module.__doc__ or "",
        security_severity=getattr(module, "SECURITY_SEVERITY", None),
    )


def direction_of(settings: type[RuleSettings], name: str) -> Direction:
    """The marker that says what tighter means for one option; LookupError where the option carries none."""
    markers = [marker for marker in settings.model_fields[name].metadata if isinstance(marker, Direction)]
    if len(markers) != 1:
        raise LookupError(f"{settings.__module__}.{name} needs exactly one marker of checker.rulebook.tighter")
    return markers[0]
