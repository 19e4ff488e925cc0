"""`weighbridge license check` as a user runs it: one question, many, and what puts none."""

from __future__ import annotations

import json

import pytest

from tests.in_process import weighbridge

__all__ = ["weighbridge"]

LLAMA = ("license", "check", "--base", "llama3.1", "--relation", "finetune", "--use", "commercial")
KEYS = ["verdict", "reasons", "obligations", "assumed", "not_read"]


def test_a_conflict_is_told_step_by_step_and_ends_with_one(weighbridge):
    run = weighbridge(*LLAMA, "--as", "apache-2.0", "--name", "Acme-8B", "--distributed", "yes")
    assert (run.code, run.err) == (1, "")
    assert run.out.startswith("conflict\n  community-relicensed (1.b.i): a finetune of a model under llama3.1: ")
    assert "\n  name-prefix (1.b.i): " in run.out
    assert "\nobligations:\n  llama3.1, section 1.b.i, asks to pass on a copy of the licence\n" in run.out


@pytest.mark.parametrize(("arguments", "verdict", "code"), [
    (("--base", "mit", "--relation", "finetune", "--as", "apache-2.0", "--distributed", "yes"), "ok", 0),
    (("--base", "yi-2.1", "--use", "commercial", "--distributed", "no", "--fact", "registered=yes", "--fact",
      "purpose=education", "--text-only"), "conditional", 0),
    (("--base", "llama3.2", "--base", "mit", "--relation", "merge", "--as", "llama3.2", "--name", "Llama-M", "--use",
      "commercial", "--distributed", "yes", "--mau", "5", "--revenue", "9", "--revenue-period", "month", "--region",
      "EU", "--multimodal"), "conflict", 1),
    (("--base", "other", "--use", "research"), "unknown", 3),
])  # fmt: skip
def test_each_verdict_has_its_code(weighbridge, arguments, verdict, code):
    run = weighbridge("license", "check", *arguments, "--json")
    assert (run.code, run.err) == (code, "")
    record = json.loads(run.out)
    assert list(record) == KEYS
    assert record["verdict"] == verdict
    assert all(list(reason) == ["code", "clause", "text"] for reason in record["reasons"])


def test_what_was_taken_to_be_so_and_what_was_not_read_is_printed(weighbridge):
    run = weighbridge(*LLAMA, "--as", "llama3.1", "--mau", "1000", "--distributed", "yes", "--fact", "planet=mars")
    assert run.code == 3
    assert "\ntaken to be so:\n  the users are those of 2024-06, " in run.out
    assert "\nnot read:\n  planet=mars\n" in run.out


@pytest.mark.parametrize(("arguments", "words"), [
    ((), "license check: error: no base licence is named: expected --base LICENSE"),
    (("--base", "mit", "--use", "comercial"), "did you mean `commercial`?"),
    (("--base", "mit", "--batch", "questions.csv"), "options of one question beside --batch"),
    (("--batch", "missing.csv"), "missing.csv: error: there is no such file"),
    (("--base", "mit", "--multimodal", "--text-only"), "--text-only: not allowed with argument --multimodal"),
])  # fmt: skip
def test_what_puts_no_question_ends_with_two(weighbridge, arguments, words):
    run = weighbridge("license", "check", *arguments)
    assert (run.code, run.out) == (2, "")
    assert words in run.err


CSV = """\
case_id,base_licenses,relation,derivative_license,use,distributed,extra_facts
a,mit,finetune,apache-2.0,commercial,yes,
b,gemma,finetune,mit,commercial,yes,
c,gemma,nonsense,mit,commercial,yes,
too,few
"open,mit,none,,internal,no,
d,"llama3.1;cc-by-nc-4.0",merge,"llama3.1;mit",commercial,yes,student=foundational generative model;dau=5

e,mit,none,,internal,no,
"""


def answered(run):
    return [json.loads(line) for line in run.out.splitlines()]


def test_a_batch_answers_each_line_in_order_and_a_bad_one_stops_no_other(weighbridge, project):
    project({"questions.csv": CSV})
    run = weighbridge("license", "check", "--batch", "questions.csv")
    assert (run.code, run.err) == (0, "")
    records = answered(run)
    assert [(one.get("id"), one["line"], one["verdict"]) for one in records] == [
        ("a", 2, "ok"), ("b", 3, "conflict"), ("c", 4, "unknown"), (None, 5, "unknown"), (None, 6, "unknown"),
        ("d", 7, "conflict"), ("e", 9, "ok"),
    ]  # fmt: skip
    assert records[2]["error"].startswith("`relation` is `nonsense`: expected one of none, finetune, ")
    assert records[3]["error"] == "the line has 2 cells: expected 7, as in the header"
    assert records[4]["error"] == "this is no line of CSV (unexpected end of data)"
    assert all(list(one)[: len(KEYS)] == KEYS for one in records)


def test_json_lines_are_read_alike_from_standard_input(weighbridge):
    lines = [
        '{"case_id": "a", "base_licenses": ["llama3.1", "mit"], "relation": "merge", "multimodal": false, "mau": 5,'
        ' "derivative_license": null, "use": "commercial", "distributed": "no", "extra_facts": {"dau": 5}}',
        "",
        '{"base_licenses": "mit", "use": "internal", "distributed": "no"}',
        "[1]",
        "{",
        '{"base_licenses": "mit", "planet": "mars"}',
        "",
    ]
    run = weighbridge("license", "check", "--batch", "-", stdin="\n".join(lines) + "\n")
    assert (run.code, run.err) == (0, "")
    records = answered(run)
    assert [(one["line"], one["verdict"]) for one in records] == [
        (1, "conditional"), (2, "unknown"), (3, "ok"), (4, "unknown"), (5, "unknown"), (6, "unknown"),
    ]  # fmt: skip
    assert records[1]["error"] == "the line is empty"
    assert records[3]["error"] == "this is no JSON object: expected `{…}` on one line"
    assert records[4]["error"] == "this is no key of JSON: expected a text in double quotes"
    assert records[5]["error"].startswith("unknown column `planet`")


def test_a_file_without_the_column_of_the_bases_is_refused(weighbridge, project):
    project({"other.csv": "a,b\n1,2\n", "open.csv": '"base_licenses\nmit\n'})
    for name in ("other.csv", "open.csv"):
        run = weighbridge("license", "check", "--batch", name)
        assert (run.code, run.out) == (2, "")
        assert f"{name}: error: the file has no column `base_licenses`" in run.err


@pytest.mark.parametrize("asked", ["", "\n\n", "base_licenses\n", "base_licenses\n\n"])
def test_a_batch_that_asks_nothing_is_refused(weighbridge, project, asked):
    project({"bare.csv": asked})
    run = weighbridge("license", "check", "--batch", "bare.csv")
    assert (run.code, run.out) == (2, "")
    assert "bare.csv: error: the " in run.err


def test_a_file_whose_head_is_no_text_is_refused(weighbridge, tmp_path):
    (tmp_path / "bytes.csv").write_bytes("base_licenses\nmit\n".encode("utf-16"))
    run = weighbridge("license", "check", "--batch", "bytes.csv")
    assert (run.code, run.out) == (2, "")
    assert "bytes.csv: error: the file is UTF-16" in run.err


def test_a_line_beyond_all_measure_is_answered_as_such(weighbridge, project):
    long = "x" * 200_000
    project(
        {
            "long.csv": f"base_licenses\n{long}\nmit\n",
            "long.jsonl": f'{{"base_licenses": "{long * 6}"}}\n{{"base_licenses": "mit"}}\n',
        }
    )
    for name, words in (("long.csv", "this is no line of CSV ("), ("long.jsonl", "the line is larger than 1 MiB")):
        run = weighbridge("license", "check", "--batch", name)
        first, second = answered(run)
        assert (run.code, second["verdict"]) == (0, "ok")
        assert first["error"].startswith(words)
