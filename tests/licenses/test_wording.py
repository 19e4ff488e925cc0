"""A text cut into the passages by which it is compared."""

from __future__ import annotations

import pytest

from checker.licenses.wording import Passage, binds, names_holders, passages


@pytest.mark.parametrize(("text", "cut"), [
    ("One two three. Four five six.", [(("one", "two", "three"), False), (("four", "five", "six"), False)]),
    ("Two words. Join the next.", [(("two", "words", "join", "the", "next"), False)]),
    ("A title alone\n\nOne two three.", [(("a", "title", "alone"), True), (("one", "two", "three"), False)]),
    ("Version 2 heading\n\nOne two three.", [(("version", "2", "heading"), False), (("one", "two", "three"), False)]),
    ("Short\n\nOne two three.", [(("one", "two", "three"), False)]),  # a heading of one word is left out
    ("No warranty", [(("no", "warranty"), False)]),  # and what binds is not, however short
    ("", []),
])  # fmt: skip
def test_a_text_is_cut_at_full_stops_and_empty_lines(text: str, cut: list[tuple[tuple[str, ...], bool]]) -> None:
    assert list(passages(text)) == [Passage(found, is_heading) for found, is_heading in cut]


@pytest.mark.parametrize(("run", "bound"), [
    ([], False), (["title"] * 12, False), (["title"] * 13, True), (["you", "may", "go"], True),
    (["in", "may", "2031"], False), (["may"], True), (["copyright", *["acme"] * 150], False),
    (["copyright", *["acme"] * 199], False), (["copyright", *["acme"] * 200], True),
    (["title"] * 12 + ["copyright"], False), (["title"] * 13 + ["copyright"], True),
])  # fmt: skip
def test_a_dozen_words_of_decoration_bind_nobody(run: list[str], bound: bool) -> None:
    assert binds(run) is bound


@pytest.mark.parametrize(("run", "named"), [
    ("portions of it are of acme", True), ("all rights reserved", True), ("attribution notice for acme", True),
    ("copyright acme", True), ("acme made it", False),
])  # fmt: skip
def test_holders_are_named_by_a_copyright_line(run: str, named: bool) -> None:
    assert names_holders(run.split()) is named
