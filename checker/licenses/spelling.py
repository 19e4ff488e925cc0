"""How two spellings of a licence are compared: case, spaces and punctuation do not count, letters and digits do."""

from __future__ import annotations

_SEPARATORS = " \t\r\n\v\f-_/,:;()[]{}\"'`\u00a0\u2010\u2011\u2012\u2013\u2014\u2015\u2018\u2019\u201c\u201d"
_TO_SPACE = str.maketrans(_SEPARATORS, " " * len(_SEPARATORS))


def fold(spelling: str) -> str:
    """The form under which a spelling is looked up: "Apache License, Version 2.0" is `apache-license-version-2.0`.

    The dot and the plus sign stay: `llama3.1` is not `llama31`, and `openrail++` is not `openrail`. A separator counts
    where it parts two words, so that `llama3` (one text) and `llama-3` (four) stay apart. No letter is ever changed
    but in "licence", which is spelled both ways.
    """
    return "-".join(spelling.casefold().translate(_TO_SPACE).split()).replace("licence", "license")
