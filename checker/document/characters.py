"""Texts of nothing but characters: names of files and escapes in JSON can hold halves of one, which no file can."""

from __future__ import annotations

import json
import re
from typing import Any

from checker.document.each_once import each_once

HALF = re.compile("[\ud800-\udfff]")
"""A surrogate, which no file of text can hold."""
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def in_characters(value: Any) -> Any:
    """The value with each odd byte of a file's name shown as `\\udcff`, in texts, tuples and mappings, however deep.

    What is left as it is stays the same object.
    """
    if isinstance(value, str):
        return value if not HALF.search(value) else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, tuple):
        made = [in_characters(one) for one in value]
        if all(new is old for new, old in zip(made, value, strict=True)):
            return value
        return type(value)._make(made) if hasattr(value, "_make") else tuple(made)
    if isinstance(value, dict):
        return {in_characters(key): in_characters(one) for key, one in value.items()}
    return value


def from_json(content: bytes | str) -> Any:
    """JSON that a stranger wrote, with U+FFFD for an escape that names no character, as text decoders do for bytes.

    Raises:
        ValueError: it is no JSON, no UTF-8 (RFC 8259, 8.1), or has two values of one key (`KeyTwice`).
        RecursionError: it is nested too deep.
    """
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    value = json.loads(text, object_pairs_hook=each_once)
    return _whole(value) if _ESCAPED_HALF.search(text) else value


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {_whole(key): _whole(one) for key, one in value.items()} if isinstance(value, dict) else value
