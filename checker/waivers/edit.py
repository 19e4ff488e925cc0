"""Adds waivers to a file and takes them out, and leaves every other line, comment and blank as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any, TypeAlias

from ruamel.yaml import YAML

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.document.tree import parsable
from checker.waivers.file import Ledger, Recorded, read_ledger

Fields: TypeAlias = dict[str, str | date]
"""An entry to be written: keys of the format in their order, each with its value."""

_HEAD = """\
# Exceptions from the policy, each with a reason, an approver and a last day.
# `weighbridge waiver list` says which of them count.
"""
_KEY = re.compile(r"^waivers:(?=\s)((?:\s+#.*)?\s*)$", re.DOTALL)
_DASH = re.compile(r" *- +\S")


def with_added(ledger: Ledger | None, entries: Sequence[Fields], adopted: int | None = None) -> str:
    """The text of the file with more waivers at its end.

    Args:
        ledger: the file as it is; None where there is none yet.
        entries: what to add.
        adopted: the number of generated waivers to state; None to leave it as it is.
    """
    if ledger is None:
        stated = f"adopted: {adopted}\n" if adopted is not None else ""
        return f"{_HEAD}{stated}waivers:\n" + "".join(_block(entry, 2) for entry in entries)
    ids = [recorded.waiver.id.value for recorded in ledger.entries] + [str(entry["id"]) for entry in entries]
    text = _spliced(ledger, entries, adopted)
    if text is None or not _holds(ledger, text, ids):
        text = _rewritten(ledger, entries, (), adopted)
    return text


def without(ledger: Ledger, ids: Iterable[str], adopted: int | None = None) -> str:
    """The text of the file without some of its waivers; the comment right above each goes with it."""
    gone = frozenset(ids)
    rest = [recorded.waiver.id.value for recorded in ledger.entries if recorded.waiver.id.value not in gone]
    text = _cut(ledger, gone, adopted)
    if text is None or not _holds(ledger, text, rest):
        text = _rewritten(ledger, (), tuple(gone), adopted)
    return text


def _holds(ledger: Ledger, text: str, ids: list[str]) -> bool:
    """Whether a text that was put together from lines reads as it should: an odd layout may have misled us."""
    try:
        found = read_ledger(SourceFile(ledger.source.name, text))
    except InputError:
        return False
    return [recorded.waiver.id.value for recorded in found.entries] == ids


def _spliced(ledger: Ledger, entries: Sequence[Fields], adopted: int | None) -> str | None:
    lines = ledger.source.text.splitlines(keepends=True)
    if not ledger.entries or not _begins_with_dash(lines, ledger.entries[-1]):
        return None
    last = ledger.entries[-1]
    indent = _indent(lines[last.first_line - 1])
    end = _end(lines, last, indent)
    line_end = _line_end(lines)
    if not lines[end - 1].endswith(("\n", "\r")):
        lines[end - 1] += line_end
    lines[end:end] = [_block(entry, indent).replace("\n", line_end) for entry in entries]
    return _with_adopted(ledger, lines, adopted)


def _cut(ledger: Ledger, gone: frozenset[str], adopted: int | None) -> str | None:
    lines = ledger.source.text.splitlines(keepends=True)
    if not all(_begins_with_dash(lines, recorded) for recorded in ledger.entries):
        return None
    text = _with_adopted(ledger, lines, adopted)
    if adopted is not None and ledger.adopted is None:
        return None  # a line more, and all numbers below are wrong
    lines = text.splitlines(keepends=True)
    for recorded in reversed(ledger.entries):
        if recorded.waiver.id.value in gone:
            indent = _indent(lines[recorded.first_line - 1])
            begin, end = recorded.first_line - 1, _end(lines, recorded, indent)
            while begin and lines[begin - 1].strip().startswith("#") and _indent(lines[begin - 1]) == indent:
                begin -= 1
            del lines[begin:end]
    if len(gone.intersection(one.waiver.id.value for one in ledger.entries)) == len(ledger.entries):
        lines = [_KEY.sub(r"waivers: []\1", line) for line in lines]
    return "".join(lines)


def _begins_with_dash(lines: list[str], recorded: Recorded) -> bool:
    return _DASH.match(lines[recorded.first_line - 1]) is not None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _end(lines: list[str], recorded: Recorded, indent: int) -> int:
    """The number of lines up to the last one of an entry: what is indented further than its dash belongs to it."""
    end = recorded.first_line
    for number in range(recorded.first_line, len(lines)):
        if lines[number].strip():
            if _indent(lines[number]) <= indent:
                break
            end = number + 1
    return end


def _with_adopted(ledger: Ledger, lines: list[str], adopted: int | None) -> str:
    if adopted is None:
        return "".join(lines)
    if ledger.adopted is not None:
        at = ledger.adopted.at
        line = lines[at.line - 1]
        lines[at.line - 1] = line[: at.column - 1] + str(adopted) + line[at.column - 1 + at.width :]
        return "".join(lines)
    begin = next((number for number, line in enumerate(lines) if line.startswith("waivers:")), 0)
    return "".join((*lines[:begin], f"adopted: {adopted}{_line_end(lines)}", *lines[begin:]))


def _line_end(lines: list[str]) -> str:
    return "\r\n" if lines[0].endswith("\r\n") else "\n"


def _block(entry: Fields, indent: int) -> str:
    """One entry as lines; the emitter knows which texts need quotes."""
    text = StringIO()
    _yaml().dump([entry], text)
    return "".join(f"{' ' * indent}{line}\n" for line in text.getvalue().splitlines())


def _rewritten(ledger: Ledger, entries: Sequence[Fields], gone: tuple[str, ...], adopted: int | None) -> str:
    """The file through ruamel's round trip: for brackets, empty lists and other layouts that have no lines to cut."""
    yaml = _yaml()
    content: Any = yaml.load(parsable(ledger.source))  # as it was read: a round trip knows no tabs
    kept = [item for item in content["waivers"] if str(item["id"]) not in gone]
    if entries:
        content["waivers"].extend(entries)
    else:
        content["waivers"] = kept
    if adopted is not None and "adopted" in content:
        content["adopted"] = adopted
    elif adopted is not None:
        content.insert(0, "adopted", adopted)
    text = StringIO()
    yaml.dump(content, text)
    return text.getvalue()


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 100_000  # a long reason stays on its line
    yaml.representer.ignore_aliases = lambda _: True  # two entries with one day: no anchor, which nobody reads
    return yaml
