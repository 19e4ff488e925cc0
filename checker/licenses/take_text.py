"""Writes the digests of a licence text into its fingerprint: `python -m checker.licenses.take_text NAME TEXT…`.

The first text is the reference; each further one is another rendition of the same licence: what only some of them hold
may be there and need not. The title, the phrases and the source are written by a person.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from checker.licenses.fingerprint import FOLDER, Digest, digest
from checker.licenses.wording import Passage, binds, names_holders, passages, words

_CLICK = "by clicking"
"""How a sentence begins that some renditions leave out: it is about a button that they do not have."""


def take(texts: list[str], terms_from: str = "", optional_from: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The passages of a licence that must stand in a text, and those that may.

    Args:
        texts: renditions of one licence, the reference first.
        terms_from: the words with which the terms begin, where notes to the reader stand before them.
        optional_from: phrases with which instructions after the terms begin; from there on all may be missing.
    """
    renditions = [_marked(text, terms_from, optional_from) for text in texts]
    everywhere = [" ".join(words(text)) for text in texts]
    must: dict[Digest, None] = {}
    may: dict[Digest, None] = {}
    for rendition in renditions:
        for passage, is_optional in rendition:
            needed = not is_optional and all(" ".join(passage.words) in text for text in everywhere)
            (must if needed else may)[digest(passage.words)] = None
    return {"passages": list(map(str, must)), "optional": [str(one) for one in may if one not in must]}


def _marked(text: str, terms_from: str, optional_from: tuple[str, ...]) -> list[tuple[Passage, bool]]:
    """Each passage, and whether it may be missing."""
    begin, *ends = (" ".join(words(mark)) for mark in (terms_from, *optional_from))
    marked, before, after = [], bool(begin), False
    for passage in passages(text):
        joined = " ".join(passage.words)
        before = before and begin not in joined
        after = after or any(joined.startswith(end) for end in ends)
        marked.append((passage, before or after or _may_lack(passage)))
    return marked


def _may_lack(passage: Passage) -> bool:
    """Whether other renditions do without it: a heading, a copyright line, a sentence about a button."""
    found = list(passage.words)
    is_line = names_holders(found) and not binds(found)
    return passage.is_heading or is_line or " ".join(found).startswith(_CLICK)


def main(arguments: list[str]) -> None:
    """Take the texts named on the command line into the fingerprint NAME."""
    path = FOLDER / f"{arguments[0]}.json"
    record = json.loads(path.read_bytes())
    texts = [Path(name).read_text(encoding="utf-8") for name in arguments[1:]]
    record |= take(texts, record.get("terms_from", ""), tuple(record.get("optional_from", ())))
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
