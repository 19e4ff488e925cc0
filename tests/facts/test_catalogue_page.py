"""The page about the catalogue says what the catalogue holds; figures on it are compared, not trusted."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from checker.facts.catalogue import SHIPPED, Catalogue

PAGE = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text(encoding="utf-8")
DOCUMENTS: list[dict[str, Any]] = [json.loads(file.read_text(encoding="utf-8")) for file in SHIPPED.glob("*/*.json")]


def counted(key: str) -> Counter[str]:
    return Counter(name for document in DOCUMENTS for name in document.get(key, {}))


def test_every_kind_of_source_is_in_the_table_with_its_certainty():
    kinds = json.loads((SHIPPED.parent / "sources.json").read_text(encoding="utf-8"))
    rows = [f"| `{name}` | {kind['certainty']} | {kind['meaning']} |" for name, kind in kinds.items()]
    assert re.findall(r"^\| `[\w-]+` \| (?:declared|inferred) \| .+ \|$", PAGE, re.MULTILINE) == rows


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("facts about {} models", len(DOCUMENTS)),
        ("sources on\n{}", Catalogue().recorded.isoformat()),
        ("on the Hub: {} facts", sum(len(one["facts"]) + len(one.get("benchmarks", ())) for one in DOCUMENTS)),
        ("public code pins ({} models)", sum("revision" in one for one in DOCUMENTS)),
        ("| {} published scores", sum(len(one.get("benchmarks", ())) for one in DOCUMENTS)),
        ("Of {} totals", sum("parameters" in one["facts"] for one in DOCUMENTS)),
        (
            "totals, {} are re-derived",
            sum(isinstance(one.get("arithmetic", {}), dict) and "parameters" in one["facts"] for one in DOCUMENTS),
        ),
        ("remaining\n  {} have no formula", sum(isinstance(one.get("arithmetic"), str) for one in DOCUMENTS)),
        ("\n{} totals. Files", counted("corrected")["parameters"]),
        ("\nDimensions of {} models", counted("corrected")["dimensions"]),
        ("| {} release dates |", counted("left_out")["release_date"]),
        ("| {} parents |", counted("left_out")["parents"]),
        ("| {} contexts |", counted("left_out")["native_context"]),
        ("| {} architectures |", counted("left_out")["architectures"]),
        ("| {} totals |", counted("left_out")["parameters"]),
        ("| {} model types |", counted("left_out")["model_type"]),
    ],
)
def test_a_figure_on_the_page_is_the_catalogues(words: str, number: object):
    assert words.format(number) in PAGE


def test_the_reasons_for_corrected_totals_add_up():
    section = PAGE.partition("## What was corrected")[2].partition("\nDimensions of")[0]
    assert sum(map(int, re.findall(r"^\| (\d+) \|", section, re.MULTILINE))) == counted("corrected")["parameters"]
