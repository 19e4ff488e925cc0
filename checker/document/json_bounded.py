"""Decodes a stranger's JSON within bounds and with each key once; what is refused is told with its place.

A text of a few megabytes can decode to gigabytes (`[],[],…`), and two values of one key let two readers see two files:
both are settled here, before anybody looks at a value.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from checker.document.characters import HALF
from checker.document.errors import InputError, shown
from checker.document.json_place import Path, place_in
from checker.document.place import SourceFile
from checker.document.read import place_of

MAX_DEPTH = 40
"""Levels inside each other; files of harnesses have about ten."""
MAX_MARKS = 500_000
"""Commas and opening brackets, those inside texts too: a bound on how many values there can be, known before any is
made. The most that we know of are some 414,000: a split of FloresBitextMining of MTEB has all 41,412 pairs of 204
languages (mteb/tasks/BitextMining/multilingual/FloresBitextMining.py), each with ten."""
MAX_LINES = 1_000_000
"""Lines of the text; that file has some 540,000."""
MAX_MEMBERS = 50_000
"""Members of one object or list; that file has a list of 41,412."""


class BeyondLimits(InputError):
    """A text that may be all right and is more than we take."""


def decoded(source: SourceFile) -> Any:
    """The value of a JSON text, in which NaN and infinities may stand, as Python writes them.

    Raises:
        BeyondLimits: it has more marks, lines or members than the limits.
        InputError: it is no JSON, a key stands twice in an object, or it is deeper than any file of its kind.
    """
    _refuse_large(source)
    try:
        value = json.loads(source.text, object_pairs_hook=_once)
    except RecursionError:
        _refuse_deep(source)
    except json.JSONDecodeError as error:
        at = place_of(source, min(error.pos, len(source.text)))
        raise InputError.one(f"the file is no JSON ({error.msg})", expected="JSON", at=at) from error
    except ValueError:  # a whole number of thousands of digits
        _refuse(source, "a number has thousands of digits", "numbers that fit 64 bits")
    _refuse_hostile(source, value)
    return value


class _Twice(dict[str, Any]):
    """An object in which a key stands twice."""

    key = ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            twice = _Twice(made)
            twice.key = key
            return twice
        seen.add(key)
    raise AssertionError("two lengths differ, so a key stands twice")


def _refuse(source: SourceFile, sentence: str, expected: str) -> NoReturn:
    raise InputError.one(sentence, expected=expected, file=source.name)


def _refuse_deep(source: SourceFile) -> NoReturn:
    _refuse(source, f"more than {MAX_DEPTH} levels inside each other", "a flatter file")


def _refuse_large(source: SourceFile) -> None:
    marks = sum(map(source.text.count, ",[{"))
    if marks > MAX_MARKS:
        raise BeyondLimits.one(
            f"the file has {marks:,} commas and opening brackets", expected=f"at most {MAX_MARKS:,}", file=source.name
        )
    lines = source.text.count("\n") + source.text.count("\r")
    if lines > MAX_LINES:
        raise BeyondLimits.one(
            f"the file has {lines:,} ends of lines", expected=f"at most {MAX_LINES:,}", file=source.name
        )


def _refuse_hostile(source: SourceFile, top: Any) -> None:
    """Depth first, without recursion: the file decides how deep it is."""
    waiting: list[tuple[Any, Path]] = [(top, ())]
    while waiting:
        value, path = waiting.pop()
        if not isinstance(value, (dict, list)):
            continue
        if isinstance(value, _Twice):
            raise InputError.one(
                f"the key `{shown(HALF.sub('?', value.key))}` stands here twice",
                expected="each key once: which of the two counts is anybody's guess",
                at=place_in(source, (*path, value.key), of_key=True, again=True),
            )
        if len(path) >= MAX_DEPTH:
            _refuse_deep(source)
        if len(value) > MAX_MEMBERS:
            raise BeyondLimits.one(
                f"{len(value):,} members of one {'object' if isinstance(value, dict) else 'list'}",
                expected=f"at most {MAX_MEMBERS:,}",
                at=place_in(source, path),
            )
        members = value.items() if isinstance(value, dict) else enumerate(value)
        inner = [(one, (*path, step)) for step, one in members if isinstance(one, (dict, list))]
        waiting += inner[::-1]  # the first of them is looked at first
