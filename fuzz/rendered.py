"""Makes a target of a writer: a real value with hostile texts in it is written, and the oracle of its medium looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from hashlib import shake_128
from types import MappingProxyType
from typing import Any

from checker.document.characters import in_characters
from fuzz.captured import Run
from fuzz.given import Given
from fuzz.typed import Texts

PIECES = (
    *(
        "\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "\u2028",
        "\u0085",
        "\x0b",
        "\x1b[31m",
        "\x9b",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\x00",
        "\x7f",
    ),
    *("::error::owned", "::set-output name=a::b", "##[add-mask]", "%0A", "%", ":", ",", "::", "::stop-commands::x"),
    *(
        "<script>alert(1)</script>",
        "</script>",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "&amp;",
        "&",
        "<",
        ">",
        "&#x3c;",
        "<?x?>",
    ),
    *('"', "'", "`", '" onload="x', "' onclick='x", "</title>", "</style>", "<img src=x>", "javascript:alert(1)"),
    *(
        "| a |",
        "```",
        "~~~",
        "# ",
        "## Heading\n",
        "- ",
        "* ",
        "[a](https://evil.example)",
        "![i](j)",
        "[a]: b",
        "@everyone",
        "#12",
    ),
    *(
        "https://evil.example/",
        "www.evil.example",
        "a@b.example",
        "*b*",
        "_u_",
        "<https://evil.example>",
        "\\",
        "$x$",
        "---\n",
    ),
    *("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", ";=1+1", ",", ";", "\uff1d1", '"",'),
    *(
        "../",
        "..",
        "/",
        "\\\\",
        "a" * 300,
        "é",
        "日本",
        "\U0001f600",
        "\udcff",
        "\ufffe",
        "\uffff",
        "{0}",
        "{{ x }}",
        "${x}",
        "a b",
        "",
    ),
)
"""What means something in one of the media, or in a terminal."""
_MOST_TEXTS = (1, 5, 40, 120, 120, 120, 120, 120)
"""In one document: alone a text meets nothing but what is ours, and with many beside it a million are soon tried."""
_BYTES_MORE = 4096
"""Behind an input's own bytes there are those of its digest, so that a short one, too, says what all its texts are."""
Oracle = Callable[[str, str], None]


def of(
    run: Run,
    writer: Callable[..., Any],
    oracle: Oracle,
    *,
    written: Callable[..., str] | None = None,
    given: Mapping[str, Any] = MappingProxyType({}),
    ours: Iterable[str] = (),
) -> tuple[Callable[[], Iterable[bytes]], Callable[[bytes], int]]:
    """`seeds` and `one` of a target.

    Args:
        run: what gives the arguments.
        writer: what is tried; it takes of the run's arguments those that it names.
        oracle: gets what was written, and what the writer writes of the value as it is.
        written: takes the arguments and gives what is written as one text; default: the writer.
        given: arguments that are others than the run's, and stay as they are.
        ours: fields of the arguments whose texts are our own words, beside those of `fuzz.typed.OURS`.
    """
    write = written or writer
    code = writer.__code__

    @cache
    def begun() -> tuple[tuple[str, ...], Texts, frozenset[str], str]:
        names = tuple(
            name for name in code.co_varnames[: code.co_argcount] if name in run.arguments() and name not in given
        )
        values = tuple(run.arguments()[name] for name in names)
        found = Texts(values, frozenset(ours))
        return names, found, frozenset(found.all), write(**dict(zip(names, values, strict=True)), **given)

    def seeds() -> Iterable[bytes]:
        _, found, _, _ = begun()
        yield b""
        for number in range(0, len(found.all), max(len(found.all) // 24, 1)):
            for piece in (0, 17, 23, 40, 60, 66):
                yield b"\0" + number.to_bytes(2, "big") + bytes((0, 0, piece))

    def one(data: bytes) -> int:
        names, found, known, plain = begun()
        texts = _hostile(found, known, data, in_characters if run.in_characters else str)
        result = write(**dict(zip(names, found.replaced(texts), strict=True)), **given)
        result.encode()  # no half of a pair of surrogates
        oracle(result, plain)
        return len(texts)

    return seeds, one


def _hostile(found: Texts, known: frozenset[str], data: bytes, shown: Callable[[str], str]) -> dict[str, str]:
    """What takes the place of some texts, by an input's bytes.

    Names that differ stay different: two models of one name are never in one report.
    """
    taken = Given(data + shake_128(data).digest(_BYTES_MORE))
    texts = dict[str, str]()
    most = min(taken.one_of(_MOST_TEXTS), len(found.all))
    while taken.left and len(texts) < most:
        old = found.all[taken.below(1 << 16) % len(found.all)]
        new = shown(taken.text(PIECES) if "\n" not in old else _beside(old, taken))
        if new not in known and new not in texts.values():
            texts[old] = new
    return texts


def _beside(lines: str, given: Given) -> str:
    """A text of several lines, such as a file's, with something hostile on one of them."""
    each = lines.split("\n")
    at = given.below(len(each))
    each[at] += given.text(PIECES)
    return "\n".join(each)
