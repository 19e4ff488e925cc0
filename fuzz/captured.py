"""The arguments that a writer gets in a real run: a command runs in this process, and its call of the writer is kept."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import chdir
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from checker import applying, gate, surroundings
from checker.command_line import main
from checker.console import Console
from tests.in_process import forget
from tests.repository import FIELDS, ledger, waiver

TODAY = date(2026, 11, 28)
PINNED = "a09a35458c702b33eeacc393d103063234e8bc28"
MANIFEST = f"""\
weighbridge: 1
project: bot
owner: team
status: live
use: {{purpose: commercial, distribution: [service], regions: [EU], intended: answers}}
models:
  - name: assistant
    model: Qwen/Qwen2.5-7B-Instruct
    revision: main
    license: MIT
    objective: chat
    deployment: {{context_window: 65536, hardware: {{gpu: L4}}}}
  - name: drafts
    model: acme/unknown
    revision: {PINNED}
    objective: chat
    access: api
    provider: acme-gateway
"""
POLICY = """\
policy: acme
version: 7
waivers: {from: project, approvers: [legal@example.com], max_days: 120}
organisation: {seat: US}
rules:
  revision-pinned: soft-mandatory
  license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0]}
  license-declared: soft-mandatory
  license-obligations: advisory
  context-window: advisory
  serving-fits: soft-mandatory
  waiver-expired: soft-mandatory
"""
WAIVERS = ledger(waiver(), waiver(id="W-2", rule="license-declared", expires="2026-11-20", ticket="T-1"))
FILES = {"model.yaml": MANIFEST, "policy.yaml": POLICY, "waivers.yaml": WAIVERS, "broken.weighbridge.yaml": "weighbridge: 1\ncolour: red\n"}
assert FIELDS["project"] == "bot"


def captured(command: tuple[str, ...], writer: Callable[..., Any], files: Mapping[str, str] = FILES) -> dict[str, Any]:
    """The arguments, by name, with which a command calls a writer."""
    return _of_run(command, tuple(files.items()), writer.__code__)[0]


@cache
def _of_run(command: tuple[str, ...], files: tuple[tuple[str, str], ...], code: Any) -> tuple[dict[str, Any], str]:
    found: list[dict[str, Any]] = []

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is code and not found:
            found.append(dict(frame.f_locals))

    with TemporaryDirectory() as folder, chdir(folder):
        for name, text in files:
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        forget(applying, gate, surroundings)
        out, err = io.StringIO(), io.StringIO()
        before = sys.getprofile()
        sys.setprofile(look)
        try:
            main(command, Console(out, err, io.StringIO(), dict(os.environ), TODAY))
        finally:
            sys.setprofile(before)
    assert found, f"{' '.join(command)} does not get there: {err.getvalue()}"
    return found[0], out.getvalue()
