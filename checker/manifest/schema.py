"""The JSON Schemas of the manifest, for editors and for `check-jsonschema`."""

from __future__ import annotations

from json import dumps
from pathlib import Path

from checker.document.schema import draft_07, generate
from checker.manifest.model import Manifest

FOLDER = Path(__file__).parent.parent / "schemas"
"""Where the schemas lie that are shipped."""


def schemas() -> dict[str, str]:
    """The text of each schema, by its file's name."""
    name, older = "manifest.schema.json", "manifest.draft-07.schema.json"
    schema = generate(Manifest, "Weighbridge manifest", name)
    return {name: _text(schema), older: _text(draft_07(schema, older))}


def write() -> None:
    """Make the shipped schemas anew."""
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


def _text(schema: dict[str, object]) -> str:
    return dumps(schema, indent=2, ensure_ascii=False) + "\n"
