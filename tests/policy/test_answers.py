"""What policy files come to, word for word."""

from __future__ import annotations

import pytest

from tests.policy.answering import FOLDER, cases, written

FILES = sorted(path.stem for path in FOLDER.glob("*.txt"))


@pytest.mark.parametrize("name", FILES)
def test_policies_come_to_what_is_written(name):
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert written(text) == text


def test_no_two_cases_have_one_title():
    titles = [case.title for name in FILES for case in cases((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))]
    assert titles
    assert len(set(titles)) == len(titles)
