"""Judges all models that a choice is made from: the catalogue, a lock, or a table."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, islice
from pathlib import Path

from checker.document.errors import InputError
from checker.engine import Standing
from checker.selection.ask import Question
from checker.selection.gathered import Surroundings, of_facts, of_ids, of_lock, of_others
from checker.selection.judge import Candidate, Group, Judge, Judged
from checker.selection.rank import Wishes
from checker.value import NamedTuple
from checker.workers import Workers

_MANY = 1_000_000
"""Into how many parts a table falls whose end is not known yet."""
LOCK = ".lock"
"""A table whose name ends so is a lock."""


class Basis(NamedTuple):
    """What every candidate is judged by."""

    question: Question
    around: Surroundings
    standing: Standing
    wishes: Wishes


class Wanted(NamedTuple):
    """What is to be judged, and what of it is needed."""

    models: str | None
    """A table or a lock; None for the catalogue."""
    mapped: tuple[str, ...]
    """Its columns, as options state them."""
    verdicts: str | None
    """The file that gets the verdict of every row."""
    keep: int
    """How many of each group of a table are held."""
    stopped: bool
    """Whether those that are stopped are held too."""
    named: str | None
    """A model that is held in any case."""
    opened: Callable[[int], AbstractContextManager[Workers]]
    """Opens who judges the rows of a table, told into how many parts they fall."""
    run: str = ""
    """What tells this run from every other."""
    relaxations: tuple[str, ...] = ()
    """What loosens the run, which the file of verdicts says too."""


class Outcome(NamedTuple):
    """What was judged."""

    judged: list[Judged]
    passed_over: dict[Group, int]
    """How many more of each group were judged and are not held."""
    unsaid: tuple[str, ...] = ()
    """What loosens the run and has no place in the file of verdicts, where one was asked for."""


def outcome(basis: Basis, wanted: Wanted) -> Outcome:
    """Judge everything.

    Raises:
        InputError: the table cannot be read, names no model, or the verdicts cannot be written.
    """
    question, around = basis.question, basis.around
    if wanted.models is None:
        return _each(basis, of_ids(question, around.catalogue.ids(), around), wanted)
    if wanted.models.endswith(LOCK):
        if wanted.mapped:
            raise InputError.one("--map beside a lock", expected="a table that has columns", file="select")
        return _each(basis, of_lock(question, Path(wanted.models), around), wanted)
    return _table(basis, wanted, wanted.models)


def _each(basis: Basis, candidates: Iterable[Candidate], wanted: Wanted) -> Outcome:
    judge = Judge(basis.question, of_others(basis.question, basis.around), basis.standing)
    judged = [judge.judged(one) for one in candidates]
    if not judged:
        raise InputError.one("it holds no model", expected="at least one", file=wanted.models or "select")
    unsaid: tuple[str, ...] = ()
    if wanted.verdicts is not None:
        from checker.selection.verdicts import Verdicts  # few ask for them

        with Verdicts(wanted.verdicts, wanted.relaxations) as verdicts:
            for number, one in enumerate(judged, start=1):
                verdicts.judged(number, one)
        unsaid = verdicts.unsaid
    return Outcome(judged, {}, unsaid)


def _table(basis: Basis, wanted: Wanted, models: str) -> Outcome:
    from checker.selection.many import Found, Merged, Task, run
    from checker.selection.table import Chunk, Columns
    from checker.selection.table_file import chunks
    from checker.selection.verdicts import REFUSED, Verdicts, form_of

    if wanted.verdicts and os.path.realpath(wanted.verdicts) == os.path.realpath(models):
        raise InputError.one("the verdicts would take the place of the table", expected="another file", file=models)
    question, around, standing = basis.question, basis.around, basis.standing
    columns, others = Columns.of_options(wanted.mapped), of_others(question, around)
    task = Task(
        question=question,
        others=others,
        standing=standing,
        wishes=basis.wishes,
        around=around,
        columns=columns,
        keep=wanted.keep,
        stopped=wanted.stopped,
        wanted=wanted.named,
        verdicts=form_of(wanted.verdicts) if wanted.verdicts else "",
        run=wanted.run,
    )
    read = chunks(Path(models), columns)
    first = list(islice(read, 2))
    merged = Merged(wanted.keep, wanted.named)

    def found(pieces: Iterator[Chunk]) -> Iterator[Found]:
        with wanted.opened(_MANY if len(first) > 1 else 1) as workers:
            yield from run(workers, task, pieces)

    with Verdicts(wanted.verdicts, wanted.relaxations) if wanted.verdicts else nullcontext() as verdicts:
        for one in found(chain(first, read)):
            merged.add(one)
            if verdicts is not None:
                verdicts.add(one.lines)
    counted = sum(number for name, number in merged.tally.items() if name != REFUSED)
    if not counted:
        raise InputError.one(f"no row names a model ({merged.rows} were read)", expected="ids of models", file=models)
    judge = Judge(question, others, standing)
    judged = [judge.judged(of_facts(question, one.facts, around)) for one in merged.kept()]
    held = [one.group for one in judged]
    passed_over = {group: merged.tally.get(group.value, 0) - held.count(group) for group in Group}
    return Outcome(judged, passed_over, verdicts.unsaid if verdicts is not None else ())
