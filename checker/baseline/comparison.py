"""What changed between two results, and whether it is more than noise.

Each score carries its standard error. Of two independent runs the difference has sqrt(a² + b²), and d / that is held
against the normal distribution, two-sided (Miller 2024, "Adding Error Bars to Evals", arXiv:2411.00640, section 4; the
runs ask the same questions, so a test on pairs would mostly find more: files of results do not carry the pairs, and
none are assumed). With m comparisons some differ by chance; Holm's step-down (1979, Scandinavian Journal of Statistics
6, 65-70) says which stand.
"""

from __future__ import annotations

from enum import StrEnum
from math import erfc, hypot, sqrt

from checker.baseline.metrics import RIGHT_OR_WRONG, bounds, higher_is_better
from checker.baseline.results import THE_MODEL, Baseline, Score, TaskResult
from checker.value import NamedTuple

LEVEL = 0.05
"""Two-sided: one comparison in twenty is called a change where there is none."""
QUANTILE = 1.959963984540054
"""Of the normal distribution at 0.975."""


class Change(StrEnum):
    """What became of one score."""

    GAINED = "gained"
    LOST = "lost"
    WITHIN_NOISE = "within noise"
    CHANGED = "changed"
    """More than noise, and nothing says which direction is better."""
    UNKNOWN = "unknown"
    """No standard error on one side: nothing says how much noise there is."""


class Compared(NamedTuple):
    """One metric of one task, before and after."""

    task: str
    metric: str
    before: float
    after: float
    stderr: float | None
    """Of the difference; None where a side carries none."""
    p_value: float | None
    change: Change
    stands: bool = False
    """Whether it is more than noise for all comparisons together (Holm)."""
    note: str = ""

    @property
    def difference(self) -> float:
        """After less before."""
        return self.after - self.before


class NotCompared(NamedTuple):
    """A task or metric that cannot be compared, and why."""

    task: str
    reason: str


class Comparison(NamedTuple):
    """All that two files say together."""

    before: Baseline
    after: Baseline
    compared: tuple[Compared, ...]
    not_compared: tuple[NotCompared, ...]
    notes: tuple[str, ...]

    def having(self, *changes: Change) -> tuple[Compared, ...]:
        """The scores that changed so."""
        return tuple(found for found in self.compared if found.change in changes)


def compare(before: Baseline, after: Baseline) -> Comparison:
    """Compare every metric of every task that both have in the same setting."""
    refused: list[NotCompared] = []
    compared: list[Compared] = []
    if before.format != after.format:
        reason = f"the files are of {before.format} and {after.format}, which ask and count differently"
        refused.append(NotCompared("all tasks", reason))
        return Comparison(before, after, (), tuple(refused), tuple(_notes(before, after)))
    others = {task.name: task for task in after.tasks}
    for task in before.tasks:
        other = others.pop(task.name, None)
        if other is None:
            refused.append(NotCompared(task.name, "only the file before has it"))
        elif reason := _incomparable(task, other, before, after):
            refused.append(NotCompared(task.name, reason))
        else:
            compared += _scores(task, other)
            refused += _lone_metrics(task, other)
    refused += [NotCompared(name, "only the file after has it") for name in others]
    return Comparison(before, after, _holm(compared), tuple(refused), tuple(_notes(before, after)))


def _incomparable(task: TaskResult, other: TaskResult, before: Baseline, after: Baseline) -> str:
    """Why two results of a task do not belong together; empty where they do."""
    if before.versions_expected and None in (task.version, other.version) and not task.is_group:
        return "the version of the task is not stated on both sides"
    if not _same_version(task.version, other.version):
        return f"version {task.version} before, {other.version} after"
    shots_known = task.shots is not None and other.shots is not None
    if (before.shots_apply or after.shots_apply) and not task.is_group and not shots_known:
        return "the number of shots is not stated on both sides"
    if task.shots != other.shots:
        return f"{task.shots} shots before, {other.shots} after"
    if task.samples != other.samples:
        return f"{task.samples or 'an unknown number of'} questions before, {other.samples or 'unknown'} after"
    if task.samples is None and bool(before.partial) != bool(after.partial):
        return f"one run was limited: {before.partial or after.partial}"
    if task.samples is None and before.partial != after.partial:
        return f"{before.partial} before, {after.partial} after"
    if task.digest and other.digest and task.digest != other.digest:
        return "other questions or prompts (their hashes differ)"
    return ""


def _same_version(first: str | None, second: str | None) -> bool:
    """1 and 1.0 are one version; the harness has written both."""
    if first == second or first is None or second is None:
        return first == second
    try:
        return float(first) == float(second)
    except ValueError:
        return False


def _lone_metrics(task: TaskResult, other: TaskResult) -> list[NotCompared]:
    mine, theirs = {score.name for score in task.scores}, {score.name for score in other.scores}
    lone = [NotCompared(task.name, f"{name} stands in the file before alone") for name in sorted(mine - theirs)]
    return lone + [NotCompared(task.name, f"{name} stands in the file after alone") for name in sorted(theirs - mine)]


def _scores(task: TaskResult, other: TaskResult) -> list[Compared]:
    theirs = {score.name: score for score in other.scores}
    return [_score(task, score, theirs[score.name], other) for score in task.scores if score.name in theirs]


def _score(task: TaskResult, score: Score, after: Score, other: TaskResult) -> Compared:
    first, second = standard_error(task, score), standard_error(other, after)
    difference = after.value - score.value
    if first is None or second is None or not (first or second):
        why = "a standard error of 0 on both sides" if first == second == 0 else "no standard error on both sides"
        return Compared(task.name, score.name, score.value, after.value, None, None, Change.UNKNOWN, note=why)
    error = hypot(first, second)  # squares of small errors would be 0
    p_value = erfc(abs(difference) / error / sqrt(2))
    better = higher_is_better(score.metric, score.higher_is_better)
    if p_value >= LEVEL:
        change = Change.WITHIN_NOISE
    elif better is None:
        change = Change.CHANGED
    else:
        change = Change.GAINED if (difference > 0) is better else Change.LOST
    computed = score.stderr is None or after.stderr is None
    note = "standard error computed from the number of questions" if computed else ""
    if score.error_of_runs:
        note = "the standard error is over repeated runs: noise of the questions comes on top"
    return Compared(task.name, score.name, score.value, after.value, error, p_value, change, note=note)


def standard_error(task: TaskResult, score: Score) -> float | None:
    """What the file carries; else, of answers right or wrong over n questions, sqrt(p (1 - p) / (n - 1)).

    None where there is neither, and where the error that is carried cannot be one: 0 beside a share between 0 and 1.
    """
    limits = bounds(score.metric)
    if score.stderr is not None:
        impossible = score.stderr == 0 and limits is not None and limits[0] < score.value < limits[1]
        return None if impossible or score.stderr < 0 else score.stderr
    if score.metric in RIGHT_OR_WRONG and task.samples is not None and task.samples > 1 and not task.is_group:
        return sqrt(max(score.value * (1 - score.value), 0) / (task.samples - 1))
    return None


def _holm(compared: list[Compared]) -> tuple[Compared, ...]:
    """Mark what stands when all comparisons are made together: the smallest p first, against level / those that are
    left.
    """
    ranked = sorted((found.p_value, index) for index, found in enumerate(compared) if found.p_value is not None)
    standing: set[int] = set()
    for rank, (p_value, index) in enumerate(ranked):
        if p_value >= LEVEL / (len(ranked) - rank):
            break
        standing.add(index)
    return tuple(found._replace(stands=index in standing) for index, found in enumerate(compared))


def _notes(before: Baseline, after: Baseline) -> list[str]:
    notes = []
    same = before.model == after.model and before.revision == after.revision and before.adapter == after.adapter
    if same and before.subject == after.subject == THE_MODEL:
        what = f"{before.model or 'no named model'} at {before.revision or 'no stated revision'}"
        notes.append(f"both files are of {what}: nothing in them says that one is fine-tuned")
    if before.made_on and after.made_on and after.made_on < before.made_on:
        notes.append(f"the file after was made on {after.made_on}, earlier than the file before ({before.made_on})")
    if before.tool != after.tool:
        notes.append(f"the tool is {before.tool or 'not stated'} before, {after.tool or 'not stated'} after")
    for word, results in (("before", before), ("after", after)):
        if results.partial:
            notes.append(f"{word}: {results.partial}")
    return notes
