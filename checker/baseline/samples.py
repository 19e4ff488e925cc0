"""Holds results of lm-evaluation-harness against the answers that `--log_samples` writes beside them.

`samples_TASK_DATE.jsonl` has one line a question and filter, with hashes of question, prompt and target. The file of
results has their hash, the number of questions and the mean: all three are computed again. Source:
lm_eval/loggers/evaluation_tracker.py (`task_hashes`) of EleutherAI/lm-evaluation-harness.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from checker.baseline.metrics import RIGHT_OR_WRONG
from checker.baseline.results import Baseline, Doubt, TaskResult
from checker.document.errors import InputError
from checker.document.inside import leads_out
from checker.document.read import read_bytes

MAX_BYTES = 64 * 1024 * 1024
"""The largest file of answers that is read: 64 MiB; a larger one is said to be left aside."""
_HASHES = ("doc_hash", "prompt_hash", "target_hash")


def held_against_samples(results: Baseline, path: Path, tree: Path | None) -> Baseline:
    """The results, with a doubt for each task whose answers tell another story."""
    stamp = path.stem.removeprefix("results_")
    if stamp == path.stem:
        return results
    doubts = list(results.doubts)
    for task in results.tasks:
        beside = path.parent / f"samples_{task.task}_{stamp}.jsonl"
        if "/" in task.task or not _is_file(beside) or (tree and leads_out(beside, tree)):
            continue
        try:
            content = read_bytes(beside, beside.name, MAX_BYTES)
        except InputError as error:
            doubts.append(Doubt(f"{beside.name} was not looked at: {error.problems[0].sentence}", certain=False))
        else:
            doubts += doubts_of(task, beside.name, content)
    return results._replace(doubts=tuple(doubts))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a task may be called what no file can be
        return False


def doubts_of(task: TaskResult, name: str, content: bytes) -> list[Doubt]:
    """What the answers in the file of that name tell otherwise than the results of the task do."""
    try:
        lines = list(_lines(content))
    except (ValueError, RecursionError):
        return [Doubt(f"{name} is no file of answers", certain=True)]
    found = []
    first = lines[0].get("filter") if lines else None
    answers = [line for line in lines if line.get("filter") == first]
    if task.samples is not None and task.samples != len(answers):
        found.append(Doubt(f"{task.task}: {task.samples} questions, and {name} has {len(answers)}", certain=True))
    if task.digest and all(isinstance(line.get(key), str) for line in lines for key in _HASHES):
        joined = "".join(line[key] for line in lines for key in _HASHES)
        if sha256(joined.encode("utf-8", "replace")).hexdigest() != task.digest:
            found.append(Doubt(f"{task.task}: `task_hashes` is not the hash of {name}", certain=True))
    for score in task.scores:
        its = [line for line in lines if line.get("filter", score.filter) == score.filter]
        values = [line.get(score.metric) for line in its]
        numbers = [value for value in values if isinstance(value, (int, float))]
        if score.metric not in RIGHT_OR_WRONG or not numbers or len(numbers) != len(values):
            continue
        mean = _mean(numbers)
        if not abs(mean - score.value) <= 1e-6 + 0.5 * 10**-score.decimals:
            sentence = f"{task.task}: {score.name} is {score.value:g}, and the answers in {name} give {mean:.6g}"
            found.append(Doubt(sentence, certain=True))
    return found


def _mean(numbers: list[int | float]) -> float:
    """Not a number where there is none: infinities of both signs, or more than a float holds."""
    try:
        return math.fsum(numbers) / len(numbers)
    except (OverflowError, ValueError):
        return math.nan


def _lines(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.decode("utf-8").splitlines():
        if line.strip():
            value = json.loads(line)
            if not isinstance(value, dict):
                raise ValueError("an answer is no object")
            yield value
