"""One training step: embeddings, blocks, head and loss, back through all of it, and every moment on the way.

Blocks that are alike are run three times and extended to as many as the model has: what one more of them keeps, and
what gradients it leaves, is the same for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import TypeVar

from checker.memory.count.around import Around
from checker.memory.count.program import Program, Run
from checker.memory.count.program import simulated as how_many
from checker.memory.count.tape import Event, Group, Tape
from checker.memory.plan import Task
from checker.value import NamedTuple

_Live = tuple[complex, ...]


class Moment(NamedTuple):
    """A possible peak: bytes by group, each a part that stands and a part for each token."""

    phase: str
    place: int
    total: complex
    event: Event
    shifts: tuple[tuple[complex, ...], ...]
    """What the blocks that were left out add to the event."""

    def bytes(self, tokens: int) -> float:
        """Bytes with that many tokens in a pass."""
        return self.total.real + self.total.imag * tokens

    @property
    def live(self) -> tuple[complex, ...]:
        """Bytes by group, in the order of `GROUPS`."""
        return tuple(sum(parts) for parts in zip(self.event.live, *self.shifts, strict=True))

    def holding(self, live: tuple[complex, ...]) -> Moment:
        """The same moment with other bytes by group."""
        event = Event(self.phase, self.place, sum(live), live)
        return Moment(self.phase, self.place, event.total, event, ())


def moments(program: Program) -> tuple[Moment, ...]:
    """Every moment of the step that could be the fullest."""
    return _whole(program, _ran(program))


def highest(program: Program) -> tuple[Moment, ...]:
    """The `fullest` of all moments; programs that differ in how often blocks repeat are run once."""
    runs = tuple(run._replace(repeats=how_many(run)) for run in program.runs)
    return fullest(_whole(program, _short(program._replace(runs=runs))))


class _Ran(NamedTuple):
    """A step in which few of the blocks that are alike were run."""

    events: tuple[Event, ...]
    forth: dict[int, _Live]
    back: dict[int, _Live]


def _ran(program: Program) -> _Ran:
    tape = Tape(autocast=program.autocast)
    chain = [run.make() for run in program.runs for _ in range(how_many(run))]
    forth, back = _run(tape, program, chain, _passes(program))
    return _Ran(tuple(tape.events), forth, back)


@lru_cache(maxsize=256)
def _short(program: Program) -> _Ran:
    """What the blocks that are left out add is the same for all events of a place, so that few of them count."""
    ran = _ran(program)
    return ran._replace(events=fullest(ran.events))


def _passes(program: Program) -> int:
    return 2 if program.task is Task.EMBED else 1


def _whole(program: Program, ran: _Ran) -> tuple[Moment, ...]:
    """The events of the short run where they stand in the program."""
    counts = [how_many(run) for run in program.runs]
    stretches = []
    for index in range(_passes(program)):
        start = index * (sum(counts) + 2)
        for run, count in zip(program.runs, counts, strict=True):
            if run.repeats > count:
                stretches.append(_stretch(start + 1, run.repeats - count, ran.forth, ran.back))
            start += count
    return tuple(moment for event in ran.events for moment in _extended(event, stretches))


_Any = TypeVar("_Any", Event, Moment)


def fullest(moments: Sequence[_Any]) -> tuple[_Any, ...]:
    """Of the moments at each place those that are the fullest for some number of tokens."""
    found: dict[tuple[str, int], list[_Any]] = {}
    for moment in moments:
        found.setdefault((moment.phase, moment.place), []).append(moment)
    return tuple(moment for alike in found.values() for moment in _undominated(alike))


def _undominated(alike: list[_Any]) -> list[_Any]:
    alike.sort(key=lambda moment: (moment.total.real, moment.total.imag), reverse=True)
    kept: list[_Any] = []
    steepest = -1.0
    for moment in alike:
        if moment.total.imag > steepest:
            steepest = moment.total.imag
            kept.append(moment)
    return kept


def _run(tape: Tape, program: Program, chain: Sequence[Run], passes: int) -> tuple[dict[int, _Live], dict[int, _Live]]:
    """Run a step; what lives before each place on the way forth, and after it on the way back.

    Places count on from pass to pass: blocks, then what follows them, then the embeddings of the next pass.
    """
    forth: dict[int, _Live] = {}
    model = Around(program)
    tables = [tape.new(size, 1) for size in program.tables]
    masks = [tape.new(size, 1) for size in program.masks]
    outs = []
    bridge = sum(how_many(run) for run in program.runs[: program.encoder_runs])
    for index in range(passes):
        start = index * (len(chain) + 2)
        tape.place = start - 1
        x = given = model.embedded(tape)
        for place, block in enumerate(chain, start):
            tape.place = place
            if program.memory is not None and place == bridge:
                program.memory.made = model.bridged(tape, x)
                x = model.embedded(tape)
            forth[place] = tuple(tape.live)
            x = tape.checkpoint(partial(block, tape), x) if program.checkpointing else block(tape, x)
        del given  # the model's own function holds it while the blocks run
        tape.place = start + len(chain)
        outs.append(model.finished(tape, x))
        del x
    loss = model.lost(tape, outs)
    outs.clear()
    tape.casts.clear()
    if not program.checkpointing:
        masks.clear()
    back = tape.backward_marked(loss)
    if program.memory is not None:
        program.memory.made = None
    del masks, tables
    return forth, back


class _Stretch:
    """Blocks that were left out, for which the middle one of three stands.

    Args:
        middle: the place of the middle one.
        more: how many were left out.
        kept: what one of them keeps while the forward pass runs, autocast's copies too.
        change: what going back through one of them changes: its own is let go, its gradients stay.
    """

    def __init__(self, middle: int, more: int, kept: _Live, change: _Live) -> None:
        self.middle = middle
        stays = tuple(0j if group == Group.GRADIENTS else -more * one for group, one in enumerate(change))
        left = tuple(more * one if group == Group.GRADIENTS else 0j for group, one in enumerate(change))
        none = tuple(0j for _ in change)
        all_kept = tuple(more * one for one in kept)
        self.none, self.kept, self.stays, self.left = ((sum(one), one) for one in (none, all_kept, stays, left))

    def shifts(self, phase: str, place: int) -> tuple[tuple[complex, _Live], ...]:
        """What they add to a moment: in total, and by group."""
        if phase == "forward":
            if place == self.middle:
                return self.none, self.kept
            return (self.none if place < self.middle else self.kept,)
        if place == self.middle:
            return self.stays, self.left
        return (self.left if place < self.middle else self.stays,)


def _stretch(middle: int, more: int, forth: dict[int, _Live], back: dict[int, _Live]) -> _Stretch:
    kept = tuple(b - a for a, b in zip(forth[middle], forth[middle + 1], strict=True))
    change = tuple(b - a for a, b in zip(back[middle + 1], back[middle], strict=True))
    return _Stretch(middle, more, kept, change)


def _extended(event: Event, stretches: Sequence[_Stretch]) -> list[Moment]:
    """An event of the short run, where it stands in the whole: for the first and the last block that it stands for."""
    found: list[tuple[complex, tuple[_Live, ...]]] = [(event.total, ())]
    for stretch in stretches:
        options = stretch.shifts(event.phase, event.place)
        found = [(total + size, (*shifts, shift)) for total, shifts in found for size, shift in options]
    return [Moment(event.phase, event.place, total, event, shifts) for total, shifts in found]
