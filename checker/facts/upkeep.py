"""Keeps the shipped catalogue in its form after an edit: `python3 dev.py generate catalogue`.

Every fact stands on one line, so that a review sees the change of one fact as one changed line; the digest that
identifies the catalogue is written down, so that no run has to read all of its files.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from checker.facts.catalogue import SHIPPED
from checker.facts.model import Dimensions, Facts

_KEYS = (
    "id",
    "revision",
    "facts",
    "benchmarks",
    "arithmetic",
    "conflicts",
    "notes",
    "corrected",
    "left_out",
)
_A_LINE_EACH = frozenset(("facts", "benchmarks", "conflicts", "notes", "corrected", "left_out"))


def formatted(document: dict[str, Any]) -> str:
    """The text of one model's file: keys in their order, one fact a line.

    Raises:
        ValueError: it holds a key or a fact that the catalogue does not know.
    """
    facts = _ordered(document["facts"], Facts._fields)
    if "dimensions" in facts:
        stated = facts["dimensions"]
        facts["dimensions"] = {**stated, "value": _ordered(stated["value"], Dimensions._fields)}
    document = _ordered({**document, "facts": facts}, _KEYS)
    return "{\n" + ",\n".join(f' "{key}": {_value(key, value)}' for key, value in document.items()) + "\n}\n"


def digest_of(folder: Path) -> str:
    """SHA-256 over the path and the text of each file of the catalogue but `about.json`, sorted by path.

    Line ends count as one kind, so that a checkout on Windows has the same digest.
    """
    total = hashlib.sha256()
    files = ((file.relative_to(folder).as_posix(), file) for file in folder.rglob("*.json"))
    for name, file in sorted(files):
        if name != "about.json":
            total.update(f"{name}\0{file.read_text(encoding='utf-8')}\0".encode())
    return total.hexdigest()


def upkeep(folder: Path = SHIPPED) -> None:
    """Bring every file into its form and the digest up to date; the day is set by whoever looks at the sources."""
    for file in folder.glob("*/*.json"):
        _write(file, formatted(json.loads(file.read_text(encoding="utf-8"))))
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    about["sha256"] = digest_of(folder)
    _write(folder / "about.json", json.dumps(about, indent=1) + "\n")


def _ordered(unordered: dict[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    if unknown := unordered.keys() - set(order):
        raise ValueError(f"the catalogue knows no {', '.join(sorted(unknown))}")
    return {key: unordered[key] for key in order if key in unordered}


def _value(key: str, value: Any) -> str:
    if key not in _A_LINE_EACH:
        return _json(value)
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"  {_json(name)}: {_json(item)}" for name, item in value.items()) + "\n }"
    return "[\n" + ",\n".join(f"  {_json(item)}" for item in value) + "\n ]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(file: Path, text: str) -> None:
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8", newline="\n")
