"""Many questions at once: a mistake of ours is the answer to one line, and the command's code."""

from __future__ import annotations

import io
import json

import pytest

from checker.licenses.question import batch


def test_a_mistake_of_ours_stops_no_other_line(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = batch.answer

    def failing(question: object) -> object:
        if getattr(question, "name", "") == "odd":
            raise RuntimeError("out of order")
        return asked(question)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "answer", failing)
    lines = list(batch.answers(io.StringIO("base_licenses,derivative_name\nmit,odd\nmit,\n"), "asked.csv"))
    assert [line.bug for line in lines] == [True, False]
    assert json.loads(lines[0].text)["error"] == "this is a bug in Weighbridge: RuntimeError: out of order"
    assert json.loads(lines[1].text)["verdict"] == "ok"


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    [line] = batch.answers(io.StringIO("\ufeffbase_licenses\nmit\n"), "asked.csv")
    assert json.loads(line.text)["verdict"] == "ok"


def test_columns_without_a_value_say_nothing_whatever_they_are_called() -> None:
    lines = batch.answers(io.StringIO("base_licenses,planet\nmit,\nmit,mars\n"), "asked.csv")
    assert [json.loads(line.text)["verdict"] for line in lines] == ["ok", "unknown"]
