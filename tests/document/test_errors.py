"""A problem is shown as compilers show it, on any terminal and for any file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.document.errors import InputError, Problem, render_problem, shown, visible
from checker.document.place import Place, SourceFile


def at(text, line=1, column=1, width=1, name="model.yaml"):
    return Place(SourceFile(name, text), line, column, width)


def test_a_problem_shows_place_line_caret_and_advice():
    text = "\n" * 23 + "      micro_batchsize: 1\n"
    problem = Problem(
        "unknown key `micro_batchsize` in models[0].fine_tuning",
        expected="one of goal, method, rank, …",
        hint="did you mean `micro_batch_size`?",
        at=at(text, 24, 7, 15),
    )
    assert render_problem(problem) == "\n".join(
        [
            "model.yaml:24:7: error: unknown key `micro_batchsize` in models[0].fine_tuning",
            "   24 |       micro_batchsize: 1",
            "      |       ^^^^^^^^^^^^^^^ expected one of goal, method, rank, …; did you mean `micro_batch_size`?",
        ]
    )


def test_a_line_of_megabytes_is_cut_before_it_is_measured():
    accented = "e\u0301"  # two characters in one column
    _, line, caret = render_problem(Problem("odd", at=at(accented * 4_000_000, 1, 1_000_001))).split("\n")
    assert (line, caret) == (f"    1 | …{accented * 50}…", f"      | {' ' * 21}^")


def test_a_problem_without_a_place_is_one_line_with_the_file():
    problem = Problem("the file is larger than 1 MiB", expected="at most 1048576 bytes", file="m.yaml")
    assert render_problem(problem) == "m.yaml: error: the file is larger than 1 MiB: expected at most 1048576 bytes"


def test_a_problem_without_a_file_is_one_line():
    assert render_problem(Problem("nothing was found")) == "error: nothing was found"


def test_a_hint_alone_follows_the_caret():
    assert render_problem(Problem("odd", hint="write it anew", at=at("a"))).endswith("\n      | ^ write it anew")


def test_a_second_place_is_shown_below():
    problem = Problem("twice", at=at("a\nbcd", 2, 1, 3), also=at("a\nbcd", 1))
    assert render_problem(problem) == "\n".join(
        ["model.yaml:2:1: error: twice", "    2 | bcd", "      | ^^^", "    1 | a", "      | - see here"]
    )


def test_a_second_place_in_another_file_names_it():
    problem = Problem("weaker", at=at("a"), also=at("b", name="policy.yaml"))
    assert render_problem(problem).endswith("    1 | b\n      | - see here in policy.yaml")


SHOWN = {
    "tabs are one column": ("a\tb", 3, 1, "a b", "  ^"),
    "control characters are one column": ("a\x1b[31mb", 7, 1, "a?[31mb", "      ^"),
    "bidirectional marks are one column": ("a\u202eb", 3, 1, "a?b", "  ^"),
    "invisible characters are one column": ("a\u200bb", 3, 1, "a?b", "  ^"),
    "a hard space is a space": ("a\xa0b", 3, 1, "a b", "  ^"),
    "wide characters are two columns": ("中文: a", 5, 1, "中文: a", "      ^"),
    "wide characters have wide carets": ("a: 中文", 4, 2, "a: 中文", "   ^^^^"),
    "combining marks are no column": ("e\u0301: a", 5, 1, "e\u0301: a", "   ^"),
    "a width beyond the line ends with it": ("abc", 2, 99, "abc", " ^^"),
    "a place behind the line is shown at its end": ("abc", 9, 1, "abc", "   ^"),
    "a place on no line is still shown": ("", 1, 1, "", "^"),
}


@pytest.mark.parametrize(("text", "column", "width", "line", "caret"), SHOWN.values(), ids=SHOWN)
def test_the_caret_stands_below_what_it_is_about(text, column, width, line, caret):
    assert render_problem(Problem("odd", at=at(text, 1, column, width))).split("\n")[1:] == [
        f"    1 | {line}".rstrip(),
        f"      | {caret}",
    ]


@pytest.mark.parametrize(
    ("column", "width", "line", "caret"),
    [
        (1, 3, "x" * 100 + "…", "^^^"),
        (500, 3, "…" + "x" * 100 + "…", " " * 41 + "^^^"),
        (1000, 1, "…" + "x" * 41, " " * 41 + "^"),
        (500, 300, "…" + "x" * 100 + "…", " " * 41 + "^" * 60),
    ],
    ids=["at the left", "in the middle", "at the right", "too wide"],
)
def test_a_long_line_is_cut_around_the_caret(column, width, line, caret):
    assert render_problem(Problem("odd", at=at("x" * 1000, 1, column, width))).split("\n")[1:] == [
        f"    1 | {line}",
        f"      | {caret}",
    ]


def test_what_a_user_wrote_reaches_no_terminal_as_control_characters():
    problem = Problem("`\x1b[31m\u202e\r\n\U000e0001`", expected="\x07", hint="\x9b", at=at("a", name="\x1b.yaml"))
    assert render_problem(problem) == "\n".join(
        [
            "\\x1b.yaml:1:1: error: `\\x1b[31m\\u202e\\x0d\\x0a\\U000e0001`",
            "    1 | a",
            "      | ^ expected \\x07; \\x9b",
        ]
    )


@given(st.text())
def test_visible_text_is_printable(text):
    assert visible(text).isprintable()


@given(st.text(), st.integers(1, 50), st.integers(1, 50), st.integers(1, 200))
def test_every_line_of_a_rendered_problem_is_printable(text, line, column, width):
    rendered = render_problem(Problem(text, at=at(text, line, column, width), also=at(text, line)))
    assert all(part.isprintable() for part in rendered.split("\n"))


@pytest.mark.parametrize(
    ("text", "quoted"), [("a b", "a b"), ("a\n  b", "a b"), ("x" * 60, "x" * 60), ("x" * 61, "x" * 60 + "…")]
)
def test_a_quoted_text_is_one_short_line(text, quoted):
    assert shown(text) == quoted


def test_an_error_says_all_its_sentences():
    assert str(InputError((Problem("one"), Problem("two")))) == "one\ntwo"
