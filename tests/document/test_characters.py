"""Halves of characters: odd bytes of files' names are shown, escapes of a stranger's JSON are replaced."""

from __future__ import annotations

import pytest

from checker.document.characters import from_json, in_characters
from checker.value import NamedTuple


class Named(NamedTuple):
    """A value with a path in it."""

    path: str
    inner: tuple[str, ...]


def test_an_odd_byte_of_a_name_is_shown_however_deep_it_lies() -> None:
    odd = b"b\xffd".decode("utf-8", "surrogateescape")
    assert in_characters(Named(odd, ("a", odd))) == Named(r"b\udcffd", ("a", r"b\udcffd"))
    assert in_characters({odd: odd}) == {r"b\udcffd": r"b\udcffd"}


def test_what_is_whole_stays_the_same_object() -> None:
    value = Named("日本/model.yaml", ("é", "\U0001f600"))
    assert in_characters(value) is value


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (rb'{"a\ud800": ["m\udfffit", 1, null]}', {"a�": ["m�it", 1, None]}),
        (rb'["\ud83d\ude00"]', ["\U0001f600"]),
        (b'\xef\xbb\xbf{"a": "\xc3\xa9"}', {"a": "é"}),
        (r'"\\ud800"', r"\ud800"),
    ],
)
def test_an_escape_that_names_no_character_is_replaced_in_a_strangers_json(content: bytes | str, value: object) -> None:
    assert from_json(content) == value


@pytest.mark.parametrize("content", [b'"\xed\xa0\x80"', '"a"'.encode("utf-16"), b"{"])
def test_what_is_no_json_in_utf8_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"codec|delimiter|Expecting"):
        from_json(content)
