"""The model was evaluated before it is fine-tuned.

What: an entry with `fine_tuning` names a `baseline` file with results (lm-evaluation-harness, lighteval, MTEB or our
      own format) of the same model at the same revision, without an adapter, older than `fine_tuning.started_on`;
      task, metric, shots and day are those of `baseline_run` where it states them; nothing in the file contradicts
      itself. For a classifier a majority-class or TF-IDF baseline counts.
Why:  without the floor nobody can say what the fine-tuning gained, or that it lost something.
Fix:  run `weighbridge baseline plan`, evaluate the untuned model at the pinned revision, and name the output under
      `baseline`.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, baseline: baseline.json, fine_tuning: {method: lora, sequence_length: 2048}}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {method: lora, sequence_length: 2048}}
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

from checker.baseline.results import (
    NO_MODEL,
    THE_MODEL,
    Baseline,
    BaselineNotDeclared,
    BaselineState,
    Doubt,
    NoBaseline,
    TaskResult,
)
from checker.document.scalars import YesNo
from checker.facts.fact import Unknown
from checker.facts.lock_state import LockState
from checker.facts.model import Facts
from checker.manifest.choices import Objective
from checker.manifest.model import ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import ranked
from checker.value import NamedTuple

if TYPE_CHECKING:  # most manifests state no run
    from checker.manifest.baseline_run import BaselineTask

SETTLED_BY = Settler.YOU
REMEDY = (
    "evaluate the untuned model at the pinned revision (`weighbridge baseline plan` prints the command), "
    "and name the file under `baseline`"
)
_COMMIT = re.compile("[0-9a-f]{40}")
_HEX = re.compile("[0-9a-f]{7,40}")
CLASSIFIERS = (Objective.MULTI_CLASS_CLASSIFICATION, Objective.MULTI_LABEL_CLASSIFICATION)


class Settings(RuleSettings):
    """Options of `baseline-recorded`."""

    identified: Annotated[bool, YesNo, ranked((False, True))] = False
    """Whether a file has to state the revision and the day of its run, and the manifest `fine_tuning.started_on`; else
    what is missing is noted."""
    whole: Annotated[bool, YesNo, ranked((False, True))] = False
    """Whether every question of a task has to be asked; else a limited run is noted."""


class _Wrong(NamedTuple):
    expected: str
    found: str
    certain: bool = True


def check(
    entry: ModelEntry, facts: Facts, baseline: BaselineState, lock: LockState, settings: Settings, today: date
) -> Outcome:
    """Hold the file against the entry, and against itself."""
    if entry.fine_tuning is None:
        return NotApplicable("no `fine_tuning` block is declared")
    if isinstance(baseline, BaselineNotDeclared):
        return Failed((_finding(entry, _Wrong("a `baseline` file", "none in the entry")),))
    if isinstance(baseline, NoBaseline):
        return Failed((_finding(entry, _Wrong("results by task", f"{baseline.path}: {baseline.reason}")),))
    from checker.baseline.doubts import doubts  # most entries name no file: start-up is a budget

    wrong = (
        *_subject(entry, facts, baseline),
        *_revision(entry, lock, baseline),
        *_adapter(entry, baseline),
        *_days(entry, baseline),
        *_run(entry, baseline),
        *_size(facts, baseline),
        *(_Wrong("results that agree with themselves", _doubt(found, baseline), found.certain)
          for found in doubts(baseline, today)),
    )  # fmt: skip
    notes = tuple(_notes(entry, lock, baseline))
    if baseline.partial and settings.whole:
        wrong += (_Wrong("all questions of each task", f"{baseline.path}: {baseline.partial}"),)
    if wrong:
        return Failed(tuple(_finding(entry, each) for each in wrong), notes=notes)
    missing = _unidentified(entry, lock, baseline) if settings.identified else ()
    if missing:
        return NotEvaluated(missing, notes=notes)
    return Passed(margin=_margin(baseline), notes=notes)


def _doubt(found: Doubt, baseline: Baseline) -> str:
    return f"{baseline.path}: {found.sentence}{'' if found.certain else ' (heuristic)'}"


def _margin(baseline: Baseline) -> str:
    names = list(dict.fromkeys(task.task for task in baseline.tasks))
    subject = "" if baseline.subject == THE_MODEL else f" of a {baseline.subject} baseline"
    return f"{len(names)} task{'s' if len(names) > 1 else ''}{subject}: {', '.join(names[:5])}"


def _subject(entry: ModelEntry, facts: Facts, baseline: Baseline) -> Iterator[_Wrong]:
    """Whose results these are."""
    if baseline.subject in NO_MODEL:
        if entry.objective.value not in CLASSIFIERS:
            found = f"{baseline.path} holds a {baseline.subject} baseline"
            yield _Wrong(f"results of {facts.model}: only a classifier may be held against a simple baseline", found)
        if baseline.model is None:
            return
    if baseline.model not in (facts.model, facts.found_as, *facts.former_ids):
        found = baseline.model or "no model"
        yield _Wrong(f"results of {facts.model}", f"{baseline.path} holds results of {found}")


def _pinned(entry: ModelEntry, lock: LockState) -> str | None:
    """The commit that the entry stands for; what it writes, where nothing says which commit that is."""
    written = entry.revision.value if entry.revision else None
    if written and _COMMIT.fullmatch(written):
        return written
    return (lock.entry.commit if lock.entry else None) or written


def _revision(entry: ModelEntry, lock: LockState, baseline: Baseline) -> Iterator[_Wrong]:
    pinned, stated = _pinned(entry, lock), baseline.revision
    if not pinned or not stated or stated == pinned or not _comparable(pinned, stated):
        return
    if len(stated) >= 7 and pinned.startswith(stated):  # an abbreviated commit
        return
    yield _Wrong(f"results at revision {pinned}", f"{baseline.path} holds results at {stated}")


def _comparable(pinned: str, stated: str) -> bool:
    """A branch and a commit cannot be told apart; two commits, and two branches, can."""
    return (_COMMIT.fullmatch(pinned) is None) == (_HEX.fullmatch(stated) is None)


def _adapter(entry: ModelEntry, baseline: Baseline) -> Iterator[_Wrong]:
    if baseline.adapter:
        yield _Wrong("results without an adapter", f"{baseline.path} was made with the adapter {baseline.adapter}")
    produced = entry.fine_tuning.produces if entry.fine_tuning else None
    name = produced.name.value if produced and produced.name else None
    if name and baseline.model and baseline.model.rpartition("/")[2].casefold() == name.casefold():
        yield _Wrong(
            "results from before the fine-tuning", f"{baseline.path} holds results of what it produces, {name}"
        )


def _days(entry: ModelEntry, baseline: Baseline) -> Iterator[_Wrong]:
    made, started = baseline.made_on, entry.fine_tuning.started_on if entry.fine_tuning else None
    if made and started and made > started.value:
        expected = f"results from before the fine-tuning, which began on {started.value}"
        yield _Wrong(expected, f"{baseline.path} was made on {made}")
    declared = entry.baseline_run.on if entry.baseline_run else None
    if declared and made and abs((made - declared.value).days) > 1:  # a day apart is a time zone
        yield _Wrong(f"a run on {declared.value} (`baseline_run.on`)", f"{baseline.path} was made on {made}")
    if declared and started and declared.value > started.value:
        expected = f"a run before the fine-tuning, which began on {started.value}"
        yield _Wrong(expected, f"`baseline_run.on` says {declared.value}")


def _run(entry: ModelEntry, baseline: Baseline) -> Iterator[_Wrong]:
    """The tasks that the manifest states, with their metrics, shots and versions."""
    for stated in entry.baseline_run.tasks if entry.baseline_run else ():
        tasks = [task for task in baseline.tasks if task.task == stated.task.value]
        if not tasks:
            names = ", ".join(dict.fromkeys(task.task for task in baseline.tasks[:8]))
            yield _Wrong(f"results of the task {stated.task.value}", f"{baseline.path} has {names}")
        for task in tasks:
            yield from (_Wrong(want, f"{baseline.path} has {found}") for want, found in _differences(stated, task))


def _differences(stated: "BaselineTask", task: TaskResult) -> Iterator[tuple[str, str]]:
    if stated.shots is not None and task.shots != stated.shots.value:
        found = "no number of shots" if task.shots is None else f"{task.shots} shots"
        yield f"{task.name} with {stated.shots.value} shots", found
    if stated.version is not None and task.version != stated.version.value:
        yield f"{task.name} in version {stated.version.value}", f"version {task.version or 'unknown'}"
    if stated.metric is not None and task.score(stated.metric.value) is None:
        yield f"{stated.metric.value} of {task.name}", ", ".join(score.name for score in task.scores[:8])


def _size(facts: Facts, baseline: Baseline) -> Iterator[_Wrong]:
    """A model of another size cannot be this one: a heuristic, since tied weights are counted once or twice."""
    if baseline.parameters and not isinstance(facts.parameters, Unknown) and baseline.subject == THE_MODEL:
        known = facts.parameters.value
        if abs(baseline.parameters - known) > 0.2 * known:
            found = f"{baseline.path} was made with {baseline.parameters:,} parameters (heuristic)"
            yield _Wrong(f"results of a model with {known:,} parameters", found, certain=False)


def _notes(entry: ModelEntry, lock: LockState, baseline: Baseline) -> Iterator[str]:
    """What could not be held against anything: how sure it is that this is the model before fine-tuning."""
    if baseline.subject_is_inferred:
        yield f"heuristic: by its figures it is a {baseline.subject} baseline; the file does not say so"
    if baseline.subject == THE_MODEL and not baseline.revision:
        yield "the baseline does not say at which revision the model was evaluated"
    elif baseline.subject == THE_MODEL and not _COMMIT.fullmatch(_pinned(entry, lock) or ""):
        yield f"the baseline is of revision {baseline.revision}, and no commit is pinned to hold it against"
    started = entry.fine_tuning.started_on if entry.fine_tuning else None
    if baseline.made_on is None:
        yield "the file does not say when it was made: that it is older rests on its model and revision"
    elif started is None:
        yield (f"the file says {baseline.made_on}, which nothing proves; `fine_tuning.started_on` is not stated")
    elif baseline.made_on == started.value:
        yield f"the file is of {baseline.made_on}, when the fine-tuning began: which was first is not said"
    if baseline.partial:
        yield f"not the whole task: {baseline.partial}"


def _unidentified(entry: ModelEntry, lock: LockState, baseline: Baseline) -> tuple[Unknown, ...]:
    missing = []
    if baseline.subject == THE_MODEL and not (baseline.revision and _COMMIT.fullmatch(_pinned(entry, lock) or "")):
        missing.append(
            Unknown("baseline.revision", "the revision of the baseline, or that of the entry, is not stated")
        )
    if baseline.made_on is None:
        missing.append(Unknown("baseline.made_on", f"{baseline.path} does not say when it was made"))
    if entry.fine_tuning is None or entry.fine_tuning.started_on is None:
        missing.append(Unknown("fine_tuning.started_on", "the manifest does not say when the fine-tuning began"))
    return tuple(missing)


def _finding(entry: ModelEntry, wrong: _Wrong) -> Finding:
    at = entry.baseline.at if entry.baseline else entry.model.at
    return Finding(at=at, expected=wrong.expected, found=wrong.found, remedy=REMEDY, advises=not wrong.certain)
