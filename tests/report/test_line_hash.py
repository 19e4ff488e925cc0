"""The line hash is the one that GitHub's upload action computes: its published vectors, and hostile texts."""

from __future__ import annotations

import pytest

from checker.report._line_hash import line_hashes

# The vectors are those of https://github.com/github/codeql-action, src/fingerprints.test.ts.
GREETINGS = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]
VECTORS = [
    ("", ["c129715d7a2bc9a3:1"]),
    (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
    (
        " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
        [
            "8b7cf3e952e7aeb2:1",
            "b1ae1287ec4718d9:1",
            "bff680108adb0fcc:1",
            "c6805c5e1288b612:1",
            "b86d3392aea1be30:1",
            "e6ceba753e1a442:1",
        ],
    ),
    (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETINGS),
    (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETINGS),
    (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETINGS),
    (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETINGS),
    (
        "Lorem ipsum dolor sit amet.\n" * 10,
        [
            *(f"a7f2ff13bc495cf2:{count}" for count in range(1, 7)),
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ],
    ),
]


@pytest.mark.parametrize(("text", "hashes"), VECTORS)
def test_the_hash_of_each_line_is_the_published_one(text, hashes):
    lines = frozenset(range(1, len(hashes) + 1))
    assert line_hashes(text, lines) == dict(enumerate(hashes, start=1))


def test_only_the_lines_that_are_asked_for_are_answered_and_earlier_ones_still_count():
    assert line_hashes("Lorem ipsum dolor sit amet.\n" * 10, frozenset({3, 99})) == {3: "a7f2ff13bc495cf2:3"}


def rolling(text: str) -> list[str]:
    """The same hash in the way that the action's documentation describes: a window that moves by one code unit."""
    units = list(memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H"))
    kept: list[tuple[int, bool]] = []
    line_start = True
    for index, unit in enumerate(units):
        if unit in (32, 9) or (unit == 10 and index and units[index - 1] == 13):
            continue
        kept.append((10 if unit == 13 else unit, line_start))
        line_start = unit in (10, 13)
    kept.append((65535, line_start))
    found, counts = [], {}
    for index, (_, starts) in enumerate(kept):
        if starts:
            window = [unit for unit, _ in kept[index : index + 100]]
            value = 0
            for unit in window + [0] * (100 - len(window)):
                value = (value * 37 + unit) % 2**64
            counts[value] = counts.get(value, 0) + 1
            found.append(f"{value:x}:{counts[value]}")
    return found


@pytest.mark.parametrize(
    "text",
    ["model: \U0001f600/\u00e9\n" * 40, "a" * 300 + "\nb\n", "\uffff\n\uffff", "\t\n \n\n", "x \r \n y"],
    ids=["beyond the first plane", "a long line", "the mark of the end", "blank lines", "a space between CR and LF"],
)
def test_unusual_texts_have_the_hashes_of_the_moving_window(text):
    expected = rolling(text)
    assert list(line_hashes(text, frozenset(range(1, 99))).values()) == expected
