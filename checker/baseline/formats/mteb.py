"""Result files of MTEB: one a task, the model beside them in model_meta.json.

Before 1.11 a file has its splits at the top (`test`, `validation`) beside `mteb_dataset_name`; since then `scores`
holds a list a split, one item a subset, beside `task_name`. Source: mteb/load_results/task_results.py of
embeddings-benchmark/mteb. The standard errors of older files are over repeated runs of a classifier, not over
questions.
"""

from __future__ import annotations

from checker.baseline.document import Found, decimals
from checker.baseline.results import Baseline, Score, TaskResult

NAME = "mteb"
SHAPE = "`mteb_version` with `task_name` and `scores` by split"
META = "model_meta.json"
_NO_SPLITS = (
    "dataset_revision",
    "mteb_dataset_name",
    "mteb_version",
    "evaluation_time",
    "kg_co2_emissions",
    "task_name",
)
_NO_SCORES = ("hf_subset", "languages", "evaluation_time", "kg_co2_emissions", "scores_per_experiment")
_OF_RANKING = ("nauc", "naucs")
_STDERR = "_stderr"


def recognises(top: Found) -> bool:
    """Whether the file names MTEB and a task."""
    return "mteb_version" in top.value and ("task_name" in top.value or "mteb_dataset_name" in top.value)


def read(top: Found, path: str) -> Baseline:
    """The results; the model stands beside them and is joined by whoever reads the folder."""
    task = top.text("task_name") or top.text("mteb_dataset_name") or ""
    version = top.text("dataset_revision")
    scores = top.mapping("scores")
    parts = list(_newer(scores) if scores else _older(top))
    if not parts:
        top.refuse("scores by split", sentence="no split has scores")
    return Baseline(
        path=path,
        format=NAME,
        model=None,
        revision=None,
        tasks=tuple(TaskResult(task, tuple(found), part, version) for part, found in parts),
        tool=top.text("mteb_version") or "",
        shots_apply=False,
    )


def with_model(results: Baseline, meta: Found) -> Baseline:
    """The results with the model that model_meta.json names."""
    revision = meta.text("revision")
    count = meta.get("n_parameters")
    return results._replace(
        model=meta.text("name"),
        revision=revision if revision not in ("main", "no_revision_available") else None,
        parameters=count.count() if count else None,
    )


def _newer(scores: Found) -> list[tuple[str, list[Score]]]:
    read = []
    for split, found in scores.members():
        for item in found.items():
            if not isinstance(item.value, dict):
                item.refuse("an object with scores")
                continue
            subset = item.text("hf_subset") or "default"
            read.append((split if subset == "default" else f"{split}/{subset}", _scores(item)))
    return read


def _older(top: Found) -> list[tuple[str, list[Score]]]:
    read = []
    for split, found in top.members():
        if split in _NO_SPLITS or not isinstance(found.value, dict):
            continue
        subsets = {key: inner for key, inner in found.members() if isinstance(inner.value, dict)}
        flat = _scores(found)
        if flat:
            read.append((split, flat))
        for subset, inner in subsets.items():
            if found_scores := _scores(inner) or _cosine(inner):
                read.append((f"{split}/{subset}", found_scores))
        if not flat and "cos_sim" in subsets:
            read = [entry for entry in read if not entry[0].startswith(f"{split}/")]
            read.append((split, _cosine(found)))
    return read


def _cosine(split: Found) -> list[Score]:
    """Older files of similarity tasks nest correlations: `cos_sim: {pearson, spearman}`."""
    found = split.mapping("cos_sim") if isinstance(split.value.get("cos_sim"), dict) else None
    named = [(key, found.get(key)) for key in ("spearman", "pearson")] if found else []
    return [
        Score(f"cosine_{key}", value, decimals=decimals(inner.value))
        for key, inner in named
        if inner is not None and (value := inner.number()) is not None
    ]


def _scores(block: Found) -> list[Score]:
    values: dict[str, tuple[Found, float]] = {}
    for key, found in block.members():
        skipped = key in _NO_SCORES or key.casefold().startswith(_OF_RANKING)
        if skipped or isinstance(found.value, (dict, list, str)) or found.value is None:
            continue
        number = found.number()
        if number is not None:
            values[key] = (found, number)
    scores = []
    for key, (found, value) in values.items():
        if key.endswith(_STDERR):
            continue
        error = values.get(f"{key}{_STDERR}")
        scores.append(
            Score(key, value, error[1] if error else None, decimals=decimals(found.value), error_of_runs=True)
        )
    main = block.get("main_score")
    if main is not None and not any(score.metric == "main_score" for score in scores):
        main.number()  # whatever it is, it was left out above, and is refused here by its place
    return scores
