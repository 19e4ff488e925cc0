"""Joins an answer: both policies, the manifests that they are tried on, and what would become of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from checker import applying, gate
from checker.applying import Key
from checker.document.errors import InputError, NoInputError
from checker.exit_code import ExitCode
from checker.impact.at_revision import Named
from checker.impact.judge import Question, judge_batch
from checker.impact.parts import Part, parts
from checker.impact.record import Kind, Record, Shift, Side, State
from checker.manifest.discover import discover
from checker.policy.load import Choice
from checker.policy.policy import ChosenBy, Policy
from checker.value import NamedTuple
from checker.workers import Workers, ordered

BATCH = 64
"""Manifests of one batch at most: some tenths of a second of work, so that no process waits long for the last one."""


class Asked(NamedTuple):
    """What is asked: two policies, and where their projects are."""

    old: str
    new: str
    paths: tuple[Path, ...]
    question: Question
    """With both policies as the user names them."""
    here_only: bool = True
    """Whether nothing is judged on another machine, which would not see the files of a revision."""
    relaxations: tuple[str, ...] = ()
    """What of the options makes the verdicts others than those of the gate."""


class Tried(NamedTuple):
    """One of the two policies."""

    reference: str
    name: str
    version: str
    sha256: str


class Impact(NamedTuple):
    """What the newer policy would do."""

    old: Tried
    new: Tried
    today: str
    changes: tuple[Part, ...]
    upcoming: tuple[str, ...]
    """Levels that begin later under the newer policy and not under the older one."""
    records: tuple[Record, ...]
    foreign: int
    """Files that are named like manifests and are something else."""
    relaxations: tuple[str, ...] = ()
    """What makes the verdicts others than those of the gate."""

    @property
    def changed(self) -> dict[Kind, tuple[Record, ...]]:
        """The manifests of which something changes, by the gravest change of each."""
        return {kind: tuple(one for one in self.records if one.kind is kind) for kind in Kind}

    @property
    def unusable(self) -> tuple[Record, ...]:
        """The manifests that cannot be used under either policy."""
        return tuple(one for one in self.records if one.before is one.after is State.UNUSABLE)

    @property
    def tally(self) -> dict[str, int]:
        """How many manifests there are of each kind of change, and of none."""
        counted = Counter(one.kind for one in self.records if one not in self.unusable)
        unchanged = counted.pop(None, 0)
        return {**{kind.value: counted[kind] for kind in Kind}, "unchanged": unchanged}

    @property
    def exit_code(self) -> ExitCode:
        """2 where a manifest cannot be used at all, 1 where one would newly be blocked, 3 where one is unknown."""
        if self.unusable:
            return ExitCode.BAD_INPUT
        kinds = {shift.kind for one in self.records for shift in one.shifts} | {one.kind for one in self.records}
        if Kind.BLOCKS in kinds:
            return ExitCode.BLOCKED
        return ExitCode.UNKNOWN if Kind.UNKNOWN in kinds else ExitCode.OK


def run(asked: Asked, opened: Callable[[int], AbstractContextManager[Workers]]) -> Impact:
    """What the newer policy would do.

    Args:
        asked: the policies and the paths.
        opened: opens who does the work, told into how many parts it falls.

    Raises:
        InputError: a policy cannot be used, a path does not exist, or nothing was found to judge.
    """
    with Named(asked.old, "--from") as old, Named(asked.new, "--to") as new:
        for one in (old, new):
            if one.is_of_revision and not asked.here_only:
                raise InputError.one(
                    f"the workers of a cluster do not see `{one.written}`, which is read from git here",
                    expected="the policy as a file in a folder that they see",
                    file="--cluster",
                )
        first, second = _policy(old, asked.question), _policy(new, asked.question)
        found = discover(asked.paths)
        if not found.ours:
            where = ", ".join(path.as_posix() for path in asked.paths)
            raise NoInputError.one(
                f"no manifest was found in {where}",
                expected="a model.yaml with a line that begins with `weighbridge:`",
                file="no-input",
            )
        question = asked.question._replace(old=old.reference, new=new.reference)
        records = _carried_out(found.ours, question, opened)
        return Impact(
            old=Tried(asked.old, first.name, first.version, first.sha256),
            new=Tried(asked.new, second.name, second.version, second.sha256),
            today=str(question.today),
            changes=parts(first, second),
            upcoming=tuple(_upcoming(first, second, question)),
            records=tuple(_named(record, old, new) for record in records),
            foreign=len(found.foreign),
            relaxations=asked.relaxations,
        )


def _policy(named: Named, question: Question) -> Policy:
    """One of the policies, without any project's layer: what is wrong with it is told once."""
    key = Key(Choice(named.reference, ChosenBy.OPTION), None, None, question.today)
    try:
        policy = applying.standing(key).policy
        if policy.waivers is not None and policy.waivers.owner == "policy":
            applying.waivers(key, Path())
        return policy
    except InputError as error:
        raise named.told(error) from error


def _carried_out(
    paths: tuple[Path, ...], question: Question, opened: Callable[[int], AbstractContextManager[Workers]]
) -> tuple[Record, ...]:
    many = len(paths) >= gate.MANY
    if many:
        gate.expect_many()
    with opened(len(paths) if many else 1) as workers:
        size = max(1, min(BATCH, -(-len(paths) // (workers.at_once * 4)))) if many else BATCH
        batches = [paths[start : start + size] for start in range(0, len(paths), size)]
        judged = ordered(workers.executor, partial(judge_batch, question=question), batches, workers.at_once)
        return tuple(record for batch in judged for record in batch)


def _upcoming(old: Policy, new: Policy, question: Question) -> list[str]:
    said = []
    for rule in new.rules.values():
        before = old.rules.get(rule.id)
        known = before.schedule.after(question.today) if before else ()
        said += [
            f"{rule.id} is {step.enforcement} from {step.begins}: `--today {step.begins}` shows what that does"
            for step in rule.schedule.after(question.today)
            if step not in known
        ]
    return said


def _named(record: Record, old: Named, new: Named) -> Record:
    """The record with files of a revision named as git names them."""

    def shown(text: str) -> str:
        return new.shown(old.shown(text))

    def side(one: Side | None) -> Side | None:
        return one and one._replace(said=shown(one.said), policy=shown(one.policy))

    def shift(one: Shift) -> Shift:
        return one._replace(at=shown(one.at), before=side(one.before), after=side(one.after))

    shifts = tuple(map(shift, record.shifts))
    return record._replace(shifts=shifts, problems=tuple(map(shown, record.problems)))
