"""One line of JSON becomes a located tree, and whatever is no JSON is refused with its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.document.errors import InputError
from checker.document.json_line import parse_line
from checker.document.place import SourceFile
from checker.document.tree import MAX_DEPTH, Mapping, Scalar


def parsed(text, raw=()):
    return parse_line(SourceFile("plans.jsonl:1", text), raw)


def plain(node):
    if isinstance(node, Scalar):
        return json.loads(node.text) if node.plain else node.text
    if isinstance(node, Mapping):
        return {key: plain(entry.value) for key, entry in node.items.items()}
    return [plain(item) for item in node.items]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON, max_size=5), st.booleans(), st.booleans())
def test_what_json_writes_is_read_back(value, ascii_only, indented):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1 if indented else None)
    if any(0xD800 <= ord(character) < 0xE000 for character in str(value)):
        return
    assert plain(parsed(text).root) == value


def test_keys_and_values_know_their_places():
    line = parsed('{"model": "a/b", "rank": 8, "list": [1, "x"]}')
    rank = line.root.items["rank"]
    assert (rank.key_at.column, rank.key_at.width, rank.value.at.column, rank.value.at.width) == (18, 6, 26, 1)
    assert [item.at.column for item in line.root.items["list"].value.items] == [38, 41]


def test_raw_keys_are_decoded_and_not_located():
    line = parsed('{"config": {"a": [1.5, null]}, "x": {"config": 1}}', ("config",))
    assert (line.raw, line.raw_at["config"].column) == ({"config": {"a": [1.5, None]}}, 12)
    assert list(line.root.items) == ["x"]


DEEP = "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)
BAD = {
    "": "this is no JSON object",
    "[1]": "this is no JSON object",
    '"x"': "this is no JSON object",
    "{": "this is no key of JSON",
    "{a: 1}": "this is no key of JSON",
    "{'a': 1}": "this is no key of JSON",
    '{"a"': "no colon follows the key `a`",
    '{"a" 1}': "no colon follows the key `a`",
    '{"a": 1': "the line ends too early",
    '{"a": 1,}': "this is no key of JSON",
    '{"a": [1,]}': "this is no value of JSON: `]}`",
    '{"a": [1 2]}': "no comma stands here",
    '{"a": 1} {}': "something follows the object",
    '{"a": 1, "a": 2}': "the key `a` stands here twice",
    '{"a": NaN}': "this is no value of JSON: `NaN}`",
    '{"a": 01}': "this is no value of JSON: `01}`",
    '{"a": +1}': "this is no value of JSON: `+1}`",
    '{"a": tru}': "this is no value of JSON: `tru}`",
    '{"a": "\\ud800"}': "an escape that names no character",
    '{"a": "\\x"}': "this is no JSON (Invalid \\escape)",
    '{"a": "x': "this is no JSON (Unterminated string starting at)",
    '{"a": ' + DEEP + "}": f"more than {MAX_DEPTH} levels inside each other",
    '{"a":' * 100_000: f"more than {MAX_DEPTH} levels inside each other",
    '{"raw": ' + "[" * 100_000: "too many levels inside each other",
    '{"raw": NaN}': "NaN is no number of JSON",
    '{"raw": [-Infinity]}': "-Infinity is no number of JSON",
    '{"raw": 1e999}': "1e999 is larger than any size of a model",
    '{"raw": 9223372036854775808}': "9223372036854775808 is larger than any size of a model",
    '{"raw": ' + "9" * 100_000 + "}": "9" * 60 + "… is larger than any size of a model",
    '{"raw": 1, "raw": 2}': "the key `raw` stands here twice",
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:24])
def test_what_is_no_json_is_refused_with_its_place(text):
    with pytest.raises(InputError) as caught:
        parsed(text, ("raw",))
    [problem] = caught.value.problems
    assert problem.sentence == BAD[text]
    assert problem.at.file.name == "plans.jsonl:1"
