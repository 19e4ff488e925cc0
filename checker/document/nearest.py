"""The nearest of the names that would have been right."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name closest to `word`, or None where none is close enough to be worth offering.

    A name of which `word` is one whole part (`hard` of `hard-mandatory`) comes before one that is spelled alike.
    """
    from difflib import get_close_matches  # 4 ms to import, and only a mistake needs it
    from re import split

    folded = {name.casefold(): name for name in names}
    wanted = word.casefold()
    whole = [name for name in folded if wanted in split("[-_ ]", name)] if wanted not in folded else []
    close = get_close_matches(wanted, whole, n=1, cutoff=0.4) or get_close_matches(wanted, folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """The hint for a misspelt `word`; empty where nothing is near."""
    found = nearest(word, names)
    return f"did you mean `{found}`?" if found else ""


def with_hint(sentence: str, word: str, names: Iterable[str]) -> str:
    """A sentence about a misspelt `word`, and the nearest of the right names where one is near."""
    hint = did_you_mean(word, names)
    return f"{sentence}; {hint}" if hint else sentence


def only_slip(word: str, names: Iterable[str]) -> str:
    """The one name that `word` is with at most two letters wrong; empty where there is none, or more than one.

    Two letters that changed places are one slip. Other digits are no slip: `int8` is not `int4` misspelt.
    """
    if len(word) > _LONGEST_SLIP:
        return ""
    digits = [letter for letter in word if letter.isdigit()]
    near = [name for name in names if _slips(word.casefold(), name.casefold()) <= min(2, len(word) // 3)]
    if len(near) != 1 or [letter for letter in near[0] if letter.isdigit()] != digits:
        return ""
    return near[0]


_LONGEST_SLIP = 60
"""Characters of the longest word in which a slip is looked for."""


def _slips(word: str, name: str) -> int:
    """How many letters differ, are missing, too many, or changed places (optimal string alignment)."""
    if abs(len(word) - len(name)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(name) + 1))
    for line, letter in enumerate(word, start=1):
        above, row = row, [line, *[0] * len(name)]
        for column, wanted in enumerate(name, start=1):
            row[column] = min(above[column] + 1, row[column - 1] + 1, above[column - 1] + (letter != wanted))
            if line > 1 and column > 1 and letter == name[column - 2] and word[line - 2] == wanted:
                row[column] = min(row[column], before[column - 2] + 1)
        before = above
    return row[-1]
