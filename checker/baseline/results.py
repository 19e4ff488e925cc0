"""What a file of results holds, whichever tool wrote it."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from checker.value import NamedTuple

THE_MODEL = "model"
"""The subject of a run that evaluated the model itself."""
NO_MODEL = ("majority-class", "tf-idf")
"""Subjects that are no model: what a classifier has to beat."""


class Score(NamedTuple):
    """One metric of one task."""

    metric: str
    """As the tool names it: acc, exact_match, cosine_spearman."""
    value: float
    """In the scale that the tool writes, mostly 0 to 1."""
    stderr: float | None = None
    """Its standard error in the same scale; None where the file carries none."""
    filter: str = ""
    """How answers were taken out of the text (lm-evaluation-harness); empty where nothing is filtered."""
    higher_is_better: bool | None = None
    """Where the file says so."""
    decimals: int = 17
    """Digits behind the point that the file writes: a rounded figure is held to its rounding."""
    error_of_runs: bool = False
    """The standard error is over repeated runs, not over questions: the number of questions says nothing of it."""

    @property
    def name(self) -> str:
        """The metric with its filter."""
        return f"{self.metric},{self.filter}" if self.filter not in ("", "none") else self.metric


class TaskResult(NamedTuple):
    """The results of one task."""

    task: str
    scores: tuple[Score, ...]
    part: str = ""
    """Split and subset, where a task has several: `test`, `test/eng`."""
    version: str | None = None
    """Version of the task, or revision of its data set; None where the file states none."""
    shots: int | None = None
    samples: int | None = None
    """Questions that were evaluated."""
    of_samples: int | None = None
    """Questions that the task has; None where the file does not say."""
    digest: str | None = None
    """Hash over questions, prompts and targets, where the tool writes one."""
    is_group: bool = False
    """A mean over other tasks of the file."""

    @property
    def name(self) -> str:
        """Task and part."""
        return f"{self.task} ({self.part})" if self.part else self.task

    def score(self, name: str) -> Score | None:
        """The score of that name; one without a filter is also found by its metric alone where it is the only one."""
        exact = [score for score in self.scores if score.name == name]
        by_metric = [score for score in self.scores if score.metric == name]
        return exact[0] if exact else by_metric[0] if len(by_metric) == 1 else None


class Doubt(NamedTuple):
    """Something in a file that does not agree with itself."""

    sentence: str
    certain: bool
    """True: no honest run can write this. False: a heuristic, which reports label as one."""


class Baseline(NamedTuple):
    """Results of one evaluation run."""

    path: str
    """The file as the manifest or the user names it."""
    format: str
    """lm-evaluation-harness, mteb, lighteval, weighbridge or sklearn."""
    model: str | None
    """The model that was evaluated; None where the file does not say."""
    revision: str | None
    """Its commit; None where the file does not say, or names a branch."""
    tasks: tuple[TaskResult, ...]
    subject: str = THE_MODEL
    """`model`, or what stands in for one: majority-class, tf-idf."""
    subject_is_inferred: bool = False
    """The subject follows from the figures alone."""
    made_on: date | None = None
    tool: str = ""
    """Version or commit of the tool."""
    adapter: str | None = None
    """The adapter that was loaded on top of the model."""
    partial: str = ""
    """Why not all questions were asked; empty where all were, as far as the file says."""
    parameters: int | None = None
    """Parameters of the model that was loaded."""
    versions_expected: bool = True
    """Whether every file of this format states a version of each task."""
    shots_apply: bool = True
    """Whether tasks of this format have shots."""
    doubts: tuple[Doubt, ...] = ()
    """What the reader saw that does not agree with itself."""


class NoBaseline(NamedTuple):
    """The file that the manifest names holds no results that can be used."""

    path: str
    reason: str


class BaselineNotDeclared(NamedTuple):
    """The manifest names no baseline."""


BaselineState: TypeAlias = Baseline | NoBaseline | BaselineNotDeclared
