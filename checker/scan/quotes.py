"""Follows quotes over the lines of a script: what is one command over several lines, and what nobody can read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checker.document.place import Place
from checker.scan.command import Placed, words_of
from checker.scan.use import Unresolved
from checker.value import NamedTuple

MAX_TEXT = 20_000
"""Characters of one command at most; a longer one is not read."""

Line = tuple[str, Placed]
"""A line with those that it goes on in, and where its words stand."""

_HEREDOC = re.compile(r"(?<!<)<<-?\s*(['\"]?)([A-Za-z_][\w-]*)\1")
_ARITHMETIC = re.compile(r"\(\([^()]*\)\)")
_MARKS = re.compile(r"\\.|\$'|\$\(|['\"()]|(?:^|(?<=[\s;&|(]))#", re.DOTALL)
_ENDS = {"'": "'", "$'": "'", '"': '"', "(": ")"}
"""How what begins with each mark ends."""
_UNCLOSED = "a quote in it does not close, so that its words are not known"
_ODD = "its quotes are none that can be followed, so that its words are not known"
_LONG = f"its quotes hold more than {MAX_TEXT:,} characters, which are not read"


def heredoc_in(text: str) -> re.Match[str] | None:
    """What begins lines that are no commands, up to the word of its second group; `<<<` and a shift begin none."""
    return _HEREDOC.search(_ARITHMETIC.sub(lambda found: " " * len(found[0]), text)) if "<<" in text else None


class Followed(NamedTuple):
    """The lines of a script, once quotes are followed."""

    lines: list[Line]
    """Each line, and behind it what has to be read in another form: a command over several lines, whole."""
    unresolved: list[Unresolved]
    """The commands whose words are not known."""

    def take(self, begun: list[Line]) -> None:
        """Take the lines of a command whose quotes are all closed."""
        whole = "\n".join(text for text, _ in begun)
        readable = whole if len(whole) <= MAX_TEXT else None
        if readable is not None and words_of(readable) is None:
            readable = _without_inner(whole)
            readable = readable if words_of(readable) is not None else None
        if readable is None:
            self.refuse(begun[0], _LONG if len(whole) > MAX_TEXT else _ODD)
        elif readable != begun[0][0] and not heredoc_in(whole):
            self.lines.append((readable, _in_one_of(begun)))

    def refuse(self, line: Line, why: str) -> None:
        """Say of a command that its words are not known."""
        text, placed = line
        self.unresolved.append(Unresolved(" ".join(text.split())[:60], why, placed(text.strip()), is_unread=True))


def followed(lines: Iterable[Line]) -> Followed:
    """Follow quotes from line to line, as a shell does; what stands between the marks of a heredoc is left aside."""
    found = Followed([], [])
    begun: list[Line] = []
    inside: list[str] = []
    heredoc, opened = "", list[Line]()
    for line in lines:
        found.lines.append(line)
        if heredoc:
            heredoc = "" if line[0].strip() == heredoc else heredoc
            continue
        begun.append(line)
        if begins := heredoc_in(line[0]):
            heredoc, opened = begins[2], [line]
        _follow(line[0], inside)
        if not _quoted(inside):
            found.take(begun)
            begun = []
            inside.clear()  # parentheses alone: what they hold is commands, too
    for line in begun[:1]:
        found.refuse(line, _UNCLOSED)
    for line in opened if heredoc else ():
        found.refuse(line, f"no line `{heredoc}` ends what begins there, so that it is not read")
    return found


def each_alone(lines: Iterable[Line]) -> Followed:
    """Follow quotes within each line, where each is a command for itself."""
    found = Followed([], [])
    for line in lines:
        found.lines.append(line)
        inside: list[str] = []
        _follow(line[0], inside)
        if _quoted(inside):
            found.refuse(line, _UNCLOSED)
        else:
            found.take([line])
    return found


def _quoted(inside: list[str]) -> bool:
    return any(mark != "(" for mark in inside)


def _follow(text: str, inside: list[str]) -> list[tuple[int, int]]:
    """What is still open behind a text: quotes, and substitutions, within which quotes begin anew.

    Args:
        text: one line, or several.
        inside: the marks that are open before it; those that are open behind it, afterwards.

    Returns:
        Where substitutions between double quotes stand, from `$(` to `)`.
    """
    spans: list[tuple[int, int]] = []
    comment, begin, depth = 0, 0, 0
    for found in _MARKS.finditer(text):
        mark, within = found[0], inside[-1] if inside else ""
        if found.start() < comment:
            continue
        if within and mark[-1] == _ENDS[within] and (mark[0] != "\\" or within == "'"):
            inside.pop()
            if depth and len(inside) < depth:
                spans.append((begin, found.end()))
                depth = 0
        elif within in ("'", "$'") or mark[0] == "\\":
            continue
        elif mark == "#" and within != '"':
            end = text.find("\n", found.start())
            comment = end if end >= 0 else len(text)
        elif mark == "$(":
            inside.append("(")
            if within == '"' and not depth:
                begin, depth = found.start(), len(inside)
        elif within != '"' and mark in _ENDS and (mark != "(" or within):
            inside.append(mark)
    return spans


def _without_inner(text: str) -> str:
    """The text without what is substituted between double quotes, whose own quotes split it for who does not nest."""
    for begin, end in reversed(_follow(text, [])):
        text = f"{text[:begin]}$(){text[end:]}"
    return text


def _in_one_of(begun: list[Line]) -> Placed:
    """Finds a word in any of the lines; where none has it, the first line it is."""

    def placed(word: str) -> Place:
        places = (each(word) for _, each in begun)
        return next((at for at in places if at.written == word), begun[0][1](word))

    return placed
