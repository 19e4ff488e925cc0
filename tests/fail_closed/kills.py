"""Kills commands at random points and looks at what they leave: the old file or the new one, never half of one.

Run it outside the suite, which has a short version of it: `python -m tests.fail_closed.kills 200`.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.fail_closed.case import MANIFEST, POLICY, QWEN

LEDGER = "waivers: {from: project, approvers: [legal@example.com]}\n" + POLICY
WAIVER = "waivers.yaml"
ADD = (
    "waiver add --policy policy.yaml --rule revision-pinned --model assistant --kind migration"
    " --reason moving --approver legal@example.com --expires 90d --today 2026-11-28"
)


class Killed(NamedTuple):
    """A command, the files that it starts from, and those that it may write."""

    command: str
    files: dict[str, str]
    writes: tuple[str, ...]


COMMANDS = {
    "lock": Killed("lock --offline", {"model.yaml": MANIFEST, "policy.yaml": POLICY}, ("model.lock",)),
    "--fix": Killed(
        "check model.yaml --policy weighbridge:enterprise --fix",
        {"model.yaml": MANIFEST + "    license: apache 2.0\n"},
        ("model.yaml",),
    ),
    "waiver add": Killed(ADD, {"model.yaml": MANIFEST.replace(QWEN, "main"), "policy.yaml": LEDGER}, (WAIVER,)),
    "init": Killed(
        "init --no-input --no-scan --objective chat --model Qwen/Qwen2.5-7B-Instruct --purpose commercial"
        " --distribution service --size-class general --owner team --goal none --context-window 8192 --gpu L4 --documents none",
        {},
        ("model.yaml",),
    ),
    "audit": Killed(
        "audit . --policy policy.yaml --output json=audit.json --jobs 1 --today 2026-11-28",
        {"model.yaml": MANIFEST, "policy.yaml": POLICY, "audit.json": ""},
        ("audit.json",),
    ),
}


def start(command: str, folder: Path) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "checker", *command.split()],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill(case: Killed, times: int, seed: int) -> Iterator[tuple[dict[str, str | None], str]]:
    """What a killed command left in its files each time, and whether that is the old content or the new one.

    Times that stand in a file are taken out before it is compared.
    """
    with TemporaryDirectory() as temporary:
        base = Path(temporary)
        lasted = 0.0
        for name in ("cold", "whole"):  # the first one reads the modules from the disk
            lay_out(case, base / name)
            began = time.monotonic()
            start(case.command, base / name).wait()
            lasted = time.monotonic() - began
        old, new = dict.fromkeys(case.writes), read(case, base / "whole")
        old |= {name: content for name, content in case.files.items() if name in case.writes}
        moments = random.Random(seed)
        for _ in range(times):
            folder = base / "killed"
            lay_out(case, folder)
            process = start(case.command, folder)
            # Half of them near the end, where files are written.
            time.sleep(lasted * (moments.random() if moments.random() < 0.5 else moments.uniform(0.8, 1.2)))
            process.kill()
            process.wait()
            left = read(case, folder)
            yield left, "old" if left == old else "new" if alike(left, new) else "half"
            shutil.rmtree(folder)


def lay_out(case: Killed, folder: Path) -> None:
    """Write what the command starts from."""
    folder.mkdir()
    for name, content in case.files.items():
        (folder / name).write_text(content, encoding="utf-8")


def read(case: Killed, folder: Path) -> dict[str, str | None]:
    """The files that the command may write; None for one that is not there."""
    paths = {name: folder / name for name in case.writes}
    return {name: path.read_text(encoding="utf-8") if path.exists() else None for name, path in paths.items()}


def alike(left: dict[str, str | None], new: dict[str, str | None]) -> bool:
    """Whether both hold the same but for times and the folder's name, which have one length."""
    return all(
        content is not None
        and (wanted := new[name]) is not None
        and content[-1:] == wanted[-1:]
        and len(content.replace("killed", "whole")) == len(wanted)
        for name, content in left.items()
    )


def main(times: int) -> None:
    """Kill each command so often, and print what was left."""
    for name, case in COMMANDS.items():
        left = [what for _, what in kill(case, times, seed=13)]
        counts = ", ".join(f"{left.count(what)} {what}" for what in ("old", "new", "half"))
        sys.stdout.write(f"{name}: {len(left)} kills, {counts}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
