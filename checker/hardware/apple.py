"""Apple silicon: a chip whose GPU shares the computer's memory, of which Metal lets programs use a part."""

from __future__ import annotations

import json

from checker.document.digits import whole
from checker.hardware.machine import Cause, Device, System, Trouble, Vendor
from checker.hardware.named import with_name
from checker.hardware.tool import Answered, ask
from checker.memory.units import GIB, MIB

Seen = tuple[tuple[Device, ...], tuple[Trouble, ...]]
_SMALL = 36 * GIB
"""Unified memory from which on Metal recommends three quarters instead of two thirds (docs/gpus.md, "Macs")."""


def seen(around: System) -> Seen:
    """The chip of this Mac, or why there is none."""
    chip = _line("sysctl", "-n", "machdep.cpu.brand_string")
    if not chip.startswith("Apple "):
        sentence = f"this Mac has no Apple silicon ({chip})" if chip else "sysctl does not tell this Mac's chip"
        cause = Cause.NO_DEVICE if chip else Cause.UNREADABLE
        return (), (Trouble(Vendor.APPLE, cause, sentence, present=not chip),)
    if around.installed_bytes is None:
        sentence = "sysctl does not tell this Mac's memory (hw.memsize)"
        return (), (Trouble(Vendor.APPLE, Cause.UNREADABLE, sentence, present=True),)
    memory, note = _working_set(around.installed_bytes)
    size = f"{around.installed_bytes // GIB} GB"
    named = with_name(Device(Vendor.APPLE, f"{chip} {size}", memory, note=note))
    cores = _cores()
    return (named._replace(name=f"{chip}, {cores} GPU cores, {size}" if cores else f"{chip}, {size}"),), ()


def _working_set(installed: int) -> tuple[int, str]:
    """What programs may use on the GPU, in bytes, and how that is known."""
    wired = _line("sysctl", "-n", "iogpu.wired_limit_mb")
    allowed = (whole(wired) or 0) * MIB
    if 0 < allowed <= installed:
        return allowed, f"unified memory; iogpu.wired_limit_mb allows {wired} MiB"
    share, words = (2 / 3, "two thirds") if installed < _SMALL else (3 / 4, "three quarters")
    return int(installed * share), (
        f"unified memory; heuristic: Metal's recommended working set is {words} of it (logs of llama.cpp, see gpus.md)"
    )


def _cores() -> str:
    """How many cores the GPU has, which tells chips of one name apart; empty where nobody says."""
    answer = ask(("system_profiler", "SPDisplaysDataType", "-json"))
    if not isinstance(answer, Answered):
        return ""
    try:
        displays = json.loads(answer.text)["SPDisplaysDataType"]
        cores = next(str(one["sppci_cores"]) for one in displays if "sppci_cores" in one)
    except (ValueError, LookupError, TypeError, StopIteration, RecursionError):
        return ""
    return cores if cores.isdigit() else ""


def _line(*command: str) -> str:
    answer = ask(command)
    return answer.text.strip() if isinstance(answer, Answered) and answer.code == 0 else ""
