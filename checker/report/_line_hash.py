"""The fingerprint that GitHub's upload computes for a line, so that an alert stays the same one when lines move.

For each line: the next 100 UTF-16 code units that are no space or tab, counted from the line's start across line ends
(all normalised to LF), then 65535 for the end of the file, then zeros; read as the digits of a number to the base 37,
modulo 2**64, in hexadecimal; then a colon and how many lines up to this one have that same hash (`hash` in
https://github.com/github/codeql-action, src/fingerprints.ts).
"""

from operator import mul
from struct import unpack

_WINDOW = 100
_UNIT_BYTES = 2
_END_OF_FILE = "\uffff"
_POWERS = tuple(pow(37, _WINDOW - 1 - index, 2**64) for index in range(_WINDOW))
_FORMAT = f"<{_WINDOW}H"


def line_hashes(text: str, lines: frozenset[int]) -> dict[int, str]:
    """`primaryLocationLineHash` of some lines of a text.

    Args:
        text: a file's text without a byte order mark. (GitHub's hash of line 1 counts the mark as a character.)
        lines: their numbers, from 1; numbers beyond the last line are left out of the answer.
    """
    squeezed = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "") + _END_OF_FILE
    units = squeezed.encode("utf-16-le", "surrogatepass") + bytes(_WINDOW * _UNIT_BYTES)
    seen: dict[bytes, int] = {}
    found: dict[int, str] = {}
    last, start = max(lines, default=0), 0
    for number, line in enumerate(squeezed.split("\n"), start=1):
        if number > last:
            break
        # Equal windows have equal hashes, and are far cheaper to compare: only the lines that are asked for are hashed.
        window = units[start : start + _WINDOW * _UNIT_BYTES]
        seen[window] = count = seen.get(window, 0) + 1
        if number in lines:
            found[number] = f"{_hash(window):x}:{count}"
        start += len((line + "\n").encode("utf-16-le", "surrogatepass"))
    return found


def _hash(window: bytes) -> int:
    value: int = sum(map(mul, unpack(_FORMAT, window), _POWERS))
    return value % 2**64
