"""What holds of every question: the order of parents does not matter, and no parent ever takes a duty away."""

from __future__ import annotations

import random

import pytest

from checker.licenses import registry
from checker.licenses.question.answer import Record, answer
from checker.licenses.question.question import DISTRIBUTED, USES, of_columns

WORSE = ["ok", "conditional", "unknown", "conflict"]
IDS = [*sorted(registry.ids()), "openrail", "gpl", "other", "MIT OR GPL-3.0-only"]
LABELS = [*IDS, "", "proprietary"]


def drawn(seed: int) -> tuple[list[str], dict[str, str]]:
    draw = random.Random(seed)
    row = {
        "relation": draw.choice(["merge", "finetune", "adapter", "distill", "quantized"]),
        "derivative_license": draw.choice(LABELS),
        "derivative_name": draw.choice(["", "Foo-7B", "Llama-Foo"]),
        "use": draw.choice(USES),
        "distributed": draw.choice(DISTRIBUTED),
        "mau": draw.choice(["", "1000", "700000001"]),
        "revenue_usd": draw.choice(["", "1000", "90000000"]),
        "region": draw.choice(["US", "EU"]),
        "multimodal": draw.choice(["yes", "no"]),
    }
    return draw.sample(IDS, 3), row


def ask(bases: list[str], row: dict[str, str]) -> Record:
    return answer(of_columns({"base_licenses": ";".join(bases), **row}))


@pytest.mark.parametrize("seed", range(150))
def test_another_parent_never_makes_the_answer_better(seed: int) -> None:
    bases, row = drawn(seed)
    one, two = (WORSE.index(ask(bases[:count], row)["verdict"]) for count in (1, 2))
    assert two >= one, (bases, row)


@pytest.mark.parametrize("seed", range(100))
def test_the_order_of_parents_does_not_matter(seed: int) -> None:
    bases, row = drawn(seed)
    one, other = ask(bases, row), ask(bases[::-1], row)
    assert one["verdict"] == other["verdict"], (bases, row)
    assert sorted(owed["text"] for owed in one["obligations"]) == sorted(owed["text"] for owed in other["obligations"])


@pytest.mark.parametrize("seed", range(100))
def test_passing_copies_on_is_never_better_than_keeping_them(seed: int) -> None:
    bases, row = drawn(seed)
    kept, passed_on = (ask(bases, {**row, "distributed": way})["verdict"] for way in ("no", "yes"))
    assert WORSE.index(passed_on) >= WORSE.index(kept), (bases, row)


@pytest.mark.parametrize("seed", range(100))
def test_every_answer_has_a_reason_in_words(seed: int) -> None:
    record = ask(*drawn(seed))
    assert record["reasons"]
    assert all(reason["code"] and reason["text"] for reason in record["reasons"])
