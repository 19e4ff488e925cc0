"""Put the keys of the file and of its entries into the order of the format; lines and comments move with their key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.document.tree import Mapping, Sequence, parse
from checker.manifest.edit import plain
from checker.manifest.entry import ModelEntry
from checker.manifest.model import Manifest
from checker.remedies.draft import Draft, Fix

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def fixes(draft: Draft) -> Iterator[Fix]:
    """One fix for each block whose keys stand in another order; blocks in braces stay as they are."""
    models = draft.root.items.get("models")
    items = models.value.items if models is not None and isinstance(models.value, Sequence) else []
    blocks = [(draft.root, tuple(Manifest.model_fields), "the file")]
    order = tuple(ModelEntry.model_fields)
    for item, entry in zip(items, draft.manifest.models, strict=True):
        if isinstance(item, Mapping):
            blocks.append((item, order, entry.display_name))
    for block, wanted, name in blocks:
        text = _reordered(draft.source.text, block, wanted)
        if text is not None and _reads_alike(draft.source, text):
            yield Fix(text, f"keys of {name} are in the order of the format")


def _reads_alike(source: SourceFile, text: str) -> bool:
    """Whether nothing but the order changed: an odd layout may have misled us."""
    try:
        return plain(parse(SourceFile(source.name, text))) == plain(parse(source))
    except InputError:
        return False


def _reordered(text: str, block: Mapping, order: tuple[str, ...]) -> str | None:
    """The text with the block's keys in order; None where they are already, or its layout is not one key a line."""
    keys = list(block.items)
    wanted = sorted(keys, key=order.index)
    lines: list[str] = _LINE.findall(text)
    indent = block.at.column - 1
    if wanted == keys or lines[block.at.line - 1][indent : indent + 1] == "{":
        return None
    begins = [_begin(lines, block.items[key].key_at.line - 1, indent) for key in keys]
    begins[0] = block.at.line - 1
    if any(block.items[key].key_at.column - 1 != indent for key in keys):
        return None
    end = _end(lines, block.items[keys[-1]].key_at.line, indent)
    prefix = lines[begins[0]][:indent]
    chunks = {
        key: "".join(lines[begin:after])[indent:]
        for key, begin, after in zip(keys, begins, [*begins[1:], end], strict=True)
    }
    first = chunks[wanted[0]]
    if first.lstrip().startswith("#") and prefix.strip():  # no comment stands between a dash and its key
        return None
    ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
    whole = [
        chunk if chunk.endswith(("\n", "\r")) else f"{chunk}{ending}" for chunk in map(chunks.get, wanted) if chunk
    ]
    put = prefix + (" " * indent).join(whole)
    if not lines[end - 1].endswith(("\n", "\r")):
        put = put.removesuffix(ending)
    return "".join(lines[: begins[0]]) + put + "".join(lines[end:])


def _begin(lines: list[str], line: int, indent: int) -> int:
    """The first line of a key: the comments right above it, at its own indentation, belong to it."""
    while line and lines[line - 1].startswith(" " * indent + "#"):
        line -= 1
    return line


def _end(lines: list[str], line: int, indent: int) -> int:
    """The line behind the last key's value: what is indented further belongs to it, and dashes below it."""
    end = line
    for number in range(line, len(lines)):
        content = lines[number].strip()
        if not content:
            continue
        depth = len(lines[number]) - len(lines[number].lstrip(" "))
        if content.startswith("#") and depth <= indent:
            continue
        if depth < indent or (depth == indent and not content.startswith("- ")):
            break
        end = number + 1
    return end
