"""The counts in docs/licenses.md: `python3 dev.py generate` writes them, and a test compares them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from checker.licenses import spellings

_FOLDER = Path(spellings.__file__).parent


def written(page: str) -> str:
    """The page with the numbers of today's records.

    Raises:
        ValueError: a sentence or a row that has a number is not on the page.
    """
    read = [record["evidence"]["read"] for record in spellings.records().values()]
    unread, families = (len(json.loads((_FOLDER / name).read_bytes())) for name in ("unread.json", "families.json"))
    page = _put(page, r"\d+(?= texts that were read and)", len(read))
    page = _put(page, r"(?<=texts that were read and )\d+", unread)
    for row, count in (
        ("read in full", read.count("full")),
        ("standard texts", read.count("standard")),
        ("read in part", read.count("partial")),
        ("known by name", unread),
        ("families", families),
    ):
        page = _put(page, rf"(?m)^(\| {row}.* \| )\d+(?= \|$)", count, r"\g<1>")
    return page


def _put(page: str, place: str, number: int, before: str = "") -> str:
    put, times = re.subn(place, f"{before}{number}", page)
    if times != 1:
        raise ValueError(f"docs/licenses.md has {times} places like {place}")
    return put
