"""Turns the bytes of an input into choices and texts, so that a fuzzer steers values that bytes alone would never hit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

ChosenT = TypeVar("ChosenT")
SHAPED = b"\0"
"""What an input begins with whose other bytes change a seed, instead of being the text itself."""
_MOST_CHANGES = 6
_MOST_STEPS = 8


def _nested(depth: int) -> Any:
    value: Any = {"a": 1}
    for _ in range(depth):
        value = [value]
    return value


ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2,
        7,
        1 << 31,
        1 << 53,
        1 << 63,
        10**40,
        0.5,
        -0.0,
        1e308,
        float("inf"),
        float("nan"),
    ),
    *(
        "",
        "a",
        "0",
        "-1",
        "true",
        "null",
        " ",
        "a/b",
        "../a",
        "/etc",
        "x" * 5000,
        "\ud800",
        "\x1b[31m",
        "é",
        "1e999",
        "NaN",
    ),
    *([], {}, [None], {"": None}, [[]], [{}], {"a": {}}, _nested(30), _nested(60), ["a"] * 300, [1, "a", None]),
)
"""What belongs nowhere."""
SIZES: tuple[Any, ...] = (5e-324, 1e-200, 1e-40, 1e149, 1e151, 1e200, -1e200, 10**155, 10**400)
"""Numbers whose square is no float or 0, or that are no float themselves: for readers that reckon with what they read."""


class Given:
    """The bytes of one input, taken one after the other; behind the end there are zeros."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes were not taken yet."""
        return len(self._data) - self._at

    def below(self, most: int) -> int:
        """A whole number from 0 and below `most`, which is at most 65,536."""
        number = self._byte() if most <= 256 else self._byte() << 8 | self._byte()
        return number % most

    def one_of(self, choices: Sequence[ChosenT]) -> ChosenT:
        """One of the choices."""
        return choices[self.below(len(choices))]

    def text(self, pieces: Sequence[str], most: int = 6) -> str:
        """A text of pieces that mean something to somebody, and of characters of any kind between them."""
        made = []
        for _ in range(1 + self.below(most)):
            kind = self.below(8)
            if kind < 5:
                made.append(self.one_of(pieces))
            elif kind == 5:
                made.append(_character(self.below(1 << 16)))
            else:
                made.append("".join(chr(self._byte()) for _ in range(1 + self.below(8))))
        return "".join(made)

    def _byte(self) -> int:
        if self._at >= len(self._data):
            return 0
        self._at += 1
        return self._data[self._at - 1]


def _character(number: int) -> str:
    """A character of the basic plane; of the halves of characters those that an odd byte of a file's name becomes."""
    return chr(0xDC80 | number & 0x7F if 0xD800 <= number < 0xE000 else number)


def json_text(data: bytes, seeds: Sequence[Any], words: Sequence[str], odd: Sequence[Any] = ODD) -> bytes:
    """The text of an input: a seed with some changes where the input is shaped, else its own bytes."""
    if not data.startswith(SHAPED):
        return data
    return json.dumps(shaped(Given(data[1:]), seeds, words, odd)).encode()


def shaped(given: Given, seeds: Sequence[Any], words: Sequence[str], odd: Sequence[Any] = ODD) -> Any:
    """One of the seeds, with some of its values replaced, removed, added, wrapped or exchanged."""
    root = [_copied(given.one_of(seeds))]
    for _ in range(given.below(_MOST_CHANGES)):
        _change(root, given, words, odd)
    return root[0]


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _change(root: list[Any], given: Given, words: Sequence[str], odd: Sequence[Any]) -> None:
    around: Any = root
    key: Any = 0
    for _ in range(_MOST_STEPS):
        inner = around[key]
        if not inner or not isinstance(inner, (dict, list)) or given.below(4) == 0:
            break
        around, key = inner, given.one_of(list(inner) if isinstance(inner, dict) else range(len(inner)))
    kind = given.below(7)
    if kind < 3:
        around[key] = _copied(given.one_of(odd))
    elif kind == 3 and around is not root:
        del around[key]
    elif kind == 4:
        around[key] = [around[key]] * given.below(4)
    elif kind == 5 and isinstance(around[key], dict):
        around[key][given.one_of(words)] = _copied(given.one_of(odd))
    elif isinstance(around[key], str):
        around[key] += given.one_of(words)
    elif type(around[key]) is int:
        around[key] += given.one_of((1, -1, 1 << 20, -(1 << 40)))
