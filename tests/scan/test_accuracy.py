"""Every judged case is found as a person judged it, but for those that are known to be missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scan.judged_cases import FAMILIES, cases, judged

PAGE = Path(__file__).parent.parent.parent / "docs" / "scan.md"

KNOWN = {
    "a name that a registry of the repository gives": (
        ("reg.py:6: google-bert/bert-large-uncased",),
        ("reg.py:6: something is said to name no model",),
    ),
    "a class that another file makes an object of": (
        ("rerank.py:7: BAAI/bge-reranker-base",),
        ("rerank.py:7: something is said to name no model",),
    ),
    "settings of a router in another spelling": (
        ("config.yaml:7: sentence-transformers/multi-qa-MiniLM-L6-cos-v1",),
        (),
    ),
    "a service that reads its model from a file of settings in another format": (("config.toml:2: BAAI/bge-m3",), ()),
    "JavaScript": (("app.js:2: Xenova/all-MiniLM-L6-v2",), ()),
}
"""What is missed, and what is wrong because of it: what no longer is has to leave this list."""


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.family}: {case.name}") for case in cases()])
def test_a_case_is_found_as_it_was_judged(tmp_path, case):
    outcome = judged(case, tmp_path)
    assert (outcome.missed, outcome.wrong) == KNOWN.get(case.name, ((), ()))


def test_the_page_about_scanning_has_these_figures():
    rows = []
    for family, shown in FAMILIES.items():
        of = [case for case in cases() if case.family == family]
        missed, wrong = (sum(len(KNOWN.get(case.name, ((), ()))[side]) for case in of) for side in (0, 1))
        wanted = sum(len(case.wanted) for case in of)
        rows.append(f"| {shown} | {len(of)} | {wanted} | {wanted - missed} | {missed} | {wrong} |")
    assert "\n".join(rows) in PAGE.read_text(encoding="utf-8")
    assert set(KNOWN) <= {case.name for case in cases()}
