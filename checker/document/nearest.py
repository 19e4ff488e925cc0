"""The nearest of the names that would have been right."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name closest to `word`, or None where none is close enough to be worth offering."""
    from difflib import get_close_matches  # 4 ms to import, and only a mistake needs it

    folded = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if not close and len(word) >= _BEGINNING:
        close = [name for name in folded if name.startswith(word.casefold())]  # `awq` of `awq-int4`
    return folded[close[0]] if close else None


_BEGINNING = 3
"""Letters from which on the beginning of a name stands for it."""


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """The hint for a misspelt `word`; empty where nothing is near."""
    found = nearest(word, names)
    return f"did you mean `{found}`?" if found else ""
