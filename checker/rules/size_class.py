"""The declared size class is the one that the model's parameters fall into.

What: `size_class` names the class (edge, general, expert) in which the model's number of parameters lies. Between two
      classes nothing fails: the report says which two they are. Above the largest and below the smallest class only
      that class may be named.
Why:  the class is what people plan with; one that is off by a step misleads the audit of hardware and of quality.
Fix:  correct `size_class`, or leave it out: it is derived and shown.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, size_class: general}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, size_class: edge}
        {model: Qwen/Qwen2.5-72B-Instruct, size_class: general}
"""

from typing import Annotated

from checker.document.scalars import Number, Word
from checker.facts.fact import Certainty, Fact, Unknown
from checker.facts.model import Facts
from checker.guidance.guidance import guidance
from checker.manifest.model import ModelEntry, SizeClass
from checker.rulebook.outcome import Failed, Finding, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler
from checker.rulebook.tighter import fixed

SETTLED_BY = Settler.YOU
BILLION = 10**9


class Settings(RuleSettings):
    """Options of `size-class`."""

    min_certainty: MinCertainty = Certainty.CLAIMED
    classes: Annotated[dict[Annotated[SizeClass, Word], tuple[Annotated[float, Number], ...]], fixed] = {
        SizeClass(size.name): (size.least_billions, size.most_billions) for size in guidance().size_classes
    }
    """Least and most parameters of each class in billions (10**9), as models are named: 7.6 B counts as "7B"."""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Derive the class from the parameters and compare it with the declared one, if any."""
    parameters = facts.parameters
    if isinstance(parameters, Unknown):
        return NotEvaluated((parameters,))
    derived = _class_of(parameters.value, settings)
    declared = entry.size_class
    if declared is None or declared.value in (derived, *_beside(parameters.value, settings)):
        return Passed(evidence=(parameters,), notes=(_said(parameters, derived, settings),))
    fitting = derived or _beside(parameters.value, settings)[0]
    return Failed(
        (
            Finding(
                at=declared.at,
                setting="classes",
                expected=f"`size_class: {fitting}`",
                found=f"`{declared.value}`, while {facts.model} has {_billions(parameters)}",
                evidence=(parameters,),
                remedy=f"write `size_class: {fitting}` or leave the key out",
            ),
        )
    )


def _class_of(parameters: int, settings: Settings) -> SizeClass | None:
    """The class whose range holds the size, rounded down to whole billions as names are; None between classes."""
    billions = parameters / BILLION
    return next((name for name, (least, most) in settings.classes.items() if least <= billions < most + 1), None)


def _beside(parameters: int, settings: Settings) -> tuple[SizeClass, ...]:
    """The classes that a size outside every one may be counted to: between two classes any."""
    if _class_of(parameters, settings) is not None:
        return ()
    by_size = sorted(settings.classes, key=lambda name: settings.classes[name])
    billions = parameters / BILLION
    if billions < settings.classes[by_size[0]][0]:
        return (by_size[0],)
    return (by_size[-1],) if billions >= settings.classes[by_size[-1]][1] + 1 else tuple(by_size)


def _said(parameters: Fact[int], derived: SizeClass | None, settings: Settings) -> str:
    if derived is not None:
        return f"derived: {_billions(parameters)} is size class {derived}"
    billions = parameters.value / BILLION
    below = [name for name, (_, most) in settings.classes.items() if most + 1 <= billions]
    above = [name for name, (least, _) in settings.classes.items() if billions < least]
    sides = (f"above {below[-1]}" if below else "", f"below {above[0]}" if above else "")
    return f"derived: {_billions(parameters)} lies {' and '.join(side for side in sides if side)}"


def _billions(parameters: Fact[int]) -> str:
    return f"{parameters.value / BILLION:.1f} B parameters"
