"""Linux's own files about memory, as a container may hand them in: what a program may use, or that nobody says it."""

from checker.hardware.system import of_this_machine
from fuzz.target import folder

LONGEST = 256
WORDS = ("MemTotal:", " kB\n", "0::/", "9:memory:/", "9:cpu,memory:/a/b\n", "../", "max", "9223372036854771712", "\0")
_ROOT = folder()
_PARTED = b"\n---\n"
_PLACES = ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/a/memory.max", "sys/fs/cgroup/memory/a/memory.limit_in_bytes")


def seeds():
    yield b"MemTotal:       65536000 kB\nMemFree: 1 kB\n---\n0::/a/b\n---\n8589934592\n---\nmax\n---\n1"
    yield b"MemTotal: 1 kB\n---\n9:memory:/a\n0::/\n---\n---\n9223372036854771712\n---\n4294967296\n"
    yield b"MemTotal:\n---\n0::/../../etc\n---\n-1\n---\n1e9\n---\n0x10"


def one(data):
    meminfo, groups, *limits = [*data.split(_PARTED), b""]
    for name, content in zip(
        ("proc/meminfo", "proc/self/cgroup", *_PLACES), (meminfo, groups, *limits, b"", b"", b""), strict=False
    ):
        (_ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (_ROOT / name).write_bytes(content)
    found = of_this_machine("linux", _ROOT)
    for size in (found.memory_bytes, found.installed_bytes):
        assert size is None or size > 0
    if found.installed_bytes is not None:
        assert found.memory_bytes is not None
        assert found.memory_bytes <= found.installed_bytes
    assert not found.limited_by or found.limited_by.lstrip("/") in _PLACES, found.limited_by
