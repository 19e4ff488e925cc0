"""What known licence texts are recognised by: title, date and decisive phrases, and the digest of every passage."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from zlib import crc32

from checker.licenses.wording import words
from checker.value import NamedTuple

FOLDER = Path(__file__).parent / "texts"
_PRIME = 2**61 - 1
_BASE = 1_000_003


class Digest(NamedTuple):
    """One passage of a known text: how many words it has, and their digest."""

    length: int
    value: int

    def __str__(self) -> str:
        return f"{self.length}:{self.value:x}"


class Fingerprint(NamedTuple):
    """One known text."""

    file: str
    """The name of its file, without the ending."""
    license: str
    """The licence's id; for a use policy that of the first licence to which it belongs."""
    version: str
    """Which version of the text it is: its date or number, where the licence has several."""
    title: str
    """Words of the title, as `words` gives them, with single spaces."""
    phrases: tuple[str, ...]
    """Decisive phrases in the same form: all of them stand in the text, and they tell it from its relatives."""
    passages: tuple[Digest, ...]
    """What must be there; empty where the whole text was not at hand."""
    optional: tuple[Digest, ...]
    """What may be there: title, headings, instructions after the terms."""
    ends: str
    """The last words of a text that is recognised by its phrases; empty where it is not to be recognised at all."""
    length: tuple[int, int]
    """The fewest and the most words of a text that is recognised by its phrases."""
    use_policy_of: tuple[str, ...]
    """The licences to which it belongs, where it is a use policy and no licence."""
    source: str

    @property
    def words(self) -> int:
        """The number of words in the passages that must be there."""
        return sum(passage.length for passage in self.passages)


class Rolling:
    """Digests of every stretch of a text, each in constant time (a polynomial over the words' CRC-32)."""

    def __init__(self, text: list[str]) -> None:
        self._sums = [0]
        self._powers = [1]
        for word in text:
            self._sums.append((self._sums[-1] * _BASE + crc32(word.encode())) % _PRIME)
            self._powers.append(self._powers[-1] * _BASE % _PRIME)

    def __len__(self) -> int:
        return len(self._sums) - 1

    def digests(self, length: int) -> list[int]:
        """The digest of each stretch of `length` words, in the order of their first words; none of a shorter text."""
        if length > len(self):
            return []
        power = self._powers[length]
        return [(end - start * power) % _PRIME for start, end in zip(self._sums, self._sums[length:], strict=False)]


def digest(passage: tuple[str, ...]) -> Digest:
    """The digest of one passage."""
    return Digest(len(passage), Rolling(list(passage)).digests(len(passage))[0])


@cache
def fingerprints() -> tuple[Fingerprint, ...]:
    """All known texts, in the order of their files' names."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.json")))


def _read(path: Path) -> Fingerprint:
    record = json.loads(path.read_bytes())
    return Fingerprint(
        file=path.name.removesuffix(".json"),
        license=record["license"],
        version=record.get("version", ""),
        title=_folded(record["title"]),
        phrases=tuple(map(_folded, record.get("phrases", ()))),
        passages=tuple(map(_digest, record.get("passages", ()))),
        optional=tuple(map(_digest, record.get("optional", ()))),
        ends=_folded(record.get("ends", "")),
        length=tuple(record.get("words", (0, 0))),
        use_policy_of=tuple(record.get("use_policy_of", ())),
        source=record["source"],
    )


def _folded(phrase: str) -> str:
    return " ".join(words(phrase))


def _digest(written: str) -> Digest:
    length, _, value = written.partition(":")
    return Digest(int(length), int(value, 16))
