"""What a case is, and the files that each one changes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FOLDER = b"<folder>"
"""Content that makes a name an empty folder."""
QWEN = "a09a35458c702b33eeacc393d103063234e8bc28"
MANIFEST = f"""\
weighbridge: 1
project: bot
owner: team
models:
  - name: assistant
    model: Qwen/Qwen2.5-7B-Instruct
    revision: {QWEN}
    objective: chat
"""
POLICY = """\
policy: acme
version: 1
rules:
  license-known: hard-mandatory
  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0]}
  revision-pinned: soft-mandatory
"""
BAD = MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "CohereLabs/aya-23-8B").replace(f"    revision: {QWEN}\n", "")
"""A manifest that the policy refuses."""
BLOCK = {"model.yaml": BAD}
DIGEST = "0" * 64
"""The digest of no policy."""
GATE = "check model.yaml --policy policy.yaml"


def laid_out(folder: Path, files: dict[str, str | bytes | None]) -> None:
    """Write the manifest and the policy, and what a case has beside or in the place of them."""
    for name, content in {"model.yaml": MANIFEST, "policy.yaml": POLICY, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content == FOLDER:
            path.mkdir()
        elif content is not None:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


class Case(NamedTuple):
    """One mistake, and how the gate answers."""

    name: str
    code: int
    says: str
    """Words of standard output or standard error."""
    files: dict[str, str | bytes | None] = {}
    """Beside the manifest and the policy, or in their place; None takes one away."""
    command: str = GATE
    environment: dict[str, str] = {}
    stdin: str = ""


def manifest(old: str = "", new: str = "") -> dict[str, str | bytes | None]:
    """The manifest with some words in the place of others."""
    assert old in MANIFEST
    return {"model.yaml": MANIFEST.replace(old, new, 1) if old else new}


def policy(old: str = "", new: str = "") -> dict[str, str | bytes | None]:
    """The policy with some words in the place of others."""
    assert old in POLICY
    return {"policy.yaml": POLICY.replace(old, new, 1) if old else new}


def added(lines: str) -> dict[str, str | bytes | None]:
    """The manifest with more lines in its entry."""
    return {"model.yaml": MANIFEST + "".join(f"    {line}\n" for line in lines.splitlines())}


def ruled(lines: str) -> dict[str, str | bytes | None]:
    """The policy with more lines below `rules`."""
    return {"policy.yaml": POLICY + "".join(f"  {line}\n" for line in lines.splitlines())}
