"""Writes `spellings.json`, the index from every known spelling to its licence: `python -m checker.licenses.spellings`.

The index exists so that resolving a handful of spellings does not read a hundred files; a test holds it against them.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from checker.licenses.spelling import fold

HERE = Path(__file__).parent


def records() -> dict[str, dict[str, Any]]:
    """Every registry file by the licence's id, as `json.loads` gives it."""
    return {
        path.name.removesuffix(".json"): json.loads(path.read_bytes()) for path in sorted(HERE.glob("registry/*.json"))
    }


def claims() -> list[tuple[str, str | list[str] | dict[str, str]]]:
    """Every folded spelling with what it names: one licence, the members of a family, or a text that was not read."""
    claimed: list[tuple[str, str | list[str] | dict[str, str]]] = []
    for license_id, record in records().items():
        claimed += [(fold(spelling), license_id) for spelling in (license_id, *record["spellings"])]
    for family, members in json.loads((HERE / "families.json").read_bytes()).items():
        claimed.append((fold(family), members))
    for unread in json.loads((HERE / "unread.json").read_bytes()).values():
        claimed += [(fold(spelling), {"unread": unread["name"]}) for spelling in unread["spellings"]]
    return claimed


def registry_digest() -> str:
    """SHA-256 over names and contents of the registry files. Line ends do not count: a checkout may change them."""
    digest = sha256()
    for path in sorted(HERE.glob("registry/*.json"), key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def text() -> str:
    """The whole of `spellings.json`, one spelling a line."""
    lines = ",\n".join(
        f"    {_json(key)}: {_json(named)}" for key, named in sorted(claims(), key=lambda claim: claim[0])
    )
    return f'{{\n  "registry_sha256": "{registry_digest()}",\n  "spellings": {{\n{lines}\n  }}\n}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    (HERE / "spellings.json").write_text(text(), encoding="utf-8", newline="\n")
