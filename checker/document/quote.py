"""Writes one value of a YAML file: plain where nothing can be misread, else in quotes."""

from __future__ import annotations

import re

from checker.document.as_json import dumps
from checker.document.characters import in_characters

_PLAIN = re.compile(r"[A-Za-z_./][\w./-]*|\d[\w.-]*( [A-Za-z0-9][\w.-]*)*|[A-Za-z][\w.-]*( [A-Za-z0-9][\w.-]*)+", re.A)
_LIKE_OTHER_TYPES = re.compile(r"(?i)null|true|false|yes|no|on|off|~")
_TWO_HALVES = re.compile(r"\\u(d[89ab]..)\\u(d[c-f]..)")


def quoted(text: str) -> str:
    """The value as YAML reads it back, in a block and between braces alike; a file name's odd byte as `\\udcff`."""
    if _PLAIN.fullmatch(text) and not _LIKE_OTHER_TYPES.fullmatch(text):
        return text
    return in_quotes(text)


def in_quotes(text: str) -> str:
    """The value in double quotes, on one line; what acts on a terminal or in a log is written as an escape."""
    return _TWO_HALVES.sub(_one_escape, dumps(in_characters(text), ensure_ascii=False))


def _one_escape(halves: re.Match[str]) -> str:
    """YAML has an escape for a character beyond 16 bits, where JSON writes two."""
    high, low = (int(half, 16) for half in halves.groups())
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + low - 0xDC00:08x}"
