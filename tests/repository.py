"""A real git repository with a manifest, a policy and waivers, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PINNED = "a09a35458c702b33eeacc393d103063234e8bc28"
POLICY = """\
policy: acme
version: 1
waivers: {from: project, approvers: [legal@example.com, risk@example.com], max_days: 120}
rules:
  revision-pinned: soft-mandatory
  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0, llama3.1]}
  size-class: advisory
  waiver-invalid: soft-mandatory
  waiver-expired: soft-mandatory
  waiver-unused: advisory
  waiver-self-granted: soft-mandatory
"""
MANIFEST = """\
weighbridge: 1
project: bot
owner: team
models:
  - name: assistant
    model: Qwen/Qwen2.5-7B-Instruct
    revision: main
    objective: chat
"""
SECOND = """\
  - {name: writer, model: Qwen/Qwen2.5-7B-Instruct, revision: main, objective: chat}
"""
FIELDS = {
    "id": "W-1",
    "rule": "revision-pinned",
    "project": "bot",
    "model": "assistant",
    "kind": "migration",
    "reason": "pinned in January",
    "approver": "legal@example.com",
    "approved_on": "2026-11-01",
    "expires": "2026-12-31",
}
TODAY = "2026-11-28"


def waiver(**changes: str | None) -> str:
    """One entry of a file of waivers; None takes a key out."""
    fields = {**FIELDS, **changes}
    lines = [f"{name}: {value}".rstrip() for name, value in fields.items() if value is not None]
    return "  - " + "\n    ".join(lines) + "\n"


def ledger(*entries: str, head: str = "") -> str:
    """A file of waivers."""
    return f"{head}waivers:\n{''.join(entries or (waiver(),))}"


class Repository:
    """A folder with a history."""

    def __init__(self, folder: Path, *, is_made: bool = False) -> None:
        self.folder = folder
        if not is_made:
            self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, author: str = "Dev <dev@example.com>") -> str:
        """Run git as somebody, whatever the machine's own configuration says."""
        name, _, address = author.partition(" <")
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        who = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", name), ("EMAIL", address.rstrip(">")))
        }
        finished = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**clean, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        return finished.stdout.strip()

    def put(self, files: dict[str, str | None]) -> None:
        """Write files, or remove those without content."""
        for name, content in files.items():
            path = self.folder / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")

    def commit(self, files: dict[str, str | None] | None = None, author: str = "Dev <dev@example.com>") -> str:
        """Commit everything, after writing files; the commit's id."""
        self.put(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change", author=author)
        return self.git("rev-parse", "HEAD")
