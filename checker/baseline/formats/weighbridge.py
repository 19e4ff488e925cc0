"""Our own format of results, for what no harness measures: a classifier on a project's data, a majority class, TF-IDF.

A typed file (`weighbridge schema baseline`), JSON or YAML: docs/baseline.md.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from checker.baseline.document import Found
from checker.baseline.results import Baseline, Score, TaskResult
from checker.document.bind import Block, bind, refuse
from checker.document.errors import Problem
from checker.document.place import At, SourceFile
from checker.document.read import from_text
from checker.document.scalars import Count, Day, Number, OneOrMany, Text, Whole, Word, YesNo
from checker.document.tree import parse

NAME = "weighbridge"
SHAPE = "`weighbridge_baseline: 1` with `subject` and `tasks`"
KEY = "weighbridge_baseline"


class Subject(StrEnum):
    """What was evaluated."""

    MODEL = "model"
    MAJORITY_CLASS = "majority-class"
    TF_IDF = "tf-idf"


class OwnScore(Block):
    """One metric."""

    metric: At[Annotated[str, Text]] = Field(examples=["accuracy"])
    """Its name: accuracy, f1_macro, exact_match …"""
    value: At[Annotated[float, Number]] = Field(examples=[0.81])
    """The score, in the scale of the metric: accuracy from 0 to 1."""
    stderr: At[Annotated[float, Number]] | None = None
    """Its standard error, in the same scale."""
    higher_is_better: At[Annotated[bool, YesNo]] | None = None
    """Which direction is better, for a metric that is not known by its name."""


class OwnTask(Block):
    """One task."""

    task: At[Annotated[str, Text]] = Field(examples=["tickets"])
    """Its name."""
    version: At[Annotated[str, Text]] = Field(examples=["2026-10"])
    """The version of its questions: two results are compared only where it is the same."""
    shots: At[Annotated[int, Whole]] | None = None
    """Examples in the prompt; absent where there is no prompt."""
    samples: At[Annotated[int, Count]] | None = None
    """Questions that were evaluated."""
    of_samples: At[Annotated[int, Count]] | None = None
    """Questions that the task has, where not all were evaluated."""
    digest: At[Annotated[str, Text]] | None = None
    """A hash over the questions."""
    scores: OneOrMany[OwnScore] = Field(min_length=1)
    """What came out."""


class OwnBaseline(Block):
    """Results of one evaluation."""

    model_config = ConfigDict(json_schema_extra={"examples": []})

    weighbridge_baseline: At[Annotated[int, Count]]
    """The number of this format: 1."""
    subject: At[Annotated[Subject, Word]]
    """What was evaluated: the model, or what a classifier has to beat."""
    model: At[Annotated[str, Text]] | None = Field(default=None, examples=["google-bert/bert-base-uncased"])
    """The model; asked where it is the subject."""
    revision: At[Annotated[str, Text]] | None = None
    """Its commit."""
    adapter: At[Annotated[str, Text]] | None = None
    """The adapter on top of it, where one was loaded."""
    made_on: At[Annotated[date, Day]] | None = None
    """The day of the evaluation."""
    tool: At[Annotated[str, Text]] | None = Field(default=None, examples=["scikit-learn 1.5.2"])
    """What computed the scores."""
    tasks: OneOrMany[OwnTask] = Field(min_length=1)
    """Results by task."""

    @model_validator(mode="after")
    def _consistent(self) -> OwnBaseline:
        problems = []
        if self.weighbridge_baseline.value != 1:
            sentence = f"`{KEY}` is {self.weighbridge_baseline.value}: a newer weighbridge is needed"
            problems.append(Problem(sentence, expected="1", at=self.weighbridge_baseline.at))
        if self.subject.value is Subject.MODEL and self.model is None:
            problems.append(Problem("`subject: model` without `model`", expected="the model's id", at=self.subject.at))
        problems += self._repeated()
        if problems:
            raise refuse(*problems)
        return self

    def _repeated(self) -> list[Problem]:
        seen: dict[tuple[str, str], At[str]] = {}
        problems = []
        for task in self.tasks:
            for score in task.scores:
                name = (task.task.value, score.metric.value)
                if name in seen:
                    sentence = f"{name[1]} of {name[0]} stands here twice"
                    problems.append(Problem(sentence, expected="each once", at=score.metric.at, also=seen[name].at))
                seen.setdefault(name, score.metric)
        return problems


def recognises(top: Found) -> bool:
    """Whether the file says that it is ours."""
    return KEY in top.value


def read_source(source: SourceFile, path: str) -> Baseline:
    """The results.

    Raises:
        InputError: the file breaks the schema, every problem with its place; or it is larger than 1 MiB.
    """
    from_text(source.name, source.text)  # YAML takes ten times as long as JSON, and its limit holds for both spellings
    own = bind(parse(source), OwnBaseline)
    tasks = tuple(_task(task) for task in own.tasks)
    partial = next(
        (task for task in tasks if task.samples and task.of_samples and task.samples < task.of_samples), None
    )
    return Baseline(
        path=path,
        format=NAME,
        model=_value(own.model),
        revision=_value(own.revision),
        tasks=tasks,
        subject=own.subject.value.value,
        made_on=own.made_on.value if own.made_on else None,
        tool=_value(own.tool) or "",
        adapter=_value(own.adapter),
        partial=f"{partial.task}: {partial.samples} of {partial.of_samples} questions were asked" if partial else "",
        shots_apply=any(task.shots is not None for task in tasks),
    )


def _value(written: At[str] | None) -> str | None:
    return written.value if written else None


def _task(own: OwnTask) -> TaskResult:
    return TaskResult(
        task=own.task.value,
        scores=tuple(_score(score) for score in own.scores),
        version=own.version.value,
        shots=own.shots.value if own.shots else None,
        samples=own.samples.value if own.samples else None,
        of_samples=own.of_samples.value if own.of_samples else None,
        digest=_value(own.digest),
    )


def _score(own: OwnScore) -> Score:
    written = own.value.at.written
    return Score(
        metric=own.metric.value,
        value=own.value.value,
        stderr=own.stderr.value if own.stderr else None,
        higher_is_better=own.higher_is_better.value if own.higher_is_better else None,
        decimals=len(written.partition(".")[2]) if "e" not in written.casefold() else 17,
    )
