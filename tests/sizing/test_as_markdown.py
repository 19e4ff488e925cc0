"""Markdown has what text has, and nothing from outside becomes markup."""

from __future__ import annotations

import pytest

from checker.sizing import as_markdown
from checker.sizing.answer import with_alternatives
from checker.sizing.serving_report import Extras, extras_of
from checker.sizing.start import start
from checker.sizing.tables import Table, piped
from tests.sizing.starting.test_commands import HOSTILE, answered
from tests.sizing.test_answer import asked


def test_a_training_has_its_terms_alternatives_and_arguments():
    answer = with_alternatives(asked(model="Qwen/Qwen3-8B", method="full", hardware={"gpu": "4090"}))
    text = as_markdown.as_markdown(answer, extras_of(answer, table=True, explain=False))
    for part in (
        "| weights | ",
        "### Instead",
        "| method ",
        "```\nTrainingArguments(",
        "micro&#95;batch&#95;size across",
    ):
        assert part in text
    assert "### Room" not in text


def test_warnings_are_told():
    answer = asked(model="Qwen/Qwen2.5-0.5B-Instruct", serve=True, context_window=10**6)
    assert "### Warnings\n\n- context&#95;window 1000000 is beyond the " in as_markdown.as_markdown(answer)


@pytest.mark.parametrize("name", [HOSTILE, "a|b", "<img src=x>", "[x](y)", "```", "a\\|b"])
def test_names_stay_text(name):
    text = as_markdown.as_markdown(answered(name=f"./{name}"))
    heading = text.splitlines()[0]
    for mark in ("<", "[", "|", "`"):
        assert mark not in heading


def test_a_fence_is_longer_than_any_in_its_code():
    answer = answered(name="./a```b")
    text = as_markdown.as_markdown(answer, Extras(start=start(answer, "vllm")))
    assert "\n````\nvllm serve './a```b'" in text


def test_a_table_has_as_many_cells_in_each_line():
    lines = list(piped(Table(("a", "b|c"), (("1", "2"), ("3 ", " 4")))))
    assert lines == ["| a | b&#124;c |", "| --- | ---: |", "| 1 | 2 |", "| 3 | 4 |"]
