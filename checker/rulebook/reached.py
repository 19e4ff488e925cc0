"""Whether a project's own results reach the floors under them: which score of the file a floor means, and its noise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checker.baseline.comparison import QUANTILE, standard_error
from checker.baseline.doubts import doubts
from checker.baseline.metrics import bounds, higher_is_better
from checker.baseline.results import Baseline, BaselineNotDeclared, BaselineState, NoBaseline, Score, TaskResult
from checker.document.place import Place
from checker.facts.fact import Unknown
from checker.rulebook.measured_floor import MeasuredFloor
from checker.rulebook.outcome import Finding
from checker.value import NamedTuple


class Held(NamedTuple):
    """What came of the floors."""

    findings: tuple[Finding, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    notes: tuple[str, ...] = ()


def hold(at: Place, baseline: BaselineState, floors: Mapping[str, MeasuredFloor], today: date) -> Held:
    """Hold results against floors by task.

    Args:
        at: the place that findings are about.
        baseline: what the entry's file holds.
        floors: by the task's name.
        today: the day of the run; a file of tomorrow is not believed.
    """
    if not isinstance(baseline, Baseline):
        reason = _why_none(baseline)
        return Held(unknown=tuple(Unknown(f"baseline.{task}", reason) for task in floors))
    broken = next((doubt for doubt in doubts(baseline, today) if doubt.certain), None)
    if broken is not None:
        reason = f"{baseline.path} contradicts itself: {broken.sentence}"
        return Held(unknown=tuple(Unknown(f"baseline.{task}", reason) for task in floors))
    held = Held()
    for task, floor in floors.items():
        one = _one(at, baseline, task, floor)
        held = Held(held.findings + one.findings, held.unknown + one.unknown, held.notes + one.notes)
    return held


def _why_none(baseline: BaselineNotDeclared | NoBaseline) -> str:
    if isinstance(baseline, NoBaseline):
        return f"{baseline.path}: {baseline.reason}"
    return "the entry names no `baseline`, and the policy sets a floor for its results"


def _one(at: Place, baseline: Baseline, name: str, floor: MeasuredFloor) -> Held:
    tasks = [task for task in baseline.tasks if task.task == name]
    if floor.at_least is None and floor.at_most is None:
        return _unknown(name, f"the floor of {name} states neither `at_least` nor `at_most`")
    if not tasks:
        return _unknown(name, f"{baseline.path} has no results of {name}")
    held = Held()
    for task in tasks:
        one = _of_task(at, baseline, task, floor)
        held = Held(held.findings + one.findings, held.unknown + one.unknown, held.notes + one.notes)
    return held


def _unknown(name: str, reason: str) -> Held:
    return Held(unknown=(Unknown(f"baseline.{name}", reason),))


def _of_task(at: Place, baseline: Baseline, task: TaskResult, floor: MeasuredFloor) -> Held:
    if floor.shots is not None and task.shots != floor.shots:
        has = "an unknown number of" if task.shots is None else task.shots
        return _unknown(task.task, f"the floor of {task.name} is for {floor.shots} shots, and the file has {has}")
    score = _meant(task, floor)
    if isinstance(score, str):
        return _unknown(task.task, score)
    notes = [f"{task.name}: {baseline.partial}"] if baseline.partial else []
    findings = []
    for least, limit in ((True, floor.at_least), (False, floor.at_most)):
        if limit is None:
            continue
        better = higher_is_better(score.metric, score.higher_is_better)
        if better is not None and better is not least:
            word = "at_most" if least else "at_least"
            return _unknown(
                task.task, f"of {score.name} {'more' if better else 'less'} is better: the floor needs `{word}`"
            )
        near = _near(task, score, limit)
        if score.value < limit if least else score.value > limit:
            findings.append(_finding(at, baseline, task, score, least, limit, near))
        elif near:
            notes.append(f"{_said(task, score)} meets {limit:g}: {near}")
    return Held(tuple(findings), notes=tuple(notes))


def _meant(task: TaskResult, floor: MeasuredFloor) -> Score | str:
    """The score that a floor means; why there is none otherwise."""
    names = ", ".join(score.name for score in task.scores)
    if floor.metric is None:
        return task.scores[0] if len(task.scores) == 1 else f"{task.name} has {names}: the floor names no `metric`"
    return task.score(floor.metric) or f"{task.name} has no single {floor.metric}, but {names}"


def _said(task: TaskResult, score: Score) -> str:
    error = f" ± {score.stderr:.2g}" if score.stderr else ""
    return f"{task.name}: {score.name} of {score.value:.4g}{error}"


def _near(task: TaskResult, score: Score, limit: float) -> str:
    """What is said where the floor lies within the noise of the score; its 95 % interval is ± 1.96 standard errors."""
    error = standard_error(task, score)
    if error is None:
        return "the file carries no standard error, so that how near this is cannot be said"
    if abs(score.value - limit) > QUANTILE * error:
        return ""
    return f"within noise (95 %: {score.value - QUANTILE * error:.4g} to {score.value + QUANTILE * error:.4g})"


def _finding(
    at: Place, baseline: Baseline, task: TaskResult, score: Score, least: bool, limit: float, near: str
) -> Finding:
    shots = "" if task.shots is None else f" with {task.shots} shots"
    scale = ""
    if limit > 1 and bounds(score.metric) in ((0.0, 1.0), (-1.0, 1.0)):
        scale = f"; {score.metric} runs to 1, so the floor may mean {limit / 100:g}"
    return Finding(
        at=at,
        setting="baseline",
        expected=f"{score.name} of {task.name}{shots} of at {'least' if least else 'most'} {limit:g}{scale}",
        found=f"{baseline.path} has {score.value:.4g}",
        detail=(near,) if near else (),
        remedy="choose a stronger model, or have the floor reviewed by the policy's owners",
    )
