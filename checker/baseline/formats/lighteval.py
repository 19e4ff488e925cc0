"""Result files of lighteval: `config_general` with the model and its commit, `results` by `suite|task|shots`.

Source: src/lighteval/logging/evaluation_tracker.py and info_loggers.py of huggingface/lighteval. Its start and end
times count from the machine's start, so the day of a run stands in the file's name alone.
"""

from __future__ import annotations

import re
from datetime import date

from checker.baseline.document import Found, decimals
from checker.baseline.results import Baseline, Doubt, Score, TaskResult

NAME = "lighteval"
SHAPE = "`config_general` and `results` by `suite|task|shots`"
_DATE_IN_NAME = re.compile(r"results_(\d{4}-\d{2}-\d{2})T")
_STDERR = "_stderr"


def recognises(top: Found) -> bool:
    """Whether the file has lighteval's block on the run."""
    return isinstance(top.value.get("config_general"), dict) and "results" in top.value


def read(top: Found, path: str) -> Baseline:
    """The results; what is wrong with the file is noted at its place."""
    general = top.mapping("config_general")
    if general is None:
        raise LookupError("`recognises` asks for config_general")
    model = general.mapping("model_config") if isinstance(general.value.get("model_config"), dict) else None
    sha = general.text("model_sha") or (model.text("revision") if model else None)
    return Baseline(
        path=path,
        format=NAME,
        model=general.text("model_name") or (model.text("model_name") if model else None),
        revision=sha if sha not in ("main", "?") else None,
        tasks=tuple(_tasks(top)),
        made_on=_made_on(path),
        tool=general.text("lighteval_sha") or "",
        partial=_partial(general),
        doubts=tuple(_doubts(general)),
    )


def _tasks(top: Found) -> list[TaskResult]:
    results, versions = top.mapping("results"), top.mapping("versions")
    if results is None:
        return []
    read = []
    for name, found in results.members():
        if not isinstance(found.value, dict):
            found.refuse("an object with metrics")
            continue
        *names, last = name.split("|")
        # `suite|task|5|0` of older files ends with whether shots may be cut.
        if len(names) >= 3 and last in ("0", "1") and names[-1].isdecimal():
            *names, last = names
        shots = int(last) if names and last.isdecimal() and len(last) < 6 else None
        task = "|".join(names) if shots is not None else name
        read.append(
            TaskResult(
                task=task,
                scores=tuple(_scores(found)),
                version=_version(versions, name),
                shots=shots,
                is_group=name == "all" or task.endswith(":_average"),
            )
        )
    if not read:
        results.refuse("results by task", sentence="`results` has no task")
    return read


def _version(versions: Found | None, name: str) -> str | None:
    found = versions.get(name) if versions else None
    if found is None:
        return None
    if isinstance(found.value, str):
        return found.value[:60] or None
    number = found.number()
    return None if number is None else f"{number:g}"


def _scores(task: Found) -> list[Score]:
    values = {key: (found, found.number()) for key, found in task.members()}
    return [
        Score(
            metric=key,
            value=value,
            stderr=values[f"{key}{_STDERR}"][1] if f"{key}{_STDERR}" in values else None,
            decimals=decimals(found.value),
        )
        for key, (found, value) in values.items()
        if not key.endswith(_STDERR) and value is not None
    ]


def _made_on(path: str) -> date | None:
    named = _DATE_IN_NAME.search(path)
    try:
        return date.fromisoformat(named.group(1)) if named else None
    except ValueError:
        return None


def _partial(general: Found) -> str:
    found = general.get("max_samples")
    number = found.number() if found is not None and found.value != 0 else None
    return f"the run was limited (`max_samples: {number:g}`)" if number is not None else ""


def _doubts(general: Found) -> list[Doubt]:
    start, end = general.time("start_time"), general.time("end_time")
    if start is not None and end is not None and end < start:
        return [Doubt("the run ended before it began (`start_time`, `end_time`)", certain=True)]
    return []
