"""The arguments that a writer gets in a real run: a command runs in this process, and its call of the writer is kept."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import chdir
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from checker import applying, gate, surroundings
from checker.command_line import main
from checker.console import Console
from fuzz.target import folder
from tests.in_process import forget
from tests.repository import ledger, waiver

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
"""A project with findings of every kind."""
TABLE = {
    "models.csv": "model,license,MMLU,parameters,architecture_class,num_hidden_layers,hidden_size\r\n"
    "Qwen/Qwen2.5-7B-Instruct,apache-2.0,0.74,7615616512,decoder,28,3584\r\n"
    "google/gemma-2-9b-it,gemma,0.71,9241705984,decoder,42,3584\r\nacme/one,mit,0.5,1000000000,decoder,24,2048\r\n"
}
"""Models to choose from."""
FLEET = {
    **{f"src/one/{name}": text for name, text in FILES.items()},
    **{f"src/two/{name}": text for name, text in FILES.items() if name != "waivers.yaml"},
    **{f"src/{name}/.git/HEAD": "ref: refs/heads/main\n" for name in ("one", "two", "three")},
    "policy.yaml": POLICY,
}
"""Three repositories, of which one has no manifest."""
PLAN = "fit Qwen/Qwen2.5-7B-Instruct --serve --context-window 8192 --gpu L4"
NEWER = POLICY.replace("version: 7", "version: 8").replace("[Apache-2.0]", "[MIT]")
CASES = """\
weighbridge_policy_tests: 1
today: 2026-11-23
cases:
  - name: Apache-2.0 is accepted
    model: Qwen/Qwen2.5-7B-Instruct
    expect: {license-allowed: pass}
  - name: gemma is denied
    model: google/gemma-2-9b-it
    expect: {license-allowed: pass}
"""


def captured(
    command: tuple[str, ...],
    writer: Callable[..., Any],
    files: Mapping[str, str] = FILES,
    held: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> dict[str, Any]:
    """The arguments, by name, with which a command calls a writer; `held` keeps what would be gone after the run."""
    code, found = writer.__code__, list[dict[str, Any]]()

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is code and not found:
            sys.setprofile(None)
            found.append(held(dict(frame.f_locals)))

    with TemporaryDirectory() as room, chdir(room):
        for name, text in files.items():
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
    return found[0]


def records_held(given: dict[str, Any]) -> dict[str, Any]:
    """The records of an audit lie in a file that is gone after the run."""
    given.pop("target", None)
    return {**given, "records": tuple(given["records"]())}


def written_into(write: Callable[..., None], *, inventory: Any, records: Any) -> str:
    """Every file that an audit's format writes into a folder, each behind its name; none lies elsewhere."""
    with TemporaryDirectory(dir=_ROOM) as room:
        target = Path(room) / "target"
        write(target, inventory, lambda: iter(records))
        assert [one.name for one in Path(room).iterdir()] == ["target"], "a file beside the folder"
        files = sorted(one for one in target.rglob("*") if one.is_file())
        return PARTED.join(f"{one.relative_to(target)}\n{one.read_bytes().decode()}" for one in files)


PARTED = "\n\0\n"
"""Between the files of a folder."""
_ROOM = folder()
