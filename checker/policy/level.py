"""The level of a rule as a policy file writes it: one word, or a list of one for now and dated ones."""

from datetime import date
from typing import Annotated

from pydantic import Field

from checker.document.bind import Block, bind
from checker.document.errors import InputError
from checker.document.nearest import did_you_mean
from checker.document.place import At
from checker.document.scalars import Day, Word, quoted
from checker.document.tree import Node, Scalar, Sequence
from checker.rulebook.schedule import Enforcement, Schedule, Step


class _DatedLevel(Block):
    """A level from a day on."""

    from_: At[Annotated[date, Day]] = Field(alias="from")
    """The first day on which the level holds, UTC."""
    enforcement: Annotated[Enforcement, Word]
    """The level from that day on."""


def read_schedule(node: Node, path: str) -> Schedule:
    """A level, or a list of one level for now and dated ones in the order of their days.

    Raises:
        InputError: it is something else, `path` leading to it.
    """
    if not isinstance(node, Sequence):
        return Schedule.always(_level(node, path))
    if not node.items:
        raise InputError.one(f"`{path}` is an empty list", expected="a level for now, then dated ones", at=node.at)
    steps = [Step(date.min, _level(node.items[0], f"{path}[0]"))]
    for index, item in enumerate(node.items[1:], start=1):
        dated = bind(item, _DatedLevel, path=f"{path}[{index}]")
        if dated.from_.value <= steps[-1].begins:
            raise InputError.one(
                f"`{path}[{index}].from` is {dated.from_.value}, which does not come after the step before it",
                expected="dates in their order",
                at=dated.from_.at,
            )
        steps.append(Step(dated.from_.value, dated.enforcement))
    return Schedule(tuple(steps))


def _level(node: Node, path: str) -> Enforcement:
    if isinstance(node, Scalar) and node.text in tuple(Enforcement):
        return Enforcement(node.text)
    found = f"is {quoted(node)}" if isinstance(node, Scalar) and not node.empty else "is no enforcement level"
    hint = did_you_mean(node.text, Enforcement) if isinstance(node, Scalar) else ""
    raise InputError.one(f"`{path}` {found}", expected=f"one of {', '.join(Enforcement)}", hint=hint, at=node.at)
