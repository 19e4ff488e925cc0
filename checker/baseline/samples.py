"""Holds results of lm-evaluation-harness against the answers that `--log_samples` writes beside them.

`samples_TASK_DATE.jsonl` has one line a question and filter, with hashes of question, prompt and target. The file of
results has their hash, the number of questions and the mean: all three are computed again. Source:
lm_eval/loggers/evaluation_tracker.py (`task_hashes`) of EleutherAI/lm-evaluation-harness.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from checker.baseline.metrics import RIGHT_OR_WRONG
from checker.baseline.results import Baseline, Doubt, Score, TaskResult
from checker.document.errors import InputError
from checker.document.inside import leads_out
from checker.document.json_bounded import BeyondLimits, decoded
from checker.document.place import SourceFile
from checker.document.read import read_bytes

MAX_BYTES = 64 * 1024 * 1024
"""The largest file of answers that is read: 64 MiB; a larger one is said to be left aside."""
MAX_ANSWERS = 500_000
"""Lines of such a file that are read: the three hashes alone make a line of 192 bytes, so that 64 MiB hold fewer."""
MAX_BYTES_TOGETHER = 1024 * 1024 * 1024
"""Of all files beside one file of results: links can lead to one large file many times."""
MAX_ANSWERS_TOGETHER = 1_000_000
"""Lines of all of them; all of MMLU has 14,000 questions."""
_HASHES = ("doc_hash", "prompt_hash", "target_hash")


def held_against_samples(results: Baseline, path: Path, tree: Path | None) -> Baseline:
    """The results, with a doubt for each task whose answers tell another story."""
    stamp = path.stem.removeprefix("results_")
    if stamp == path.stem:
        return results
    doubts = list(results.doubts)
    bytes_left, lines_left = MAX_BYTES_TOGETHER, MAX_ANSWERS_TOGETHER
    for task in results.tasks:
        beside = path.parent / f"samples_{task.task}_{stamp}.jsonl"
        if "/" in task.task or not _is_file(beside) or (tree and leads_out(beside, tree)):
            continue
        try:
            content = read_bytes(beside, beside.name, min(MAX_BYTES, bytes_left))
        except InputError as error:
            doubts.append(_not_looked_at(beside.name, error.problems[0].sentence))
            continue
        bytes_left -= len(content)
        lines_left -= content.count(b"\n")
        if lines_left < 0:
            why = f"there are more than {MAX_ANSWERS_TOGETHER:,} lines of answers beside the results"
            doubts.append(_not_looked_at(beside.name, why))
            break
        doubts += doubts_of(task, beside.name, content)
    return results._replace(doubts=tuple(doubts))


def _not_looked_at(name: str, why: str) -> Doubt:
    return Doubt(f"{name} was not looked at: {why}", certain=False)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a task may be called what no file can be
        return False


def doubts_of(task: TaskResult, name: str, content: bytes) -> list[Doubt]:
    """What the answers in the file of that name tell otherwise than the results of the task do."""
    if content.count(b"\n") > MAX_ANSWERS:
        return [_not_looked_at(name, f"it has more than {MAX_ANSWERS:,} lines")]
    told = _Told({score.metric for score in task.scores} & RIGHT_OR_WRONG)
    try:
        for answer in _answers(content):
            told.add(answer)
    except BeyondLimits as error:
        return [_not_looked_at(name, error.problems[0].sentence)]
    except (InputError, ValueError):
        return [Doubt(f"{name} is no file of answers", certain=True)]
    found = []
    if task.samples is not None and task.samples != told.questions:
        found.append(Doubt(f"{task.task}: {task.samples} questions, and {name} has {told.questions}", certain=True))
    if task.digest and told.digest not in (None, task.digest):
        found.append(Doubt(f"{task.task}: `task_hashes` is not the hash of {name}", certain=True))
    for score in task.scores:
        mean = told.mean(score)
        if mean is not None and not abs(mean - score.value) <= 1e-6 + 0.5 * 10**-score.decimals:
            sentence = f"{task.task}: {score.name} is {score.value:g}, and the answers in {name} give {mean:.6g}"
            found.append(Doubt(sentence, certain=True))
    return found


class _Told:
    """What the answers of one file say together; none of them is kept."""

    def __init__(self, metrics: Collection[str]) -> None:
        self._metrics = metrics
        self._sums: dict[tuple[str | None, str], _Sum] = {}
        self._first: Any = None
        self._hash = sha256()
        self._hashed = True
        self._lines = 0
        self.questions = 0
        """Lines with the filter of the first one: a question has one a filter."""

    def add(self, answer: dict[str, Any]) -> None:
        """Take one more answer."""
        its_filter = answer.get("filter")
        if not self._lines:
            self._first = its_filter
        self._lines += 1
        self.questions += its_filter == self._first
        hashes = [one for key in _HASHES if isinstance(one := answer.get(key), str)]
        self._hashed = self._hashed and len(hashes) == len(_HASHES)
        self._hash.update("".join(hashes).encode("utf-8", "replace"))
        if its_filter is None or isinstance(its_filter, str):
            for metric in self._metrics:
                self._sums.setdefault((its_filter, metric), _Sum()).add(answer.get(metric))

    @property
    def digest(self) -> str | None:
        """What `task_hashes` has to be; None where a line lacks a hash."""
        return self._hash.hexdigest() if self._hashed else None

    def mean(self, score: Score) -> float | None:
        """The mean of what the score is of; lines without a filter belong to all. None where a line has no number."""
        sums = [one for key in (score.filter, None) if (one := self._sums.get((key, score.metric)))]
        numbers = sum(one.numbers for one in sums)
        if not numbers or numbers != sum(one.lines for one in sums):
            return None
        return sum(one.total for one in sums) / numbers


class _Sum:
    """The sum of one metric."""

    def __init__(self) -> None:
        self.lines = 0
        self.numbers = 0
        self.total = 0.0
        """Not a number where there is none: infinities of both signs, or more than a float holds."""

    def add(self, value: object) -> None:
        """Take the value of one more line."""
        self.lines += 1
        if isinstance(value, (int, float)):
            self.numbers += 1
            try:
                self.total += value
            except OverflowError:
                self.total = math.nan


def _answers(content: bytes) -> Iterator[dict[str, Any]]:
    """An answer a line.

    A line ends with a line feed alone: the harness writes texts as they are, and the ends that `str.splitlines` knows
    beside it (U+0085, U+2028 …) stand inside them.
    """
    for line in BytesIO(content):
        if line.strip():
            value = decoded(SourceFile("", line.decode("utf-8")))
            if not isinstance(value, dict):
                raise ValueError("an answer is no object")
            yield value
