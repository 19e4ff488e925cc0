"""YAML becomes a tree of located nodes; whatever is more than plain data is refused where it stands.

Every case runs with the C parser and with the pure one, because an installation has either.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.document import tree
from checker.document.errors import InputError, render_problem
from checker.document.place import Place
from checker.document.read import from_text
from checker.document.tree import Entry, Mapping, Scalar, Sequence, c_events, parse, pure_events
from tests.ending import that_ends

PARSERS = [c_events, pure_events]


@pytest.fixture(params=PARSERS, ids=["C parser", "pure parser"])
def events(request):
    return request.param


def refusal(text, events):
    with pytest.raises(InputError) as caught:
        parse(from_text("m.yaml", text), events)
    return "\n".join(render_problem(problem) for problem in caught.value.problems)


def told(node):
    """A tree in short: text, or quoted text, with line, column and width."""
    if isinstance(node, Scalar):
        return (node.text if node.plain else f'"{node.text}"', *node.at[1:])
    if isinstance(node, Mapping):
        return {(key, *entry.key_at[1:]): told(entry.value) for key, entry in node.items.items()}
    return [told(item) for item in node.items]


def test_the_c_parser_is_taken_where_it_is_installed():
    assert tree.EVENTS is c_events


WITHOUT_C = """
import sys
sys.modules["_ruamel_yaml"] = sys.modules["_ruamel_yaml_clibz"] = None
from checker.document import tree
from checker.document.read import from_text
print(tree.EVENTS.__name__, list(tree.parse(from_text("m.yaml", "a: {b: https://c}")).items))
"""


def test_the_pure_parser_is_taken_where_the_other_is_not_installed():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_C], capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=60
    )
    assert (done.stdout, done.stderr) == ("pure_events ['a']\n", "")


def test_a_mapping_keeps_its_keys_with_their_places(events):
    source = from_text("m.yaml", "a: b")
    at = Place(source, 1, 1, 1)
    assert parse(source, events) == Mapping({"a": Entry(at, Scalar("b", True, Place(source, 1, 4, 1)))}, at)


def test_a_list_stands_where_its_first_dash_does(events):
    source = from_text("m.yaml", "\n  - a")
    assert parse(source, events) == Sequence([Scalar("a", True, Place(source, 2, 5, 1))], Place(source, 2, 3))


ACCEPTED = {
    "nested blocks": ("a:\n  b: c\n  d:\n  - e\n  - f\n", {("a", 1, 1, 1): {("b", 2, 3, 1): ("c", 2, 6, 1), ("d", 3, 3, 1): [("e", 4, 5, 1), ("f", 5, 5, 1)]}}),
    "brackets and braces": ("{a: [b, c], d: {}}", {("a", 1, 2, 1): [("b", 1, 6, 1), ("c", 1, 9, 1)], ("d", 1, 13, 1): {}}),
    "a trailing comma": ("[a, ]", [("a", 1, 2, 1)]),
    "quotes": ("a: 'it''s'\nb: \"x\\ty\"", {("a", 1, 1, 1): ('"it\'s"', 1, 4, 7), ("b", 2, 1, 1): ('"x\ty"', 2, 4, 6)}),
    "scalars as they are written": ("a: 2026.10\nb: NO\nc: 0123\nd: 1e3\n", {("a", 1, 1, 1): ("2026.10", 1, 4, 7), ("b", 2, 1, 1): ("NO", 2, 4, 2), ("c", 3, 1, 1): ("0123", 3, 4, 4), ("d", 4, 1, 1): ("1e3", 4, 4, 3)}),
    "no value points at its key": ("a:\nbcd:", {("a", 1, 1, 1): ("", 1, 1, 1), ("bcd", 2, 1, 3): ("", 2, 1, 3)}),
    "no value in braces points at its key": ("{a: ,b}", {("a", 1, 2, 1): ("", 1, 2, 1), ("b", 1, 6, 1): ("", 1, 6, 1)}),
    "an empty item points behind its dash": ("-\n- b", [("", 1, 2, 1), ("b", 2, 3, 1)]),
    "a text over several lines has the width of its first": ("a: one\n  two\nb: 'one\n  two'\n", {("a", 1, 1, 1): ("one two", 1, 4, 3), ("b", 3, 1, 1): ('"one two"', 3, 4, 4)}),
    "a block of text": ("a: |\n  b\n   c\nd: >-\n  e\n  f\n", {("a", 1, 1, 1): ('"b\n c\n"', 1, 4, 1), ("d", 4, 1, 1): ('"e f"', 4, 4, 2)}),
    "a block of text with a comment": ("a: |2- # why\n   b\n", {("a", 1, 1, 1): ('" b"', 1, 4, 9)}),
    "blanks above a block of text": ("a: |-\n  \n    b\n", {("a", 1, 1, 1): ('"\nb"', 1, 4, 2)}),
    "a merge key is a key like any other": ("<<: a", {("<<", 1, 1, 2): ("a", 1, 5, 1)}),
    "an address in braces": ("{a: https://x.example/y}", {("a", 1, 2, 1): ("https://x.example/y", 1, 5, 19)}),
    "an address in a key in braces": ("{a://b: c}", {("a://b", 1, 2, 5): ("c", 1, 9, 1)}),
    "what the C parser alone refuses": ("{a: b:c, d: [e?f]}", {("a", 1, 2, 1): ("b:c", 1, 5, 3), ("d", 1, 10, 1): [("e?f", 1, 14, 3)]}),
    "the character that hides a colon": ("{a: \ue03a, b: https://c}", {("a", 1, 2, 1): ("\ue03a", 1, 5, 1), ("b", 1, 8, 1): ("https://c", 1, 11, 9)}),
    "CRLF": ("a: b\r\nc: d\r\n", {("a", 1, 1, 1): ("b", 1, 4, 1), ("c", 2, 1, 1): ("d", 2, 4, 1)}),
    "CR alone": ("a: b\rc: d\r", {("a", 1, 1, 1): ("b", 1, 4, 1), ("c", 2, 1, 1): ("d", 2, 4, 1)}),
    "a byte order mark": ("\ufeffa: b", {("a", 1, 1, 1): ("b", 1, 4, 1)}),
    "tabs between words, each one column": ("a:\tb\t# c\n\t# d\n\t\ne: f\t\n", {("a", 1, 1, 1): ("b", 1, 4, 1), ("e", 4, 1, 1): ("f", 4, 4, 1)}),
    "characters of several bytes": ("é中: ü😀 # x\nb: c", {("é中", 1, 1, 2): ("ü😀", 1, 5, 2), ("b", 2, 1, 1): ("c", 2, 4, 1)}),
    "markers of the document": ("---\na: b\n...\n# c\n", {("a", 2, 1, 1): ("b", 2, 4, 1)}),
    "a key with a question mark": ("? a\n: b", {("a", 1, 3, 1): ("b", 2, 3, 1)}),
    "a text alone": ("a", ("a", 1, 1, 1)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ACCEPTED.values(), ids=ACCEPTED)
def test_plain_data_is_read(text, expected, events):
    assert told(parse(from_text("m.yaml", text), events)) == expected


REFUSED = {
    "an anchor": ("a: &b c", "m.yaml:1:4: error: an anchor (`&`)\n    1 | a: &b c\n      |    ^^ expected a value without an anchor"),
    "an anchor of a mapping": ("&b\na: c", "m.yaml:1:1: error: an anchor (`&`)\n    1 | &b\n      | ^^ expected a value without an anchor"),
    "an anchor of a list": ("a: &b [c]", "m.yaml:1:4: error: an anchor (`&`)\n    1 | a: &b [c]\n      |    ^^ expected a value without an anchor"),
    "an anchor without a name": ("a: & b", "m.yaml:1:4: error: an anchor (`&`)\n    1 | a: & b\n      |    ^ expected a value without an anchor"),
    "an alias": ("a: *b", "m.yaml:1:4: error: an alias (`*`)\n    1 | a: *b\n      |    ^^ expected the value itself"),
    "an alias as a key": ("*b : c", "m.yaml:1:1: error: an alias (`*`)\n    1 | *b : c\n      | ^^ expected the value itself"),
    "an alias without a name": ("a: *", "m.yaml:1:4: error: an alias (`*`)\n    1 | a: *\n      |    ^ expected the value itself"),
    "a tag": ("a: !!python/object:os.system b", "m.yaml:1:4: error: a tag (`!`)\n    1 | a: !!python/object:os.system b\n      |    ^^^^^^^^^^^^^^^^^^^^^^^^^ expected a value without a tag"),
    "a tag of a list": ("a: !x [b]", "m.yaml:1:4: error: a tag (`!`)\n    1 | a: !x [b]\n      |    ^^ expected a value without a tag"),
    "a harmless tag": ("a: !!str b", "m.yaml:1:4: error: a tag (`!`)\n    1 | a: !!str b\n      |    ^^^^^ expected a value without a tag"),
    "the non-specific tag": ("a: ! b", "m.yaml:1:4: error: a tag (`!`)\n    1 | a: ! b\n      |    ^ expected a value without a tag"),
    "a tag in angles": ("a: !<tag:x> b", "m.yaml:1:4: error: a tag (`!`)\n    1 | a: !<tag:x> b\n      |    ^^^^^^^^ expected a value without a tag"),
    "a version": ("# c\n%YAML 1.2\n---\na: b", "m.yaml:2:1: error: a directive (`%`)\n    2 | %YAML 1.2\n      | ^^^^^^^^^ expected a file without directives"),
    "a tag directive": ("%TAG ! x:\n---\na: b", "m.yaml:1:1: error: a directive (`%`)\n    1 | %TAG ! x:\n      | ^^^^^^^^^ expected a file without directives"),
    "an unknown directive": ("%FOO\n---\na: b", "m.yaml:1:1: error: a directive (`%`)\n    1 | %FOO\n      | ^^^^ expected a file without directives"),
    "a second document": ("a: b\n---\nc: d", "m.yaml:2:1: error: a second document\n    2 | ---\n      | ^ expected one document a file"),
    "a second document after the end of the first": ("a: b\n...\nc: d", "m.yaml:3:1: error: a second document\n    3 | c: d\n      | ^ expected one document a file"),
    "an empty second document": ("a: b\n...\n...\n", "m.yaml:3:1: error: a second document\n    3 | ...\n      | ^ expected one document a file"),
    "text behind the end": ("a: b\n... c", "m.yaml:2:5: error: more text after the end of the document\n    2 | ... c\n      |     ^ expected one value a file"),
    "a duplicate key": ("a: b\nc: d\n'a': e", "m.yaml:3:1: error: the key `a` stands here for the second time\n    3 | 'a': e\n      | ^^^ expected each key once; the first one is on line 1\n    1 | a: b\n      | - see here"),
    "a duplicate key in braces": ("{a: b, a: c}", "m.yaml:1:8: error: the key `a` stands here for the second time\n    1 | {a: b, a: c}\n      |        ^ expected each key once; the first one is on line 1\n    1 | {a: b, a: c}\n      |  - see here"),
    "a list as key": ("[a]: b", "m.yaml:1:1: error: a key that is no text\n    1 | [a]: b\n      | ^ expected `key: value` with a text as key"),
    "a mapping as key": ("{{a: b}: c}", "m.yaml:1:2: error: a key that is no text\n    1 | {{a: b}: c}\n      |  ^ expected `key: value` with a text as key"),
    "a block as key": ("? - a\n: b", "m.yaml:1:3: error: a key that is no text\n    1 | ? - a\n      |   ^ expected `key: value` with a text as key"),
    "an empty key": (": a", "m.yaml:1:1: error: a key without a name\n    1 | : a\n      | ^ expected `key: value`"),
    "an empty key in quotes": ("'': a", "m.yaml:1:1: error: a key without a name\n    1 | '': a\n      | ^^ expected `key: value`"),
    "an empty key in braces": ("{: a}", "m.yaml:1:3: error: a key without a name\n    1 | {: a}\n      |   ^ expected `key: value`"),
    "nothing": ("", "m.yaml:1:1: error: the file is empty\n    1 |\n      | ^ expected `key: value` lines"),
    "only comments": ("# a\n\n  # b\n", "m.yaml:1:1: error: the file is empty\n    1 | # a\n      | ^ expected `key: value` lines"),
    "only a marker": ("---\n", "m.yaml:1:1: error: the file is empty\n    1 | ---\n      | ^ expected `key: value` lines"),
    "an indenting tab": ("a:\n\tb: c", "m.yaml:2:1: error: a tab in the indentation\n    2 |  b: c\n      | ^ expected spaces"),
    "an indenting tab behind spaces": ("a:\r\n  \tb: c", "m.yaml:2:3: error: a tab in the indentation\n    2 |    b: c\n      |   ^ expected spaces"),
    "a control character": ("a: \x1b[31m", "m.yaml:1:4: error: the character U+001B\n    1 | a: ?[31m\n      |    ^ expected printable text"),
    "a form feed": ("a: b\n\x0c", "m.yaml:2:1: error: the character U+000C\n    2 | ?\n      | ^ expected printable text"),
    "a line separator": ("a: b\u2028c: d", "m.yaml:1:5: error: the character U+2028\n    1 | a: b?c: d\n      |     ^ expected printable text"),
    "next line": ("a: b\x85c: d", "m.yaml:1:5: error: the character U+0085\n    1 | a: b?c: d\n      |     ^ expected printable text"),
    "a mark in the middle": ("a: \ufeffb", "m.yaml:1:4: error: the character U+FEFF\n    1 | a: ?b\n      |    ^ expected printable text"),
    "a surrogate": ("a: \ud800", "m.yaml:1:4: error: the character U+D800\n    1 | a: ?\n      |    ^ expected printable text"),
    "an escaped surrogate": ('a: "\\ud800"', 'm.yaml:1:4: error: an escape that names no character\n    1 | a: "\\ud800"\n      |    ^^^^^^^^ expected a Unicode character'),
    "an escape beyond Unicode": ('a: "\\U00110000"', 'm.yaml:1:5: error: an escape that names no character\n    1 | a: "\\U00110000"\n      |     ^^ expected a Unicode character'),
    "an unknown escape": ('a: "C:\\q"', 'm.yaml:1:4: error: an escape (`\\`) that does not exist, in the text that begins here\n    1 | a: "C:\\q"\n      |    ^ expected `\\\\` for a backslash, or single quotes around the text'),
    "an escape cut short": ('a: "\\x4"', 'm.yaml:1:4: error: an escape (`\\`) that does not exist, in the text that begins here\n    1 | a: "\\x4"\n      |    ^ expected `\\\\` for a backslash, or single quotes around the text'),
    "an open quote": ('a: "b\nc: d\n', 'm.yaml:1:4: error: the quote that opens here is not closed\n    1 | a: "b\n      |    ^ expected a closing quote'),
    "a quote across documents": ("a: 'b\n---\n'", "m.yaml:1:4: error: the quote that opens here is not closed\n    1 | a: 'b\n      |    ^ expected a closing quote"),
    "an open bracket": ("a: [b,\nc\n", "m.yaml:1:4: error: the `[` that opens here is not closed\n    1 | a: [b,\n      |    ^ expected `]`"),
    "an open brace": ("a: {b: c\n", "m.yaml:1:4: error: the `{` that opens here is not closed\n    1 | a: {b: c\n      |    ^ expected `}`"),
    "a bracket that ends the file": ("a: [", "m.yaml:1:5: error: the end of the file where a value belongs\n    1 | a: [\n      |     ^ expected a value"),
    "a bracket closed by a brace": ("a: [b}", "m.yaml:1:6: error: `}` between the items of a list\n    1 | a: [b}\n      |      ^ expected `,` or `]`"),
    "a brace closed by a bracket": ("a: {b: c]", "m.yaml:1:9: error: `]` between the entries of a mapping\n    1 | a: {b: c]\n      |         ^ expected `,` or `}`"),
    "two commas": ("[a,,b]", "m.yaml:1:4: error: `,` where a value belongs\n    1 | [a,,b]\n      |    ^ expected a value"),
    "a pair between brackets": ("[a: b]", "m.yaml:1:2: error: a `:` between the items of a list\n    1 | [a: b]\n      |  ^ expected `{key: value}`, or quotes"),
    "a colon too many": ("a: b: c", "m.yaml:1:5: error: a `:` after a text that is a value already\n    1 | a: b: c\n      |     ^ expected one `key: value` a line, and quotes around a text that holds `: `"),
    "a list on the line of its key": ("a: - b", "m.yaml:1:4: error: a list item on the line of its key\n    1 | a: - b\n      |    ^ expected list items (`- …`) on lines of their own"),
    "a key without a colon": ("a: b\nc\n", "m.yaml:2:1: error: a text that is no key, because no `:` with a space after it follows\n    2 | c\n      | ^ expected `key: value`, lined up with the lines above"),
    "a key whose colon has no space after it": ("a: b\nc:d\n", "m.yaml:2:1: error: a text that is no key, because no `:` with a space after it follows\n    2 | c:d\n      | ^ expected `key: value`, lined up with the lines above"),
    "a merge that was not finished": ("a: b\n<<<<<<< HEAD\nc: d\n=======\n>>>>>>> x\n", "m.yaml:2:1: error: a merge of git's that was not finished\n    2 | <<<<<<< HEAD\n      | ^ expected one of the two sides, without the lines that mark them"),
    "a line too far left": ("a:\n  b: c\n d: e\n", "m.yaml:3:2: error: a line that does not line up with those above it\n    3 |  d: e\n      |  ^ expected the indentation of the block that it belongs to"),
    "an item beside keys": ("a: b\n- c", "m.yaml:2:1: error: a line that does not line up with those above it\n    2 | - c\n      | ^ expected the indentation of the block that it belongs to"),
    "text behind quotes": ('a: "b" c', 'm.yaml:1:8: error: more text after the end of a value\n    1 | a: "b" c\n      |        ^ expected quotes around the whole text, or a new line'),
    "a character that begins nothing": ("a: @b", "m.yaml:1:4: error: `@` cannot begin a value\n    1 | a: @b\n      |    ^ expected quotes around the text"),
    "a backtick": ("a: `b", "m.yaml:1:4: error: a backtick cannot begin a value\n    1 | a: `b\n      |    ^ expected quotes around the text"),
    "a question mark": ("a: ? b", "m.yaml:1:4: error: a `?` that begins no key\n    1 | a: ? b\n      |    ^ expected `key: value`"),
    "a block of text with more on its line": ("a: |x\n b", "m.yaml:1:4: error: a block of text whose first line is not understood\n    1 | a: |x\n      |    ^ expected `|` or `>` alone on the line, and the text below it, further to the right"),
    "a block of text with a comment too near": ("a: |#x\n b", "m.yaml:1:4: error: a block of text whose first line is not understood\n    1 | a: |#x\n      |    ^ expected `|` or `>` alone on the line, and the text below it, further to the right"),
    "a block of text instead of keys": ("|\n a", "m.yaml:1:1: error: a block of text instead of keys\n    1 | |\n      | ^ expected `key: value` lines"),
    "a tag behind a percent": ("a: b\n...\n%TAG ! x:\n---\n", "m.yaml:4:1: error: a second document\n    4 | ---\n      | ^ expected one document a file"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_is_more_than_plain_data_is_refused_where_it_stands(text, expected, events):
    assert refusal(text, events) == expected


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
TOO_DEEP = "more than 40 levels inside each other"
HUGE = {
    "a hundred thousand brackets": ("[" * 100_000, 1, 41, TOO_DEEP),
    "thirty kilobytes of brackets": ("a: " + "[" * 30_000, 1, 44, TOO_DEEP),
    "thirty thousand braces": ("{a: " * 30_000, 1, 161, TOO_DEEP),
    "a hundred thousand dashes": ("- " * 100_000, 1, 81, TOO_DEEP),
    "a staircase": ("".join(f"{' ' * depth}a:\n" for depth in range(1000)), 41, 41, TOO_DEEP),
    "billion laughs": (LAUGHS, 1, 4, "an anchor (`&`)"),
    "a hundred thousand question marks": ("? " * 100_000, 1, 3, "a key that is no text"),
    "a mebibyte of line ends": ("\n" * 2**20, 1, 1, "the file is empty"),
    "a mebibyte of blanks": (" " * 2**20, 1, 1, "the file is empty"),
    "a mebibyte of comments": ("# a\n" * 2**18, 1, 1, "the file is empty"),
}


@pytest.mark.parametrize(("text", "line", "column", "sentence"), HUGE.values(), ids=HUGE)
def test_large_nonsense_is_refused_without_being_expanded(text, line, column, sentence):
    with pytest.raises(InputError) as caught, that_ends():
        parse(from_text("m.yaml", text), c_events)
    [problem] = caught.value.problems
    assert (problem.sentence, problem.at.line, problem.at.column) == (sentence, line, column)


@pytest.mark.parametrize("depth", [40, 41])
@pytest.mark.parametrize("opening", ["[", "[\n", "- "], ids=["brackets", "brackets on lines", "dashes"])
def test_forty_levels_are_allowed_and_one_more_is_not(depth, opening, events):
    text = opening * depth + "a" + "]" * depth * opening.startswith("[")
    if depth == 40:
        parse(from_text("m.yaml", text), events)
    else:
        assert TOO_DEEP in refusal(text, events)


def test_forty_brackets_in_a_comment_or_in_quotes_are_text(events):
    text = f"a: '{'[' * 50}' # {'[' * 50}\n"
    assert told(parse(from_text("m.yaml", text), events)) == {("a", 1, 1, 1): (f'"{"[" * 50}"', 1, 4, 52)}


def test_a_large_file_gets_no_second_opinion():
    """The pure parser would take seconds for it."""
    text = "a: b\n#" + "x" * 32 * 1024 + "\nc: {d: e:f}\n"
    assert refusal(text, c_events) == "\n".join(
        [
            "m.yaml:3:9: error: a `:` inside a text between brackets",
            "    3 | c: {d: e:f}",
            "      |         ^ expected quotes around the text",
        ]
    )


def test_an_unknown_complaint_is_still_told_in_our_words(monkeypatch):
    from ruamel.yaml.error import YAMLError

    def failing(_):
        raise YAMLError("something else")

    assert refusal("a: b\n#" + "x" * 32 * 1024, failing) == "\n".join(
        ["m.yaml:1:1: error: this is not YAML", "    1 | a: b", "      | ^ expected `key: value` lines"]
    )


def test_an_unknown_complaint_with_a_place_keeps_it():
    from ruamel.yaml.error import MarkedYAMLError, StringMark

    def failing(_):
        raise MarkedYAMLError(problem="new in the next version", problem_mark=StringMark("m", 3, 0, 3, "a: b", 3))

    assert refusal("a: b\n#" + "x" * 32 * 1024, failing).startswith("m.yaml:1:4: error: this is not YAML\n")


def test_nodes_are_equal_by_what_they_hold_and_where_they_stand():
    source = from_text("m.yaml", "a")
    here, there = Place(source, 1, 1), Place(source, 1, 2)
    assert [Scalar("a", True, here) == other for other in (Scalar("a", True, here), Scalar("a", True, there), "a")] == [
        True,
        False,
        False,
    ]


def test_a_scalar_says_what_and_where_it_is():
    assert repr(Scalar("a", True, Place(from_text("m.yaml", "a"), 1, 1))) == "Scalar('a', plain=True, at=m.yaml:1:1)"


@pytest.mark.parametrize(("text", "empty"), [("~", True), ("null", True), ("", True), ("none", False), ("'~'", False)])
def test_nothing_is_no_text_a_tilde_or_null(text, empty, events):
    assert parse(from_text("m.yaml", f"a: {text}"), events).items["a"].value.empty is empty


FRAGMENTS = [
    *"abcé中😀:-?[]{},'\"#|>&*!%@`~\\=",
    *(
        " ",
        "  ",
        "\n",
        "\n  ",
        "\n    ",
        "\t",
        "\r",
        "\r\n",
        ": ",
        "- ",
        " #",
        "? ",
        "---",
        "...",
        "\n---\n",
        "\n...\n",
    ),
    *("a: ", "k:\n  ", "- a\n", "://", "!!str ", "&x", "*x", "<<", "null", "|-\n  ", ">2\n", "\\n", "\\x4", "\\ud800"),
    *("\\U00110000", "\x85", "\u2028", "\ufeff", "\xa0", "\u200b", "\ue03a", "x" * 1030),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=16).map("".join))


def outcome(text, events):
    try:
        return told(parse(from_text("m.yaml", text), events))
    except InputError as error:
        return [render_problem(problem) for problem in error.problems]


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_both_parsers_read_the_same_or_refuse_in_the_same_words(text):
    assert outcome(text, c_events) == outcome(text, pure_events)


def places(text):
    try:
        parse(from_text("m.yaml", text))
    except InputError as error:
        return [problem.at for problem in error.problems]
    return []


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_every_refusal_has_a_place(text):
    assert None not in places(text)
