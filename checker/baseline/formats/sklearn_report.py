"""A classification report of scikit-learn as JSON (`classification_report(…, output_dict=True)`).

It names neither a model nor a day. Figures in which one label takes every answer are those of a majority-class
baseline, and count as one; any other report has to be put under `classification_report` of our own format, which says
whose it is. Source: sklearn/metrics/_classification.py of scikit-learn.
"""

from __future__ import annotations

from checker.baseline.document import Found, decimals
from checker.baseline.results import THE_MODEL, Baseline, Doubt, Score, TaskResult

NAME = "sklearn"
SHAPE = "`macro avg` and a block a label with `precision`, `recall`, `f1-score` and `support`"
_AVERAGES = ("macro avg", "weighted avg", "micro avg", "samples avg")
_FIGURES = ("precision", "recall", "f1-score", "support")


def recognises(top: Found) -> bool:
    """Whether the file has averages and labels with a support."""
    average = top.value.get("macro avg")
    return isinstance(average, dict) and "f1-score" in average


def read(top: Found, path: str) -> Baseline:
    """The averages as scores of one task that has no name of its own."""
    labels = {name: block for name, found in top.members() if (block := _block(name, found))}
    averages = {name: labels.pop(name) for name in _AVERAGES if name in labels}
    samples = round(sum(block["support"] for block in labels.values()))
    accuracy = top.get("accuracy")
    scores = [Score("accuracy", value, decimals=decimals(accuracy.value))] if (
        accuracy is not None and (value := accuracy.number()) is not None
    ) else []  # fmt: skip
    for name, metric in (("macro avg", "f1_macro"), ("weighted avg", "f1_weighted")):
        if name in averages:
            scores.append(Score(metric, averages[name]["f1-score"]))
    majority = _takes_all(labels)
    digest = "; ".join(f"{name}: {block['support']:g}" for name, block in sorted(labels.items()))
    return Baseline(
        path=path,
        format=NAME,
        model=None,
        revision=None,
        tasks=(TaskResult("classification", tuple(scores), samples=samples, digest=digest),),
        subject="majority-class" if majority else THE_MODEL,
        subject_is_inferred=majority,
        tool="classification_report",
        versions_expected=False,
        shots_apply=False,
        doubts=tuple(_doubts(labels, averages, scores, samples)),
    )


def _block(name: str, found: Found) -> dict[str, float] | None:
    if not isinstance(found.value, dict):
        if name != "accuracy":
            found.refuse("a label's figures")
        return None
    read = {}
    for key in _FIGURES:
        inner = found.get(key)
        number = inner.number() if inner else None
        if inner is None:
            found.refuse(f"the key `{key}`", sentence=f"a label has no `{key}`")
        if number is None:
            return None
        read[key] = number
    return read


def _takes_all(labels: dict[str, dict[str, float]]) -> bool:
    """One label, a most frequent one, has every answer: its recall is 1, and that of all others is 0."""
    taken = [block for block in labels.values() if block["recall"] == 1]
    rest = [block for block in labels.values() if block["recall"] == 0 and block["precision"] == 0]
    most = max((block["support"] for block in labels.values()), default=0)
    return len(labels) > 1 and len(taken) == 1 and len(rest) == len(labels) - 1 and taken[0]["support"] == most


def _doubts(
    labels: dict[str, dict[str, float]], averages: dict[str, dict[str, float]], scores: list[Score], samples: int
) -> list[Doubt]:
    found = []
    for name, block in (*labels.items(), *averages.items()):
        if any(not 0 <= block[key] <= 1 for key in _FIGURES[:3]) or block["support"] < 0:
            found.append(
                Doubt(f"{name}: precision, recall and F1 lie between 0 and 1, and support is no less than 0", True)
            )
        product, total = 2 * block["precision"] * block["recall"], block["precision"] + block["recall"]
        if name in labels and total and abs(block["f1-score"] - product / total) > 1e-3:
            found.append(Doubt(f"{name}: F1 is not the harmonic mean of precision and recall", True))
    for name, block in averages.items():
        if block["support"] != samples and name != "samples avg":
            found.append(
                Doubt(f"{name}: its support is {block['support']:g}, and the labels add up to {samples}", True)
            )
    macro = averages.get("macro avg")
    if macro and labels:
        mean = sum(block["f1-score"] for block in labels.values()) / len(labels)
        if abs(macro["f1-score"] - mean) > 1e-3:
            found.append(Doubt("macro avg: F1 is not the mean over the labels", True))
    accuracy = next((score for score in scores if score.metric == "accuracy"), None)
    if accuracy and samples:
        # Each question has one label here, so the hits are recall times support.
        hits = sum(block["recall"] * block["support"] for block in labels.values()) / samples
        if abs(accuracy.value - hits) > 1e-3:
            found.append(Doubt(f"accuracy is {accuracy.value:g}, and the labels' recalls give {hits:.4g}", True))
    return found
