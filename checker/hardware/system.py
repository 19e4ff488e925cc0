"""The memory of the computer, or of the container that this runs in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checker.document.digits import whole
from checker.hardware.machine import System
from checker.hardware.tool import Answered, ask

_NO_LIMIT = 1 << 60
"""Version 1 of control groups writes the largest page-aligned number for no limit at all."""


def of_this_machine(platform: str, root: Path = Path("/")) -> System:
    """What a program may use.

    Args:
        platform: as `sys.platform` names it.
        root: the folder that holds `proc` and `sys`.
    """
    if platform == "darwin":
        installed = _of_sysctl()
        return System(installed, installed)
    if platform == "win32":
        installed = _of_windows()
        return System(installed, installed)
    installed = _of_proc(root / "proc" / "meminfo")
    limits = sorted(_limits(root))
    if limits and (installed is None or limits[0][0] < installed):
        return System(limits[0][0], installed, limits[0][1])
    return System(installed, installed)


def _of_sysctl() -> int | None:
    answer = ask(("sysctl", "-n", "hw.memsize"))
    text = answer.text.strip() if isinstance(answer, Answered) else ""
    return whole(text)


def _of_windows() -> int | None:
    """`GlobalMemoryStatusEx` of kernel32; its structure is that of Microsoft's sysinfoapi.h."""
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            ("installed", ctypes.c_uint64),
            ("others", ctypes.c_uint64 * 6),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only Windows has the name
    return int(status.installed) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def _of_proc(file: Path) -> int | None:
    """`MemTotal` of Linux's /proc/meminfo, whose kB are 1,024 bytes (proc_meminfo(5))."""
    for line in _text(file).split("\n"):
        key, _, rest = line.partition(":")
        if key == "MemTotal" and rest.split() and (kib := whole(rest.split()[0])):
            return kib * 1024
    return None


def _limits(root: Path) -> Iterator[tuple[int, str]]:
    """The limits of this process's control groups and of all groups above them, in bytes, with their files."""
    mount = root / "sys" / "fs" / "cgroup"
    for line in _text(root / "proc" / "self" / "cgroup").split("\n"):
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0" and not controllers:
            yield from _of_groups(root, mount, path, "memory.max")
        elif "memory" in controllers.split(","):
            yield from _of_groups(root, mount / "memory", path, "memory.limit_in_bytes")


def _of_groups(root: Path, mount: Path, path: str, name: str) -> Iterator[tuple[int, str]]:
    """A limit holds for all groups below it; inside a container the mount is the container's own group."""
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    for depth in range(len(parts) + 1):
        file = mount.joinpath(*parts[:depth]) / name
        limit = whole(_text(file).strip(), 19) or 0
        if 0 < limit < _NO_LIMIT:
            yield limit, f"/{file.relative_to(root).as_posix()}"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # a NUL in the name of a group, which no system has
        return ""
