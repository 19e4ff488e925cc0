"""How often `classify` agrees with judged models: by field, what is taken for what, every miss, and the sure mistakes.

Run it with `python dev.py bench classify_accuracy`, or by itself with `python -m benchmarks.classify_accuracy`. Cases
are asked as records with keys, as texts, and as free notes alone; `nameless` leaves out the model's name. A case counts
as right in its objectives where those judged suitable are all named and none of those judged unsuitable.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
NAMES = ("dev", "wide", "held_out", "held_out_two", "made")
sys.path.insert(0, str(ROOT))

from checker.facts.kind import Kind, Standing, classify  # noqa: E402
from checker.facts.kind.record import signals_of  # noqa: E402
from tests.facts.kind_cases import WRITTEN, Case, answered, by_keys, cases  # noqa: E402


class Asked(NamedTuple):
    """A case and what is answered."""

    case: Case
    kind: Kind

    def right(self) -> tuple[bool, bool, bool, bool]:
        built, trained, serves = answered(self.kind)
        suits = serves >= self.case.suitable and not serves & self.case.unsuitable
        return built == self.case.architecture_class, trained == self.case.variant, suits, serves == self.case.suitable


def nameless(case: Case) -> dict[str, Any]:
    return {**by_keys(case), "id": "acme/model"}


def ask(name: str, written: Callable[[Case], dict[str, Any]]) -> list[Asked]:
    return [Asked(case, classify(signals_of(written(case)))) for case in cases(name)]


def table(results: dict[str, list[Asked]]) -> None:
    print(f"{'cases':<18}{'rows':>6}{'class':>8}{'variant':>9}{'objectives':>12}{'the same':>10}  by certainty (wrong)")
    for name, asked in results.items():
        right = [item.right() for item in asked]
        shares = [f"{sum(row[field] for row in right) / len(right):.1%}" for field in range(4)]
        sure = Counter(str(item.kind.standing) for item in asked)
        wrong = Counter(str(item.kind.standing) for item, row in zip(asked, right, strict=True) if not all(row[:3]))
        counts = ", ".join(
            f"{standing} {sure[standing]} ({wrong[standing]})" for standing in Standing if sure[standing]
        )
        print(f"{name:<18}{len(asked):>6}{shares[0]:>8}{shares[1]:>9}{shares[2]:>12}{shares[3]:>10}  {counts}")


def confusion(asked: Iterable[Asked]) -> None:
    pairs = Counter((item.case.architecture_class, answered(item.kind)[0]) for item in asked)
    print("\njudged class -> answered class, nameless cases included")
    for (judged, said), count in sorted(pairs.items()):
        print(f"  {count:>4}  {judged} -> {said}{'' if judged == said else '   <<'}")


def misses(name: str, asked: Iterable[Asked]) -> None:
    for item in asked:
        if not all(item.right()[:3]):
            built, trained, serves = answered(item.kind)
            print(f"  {name} {item.case.id}: {built}, {trained}, {sorted(serves)} ({item.kind.standing}); judged")
            print(f"      {item.case.architecture_class}, {item.case.variant}, {sorted(item.case.suitable)}")


def main() -> int:
    results = {f"{name}, {way}": ask(name, write) for name in NAMES for way, write in WRITTEN.items()}
    hidden = {f"{name}, nameless": ask(name, nameless) for name in NAMES if name != "made"}
    table(results | hidden)
    everything = [item for asked in (*results.values(), *hidden.values()) for item in asked]
    confusion(everything)
    print("\nmisses of cases as they are given")
    for name, asked in results.items():
        misses(name, asked)
    sure = [item for item in everything if item.kind.standing is Standing.VERIFIED and not all(item.right()[:3])]
    print(f"\nwrong and called verified: {len(sure)} of {len(everything)} answers")
    for item in sure:
        print(f"  {item.case.id}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
