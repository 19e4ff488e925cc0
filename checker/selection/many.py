"""Judges a table chunk by chunk, on any executor: rows that state the same are judged once, by the rules of `check`."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from heapq import nsmallest
from operator import itemgetter
from typing import Any, TypeAlias, cast

from checker.document.errors import shown
from checker.engine import Standing
from checker.facts.dossier import Dossier
from checker.facts.model import Dimensions, Facts
from checker.selection.ask import Question
from checker.selection.gathered import Surroundings, of_facts
from checker.selection.judge import Group, Judge, Judged
from checker.selection.rank import READS, Place, Ranked, Wishes, front_of, place_of, ranked_one
from checker.selection.table import BENCHMARKS, NO_MODEL, Chunk, Columns, commit_in, facts_of, model_in
from checker.selection.table_file import places, rows_of
from checker.selection.verdicts import REFUSED, Lines, Verdict, encoded, line, verdict_of, written
from checker.selection.watched import FORM, ID, OF_ONE, told
from checker.value import NamedTuple
from checker.workers import Workers, ordered


class Task(NamedTuple):
    """What is the same for every chunk."""

    question: Question
    others: tuple[Dossier, ...]
    standing: Standing
    wishes: Wishes
    around: Surroundings
    columns: Columns
    keep: int
    """How many rows of each group are handed on, the best first; the front and what is wanted come on top."""
    stopped: bool
    """Whether those that are stopped are handed on too."""
    wanted: str | None
    """An id, or the last part of one, that is handed on whatever its rank."""
    verdicts: str
    """How the verdict of each row is written: csv, json or parquet; empty where nobody asked."""
    run: str = ""
    """What tells this run from every other: a worker that outlives one takes nothing over into the next."""


class Kept(NamedTuple):
    """A row that is handed on."""

    group: Group
    score: float
    place: Place | None
    """Of what passes: where it stands in quality and memory."""
    number: int
    facts: Facts

    @property
    def order(self) -> tuple[float, str, str]:
        """The best first, ties by name."""
        return -round(self.score, 6), self.facts.model.casefold(), self.facts.model


class Found(NamedTuple):
    """What became of a chunk."""

    rows: int
    tally: dict[str, int]
    """How many there are of each group, and how many rows name no model."""
    kept: tuple[Kept, ...]
    lines: Lines
    """The verdicts, as they are written."""


def run(workers: Workers, task: Task, chunks: Iterable[Chunk]) -> Iterator[Found]:
    """What became of each chunk, in the order of the table; few of them are held at once."""
    yield from ordered(workers.executor, partial(judged, pickle.dumps(task)), chunks, workers.at_once)


def judged(packed: bytes, chunk: Chunk) -> Found:
    """Judge the rows of a chunk.

    Args:
        packed: the task, pickled once for all chunks.
        chunk: the rows.
    """
    return _bench(packed).judged(chunk)


@lru_cache(maxsize=1)
def _bench(packed: bytes) -> _Bench:
    """Once for each process: what was found for a row stands for those of later chunks."""
    return _Bench(pickle.loads(packed))  # made by `run`


_Row: TypeAlias = tuple[int, str, Sequence[Any]]
"""A row's number, its model and its cells."""


class _Alike:
    """What is so for every row that states the same, and the rows of the chunk at hand that do."""

    __slots__ = ("count", "group", "is_held", "is_open", "parts", "place", "rest", "rows", "score", "verdict")

    def __init__(self, judged: Judged, ranked: Ranked | None, verdict: Verdict, form: str) -> None:
        self.group, self.score = judged.group, 0.0 if ranked is None else ranked.score
        self.place: Place | None = place_of(ranked) if ranked is not None and judged.passes else None
        self.verdict = verdict
        self.rest = encoded(form, verdict) if form in ("csv", "json") else ""
        """What is written behind the id."""
        self.parts = None if told(self.rest, ID, "") != self.rest else self.rest.split(ID)
        """What is written around the id; None where a part of it or the commit is shown too."""
        self.is_open = told(verdict.reasons, "", "") != verdict.reasons
        self.is_held = False
        """Whether rows of it may be handed on."""
        self.count = 0
        self.rows: list[_Row] = []


_MOST_ALIKE = 200_000
"""Rows that differ from each other of which verdicts are kept; a table has no bound."""


class _Fork:
    """The cells that are read next, and where each content leads."""

    __slots__ = ("at", "led", "several")

    def __init__(self, at: int, several: tuple[int, ...] = ()) -> None:
        self.at = at
        self.several = several
        """Where one fact is stated by several cells."""
        self.led: dict[object, _Fork | _Alike] = {}


_PINNED, _SEVERAL = -1, -2
"""In the place of a cell's: whether the row names a commit, and several cells."""
_REFUSED = Verdict(REFUSED, reasons=NO_MODEL)


class _Bench:
    """Judges chunks of one task."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._judge = Judge(task.question, task.others, task.standing, words=bool(task.verdicts))
        self._tree: dict[object, _Fork | _Alike] = {}
        self._known: dict[tuple[bool, object], _Alike] = {}
        """What stands for rows by all of their cells, which is found sooner than by those that are read."""
        self._count = 0
        self._read: dict[object, object] = {}
        fields = task.columns.fields
        self._revision = fields.index("revision") if "revision" in fields else None
        self._stated = _stated(fields)
        self._named = (task.wanted or "").casefold()

    def judged(self, chunk: Chunk) -> Found:
        """What became of a chunk."""
        at, form = places(chunk), self._task.verdicts
        own, pinned = at[0], None if self._revision is None else at[self._revision]
        typed = chunk.form != "csv"
        touched: list[_Alike] = []
        refused, number = 0, chunk.first - 1
        lines: list[str] = []
        models: list[str] = []
        verdicts: list[Verdict] = []
        same = _same(at, self._revision)
        known = self._known if same is not None and not typed else None
        for number, row in enumerate(rows_of(chunk), start=chunk.first):
            model = model_in(row[own])
            if model is None:
                refused += 1
                if form:
                    model = shown(str(row[own] or "").strip())
                    lines.append(line(form, number, model, _REFUSED))
                    models.append(model)
                    verdicts.append(_REFUSED)
                continue
            commit = None if pinned is None else commit_in(row[pinned])
            found = None
            if known is not None and same is not None:
                key = commit is None, same(row)
                found = known.get(key)
            if found is None:
                node = self._at(row, commit, typed=typed)
                found = node if node is not None else self._found(model, row, at, chunk)
                if node is not None and known is not None and len(known) < _MOST_ALIKE // 4:
                    known[key] = node
            if not found.count:
                touched.append(found)
            found.count += 1
            if found.is_held:
                found.rows.append((number, model, row))
            if form == "csv" and found.parts is not None:
                lines.append(f"{number},{model},{model.join(found.parts)}\r\n")
            elif form == "parquet":
                models.append(model)
                verdicts.append(found.verdict.of(model, commit) if found.is_open else found.verdict)
            elif form:
                lines.append(written(form, number, model, told(found.rest, model, commit)))
        numbers = range(chunk.first, number + 1)
        return Found(
            rows=len(numbers),
            tally=self._tally(touched, refused),
            kept=self._kept(touched, at, chunk),
            lines="".join(lines) if form != "parquet" else (numbers, models, verdicts),
        )

    def _at(self, row: Sequence[Any], commit: str | None, *, typed: bool) -> _Alike | None:
        """What was found for a row of which rules read the same; None where there was none."""
        node = self._tree.get(None)
        try:
            while type(node) is _Fork:
                place = node.at
                key: object
                if place >= 0:
                    key = row[place]
                elif place == _PINNED:
                    key = commit is not None
                else:
                    key = tuple([row[each] for each in node.several])
                if typed:
                    key = _typed(key)
                node = node.led.get(key)
        except TypeError:  # a list in a cell
            return None
        return node if type(node) is _Alike else None

    def _found(self, model: str, row: Sequence[Any], at: tuple[int, ...], chunk: Chunk) -> _Alike:
        """Judge a row, and keep that for those that state the same where nothing was read that tells them apart."""
        task = self._task
        if len(self._read) > _MOST_ALIKE:
            self._read = {}
        facts = facts_of(model, [row[place] for place in at], task.columns, chunk.name, self._read)
        judged, reads = self._judge.traced(lambda: self._judge.judged(of_facts(task.question, facts, task.around)))
        why: Sequence[str] | None = judged.said if task.verdicts else ()
        verdict = verdict_of(judged, why) if task.verdicts else Verdict(judged.group.value)
        handed_on = task.stopped or judged.group is not Group.STOPPED
        rank = ranked_one(judged, task.wishes) if handed_on else None
        found = _Alike(judged, rank, verdict, task.verdicts)
        found.is_held = handed_on or bool(self._named)
        shared = why is not None and not OF_ONE.intersection(reads) and ("revision" not in reads or not facts.revision)
        if shared and self._count < _MOST_ALIKE:
            way = [
                self._fork(self._stated[name], at)
                for name in (*reads, *(READS if handed_on else ()))
                if name in self._stated
            ]
            self._keep(found, way, row, pinned=facts.revision is not None, typed=chunk.form != "csv")
        return found

    def _fork(self, stated: tuple[int, ...], at: tuple[int, ...]) -> tuple[int, ...]:
        return stated if stated == (_PINNED,) else tuple(at[one] for one in stated)

    def _keep(
        self, found: _Alike, way: Sequence[tuple[int, ...]], row: Sequence[Any], *, pinned: bool, typed: bool
    ) -> None:
        """Grow the tree from its start to what was found: what is there already leads the same way."""
        led, key = self._tree, cast(object, None)
        try:
            for cells in dict.fromkeys(way):
                node = led.setdefault(key, _Fork(cells[0]) if len(cells) == 1 else _Fork(_SEVERAL, cells))
                if not isinstance(node, _Fork):
                    return
                led = node.led
                key = (
                    pinned
                    if cells == (_PINNED,)
                    else row[cells[0]]
                    if len(cells) == 1
                    else tuple(row[one] for one in cells)
                )
                key = _typed(key) if typed else key
            led.setdefault(key, found)
            self._count += 1
        except TypeError:  # a list in a cell: it stands for itself
            return

    def _tally(self, touched: Iterable[_Alike], refused: int) -> dict[str, int]:
        tally = {REFUSED: refused}
        for one in touched:
            tally[one.group.value] = tally.get(one.group.value, 0) + one.count
        return tally

    def _kept(self, touched: Iterable[_Alike], at: tuple[int, ...], chunk: Chunk) -> tuple[Kept, ...]:
        """The best rows of each group, the front, and what is wanted by name; the others are let go."""
        task = self._task
        alike = sorted(touched, key=lambda one: -round(one.score, 6))
        front = front_of({one.place for one in alike if one.place is not None})
        rows: dict[int, tuple[_Alike, _Row]] = {}
        for group in Group:
            if group is not Group.STOPPED or task.stopped:
                rows |= _best([one for one in alike if one.group is group], task.keep)
        for one in alike:
            if one.place in front:
                rows |= _best([one], task.keep)
            if self._named:
                rows |= {row[0]: (one, row) for row in one.rows if self._named in _names(row[1])}
        kept = []
        for number in sorted(rows):
            one, (_, model, cells) = rows[number]
            where = f"{chunk.name}, row {number}"
            facts = facts_of(model, [cells[place] for place in at], task.columns, where)
            kept.append(Kept(one.group, one.score, one.place, number, facts))
        for one in alike:
            one.rows, one.count = [], 0
        return tuple(kept)


def _same(at: tuple[int, ...], revision: int | None) -> Callable[[Sequence[Any]], object] | None:
    """Takes all cells of a row but those that name its model and commit; None where there are no others."""
    places = [place for index, place in enumerate(at) if index and index != revision]
    return itemgetter(*places) if places else None


def _stated(fields: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Which columns state what a rule may read; what none states is the same in every row."""
    found: dict[str, tuple[int, ...]] = {
        field: (index,) for index, field in enumerate(fields) if field in Facts._fields and field != "revision"
    }
    for fact, parts in (("dimensions", Dimensions._fields), ("benchmarks", BENCHMARKS)):
        columns = tuple(index for index, field in enumerate(fields) if field in parts)
        if columns:
            found[fact] = columns
    if "revision" in fields:
        found[FORM] = (_PINNED,)
    return found


def _typed(key: object) -> object:
    """`1`, `1.0` and `true` are equal, and not the same."""
    if type(key) is tuple:
        return tuple(_typed(one) for one in key)
    return key if type(key) is str else (type(key), key)


def _best(alike: Iterable[_Alike], most: int) -> dict[int, tuple[_Alike, _Row]]:
    """The first rows by score, then by name, by their number; those that state the same come by falling score."""
    found: list[tuple[_Alike, _Row]] = []
    last = 0.0
    for one in alike:
        if len(found) >= most and round(one.score, 6) != last:
            break
        last = round(one.score, 6)
        found += ((one, row) for row in one.rows)
    best = nsmallest(most, found, key=lambda pair: (-round(pair[0].score, 6), pair[1][1].casefold(), pair[1][1]))
    return {row[0]: (one, row) for one, row in best}


def _names(model: str) -> tuple[str, str]:
    """The id and its last part, as somebody may write them."""
    folded = model.casefold()
    return folded, folded.rpartition("/")[2]


class Merged:
    """What became of the whole table, as far as it is held: the best of each group, the front, and what is wanted."""

    def __init__(self, keep: int, wanted: str | None) -> None:
        self._keep = keep
        self._named = (wanted or "").casefold()
        self.tally: dict[str, int] = {}
        self.rows = 0
        self._kept: list[Kept] = []

    def add(self, found: Found) -> None:
        """Take what became of a chunk."""
        self.rows += found.rows
        for name, number in found.tally.items():
            self.tally[name] = self.tally.get(name, 0) + number
        self._kept += found.kept
        if len(self._kept) > 8 * self._keep + 1000:
            self._kept = list(self.kept())

    def kept(self) -> tuple[Kept, ...]:
        """The rows that are held, in the order of the table."""
        front = front_of({one.place for one in self._kept if one.place is not None})
        rows = {one.number: one for one in self._kept if one.place in front}
        for group in Group:
            rows |= {
                one.number: one
                for one in nsmallest(
                    self._keep, (one for one in self._kept if one.group is group), key=lambda one: one.order
                )
            }
        if self._named:
            rows |= {one.number: one for one in self._kept if self._named in _names(one.facts.model)}
        return tuple(rows[number] for number in sorted(rows))
