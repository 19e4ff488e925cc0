"""Edits of a manifest's text: single keys set, renamed or taken out, and every other byte left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from checker.document.errors import InputError
from checker.document.place import NOWHERE, Place, SourceFile
from checker.document.tree import Entry, Mapping, Node, Scalar, parse
from checker.document.tree import Sequence as List
from checker.value import NamedTuple

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list positions that lead from the file's root to a key."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end, as places count lines; `splitlines` knows more ends than those."""


class Edit(NamedTuple):
    """One key and what becomes of it."""

    path: Path
    value: str | None
    """As YAML writes it on one line; None takes the key out."""
    key: str = ""
    """The key's new name; empty where it keeps its own."""


class Splice(NamedTuple):
    """A stretch of a text, by offsets in characters, and what stands there afterwards."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with every stretch replaced; stretches do not overlap."""
    for start, end, new in sorted(splices, reverse=True):
        text = f"{text[:start]}{new}{text[end:]}"
    return text


def offset_of(text: str, at: Place) -> int:
    """Where in a text a place begins."""
    return _Lines(text).offset(at.line, at.column)


def edited(source: SourceFile, edits: Sequence[Edit]) -> tuple[str, tuple[Splice, ...]]:
    """The text with all edits made, and the stretches that changed.

    Raises:
        InputError: the layout is one in which these edits cannot be made without touching more.
    """
    root = parse(source)
    lines = _Lines(source.text)
    splices = tuple(_splice(lines, root, edit) for edit in edits)
    text = spliced(source.text, splices)
    # An odd layout may have misled us: what was put together has to read as the edited tree does.
    if plain(parse(SourceFile(source.name, text))) != plain(rebuilt(root, edits)):
        raise _odd_layout(root.at)
    return text, splices


def rebuilt(root: Node, edits: Iterable[Edit]) -> Node:
    """The tree with all edits made: what the edited text reads as.

    Raises:
        InputError: a block on the way to a key is not there.
    """
    for edit in edits:
        root = _rebuilt(root, edit.path, edit)
    return root


def _rebuilt(node: Node, path: Path, edit: Edit) -> Node:
    first, *rest = path
    if isinstance(first, int):
        if not isinstance(node, List) or not first < len(node.items):
            raise _no_block(first, node)
        items = list(node.items)
        items[first] = _rebuilt(items[first], tuple(rest), edit)
        return List(items, node.at)
    if not isinstance(node, Mapping):
        raise _no_block(first, node)
    if rest:
        if first not in node.items:
            raise _no_block(first, node)
        key_at, below = node.items[first]
        return Mapping({**node.items, first: Entry(key_at, _rebuilt(below, tuple(rest), edit))}, node.at)
    kept = {key: entry for key, entry in node.items.items() if key != first}
    if edit.value is None:
        return Mapping(kept, node.at)
    at = node.items[first].value.at if first in node.items else node.at
    new = Entry(at, _node_of(edit.value, at))
    if edit.key:
        return Mapping({**kept, edit.key: new}, node.at)
    return Mapping({**node.items, first: new}, node.at)


def _node_of(written: str, at: Place) -> Node:
    whole = parse(SourceFile(at.file.name, f"value: {written}"))
    assert isinstance(whole, Mapping)
    return _moved(whole.items["value"].value, at)


def _moved(node: Node, at: Place) -> Node:
    """The value as if it stood at a place of the file, to which messages lead."""
    if isinstance(node, Scalar):
        return Scalar(node.text, node.plain, at)
    if isinstance(node, Mapping):
        return Mapping({key: Entry(at, _moved(entry.value, at)) for key, entry in node.items.items()}, at)
    return List([_moved(item, at) for item in node.items], at)


def plain(node: Node) -> object:
    """The tree without places; the order of keys does not count, that of lists does."""
    if isinstance(node, Scalar):
        return node.text, node.plain
    if isinstance(node, Mapping):
        return {key: plain(entry.value) for key, entry in node.items.items()}
    return [plain(item) for item in node.items]


class _Lines:
    """A text by its lines."""

    def __init__(self, text: str) -> None:
        self.lines: list[str] = _LINE.findall(text)
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))

    def offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column - 1

    def end_of(self, line: int) -> int:
        """Where the line after this one begins."""
        return self._starts[line]

    def at(self, at: Place) -> str:
        """The line of a place, without its end."""
        return self.lines[at.line - 1].rstrip("\r\n")

    @property
    def ending(self) -> str:
        return "\r\n" if self.lines and self.lines[0].endswith("\r\n") else "\n"


def _splice(lines: _Lines, root: Node, edit: Edit) -> Splice:
    block = _block(root, edit.path[:-1])
    key = str(edit.path[-1])
    if key not in block.items:
        return _inserted(lines, block, key, edit.value or "")
    if edit.value is None:
        return _removed(lines, block, key)
    key_at, value = block.items[key]
    start, end = _stretch(lines, key_at, value)
    if edit.key:
        return Splice(lines.offset(key_at.line, key_at.column), end, f"{edit.key}: {edit.value}")
    return Splice(start, end, edit.value)


def _block(node: Node, path: Path) -> Mapping:
    for step in path:
        if isinstance(step, int):
            if not isinstance(node, List) or not step < len(node.items):
                raise _no_block(step, node)
            node = node.items[step]
        else:
            entry = node.items.get(step) if isinstance(node, Mapping) else None
            if entry is None:
                raise _no_block(step, node)
            node = entry.value
    if not isinstance(node, Mapping):
        raise _no_block(path[-1] if path else "", node)
    return node


def _stretch(lines: _Lines, key_at: Place, value: Node) -> tuple[int, int]:
    """Where a single value begins and ends."""
    if not isinstance(value, Scalar) or value.at is NOWHERE or value.at == key_at:
        raise _odd_layout(key_at)
    written = lines.at(value.at)[value.at.column - 1 : value.at.column - 1 + value.at.width]
    if value.plain and written != value.text:  # it goes on in the next line
        raise _odd_layout(value.at)
    start = lines.offset(value.at.line, value.at.column)
    return start, start + value.at.width


def _is_flow(lines: _Lines, block: Mapping) -> bool:
    return lines.at(block.at)[block.at.column - 1 : block.at.column] == "{"


def _inserted(lines: _Lines, block: Mapping, key: str, value: str) -> Splice:
    """A new key behind the last single value of the block: inside its brace, or on a line of its own."""
    single = [entry for entry in block.items.values() if isinstance(entry.value, Scalar)]
    anchor = next((one for name, one in block.items.items() if name in _ANCHORS and one in single), None)
    anchor = anchor or (single[-1] if single else None)
    if _is_flow(lines, block):
        if anchor is None:
            start = lines.offset(block.at.line, block.at.column + 1)
            return Splice(start, start, f"{key}: {value}, " if block.items else f"{key}: {value}")
        _, end = _stretch(lines, anchor.key_at, anchor.value)
        return Splice(end, end, f", {key}: {value}")
    indent = " " * (block.at.column - 1)
    if anchor is None:
        start = lines.offset(block.at.line, block.at.column)
        return Splice(start, start, f"{key}: {value}{lines.ending}{indent}")
    _stretch(lines, anchor.key_at, anchor.value)
    end = lines.end_of(anchor.value.at.line)
    last = lines.lines[anchor.value.at.line - 1]
    if last.endswith(("\n", "\r")):
        return Splice(end, end, f"{indent}{key}: {value}{lines.ending}")
    return Splice(end, end, f"{lines.ending}{indent}{key}: {value}")


_ANCHORS = ("model",)
"""Keys behind which a new one stands: a commit belongs to its model."""


def _removed(lines: _Lines, block: Mapping, key: str) -> Splice:
    key_at, value = block.items[key]
    begin = lines.offset(key_at.line, key_at.column)
    names = list(block.items)
    if _is_flow(lines, block):
        _, end = _stretch(lines, key_at, value)
        text = "".join(lines.lines)
        if names[-1] != key:
            after = re.match(r"\s*,\s*", text[end:])
            return Splice(begin, end + (after.end() if after else 0), "")
        before = re.search(r",\s*\Z", text[:begin])
        return Splice(before.start() if before else begin, end, "")
    if lines.at(key_at)[: key_at.column - 1].strip():  # it stands behind a dash
        raise _odd_layout(key_at)
    return Splice(lines.offset(key_at.line, 1), lines.end_of(_last_line(value)), "")


def _last_line(node: Node) -> int:
    """The last line on which a value of the node begins."""
    if isinstance(node, Scalar):
        return node.at.line
    below = [entry.value for entry in node.items.values()] if isinstance(node, Mapping) else node.items
    return max([node.at.line, *map(_last_line, below)])


def _no_block(step: str | int, node: Node) -> InputError:
    return InputError.one(f"the block `{step}` is not there to be changed", expected="a block", at=node.at)


def _odd_layout(at: Place) -> InputError:
    return InputError.one(
        "this layout cannot be edited without touching more", expected="a key with its value on one line", at=at
    )
