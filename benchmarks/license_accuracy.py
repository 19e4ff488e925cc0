"""How often `license check` agrees with people, beside trivial answers; what it finds on real pairs; and how fast.

The cases are judged by two annotators without knowledge of each other, who are no lawyers. The pairs of a base and its
derivative are those that the model records of mteb (embeddings-benchmark/mteb) name; labels are as recorded there, or
inferred from a name, so that a conflict is a candidate to look at, not a finding. Run it with `python dev.py bench
license_accuracy`, or by itself with `python benchmarks/license_accuracy.py`.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from checker.licenses.derivative import Derivative, Offered, Unstated  # noqa: E402
from checker.licenses.lineage import judge  # noqa: E402
from checker.licenses.question.answer import answer  # noqa: E402
from checker.licenses.question.question import BESIDE, Question, of_columns  # noqa: E402
from checker.licenses.question.situation import situation  # noqa: E402
from checker.licenses.registry import canonical_id, load  # noqa: E402

CASES = ROOT / "tests" / "data" / "license_cases.csv"
OURS = ROOT / "tests" / "data" / "license_questions.csv"
PAIRS = ROOT / "benchmarks" / "data" / "license_pairs.csv"
VERDICTS = ("ok", "conditional", "conflict", "unknown")
ALLOWED = frozenset({"apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "isc", "unlicense", "cc0-1.0", "cc-by-4.0"})
"""What a usual allow list lets pass."""

Row = dict[str, str]


def main() -> None:
    rows = read(CASES)
    title(f"{len(rows)} judged cases")
    columns = [{key: value for key, value in row.items() if key not in BESIDE} for row in rows]
    found = [answer(of_columns(row)) for row in columns]
    expected = [row["expected_verdict"] for row in rows]
    verdicts = [record["verdict"] for record in found]
    print(f"  {'':18} accuracy  macro-F1  missed conflicts  false conflicts")
    score("license check", expected, verdicts)
    for name, guess in BASELINES.items():
        score(name, expected, [guess(row) for row in rows])
    confusion(expected, verdicts)
    for row, record, wanted in zip(rows, found, expected, strict=True):
        if record["verdict"] != wanted:
            reason = record["reasons"][0]
            print(f"  {row['case_id']}: judged {wanted} ({row['reason']}), here {record['verdict']}: {reason['text']}")
    first = sum(record["reasons"][0]["code"] == row["reason_code"] for row, record in zip(rows, found, strict=True))
    print(f"  first reason code the same: {first} of {len(rows)}")
    pairs()
    speed(columns)


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def title(words: str) -> None:
    print(f"\n{words}")


def score(name: str, expected: Sequence[str], verdicts: Sequence[str]) -> None:
    right = sum(one == other for one, other in zip(expected, verdicts, strict=True))
    missed = sum(one == "conflict" != other for one, other in zip(expected, verdicts, strict=True))
    false = sum(other == "conflict" != one for one, other in zip(expected, verdicts, strict=True))
    mean = macro_f1(expected, verdicts)
    print(f"  {name:18} {right / len(expected):8.3f}  {mean:8.3f}  {missed:16}  {false:15}")


def macro_f1(expected: Sequence[str], verdicts: Sequence[str]) -> float:
    """The mean over all verdicts that occur on either side of 2 · both / (expected + given)."""
    both = Counter(one for one, other in zip(expected, verdicts, strict=True) if one == other)
    one_side, other_side = Counter(expected), Counter(verdicts)
    occurring = sorted(one_side | other_side)
    return sum(2 * both[one] / (one_side[one] + other_side[one]) for one in occurring) / len(occurring)


def confusion(expected: Sequence[str], verdicts: Sequence[str]) -> None:
    counts = Counter(zip(expected, verdicts, strict=True))
    print(f"\n  {'judged / here':14}" + "".join(f"{verdict:>13}" for verdict in VERDICTS))
    for wanted in VERDICTS[:3]:
        print(f"  {wanted:14}" + "".join(f"{counts[wanted, given]:>13}" for given in VERDICTS))
    print()


def _same_license(row: Row) -> str:
    label = row["derivative_license"]
    return "ok" if not label or label in row["base_licenses"].split(";") else "conflict"


def _allow_list(row: Row) -> str:
    named = row["derivative_license"] or row["base_licenses"]
    return "ok" if set(named.split(";")) <= ALLOWED else "conflict"


def _always_conflict(row: Row) -> str:
    return "conflict"


BASELINES: dict[str, Callable[[Row], str]] = {
    "always conflict": _always_conflict,
    "same licence": _same_license,
    "allow list": _allow_list,
}


def pairs() -> None:
    rows = read(PAIRS)
    title(f"{len(rows)} real pairs, as finetunes that are shared for research")
    judged = [(row, answer(of_columns(_pair(row)))) for row in rows]
    print("  " + ", ".join(f"{count} {verdict}" for verdict, count in Counter(r["verdict"] for _, r in judged).items()))
    for row, record in judged:
        if record["verdict"] in ("conflict", "conditional"):
            codes = "+".join(dict.fromkeys(reason["code"] for reason in record["reasons"]))
            sure = f"base label {row['base_label_source']}"
            words = f"{row['model']} ({row['label']}) of {row['base']} ({row['base_label']}; {sure})"
            print(f"  {record['verdict']:11} {codes}: {words}")


def _pair(row: Row) -> Row:
    return {
        "base_licenses": row["base_label"],
        "relation": "finetune",
        "derivative_license": row["label"],
        "derivative_name": row["model"].rpartition("/")[2],
        "use": "research",
        "distributed": "yes",
    }


def speed(columns: Sequence[Row]) -> None:
    """Checks of one ancestor against what was made of it, and whole answers from the columns to JSON."""
    questions = [of_columns(row) for row in columns if row["relation"] != "none"]
    links = [(load(one), question) for question in questions for one in _resolved(question)]
    stated = [(base, _derivative(question), situation(question, (base,))) for base, question in links]
    title("speed, one core, processor time, best of 7")
    print(f"  {_a_second(lambda: [judge(*one) for one in stated], len(stated)):,.0f} lineage checks a second")
    rows = [row for row in columns if row["relation"] != "none"]
    whole = _a_second(lambda: [json.dumps(answer(of_columns(row))) for row in rows], len(rows))
    print(f"  {whole:,.0f} whole answers a second, from the columns to JSON")


def _resolved(question: Question) -> list[str]:
    return [found for found in map(canonical_id, question.bases) if found]


def _derivative(question: Question) -> Derivative:
    labels = tuple(load(found) for found in map(canonical_id, question.offered_as) if found)
    label = Offered(labels) if labels else Unstated()
    return Derivative(label, question.relation, question.name)  # type: ignore[arg-type]


def _a_second(work: Callable[[], object], count: int) -> float:
    rates = []
    for _ in range(7):
        start = time.process_time()
        for _ in range(20):
            work()
        rates.append(20 * count / (time.process_time() - start))
    return max(rates)


if __name__ == "__main__":
    main()
