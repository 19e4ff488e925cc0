"""Numbers of tokens as people say them on a command line: `16k` is 16 times 1024, as windows are counted."""

from __future__ import annotations

import re

COUNTED = frozenset(("context_window", "sequence_length"))
"""Keys of a manifest that count tokens."""
_THOUSANDS = re.compile(r"(\d{1,6})[kK]")


def written(key: str, said: str) -> str:
    """The value of an option as a manifest would write it; whatever is no `16k`, or of another key, as it was said."""
    match = _THOUSANDS.fullmatch(said.strip()) if key in COUNTED else None
    return str(int(match[1]) * 1024) if match else said
