"""Writes the indices of spellings and of addresses to their licences: `python -m checker.licenses.spellings`.

They exist so that resolving a handful of spellings does not read a hundred files; a test holds them against the files.
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
    for license_id, unread in json.loads((HERE / "unread.json").read_bytes()).items():
        named = {"unread": license_id, "name": unread["name"]}
        claimed += [(fold(spelling), named) for spelling in unread["spellings"]]
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


def links_text() -> str:
    """The whole of `links.json`: every listed address with the id of the licence whose text stands there."""
    listed = {address: license_id for license_id, record in records().items() for address in record.get("links", ())}
    return "{\n" + ",\n".join(f"  {_json(address)}: {_json(listed[address])}" for address in sorted(listed)) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    (HERE / "spellings.json").write_text(text(), encoding="utf-8", newline="\n")
    (HERE / "links.json").write_text(links_text(), encoding="utf-8", newline="\n")
