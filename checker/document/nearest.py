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
