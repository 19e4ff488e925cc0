"""Makes a target of a writer: a real value with hostile texts in it is written, and the oracle of its medium looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from fuzz.captured import FILES, captured
from fuzz.given import Given
from fuzz.typed import OURS, Texts

PIECES = (
    *("\n", "\r\n", "\r", "\t", " ", "\u2028", "\u0085", "\x0b", "\x1b[31m", "\x9b", "\u202e", "\u200b", "\ufeff", "\x00", "\x7f"),
    *("::error::owned", "::set-output name=a::b", "##[add-mask]", "%0A", "%", ":", ",", "::", "::stop-commands::x"),
    *("<script>alert(1)</script>", "</script>", "<!--", "-->", "]]>", "<![CDATA[", "&amp;", "&", "<", ">", "&#x3c;", "<?x?>"),
    *('"', "'", "`", '" onload="x', "' onclick='x", "</title>", "</style>", "<img src=x>", "javascript:alert(1)"),
    *("| a |", "```", "~~~", "# ", "## Heading\n", "- ", "* ", "[a](https://evil.example)", "![i](j)", "[a]: b", "@everyone", "#12"),
    *("https://evil.example/", "www.evil.example", "a@b.example", "*b*", "_u_", "<https://evil.example>", "\\", "$x$", "---\n"),
    *("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", ";=1+1", ",", ";", "\uff1d1", '"",'),
    *("../", "..", "/", "\\\\", "a" * 300, "é", "日本", "\U0001f600", "\ud800", "\ufffe", "\uffff", "{0}", "{{ x }}", "${x}", "a b", ""),
)
"""What means something in one of the media, or in a terminal."""
Oracle = Callable[[str, str], None]


def of(
    command: str,
    writer: Callable[..., Any],
    oracle: Oracle,
    *,
    files: Mapping[str, str] = FILES,
    ours: Iterable[str] = (),
    written: Callable[..., str] | None = None,
    held: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> tuple[Callable[[], Iterable[bytes]], Callable[[bytes], None]]:
    """`seeds` and `one` of a target.

    Args:
        command: runs in a folder with `files` and calls the writer.
        writer: what is tried.
        oracle: gets what was written, and what the writer writes of the value as it is.
        files: the folder's.
        ours: further fields whose texts come from nowhere outside.
        written: gets the arguments of the writer and gives what it writes as one text; default: what it returns.
        held: keeps of the arguments what would be gone after the run.
    """

    write = written or writer

    @cache
    def begun() -> tuple[tuple[str, ...], Texts, str]:
        arguments = captured(tuple(command.split()), writer, files, held)
        return tuple(arguments), Texts(tuple(arguments.values()), OURS | frozenset(ours)), write(**arguments)

    def seeds() -> Iterable[bytes]:
        _, found, _ = begun()
        yield b""
        for number in range(0, len(found.all), max(len(found.all) // 24, 1)):
            for piece in (0, 17, 23, 40, 60, 66):
                yield number.to_bytes(2, "big") + bytes((0, 0, piece))

    def one(data: bytes) -> None:
        names, found, plain = begun()
        given = Given(data)
        texts = {}
        while given.left and len(texts) < 5:
            old = given.one_of(found.all) if len(found.all) > 256 else found.all[given.below(65_536) % len(found.all)]
            texts[old] = given.text(PIECES) if "\n" not in old else _beside(old, given)
        result = write(**dict(zip(names, found.replaced(texts), strict=True)))
        result.encode()  # no half of a pair of surrogates
        oracle(result, plain)

    return seeds, one


def _beside(lines: str, given: Given) -> str:
    """A text of several lines, such as a file's, with something hostile on one of them."""
    each = lines.split("\n")
    at = given.below(len(each))
    each[at] += given.text(PIECES)
    return "\n".join(each)
