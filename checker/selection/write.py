"""Writes a chosen model into a manifest: into its open entry, or as a new entry; every other line stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary

from checker.document.errors import InputError
from checker.document.place import NOWHERE, SourceFile
from checker.document.quote import quoted
from checker.document.tree import Mapping, Node, Scalar, Sequence, parse
from checker.manifest.load import load
from checker.manifest.tokens import written
from checker.selection.ask import KEYS
from checker.selection.changes import Change
from checker.value import NamedTuple

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end, as places count lines; `splitlines` knows more ends than those."""


class Model(NamedTuple):
    """What is written of a model."""

    id: str
    revision: str | None
    """Its commit; None leaves it to the lock."""
    changes: tuple[Change, ...] = ()
    """Keys that get another value with it."""


def into_entry(source: SourceFile, node: Mapping, model: Model) -> str:
    """The text of a manifest whose open entry names the model.

    Args:
        source: the manifest.
        node: the entry as it is written there.
        model: what to write.

    Raises:
        InputError: the layout is one that cannot be edited by lines.
    """
    lines = _LINE.findall(source.text)
    pairs = [("model", model.id)] + ([("revision", model.revision)] if model.revision else [])
    edits = [_replaced(node, key, value) for key, value in pairs if key in node.items]
    new = [(key, value) for key, value in pairs if key not in node.items]
    for change in model.changes:
        if change.value:  # a commit that only a lock finds has none
            holder = _block(node, change.path[:-1])
            if change.path[-1] in holder.items:
                edits.append(_replaced(holder, change.path[-1], change.value))
            else:
                edits.append(_inserted(lines, holder, [(change.path[-1], change.value)]))
    if new:
        edits.append(_inserted(lines, node, new))
    for line, column, width, text in sorted(edits, reverse=True):
        old = lines[line - 1]
        lines[line - 1] = f"{old[: column - 1]}{text}{old[column - 1 + width :]}"
    text = "".join(lines)
    _confirm(SourceFile(source.name, text), model)
    return text


_Edit = tuple[int, int, int, str]
"""Line, column and width of what is replaced, and by what."""


def _replaced(block: Mapping, key: str, value: str) -> _Edit:
    scalar = block.items[key].value
    if not isinstance(scalar, Scalar) or scalar.at is NOWHERE:
        raise InputError.one(f"`{key}` is no single value", expected="a value on its own line", at=block.at)
    return scalar.at.line, scalar.at.column, scalar.at.width, value


def _inserted(lines: list[str], block: Mapping, pairs: list[tuple[str, str]]) -> _Edit:
    """The pairs in front of a block's first key, in the style of the block: inside its brace, or on lines above."""
    at = block.at
    line = lines[at.line - 1]
    if line[at.column - 1 : at.column] == "{":
        said = ", ".join(f"{key}: {value}" for key, value in pairs)
        return at.line, at.column + 1, 0, f"{said}, " if block.items else said
    ending = "\r\n" if line.endswith("\r\n") else "\n"
    indent = " " * (at.column - 1)
    return at.line, at.column, 0, "".join(f"{key}: {value}{ending}{indent}" for key, value in pairs)


def _block(node: Mapping, path: tuple[str, ...]) -> Mapping:
    for key in path:
        entry = node.items.get(key)
        if entry is None or not isinstance(entry.value, Mapping):
            raise InputError.one(f"the block `{key}` is not there to be changed", expected="a mapping", at=node.at)
        node = entry.value
    return node


def new_manifest(given: Dictionary[str, str], model: Model) -> str:
    """A manifest made of options and the model chosen for them."""
    text = "weighbridge: 1\n" + _shared(given) + "models:\n" + _entry(given, model)
    _confirm(SourceFile("model.yaml", text), model)
    return text


def appended(source: SourceFile, given: Dictionary[str, str], model: Model) -> str:
    """The text of a manifest with one more entry, at the end of its list.

    Raises:
        InputError: `models` is not the file's last block, in lines that begin with a dash, or hardware and use differ.
    """
    root = parse(source)
    models = root.items.get("models") if isinstance(root, Mapping) else None
    shared = {key for key in given if KEYS[key][0] != "models"}
    last = list(root.items)[-1] if isinstance(root, Mapping) and root.items else ""
    if (
        models is None
        or not isinstance(models.value, Sequence)
        or last != "models"
        or not _is_block(source, models.value)
    ):
        expected = "`models` as the last key, its entries on lines that begin with a dash"
        raise InputError.one("an entry cannot be added to this layout", expected=expected, file=source.name)
    if shared:
        odd = ", ".join(f"--{key.replace('_', '-')}" for key in sorted(shared))
        expected = "a manifest with an entry that has no `model:`, named in the place of options"
        raise InputError.one(f"{odd}: {source.name} states that for all its models", expected=expected, file="select")
    indent = models.value.at.column - 1
    text = source.text if source.text.endswith("\n") else f"{source.text}\n"
    text += "".join(f"{' ' * indent}{line[2:]}\n" for line in _entry(given, model).splitlines())
    _confirm(SourceFile(source.name, text), model)
    return text


def _is_block(source: SourceFile, models: Node) -> bool:
    return source.line(models.at.line)[models.at.column - 1 : models.at.column] == "-"


def _shared(given: Dictionary[str, str]) -> str:
    blocks: dict[str, list[str]] = {}
    for key, value in given.items():
        path = KEYS[key]
        if path[0] != "models":
            blocks.setdefault(path[0], []).append(f"{path[1]}: {_as_value(path, value)}")
    return "".join(f"{block}: {{{', '.join(pairs)}}}\n" for block, pairs in blocks.items())


def _entry(given: Dictionary[str, str], model: Model) -> str:
    lines = [f"  - model: {model.id}"] + ([f"    revision: {model.revision}"] if model.revision else [])
    stated = {KEYS[key][1:]: value for key, value in given.items() if KEYS[key][0] == "models"}
    stated |= {change.path: change.value for change in model.changes if change.value}
    blocks: dict[str, list[str]] = {}
    for path, value in stated.items():
        if len(path) == 1:
            lines.append(f"    {path[0]}: {_as_value(path, value)}")
        else:
            blocks.setdefault(path[0], []).append(f"{path[1]}: {_as_value(path, value)}")
    lines += [f"    {block}: {{{', '.join(pairs)}}}" for block, pairs in blocks.items()]
    return "".join(f"{line}\n" for line in lines)


def _as_value(path: tuple[str, ...], said: str) -> str:
    """An option's text as a value of YAML: `16k` as the number that it stands for, quoted where it needs quotes."""
    return quoted(written(path[-1], said))


def _confirm(source: SourceFile, model: Model) -> None:
    """An odd layout may have misled us: what was put together is read again before it is written."""
    manifest = load(source)
    if not any(entry.model.value == model.id for entry in manifest.models):
        raise InputError.one(
            "the model cannot be written into this layout", expected="entries in block style", file=source.name
        )
