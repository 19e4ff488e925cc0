"""What an expression may be made of, so that no policy can hold up or swell a check.

The library bounds the depth of an expression (32), the steps of its comprehensions (10,000) and, by using RE2, rules
out patterns that backtrack. It bounds neither the size of values that comprehensions build (`.map(x, x + x)` doubles a
text each time, and 25 of them made 800 MB) nor the size of a pattern (90 times `a{0,1000}` took 19 s on a text of
1,000 characters), so these are bounded here, before anything is computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod

from checker.custom.tokens import Token
from checker.value import NamedTuple

MAX_CHARACTERS = 2_000
"""Characters of an expression."""
MAX_COMPREHENSIONS = 8
"""Loops of an expression (`all`, `map` …), inside each other or not."""
MAX_PATTERN = 200
"""Characters of a regular expression."""
MAX_REPETITIONS = 100
"""The counted repetitions of a pattern, `{40}`, multiplied with each other."""

COMPREHENSIONS = frozenset(("all", "exists", "exists_one", "filter", "map"))
_COUNTED = re.compile(r"\{(\d*)(?:,(\d*))?\}")


_OTHERWISE = {
    "has": "`known.…` for a fact or `stated.…` for a key of the manifest, which say whether there is one",
    "dyn": "values of their own types, so that a mistake is found when the policy is loaded",
}
"""Functions that would undo what declared types are for; the library even takes `has(a.b)` for the value of `a.b`."""


class Refused(NamedTuple):
    """One thing in an expression that is not admitted."""

    at: int
    """The character, from 0."""
    width: int
    sentence: str
    expected: str


def refused(words: list[Token]) -> Iterator[Refused]:
    """Everything in an expression that goes beyond the limits, besides its length."""
    inside: list[bool] = []  # for each bracket that is open, whether it lies in a comprehension
    comprehensions = 0
    for index, word in enumerate(words):
        within = bool(inside) and inside[-1]
        called = (word.kind == "name" and word.text.rpartition(".")[2]) or ""
        opens = index + 1 < len(words) and words[index + 1].text == "("
        if word.text in ("(", "[", "{"):
            macro = word.text == "(" and index > 0 and _last(words[index - 1]) in COMPREHENSIONS
            inside.append(within or macro)
        elif word.text in (")", "]", "}") and inside:
            inside.pop()
        if opens and called in COMPREHENSIONS:
            comprehensions += 1
            if comprehensions > MAX_COMPREHENSIONS:
                yield Refused(word.at, len(word.text), "a further comprehension", f"at most {MAX_COMPREHENSIONS}")
        if opens and word.text in _OTHERWISE:
            yield Refused(word.at, len(word.text), f"`{word.text}` in an expression", _OTHERWISE[word.text])
        if word.kind == "name" and index + 1 < len(words) and words[index + 1].text == "{" and word.text != "in":
            yield Refused(word.at, len(word.text), f"a message of type `{word.text}`", "plain values")
        if opens and called == "matches":
            yield from _pattern(words, index, within)
        if within:
            yield from _growth(words, index)


def _last(word: Token) -> str:
    return word.text.rpartition(".")[2] if word.kind == "name" else ""


def _growth(words: list[Token], index: int) -> Iterator[Refused]:
    """What makes a value larger, inside a comprehension, where it would be repeated."""
    word = words[index]
    if word.text == "+" and word.kind == "sign":
        yield Refused(word.at, 1, "`+` inside a comprehension", "a comparison without it, since it would be repeated")
    elif word.text == "{":
        yield Refused(word.at, 1, "a map or message inside a comprehension", "plain values")
    elif word.text == "[" and not _indexes(words, index):
        depth = 0
        for item in words[index:]:
            depth += (item.text == "[") - (item.text == "]")
            if depth == 0:
                return
            if item.kind == "name" and item.text not in ("true", "false"):
                yield Refused(
                    item.at, len(item.text), f"`{item.text}` in a list inside a comprehension", "a list of literals"
                )
                return


def _indexes(words: list[Token], index: int) -> bool:
    """Whether a bracket picks an item, which it does after a value."""
    before = words[index - 1] if index else None
    return before is not None and (before.text in (")", "]") or (before.kind == "name" and before.text != "in"))


def _pattern(words: list[Token], index: int, within: bool) -> Iterator[Refused]:
    """`text.matches("pattern")` or `matches(text, "pattern")`: the pattern has to be a literal, and a small one."""
    argument = _last_argument(words, index + 1)
    if argument is None:
        word = words[index]
        yield Refused(word.at, len(word.text), "`matches` with a computed pattern", "the pattern as one literal")
        return
    if len(argument.text) > MAX_PATTERN:
        yield Refused(argument.at, len(argument.text), "a long pattern", f"at most {MAX_PATTERN} characters")
    counts = [
        max((int(number[:9]) for number in found if number), default=1) for found in _COUNTED.findall(argument.text)
    ]
    if counts and within:
        yield Refused(
            argument.at, len(argument.text), "a counted repetition inside a comprehension", "a pattern without `{…}`"
        )
    elif prod(max(count, 1) for count in counts) > MAX_REPETITIONS:
        yield Refused(
            argument.at,
            len(argument.text),
            "a pattern with many repetitions",
            f"counts that multiply to at most {MAX_REPETITIONS}",
        )


def patterns(words: list[Token]) -> Iterator[Token]:
    """The patterns of all calls of `matches`."""
    for index, word in enumerate(words[:-1]):
        if _last(word) == "matches" and words[index + 1].text == "(":
            pattern = _last_argument(words, index + 1)
            if pattern is not None:
                yield pattern


def _last_argument(words: list[Token], opening: int) -> Token | None:
    """The last argument of a call where it is one string; `opening` is the index of its bracket."""
    depth = 0
    for index in range(opening, len(words)):
        depth += (words[index].text in ("(", "[", "{")) - (words[index].text in (")", "]", "}"))
        if depth == 0:
            last, before = words[index - 1], words[index - 2]
            return last if last.kind == "string" and before.text in ("(", ",") else None
    return None
