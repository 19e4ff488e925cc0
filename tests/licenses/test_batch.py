"""Many questions at once: a mistake of ours is the answer to one line, and the command's code."""

from __future__ import annotations

import io
import json

import pytest

from checker.document.errors import InputError
from checker.licenses.question import batch
from checker.licenses.question.question import of_columns


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


def told(text: str) -> list[tuple[int, str, str]]:
    """Of each answer its line, its id and what is wrong with the line."""
    records = [json.loads(line.text) for line in batch.answers(io.StringIO(text), "asked")]
    return [(one["line"], one.get("id", ""), one.get("error", "")) for one in records]


def test_a_line_of_json_that_puts_no_question_is_its_own_answer() -> None:
    text = (
        '{"base_licenses": "mit", "case_id": "first"}\n'
        "\n"
        "{broken\n"
        "7\n"
        '{"base_licenses": "mit", "id": "fifth", "mau": "x"}\n'
        "\n"
    )
    found = told(text)
    assert [(line, name) for line, name, _ in found] == [(1, "first"), (2, ""), (3, ""), (4, ""), (5, "fifth")]
    assert [error.partition(" (")[0] for _, _, error in found] == [
        "",
        "the line is empty",
        "this is no JSON",
        "`7` is no JSON object",
        "`mau` is `x`: expected a whole number such as 250000",
    ]


def test_a_line_of_json_may_be_as_long_as_is_read_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    line = '{"base_licenses": "mit"}\n'
    monkeypatch.setattr(batch, "MAX_CHARACTERS", len(line))
    assert told(line) == [(1, "", "")]
    monkeypatch.setattr(batch, "MAX_CHARACTERS", len(line) - 1)
    assert told(line) == [(1, "", f"the line is longer than is read: expected at most {len(line) - 1} characters")]


def test_values_of_json_are_read_as_a_column_would_hold_them() -> None:
    asked = {
        "base_licenses": ["chatglm3-6b", "mit"], "relation": "merge", "derivative_license": "chatglm3-6b", "mau": 5, "multimodal": False,
        "region": None, "use": "commercial", "distributed": "yes", "extra_facts": {"dau": 7, "registered": True},
    }  # fmt: skip
    columns = {
        "base_licenses": "chatglm3-6b;mit", "relation": "merge", "derivative_license": "chatglm3-6b", "mau": "5", "multimodal": "no",
        "region": "", "use": "commercial", "distributed": "yes", "extra_facts": "dau=7;registered=yes",
    }  # fmt: skip
    [line] = batch.answers(io.StringIO(json.dumps(asked)), "asked")
    assert json.loads(line.text) == batch.answer(of_columns(columns)) | {"line": 1}


def test_a_line_of_csv_that_puts_no_question_is_its_own_answer() -> None:
    text = 'base_licenses,case_id,planet\nmit,a,\n\nmit,b\n"mit,c,\nmit,d,mars\n'
    found = told(text)
    assert [(line, name) for line, name, _ in found] == [(2, "a"), (4, ""), (5, ""), (6, "d")]
    assert found[1][2] == "the line has 2 cells: expected 3, as in the header"
    assert found[2][2].startswith("this is no line of CSV (")
    assert found[3][2].startswith("unknown column `planet`: expected one of base_licenses, ")


@pytest.mark.parametrize("header", ["", "licence,use\n", '"base_licenses\n'])
def test_a_file_without_the_column_of_licences_is_bad_input(header: str) -> None:
    with pytest.raises(InputError) as refused:
        list(batch.answers(io.StringIO(header), "asked.csv"))
    [problem] = refused.value.problems
    assert (problem.sentence, problem.file) == ("the file has no column `base_licenses`", "asked.csv")
    assert problem.expected.startswith("a header with the columns base_licenses, relation, ")
    assert problem.expected.endswith(", extra_facts, or one JSON object a line")
