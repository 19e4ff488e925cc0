"""A stranger's JSON is decoded within bounds: what would cost memory or mislead is refused before anybody reads it."""

from __future__ import annotations

import json

import pytest

from checker.document.errors import InputError, render_problem
from checker.document.json_bounded import MAX_MARKS, MAX_MEMBERS, BeyondLimits, decoded
from checker.document.place import SourceFile
from fuzz.target import peak_bytes

MIB = 1024 * 1024


def refusal(text, kind=InputError):
    with pytest.raises(kind) as caught:
        decoded(SourceFile("f.json", text))
    return render_problem(caught.value.problems[0])


@pytest.mark.parametrize("text", ['{"a": [1, -2.5e3, "x", true, null]}', "[]", "5", '"a"', '{"a": {"b": {}}}'])
def test_json_is_decoded_as_it_is(text):
    assert decoded(SourceFile("f.json", text)) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1,", "f.json:1:4: error: the file is no JSON (Expecting value)"),
        ('{"a": 1,\n "a": 1}', "f.json:2:2: error: the key `a` stands here twice"),
        ('[{"b": 0}, {"a": {"c": 1, "c": 1}}, {"d": 0, "d": 0}]', "f.json:1:27: error: the key `c` stands here twice"),
        ("[" * 41 + "]" * 41, "f.json: error: more than 40 levels inside each other"),
        ("[" * 100_000, "f.json: error: more than 40 levels inside each other"),
        ("9" * 5000, "f.json: error: a number has thousands of digits"),
    ],
)
def test_what_is_no_json_or_misleads_is_refused_at_its_place(text, words):
    assert refusal(text).startswith(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[],", "f.json: error: the file has 10,000,000 commas and opening brackets: expected at most 500,000"),
        ("\n", "f.json: error: the file has 5,000,000 ends of lines: expected at most 1,000,000"),
        ("\r", "f.json: error: the file has 5,000,000 ends of lines: expected at most 1,000,000"),
    ],
)
def test_a_text_that_would_take_gigabytes_is_refused_before_it_is_decoded(text, words):
    before = peak_bytes()
    assert refusal(text * 5_000_000, BeyondLimits) == words
    assert peak_bytes() - before < 64 * MIB


def test_one_object_or_list_has_bounded_members():
    most = ",".join(["1"] * MAX_MEMBERS)
    assert len(decoded(SourceFile("f.json", f"[{most}]"))) == MAX_MEMBERS
    assert refusal(f'{{"a": [{most},1]}}', BeyondLimits).startswith("f.json:1:7: error: 50,001 members of one list")


def test_as_many_marks_as_there_may_be_are_read():
    rows = ",".join(["[" + ",".join(["1"] * 100) + "]"] * (MAX_MARKS // 101 - 1))
    assert len(decoded(SourceFile("f.json", f"[{rows}]"))) == MAX_MARKS // 101 - 1
