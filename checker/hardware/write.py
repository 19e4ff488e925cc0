"""Writes hardware into a manifest: one line more, or two values changed; all other lines and comments stay."""

from __future__ import annotations

import re

from checker.document.errors import InputError
from checker.document.place import Place, SourceFile
from checker.document.tree import Entry, Mapping, Scalar, parse
from checker.manifest.hardware import NAMES, Hardware
from checker.manifest.load import load
from checker.manifest.model import Manifest
from checker.memory.hardware import hardware_of
from checker.memory.plan import Hardware as Devices
from checker.value import NamedTuple

Keys = tuple[tuple[str, str], ...]
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end, as places count lines."""


class Written(NamedTuple):
    """A manifest with its hardware."""

    text: str
    before: str
    """What it said before: the value of `hardware:`; empty where it said nothing."""
    own: tuple[str, ...]
    """Entries that state hardware of their own, which stays as it is."""

    changed: bool = True
    """Whether what it says is something else than before."""


class Conflict(NamedTuple):
    """The manifest states other hardware."""

    sentence: str
    at: Place


def written(source: SourceFile, keys: Keys, replace: bool) -> Written | Conflict:
    """The text of a manifest that states this hardware for all its models.

    Args:
        source: the manifest.
        keys: `gpu`, `vram` or `instance` with its value, and `count`.
        replace: whether other hardware that it states gives way.

    Raises:
        InputError: the manifest cannot be used, or its layout cannot be edited.
    """
    manifest = load(source, allow_empty=True)
    root = parse(source)
    assert isinstance(root, Mapping)  # or it could not have been loaded
    own = _own(manifest)
    if manifest.hardware is None:
        return _confirmed(source, _inserted(source, root, keys), "", own, keys)
    before = _said(manifest.hardware)
    if _same(manifest.hardware, keys):
        return Written(source.text, before, own, changed=False)
    if not replace:
        return Conflict(f"states {before}, and this is {_flow(keys)}", manifest.hardware.at)
    block = root.items["hardware"].value
    assert isinstance(block, Mapping)
    return _confirmed(source, _replaced(source, block, keys), before, own, keys)


def _own(manifest: Manifest) -> tuple[str, ...]:
    found = []
    for entry in manifest.models:
        blocks = (("fine_tuning", entry.fine_tuning), ("deployment", entry.deployment))
        for name, block in blocks:
            if block is not None and block.hardware is not None:
                found.append(f"{entry.display_name}: {name}.hardware stays {_said(block.hardware)}")
    return tuple(found)


def _said(hardware: Hardware) -> str:
    keys = [(name, one.value) for name in NAMES if (one := getattr(hardware, name)) is not None]
    said = [f"{name}: {_amount(value)}" for name, value in keys]
    if hardware.stated.devices is not None:
        said.append(f"count: {hardware.count.value}")
    return f"{{{', '.join(said)}}}"


def _amount(value: object) -> str:
    return f"{value / (1 << 30):.1f} GiB" if isinstance(value, int) else str(value)


def _same(hardware: Hardware, keys: Keys) -> bool:
    """Whether both mean the same devices, whatever their spelling."""
    there, new = hardware_of(hardware.stated), hardware_of(_bound(keys).stated)
    return isinstance(there, Devices) and isinstance(new, Devices) and there[:3] == new[:3]


def _bound(keys: Keys) -> Hardware:
    manifest = load(SourceFile("hardware", f"weighbridge: 1\nhardware: {_flow(keys)}\nmodels: []\n"), allow_empty=True)
    assert manifest.hardware is not None
    return manifest.hardware


def _flow(keys: Keys) -> str:
    return f"{{{', '.join(f'{key}: {value}' for key, value in keys)}}}"


def _inserted(source: SourceFile, root: Mapping, keys: Keys) -> str:
    """One line above `models` and the comment right above it, or one key more in braces."""
    lines = _LINE.findall(source.text)
    at = root.items["models"].key_at if "models" in root.items else next(iter(root.items.values())).key_at
    said = f"hardware: {_flow(keys)}"
    if lines[at.line - 1][: at.column - 1].strip(" \ufeff"):
        line = lines[at.line - 1]
        lines[at.line - 1] = f"{line[: at.column - 1]}{said}, {line[at.column - 1 :]}"
        return "".join(lines)
    number = at.line - 1
    while number and lines[number - 1].lstrip().startswith("#") and not lines[number - 1].startswith("# yaml-language"):
        number -= 1
    indent = " " * (at.column - 1)
    lines.insert(number, f"{indent}{said}{_ending(lines)}")
    return "".join(lines)


def _replaced(source: SourceFile, block: Mapping, keys: Keys) -> str:
    """The values in their places; the key too where another one is meant, and `count` where it was missing."""
    lines = _LINE.findall(source.text)
    said = dict(keys)
    name = next(key for key in NAMES if key in said)
    old = next(key for key in NAMES if key in block.items)
    entry, count = block.items[old], block.items.get("count")
    number = said.get("count")
    edits = [_edit(entry, old, f"{name}: {said[name]}")]
    if count is not None and number is not None:
        edits.append(_edit(count, "count", f"count: {number}"))
    elif number is not None:
        edits = [_edit(entry, old, _with_count(lines, block, entry, f"{name}: {said[name]}", number))]
    elif count is not None:
        edits.append(_edit(count, "count", f"count: {_all_of(keys)}"))
    for line, column, width, text in sorted(edits, reverse=True):
        was = lines[line - 1]
        lines[line - 1] = f"{was[: column - 1]}{text}{was[column - 1 + width :]}"
    return "".join(lines)


def _edit(entry: Entry, name: str, text: str) -> tuple[int, int, int, str]:
    value = entry.value
    if not isinstance(value, Scalar) or value.at.line != entry.key_at.line:
        expected = "a key and its value on one line"
        raise InputError.one(f"`{name}` cannot be changed in this layout", expected=expected, at=entry.key_at)
    return entry.key_at.line, entry.key_at.column, value.at.column + value.at.width - entry.key_at.column, text


def _with_count(lines: list[str], block: Mapping, entry: Entry, text: str, number: str) -> str:
    opening = lines[block.at.line - 1][block.at.column - 1 : block.at.column]
    if opening == "{":
        return f"{text}, count: {number}"
    return f"count: {number}{_ending(lines)}{' ' * (entry.key_at.column - 1)}{text}"


def _all_of(keys: Keys) -> int:
    """The GPUs of an instance, which another number must not stand beside."""
    found = hardware_of(_bound(keys).stated)
    assert isinstance(found, Devices)  # what is written was looked up
    return found.devices


def _ending(lines: list[str]) -> str:
    return "\r\n" if lines and lines[0].endswith("\r\n") else "\n"


def _confirmed(source: SourceFile, text: str, before: str, own: tuple[str, ...], keys: Keys) -> Written:
    """An odd layout may have misled us: what was put together is read again before it is written."""
    try:
        found = load(SourceFile(source.name, text), allow_empty=True).hardware
    except InputError:
        found = None
    if found is None or not _same(found, keys):
        raise InputError.one(
            "the hardware cannot be written into this layout",
            expected=f"a line `hardware: {_flow(keys)}`",
            file=source.name,
        )
    return Written(text, before, own)
