"""Brings records into their form and writes the indices of them: `python3 dev.py generate licenses`.

The indices, of spellings and of addresses, exist so that resolving a handful of spellings does not read a hundred
files; a test holds them against the files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    families = {fold(family): members for family, members in json.loads((HERE / "families.json").read_bytes()).items()}
    for license_id, record in records().items():
        spelt = (license_id, *record["spellings"], *record.get("hub_ids", ()), *record.get("hub_names", ()))
        claimed += [(key, license_id) for key in dict.fromkeys(map(fold, spelt)) if key not in families]
    claimed += families.items()
    for license_id, unread in json.loads((HERE / "unread.json").read_bytes()).items():
        names = (license_id, *unread["spellings"], *unread.get("hub_ids", ()), *unread.get("hub_names", ()))
        text = {"unread": license_id, "name": unread["name"]}
        claimed += [(key, text) for key in dict.fromkeys(map(fold, names)) if key not in families]
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


ORDER = (
    "id", "name", "spdx", "license_ref", "spellings", "hub_ids", "hub_names", "license_db", "license_db_category",
    "category", "steward", "osi_approved", "dated", "versions", "later", "commercial_use", "purposes", "conditions",
    "territory", "redistribution", "hosting_is_distribution", "hosting_clause", "hosting_detail", "derivative_terms",
    "obligations", "use_policy", "output_training", "distillation_is_derivative", "forbids_extra_restrictions",
    "no_drm", "remote_restriction", "licensor_may_change", "sublicensable", "integrated_product_exempt_from",
    "internal_use_exempt_from", "patent", "revocable", "governing_law", "models_seen", "links", "remarks", "evidence",
    "further_sources",
)  # fmt: skip
"""The keys of a record, in the order in which a reader wants them."""


def formatted(record: Mapping[str, Any]) -> str:
    """The text of a registry file: keys in their order, one statement a line, so that a review sees each change.

    Raises:
        ValueError: it holds a key that a record does not have.
    """
    if unknown := record.keys() - set(ORDER):
        raise ValueError(f"a record has no {', '.join(sorted(unknown))}")
    statements = []
    for key in ORDER:
        if key not in record:
            continue
        value = record[key]
        if isinstance(value, list) and value:
            statements.append(f'  "{key}": [\n' + ",\n".join(f"    {_json(item)}" for item in value) + "\n  ]")
        else:
            statements.append(f'  "{key}": {_json(value)}')
    return "{\n" + ",\n".join(statements) + "\n}\n"


def links_text() -> str:
    """The whole of `links.json`: every listed address with the id of the licence whose text stands there."""
    listed = {address: license_id for license_id, record in records().items() for address in record.get("links", ())}
    return "{\n" + ",\n".join(f"  {_json(address)}: {_json(listed[address])}" for address in sorted(listed)) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def write() -> None:
    """Bring every record into its form, then write both indices."""
    for license_id, record in records().items():
        (HERE / "registry" / f"{license_id}.json").write_text(formatted(record), encoding="utf-8", newline="\n")
    (HERE / "spellings.json").write_text(text(), encoding="utf-8", newline="\n")
    (HERE / "links.json").write_text(links_text(), encoding="utf-8", newline="\n")
