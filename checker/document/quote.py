"""Writes one value of a YAML file: plain where nothing can be misread, else in quotes."""

from __future__ import annotations

import re
from json import dumps

from checker.document.errors import visible

_PLAIN = re.compile(r"[A-Za-z_./][\w./-]*|\d[\w.-]*( [A-Za-z0-9][\w.-]*)*|[A-Za-z][\w.-]*( [A-Za-z0-9][\w.-]*)+", re.A)
_LIKE_OTHER_TYPES = re.compile(r"(?i)null|true|false|yes|no|on|off|~")


def quoted(text: str) -> str:
    """The value as YAML reads it back, in a block and between braces alike."""
    if _PLAIN.fullmatch(text) and not _LIKE_OTHER_TYPES.fullmatch(text):
        return text
    return dumps(visible(text), ensure_ascii=False)
