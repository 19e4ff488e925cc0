"""Writes the digests of a licence text into its fingerprint: `python -m checker.licenses.take_text NAME TEXT…`.

The first text is the reference; each further one is another rendition of the same licence: what only some of them hold
may be there and need not. The title, the phrases and the source are written by a person.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from checker.licenses.fingerprint import FOLDER, Digest, digest
from checker.licenses.wording import Passage, is_copyright, passages, words


def take(texts: list[str], optional_from: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The passages of a licence that must stand in a text, and those that may.

    Args:
        texts: renditions of one licence, the reference first.
        optional_from: phrases with which instructions after the terms begin; from there on all may be missing.
    """
    renditions = [list(_marked(text, optional_from)) for text in texts]
    everywhere = [" ".join(words(text)) for text in texts]
    must: dict[Digest, None] = {}
    may: dict[Digest, None] = {}
    for rendition in renditions:
        for passage, is_optional in rendition:
            needed = not is_optional and all(" ".join(passage.words) in text for text in everywhere)
            (must if needed else may)[digest(passage.words)] = None
    return {"passages": list(map(str, must)), "optional": [str(one) for one in may if one not in must]}


def _marked(text: str, optional_from: tuple[str, ...]) -> list[tuple[Passage, bool]]:
    marks = tuple(" ".join(words(mark)) for mark in optional_from)
    marked, after = [], False
    for passage in passages(text):
        joined = " ".join(passage.words)
        after = after or any(joined.startswith(mark) for mark in marks)
        free = after or passage.is_heading or is_copyright(list(passage.words)) or joined.startswith("by clicking")
        marked.append((passage, free))
    return marked


def main(arguments: list[str]) -> None:
    """Take the texts named on the command line into the fingerprint NAME."""
    path = FOLDER / f"{arguments[0]}.json"
    record = json.loads(path.read_bytes())
    texts = [Path(name).read_text(encoding="utf-8") for name in arguments[1:]]
    record |= take(texts, tuple(record.get("optional_from", ())))
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
