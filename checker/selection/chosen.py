"""The outcome of a choice: the candidates in their groups, and what they were judged and ranked by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from checker.document.errors import InputError
from checker.document.nearest import did_you_mean
from checker.selection.ask import Question
from checker.selection.judge import Group, Judged
from checker.selection.rank import Ranked, Wishes, ranked, with_front
from checker.selection.reason import reason
from checker.value import NamedTuple
from checker.verdict import PolicyStamp


class Basis(NamedTuple):
    """What a choice was made on."""

    tool_version: str
    today: date
    catalogue_sha256: str
    policy: PolicyStamp
    models_from: str
    """The catalogue, or the table that was given."""
    relaxations: tuple[str, ...] = ()
    """What loosens the run, such as another day."""


class Chosen(NamedTuple):
    """Candidates in their groups, the best of each first."""

    question: Question
    wishes: Wishes
    basis: Basis
    groups: dict[Group, tuple[Ranked, ...]]
    top: int
    """How many of each group are shown."""
    passed_over: Mapping[Group, int] = MappingProxyType({})
    """How many more there are of each group, which were judged and are not held."""

    def of(self, group: Group) -> tuple[Ranked, ...]:
        """Those of one group."""
        return self.groups.get(group, ())

    def count(self, group: Group) -> int:
        """How many there are of one group."""
        return len(self.of(group)) + self.passed_over.get(group, 0)

    def shown(self, group: Group) -> tuple[Ranked, ...]:
        """Those of one group that are shown."""
        return self.of(group)[: self.top]

    @property
    def all(self) -> tuple[Ranked, ...]:
        """Every candidate, group by group."""
        return tuple(one for group in Group for one in self.of(group))

    def find(self, model: str) -> Ranked:
        """The candidate of that id, or whose last part is that name.

        Raises:
            InputError: there is none, or several.
        """
        exact = [one for one in self.all if one.judged.id == model]
        folded = model.casefold()
        found = exact or [
            one for one in self.all if folded in (one.judged.id.casefold(), one.judged.id.rpartition("/")[2].casefold())
        ]
        if len(found) == 1:
            return found[0]
        ids = [one.judged.id for one in found or self.all]
        sentence = f"{len(found)} models are called `{model}`" if found else f"no candidate is called `{model}`"
        expected = f"one of {', '.join(ids)}" if found else "the id of a model"
        hint = "" if found else did_you_mean(model, ids)
        raise InputError.one(sentence, expected=expected, hint=hint, file="select")


def choose(
    judged: Sequence[Judged],
    question: Question,
    wishes: Wishes,
    basis: Basis,
    top: int,
    passed_over: Mapping[Group, int] = MappingProxyType({}),
) -> Chosen:
    """The candidates in their groups, ranked; the front is that of those which pass, with a change or without."""
    by_id = with_front(ranked((one for one in judged if one.group in (Group.PASSES, Group.CHANGE)), wishes))
    rest = ranked((one for one in judged if one.group not in (Group.PASSES, Group.CHANGE)), wishes)
    groups = {group: tuple(one for one in (*by_id, *rest) if one.judged.group is group) for group in Group}
    return Chosen(question, wishes, basis, groups, top, passed_over)


def reasons(judged: Judged) -> tuple[str, ...]:
    """Why a candidate does not pass as it was asked for; empty where it does."""
    return tuple(dict.fromkeys(reason(one) for one in judged.stops))
