"""A check that cannot open a socket, and what it says rule by rule."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ONLY_FILES_TELL = frozenset(("gated-access", "lock-fresh", "remote-code", "weights-format"))
"""Rules that a lock, or a folder, makes applicable."""

_SCRIPT = """\
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("a check opened a socket")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from checker.command_line import run
code = run(["check", "--json", "--today", "2026-11-28"])
assert not {"huggingface_hub", "httpx2", "tqdm"} & sys.modules.keys()
sys.exit(code)
"""


def check_without_sockets(folder: Path) -> dict[str, Any]:
    """The report of a check in a process in which every socket is an error."""
    done = subprocess.run([sys.executable, "-c", _SCRIPT], cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode in {0, 1, 3}, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["exit_code"] == done.returncode
    return report


def verdicts(report: dict[str, Any]) -> dict[tuple[str, str], str]:
    """By model and rule what was judged."""
    return {
        (model["name"], one["rule"]): one["verdict"]
        for manifest in report["manifests"]
        for model in manifest["models"]
        for one in model["evaluations"]
    }


def origins(report: dict[str, Any], rule: str) -> set[str]:
    """Where the evidence of a rule comes from."""
    return {
        fact["origin"]
        for manifest in report["manifests"]
        for model in manifest["models"]
        for one in model["evaluations"]
        if one["rule"] == rule
        for fact in one["evidence"]
    }
