"""What in results does not agree with itself: impossible values, and values that hardly come about honestly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import isclose, sqrt

from checker.baseline.metrics import RIGHT_OR_WRONG, bounds
from checker.baseline.results import Baseline, Doubt, Score, TaskResult

_TOLERANCE = 0.01
"""Part by which a standard error may differ: files round it to two or three digits at times."""
_UNHEARD_OF = 1e15
"""Questions that nobody asks: how many more does not matter."""


def doubts(results: Baseline, today: date) -> tuple[Doubt, ...]:
    """Everything that is odd about the results, the reader's own doubts first."""
    found = list(results.doubts)
    if results.made_on is not None and (results.made_on - today).days > 1:  # a day apart is a time zone
        found.append(Doubt(f"the file was made on {results.made_on}, which is yet to come", certain=True))
    for task in results.tasks:
        if results.versions_expected and task.version is None and not task.is_group:
            found.append(
                Doubt(f"{task.name} has no task version, which every file of {results.format} states", certain=True)
            )
        found += _of_task(task)
    return tuple(found)


def _of_task(task: TaskResult) -> Iterator[Doubt]:
    if task.samples is not None and task.of_samples is not None and task.samples > task.of_samples:
        yield Doubt(f"{task.name}: {task.samples} questions were asked of {task.of_samples}", certain=True)
    if task.samples == 0:
        yield Doubt(f"{task.name}: a score of no question", certain=True)
    for score in task.scores:
        yield from _of_score(task, score)
    if not task.is_group:
        yield from _implied_numbers(task)


def _of_score(task: TaskResult, score: Score) -> Iterator[Doubt]:
    name = f"{task.name}: {score.name}"
    limits = bounds(score.metric)
    if limits is not None and not limits[0] <= score.value <= limits[1]:
        percent = "; a share is written from 0 to 1, not in per cent" if 1 < score.value <= 100 else ""
        yield Doubt(f"{name} is {score.value:g}, outside of {limits[0]:g} to {limits[1]:g}{percent}", certain=True)
        return
    if score.stderr is not None and score.stderr < 0:
        yield Doubt(f"{name} has a standard error of {score.stderr:g}, below 0", certain=True)
    elif score.metric in RIGHT_OR_WRONG and not task.is_group and not score.error_of_runs:
        yield from _of_answers(name, score, task.samples)


def _of_answers(name: str, score: Score, samples: int | None) -> Iterator[Doubt]:
    """A mean of answers that are right (1) or wrong (0), or in part right.

    The standard error of such a mean p over n is at most sqrt(p (1 - p) / (n - 1)), and is that where each answer is
    right or wrong: the variance of numbers in [0, 1] is at most p (1 - p) (Bhatia and Davis 2000), and `mean_stderr` of
    lm_eval/api/metrics.py divides the sample's deviation by sqrt(n).
    """
    spread = score.value * (1 - score.value)
    if score.stderr is not None and score.stderr > 0.5 * (1 + _TOLERANCE):
        yield Doubt(f"{name} has a standard error of {score.stderr:g}; of a share it is at most 0.5", certain=True)
        return
    if samples is None or samples < 2:
        return
    largest = sqrt(spread / (samples - 1))
    if score.stderr is not None and score.stderr > largest * (1 + _TOLERANCE) + 10**-6:
        sentence = (
            f"{name} has a standard error of {score.stderr:.4g}; of {samples} questions it is at most {largest:.4g}"
        )
        yield Doubt(sentence, certain=True)
    elif score.stderr is not None and not isclose(score.stderr, largest, rel_tol=_TOLERANCE, abs_tol=10**-6):
        sentence = f"{name} has a standard error of {score.stderr:.4g}; answers right or wrong give {largest:.4g}"
        yield Doubt(f"{sentence} ({samples} questions)", certain=False)
    hits = score.value * samples
    if abs(hits - round(hits)) > 0.5 * samples * 10**-score.decimals + 10**-6:
        yield Doubt(f"{name} of {score.value:.6g} is no whole number of answers out of {samples}", certain=False)


def implied_samples(score: Score) -> float | None:
    """The questions that a share and its standard error imply: p (1 - p) / stderr² + 1; infinite beyond all floats."""
    if score.metric not in RIGHT_OR_WRONG or not score.stderr or not 0 < score.value < 1 or score.error_of_runs:
        return None
    return score.value * (1 - score.value) / score.stderr / score.stderr + 1  # the square of a small one would be 0


def _implied_numbers(task: TaskResult) -> Iterator[Doubt]:
    """Metrics over the same questions imply the same number of them."""
    if task.samples is not None:
        return
    implied = [(score, number) for score in task.scores if (number := implied_samples(score)) is not None]
    for score, number in implied[1:]:
        first, expected = implied[0]
        if not isclose(number, expected, rel_tol=2 * _TOLERANCE):
            sentence = f"{task.name}: the standard errors of {first.name} and {score.name} imply "
            yield Doubt(f"{sentence}{_questions(expected)} and {_questions(number)} questions", certain=False)


def _questions(number: float) -> str:
    return f"{number:.0f}" if number < _UNHEARD_OF else f"more than {_UNHEARD_OF:.0e}"
