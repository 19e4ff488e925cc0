"""Many questions at once: a mistake of ours is the answer to one line, and the command's code."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from checker.document.errors import InputError
from checker.document.lines import Answered
from checker.document.read import MAX_BYTES
from checker.licenses.question import batch
from checker.licenses.question.question import of_columns


def answers(text: str | bytes, name: str = "asked") -> list[Answered]:
    return list(batch.answers(BytesIO(text if isinstance(text, bytes) else text.encode()), name))


def test_a_mistake_of_ours_stops_no_other_line(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = batch.answer

    def failing(question: object) -> object:
        if getattr(question, "name", "") == "odd":
            raise RuntimeError("out of order")
        return asked(question)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "answer", failing)
    lines = answers("base_licenses,derivative_name\nmit,odd\nmit,\n")
    assert [line.bug for line in lines] == [True, False]
    assert json.loads(lines[0].text)["error"] == "this is a bug in Weighbridge: RuntimeError: out of order"
    assert json.loads(lines[1].text)["verdict"] == "ok"


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    [line] = answers("\ufeffbase_licenses\nmit\n")
    assert json.loads(line.text)["verdict"] == "ok"


def test_columns_without_a_value_say_nothing_whatever_they_are_called() -> None:
    lines = answers("base_licenses,planet\nmit,\nmit,mars\n")
    assert [json.loads(line.text)["verdict"] for line in lines] == ["ok", "unknown"]


def told(text: str | bytes) -> list[tuple[int, str, str]]:
    """Of each answer its line, its id and what is wrong with the line."""
    records = [json.loads(line.text) for line in answers(text)]
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
    assert [error for _, _, error in found] == [
        "",
        "the line is empty",
        "this is no key of JSON: expected a text in double quotes",
        "this is no JSON object: expected `{…}` on one line",
        "`mau` is `x`: expected a whole number such as 250000",
    ]


def test_a_line_of_json_may_be_as_long_as_is_read_and_no_longer() -> None:
    line = '{"base_licenses": "mit"}'
    longest = line.ljust(MAX_BYTES - 1) + "\n"
    assert told(longest) == [(1, "", "")]
    assert told(longest.replace("\n", "  \n") + line) == [
        (1, "", f"the line is larger than 1 MiB: expected at most {MAX_BYTES} bytes"),
        (2, "", ""),
    ]


@pytest.mark.parametrize("question", [
    '{"base_licenses": "cc-by-nc-4.0", "base_licenses": "mit"}',
    '{"base_licenses": "mit", "extra_facts": {"dau": 7, "dau": 8}}',
])  # fmt: skip
def test_a_key_that_stands_twice_is_an_error_and_not_its_last_value(question: str) -> None:
    [(line, _, error)] = told(question)
    assert line == 1
    assert " stands here twice: expected each key once" in error


def test_a_column_that_stands_twice_is_bad_input() -> None:
    with pytest.raises(InputError) as refused:
        answers("base_licenses,use,base_licenses\ncc-by-nc-4.0,commercial,mit\n", "asked.csv")
    [problem] = refused.value.problems
    assert (problem.sentence, problem.file) == ("the file has two columns `base_licenses`", "asked.csv")


@pytest.mark.parametrize("head", ["base_licenses\n", '{"base_licenses": "mit"}\n'])
def test_a_line_that_is_no_text_is_its_own_answer(head: str) -> None:
    found = told(head.encode() + b"\xff\xfe\n" + head.encode())
    assert [error for line, _, error in found if line == 2] == ["the file is UTF-16 (byte 1, line 1): expected UTF-8"]


def test_values_of_json_are_read_as_a_column_would_hold_them() -> None:
    asked = {
        "base_licenses": ["chatglm3-6b", "mit"], "relation": "merge", "derivative_license": "chatglm3-6b", "mau": 5, "multimodal": False,
        "region": None, "use": "commercial", "distributed": "yes", "extra_facts": {"dau": 7, "registered": True},
    }  # fmt: skip
    columns = {
        "base_licenses": "chatglm3-6b;mit", "relation": "merge", "derivative_license": "chatglm3-6b", "mau": "5", "multimodal": "no",
        "region": "", "use": "commercial", "distributed": "yes", "extra_facts": "dau=7;registered=yes",
    }  # fmt: skip
    [line] = answers(json.dumps(asked))
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
        answers(header, "asked.csv")
    [problem] = refused.value.problems
    assert (problem.sentence, problem.file) == ("the file has no column `base_licenses`", "asked.csv")
    assert problem.expected.startswith("a header with the columns base_licenses, relation, ")
    assert problem.expected.endswith(", extra_facts, or one JSON object a line")
