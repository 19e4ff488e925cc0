"""JSON objects in which each key stands once: of two values of a key most readers take the last, and some the first."""

from __future__ import annotations

from typing import Any

from checker.document.errors import shown


class KeyTwice(ValueError):
    """An object has two values of one key, so that nobody can tell which counts."""


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these members, for `json.loads(…, object_pairs_hook=each_once)`.

    Raises:
        KeyTwice: a key stands there twice; the text names it.
    """
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise KeyTwice(f"the key `{shown(key)}` stands here twice")
        found[key] = value
    return found
