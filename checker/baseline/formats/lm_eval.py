"""Result files of lm-evaluation-harness, from 0.2 to 0.4.x.

0.2 and 0.3 write `results`, `versions` and `config` (model_args, num_fewshot, limit); 0.4 writes the metric's filter
behind a comma (`acc,none`), `n-shot`, `n-samples`, `higher_is_better`, `configs`, `date` in seconds since 1970,
`model_name` and, with `--log_samples`, `task_hashes`. Source: lm_eval/evaluator.py and
lm_eval/loggers/evaluation_tracker.py of EleutherAI/lm-evaluation-harness.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from hashlib import sha256

from checker.baseline.document import Found, decimals
from checker.baseline.results import Baseline, Doubt, Score, TaskResult

NAME = "lm-evaluation-harness"
SHAPE = "`results` by task, `versions` and `config`"
_COMMIT = re.compile("[0-9a-f]{40}")
_STDERR = re.compile(r"(?s)(?P<metric>.+)_stderr(?:,(?P<filter>.*))?")
_DATE_IN_NAME = re.compile(r"results_(\d{4}-\d{2}-\d{2})T")
_MAX_SECONDS = 40
"""Characters of a number of seconds; the harness writes some twenty."""
_NO_ERROR = ("N/A", "NaN", "nan")
_ARGUMENT = re.compile(r"(?P<key>[A-Za-z_][\w.]*)=(?P<value>.*)", re.DOTALL)


def recognises(top: Found) -> bool:
    """Whether the file has results by task and nothing that another tool would write."""
    return isinstance(top.value.get("results"), dict) and "config_general" not in top.value


def read(top: Found, path: str) -> Baseline:
    """The results; what is wrong with the file is noted at its place."""
    config = top.mapping("config")
    arguments = _arguments(config)
    shots = _whole(config, "num_fewshot") if config else None
    tasks = tuple(_tasks(top, shots))
    model, doubts = _model(top, config, arguments)
    made_on = _made_on(top)
    revision, more = _revision(config, arguments)
    adapter = arguments.get("peft") or arguments.get("delta")
    return Baseline(
        path=path,
        format=NAME,
        model=model,
        revision=revision,
        tasks=tasks,
        made_on=made_on,
        tool=_tool(top),
        adapter=adapter if isinstance(adapter, str) and adapter else None,
        partial=_partial(config, tasks),
        parameters=_whole(config, "model_num_parameters") if config else None,
        doubts=(*doubts, *more, *_hash_doubts(top), *_clock_doubts(top, path, made_on), *_foreign(top, tasks)),
    )


def _whole(block: Found | None, key: str) -> int | None:
    found = block.get(key) if block else None
    if found is None or isinstance(found.value, str):  # `batch_size: auto`, `num_fewshot: N/A`
        return None
    return found.count()


def _arguments(config: Found | None) -> dict[str, object]:
    """`model_args`: an object in newer files, `key=value,…` in older ones."""
    found = config.get("model_args") if config else None
    if found is None:
        return {}
    if isinstance(found.value, dict):
        return dict(found.value)
    if not isinstance(found.value, str):
        found.refuse("`key=value,…` or an object")
        return {}
    pairs = (_ARGUMENT.fullmatch(pair.strip()) for pair in found.value.split(","))
    return {pair["key"]: pair["value"].strip() for pair in pairs if pair}


def _tasks(top: Found, shots: int | None) -> list[TaskResult]:
    results = top.mapping("results")
    if results is None:
        return []
    if not results.value:
        results.refuse("results by task", sentence="`results` is empty")
    versions, by_task = top.mapping("versions"), top.mapping("n-shot")
    numbers, hashes, better = top.mapping("n-samples"), top.mapping("task_hashes"), top.mapping("higher_is_better")
    groups = _groups(top)
    read = []
    for task, found in results.members():
        if not isinstance(found.value, dict):
            found.refuse("an object with metrics")
            continue
        counted = numbers.mapping(task) if numbers else None
        own_shots = _whole(by_task, task) if by_task else None
        read.append(
            TaskResult(
                task=task,
                scores=tuple(_scores(found, better.mapping(task) if better else None)),
                version=_version(versions, task),
                shots=own_shots if by_task else shots,
                samples=_whole(counted, "effective"),
                of_samples=_whole(counted, "original"),
                digest=hashes.text(task) if hashes else None,
                is_group=task in groups,
            )
        )
    return read


def _groups(top: Found) -> set[str]:
    """Tasks that are means over others: those under `groups`, and those with subtasks."""
    named = top.mapping("groups")
    subtasks = top.mapping("group_subtasks")
    with_parts = {key for key, value in subtasks.value.items() if value} if subtasks else set()
    return with_parts | (set(named.value) if named else set())


def _version(versions: Found | None, task: str) -> str | None:
    found = versions.get(task) if versions else None
    if found is None:
        return None
    if isinstance(found.value, str):
        return None if found.value in ("N/A", "") else found.value[:60]
    number = found.number()
    return None if number is None else f"{number:g}"


def _scores(task: Found, better: Found | None) -> list[Score]:
    """Each metric with its standard error. Texts such as `alias` and a standard error of `N/A` are no numbers."""
    errors: dict[str, float] = {}
    for key, found in task.members():
        named = _STDERR.fullmatch(key)
        if named and found.value not in _NO_ERROR and (number := found.number()) is not None:
            errors[f"{named['metric']},{named['filter'] or ''}"] = number
    scores = []
    for key, found in task.members():
        metric, _, its_filter = key.partition(",")
        if _STDERR.fullmatch(key) or key in ("alias", "name", "sample_len", "samples", "sample_count"):
            continue
        value = found.number()
        if value is None:
            continue
        direction = better.get(metric) if better else None
        scores.append(
            Score(
                metric=metric,
                value=value,
                stderr=errors.get(f"{metric},{its_filter}"),
                filter=its_filter,
                higher_is_better=direction.value if direction and isinstance(direction.value, bool) else None,
                decimals=decimals(found.value),
            )
        )
    if not scores:
        task.refuse("at least one metric", sentence="a task has no score")
    return scores


def _model(top: Found, config: Found | None, arguments: dict[str, object]) -> tuple[str | None, list[Doubt]]:
    loaded = next((name for key in ("pretrained", "model") if isinstance(name := arguments.get(key), str)), None)
    named = top.text("model_name")
    doubts = []
    if loaded and named and loaded != named:
        doubts.append(Doubt(f"`model_name` is {named}, and `model_args` loaded {loaded}", certain=True))
    sanitized = top.text("model_name_sanitized")
    # The harness puts `__` for characters that no file's name may have; letters and digits remain.
    if named and sanitized and re.sub(r"[\W_]", "", named) != re.sub(r"[\W_]", "", sanitized):
        doubts.append(Doubt(f"`model_name_sanitized` is {sanitized}, not that of {named}", certain=True))
    return loaded or named, doubts


def _revision(config: Found | None, arguments: dict[str, object]) -> tuple[str | None, list[Doubt]]:
    asked = arguments.get("revision")
    asked = asked if isinstance(asked, str) and asked not in ("", "main") else None
    sha = config.text("model_sha") if config else None
    stated = config.text("model_revision") if config else None
    stated = stated if stated != "main" else None
    if asked and sha and _COMMIT.fullmatch(asked) and _COMMIT.fullmatch(sha) and asked != sha:
        return asked, [Doubt(f"`model_args` asks for revision {asked}, and `model_sha` is {sha}", certain=True)]
    return sha or asked or stated, []


def _made_on(top: Found) -> date | None:
    found = top.get("date")
    seconds = found.number() if found else None
    if found is None or seconds is None:
        return None
    if not 0 < seconds < 32_503_680_000:  # the year 3000: what lies behind it is no time of a run
        found.refuse("seconds since 1970")
        return None
    return datetime.fromtimestamp(seconds, UTC).date()


def _tool(top: Found) -> str:
    version = top.text("lm_eval_version")
    commit = top.text("git_hash")
    age = "0.4 or newer" if top.get("n-shot") or top.get("configs") else "0.3 or older"
    return version or (f"{age}, commit {commit}" if commit else age)


def _partial(config: Found | None, tasks: tuple[TaskResult, ...]) -> str:
    limit = config.get("limit") if config else None
    if limit is not None and limit.value:
        number = limit.number()
        return f"the run was limited (`limit: {number:g}`)" if number is not None else ""
    for task in tasks:
        if task.samples is not None and task.of_samples is not None and task.samples < task.of_samples:
            return f"{task.task}: {task.samples} of {task.of_samples} questions were asked"
    return ""


def _hash_doubts(top: Found) -> list[Doubt]:
    """A template or an instruction has the SHA-256 that is written beside it."""
    doubts = []
    for key in ("chat_template", "system_instruction"):
        text, digest = top.value.get(key), top.value.get(f"{key}_sha")
        if not isinstance(text, str) or not isinstance(digest, str) or len(digest) != 64:
            continue
        if sha256(text.encode("utf-8", "replace")).hexdigest() != digest:
            doubts.append(Doubt(f"`{key}` does not have the SHA-256 that `{key}_sha` gives", certain=True))
    return doubts


def _clock_doubts(top: Found, path: str, made_on: date | None) -> list[Doubt]:
    doubts = []
    named = _DATE_IN_NAME.search(path)
    try:
        on = date.fromisoformat(named.group(1)) if named else None
    except ValueError:
        on = None
    if on and made_on and abs((on - made_on).days) > 3:  # a long run ends days after it began
        doubts.append(Doubt(f"the file's name says {on}, and `date` says {made_on}", certain=False))
    start, end, total = top.time("start_time"), top.time("end_time"), _written_seconds(top)
    if start is None or end is None:
        return doubts
    if end < start:
        doubts.append(Doubt("the run ended before it began (`start_time`, `end_time`)", certain=True))
    elif total is not None and not abs(total - (end - start)) <= 1:
        doubts.append(Doubt("`total_evaluation_time_seconds` is not `end_time` less `start_time`", certain=True))
    return doubts


def _written_seconds(top: Found) -> float | None:
    """How long the run took, which the harness writes as a text; None where that is no number."""
    total = top.value.get("total_evaluation_time_seconds")
    try:
        return float(total) if isinstance(total, str) and len(total) <= _MAX_SECONDS else None
    except ValueError:
        return None


def _foreign(top: Found, tasks: tuple[TaskResult, ...]) -> list[Doubt]:
    """Newer files name each task under several keys, which agree."""
    doubts = []
    names = {task.task for task in tasks}
    for key in ("n-samples", "task_hashes", "n-shot"):
        block = top.value.get(key)
        extra = sorted(map(str, set(block) - names)) if isinstance(block, dict) else []
        if extra and not names & set(map(str, block or ())):
            doubts.append(Doubt(f"`{key}` is of other tasks than `results`: {extra[0]}", certain=True))
    configs = top.value.get("configs")
    for task in tasks:
        its = configs.get(task.task) if isinstance(configs, dict) else None
        shots = its.get("num_fewshot") if isinstance(its, dict) else None
        if isinstance(shots, int) and task.shots is not None and shots != task.shots:
            doubts.append(
                Doubt(f"{task.task}: `configs` says {shots} shots, and `n-shot` says {task.shots}", certain=True)
            )
    return doubts
