"""Apple silicon, the computer's memory and the bus. Tools and files are stand-ins: see drivers.py."""

import ctypes
import json
import sys
from types import SimpleNamespace

import pytest

from checker.hardware import Cause, System, Vendor, declared, detect, pci, system
from tests.hardware.drivers import by_arguments, program

GIB = 1 << 30


@pytest.fixture
def mac(no_tools, monkeypatch):
    """A Mac, whose `sysctl` answers what a test says."""
    monkeypatch.setattr(sys, "platform", "darwin")

    def set_up(chip="Apple M2 Max", gib=64, wired="0", cores="38"):
        answers = {
            "machdep.cpu.brand_string": chip,
            "hw.memsize": str(gib * GIB) if gib else "",
            "iogpu.wired_limit_mb": wired,
        }
        by_arguments(no_tools, "sysctl", {key: value for key, value in answers.items() if value})
        if cores:
            program(no_tools, "system_profiler", json.dumps({"SPDisplaysDataType": [{"sppci_cores": cores}]}))
        return detect()

    return set_up


def test_a_mac_s_gpu_has_the_part_of_the_memory_that_metal_recommends(mac):
    machine = mac()
    (device,) = machine.devices
    assert (device.name, device.gpu) == ("Apple M2 Max, 38 GPU cores, 64 GB", "Apple M2 Max 64 GB")
    assert device.memory_bytes == 48 * GIB
    assert device.note == (
        "unified memory; heuristic: Metal's recommended working set is three quarters of it (logs of llama.cpp, see gpus.md)"
    )
    assert [one.yaml for one in declared(machine)] == ["{gpu: Apple M2 Max 64 GB, count: 1}"]
    assert machine.system == System(64 * GIB, 64 * GIB)


def test_a_small_mac_has_two_thirds(mac):
    (device,) = mac("Apple M1", 16, cores="").devices
    assert device.memory_bytes == int(16 * GIB * 2 / 3)
    assert device.name == "Apple M1, 16 GB"


def test_a_limit_that_somebody_set_is_no_heuristic(mac):
    (device,) = mac(wired="61440").devices
    assert (device.memory_bytes, device.note) == (60 * GIB, "unified memory; iogpu.wired_limit_mb allows 61440 MiB")


@pytest.mark.parametrize(
    ("chip", "gib", "cause", "uncertain"),
    [
        ("Intel(R) Core(TM) i9-9880H CPU @ 2.30GHz", 32, Cause.NO_DEVICE, False),
        ("", 32, Cause.UNREADABLE, True),
        ("Apple M2", 0, Cause.UNREADABLE, True),
    ],
)
def test_a_mac_without_such_a_chip_or_without_answers_says_so(mac, chip, gib, cause, uncertain):
    machine = mac(chip, gib)
    assert machine.devices == ()
    assert machine.troubles[0].cause is cause
    assert bool(machine.uncertain) is uncertain


@pytest.mark.parametrize(
    "answer", ["{", "{}", '{"SPDisplaysDataType": []}', '{"SPDisplaysDataType": [{"sppci_cores": "many"}]}']
)
def test_a_profile_that_tells_no_cores_costs_nothing_else(mac, no_tools, answer):
    program(no_tools, "system_profiler", answer)
    assert mac(cores="").devices[0].name == "Apple M2 Max, 64 GB"


def linux(root, files):
    for name, text in {"proc/meminfo": "MemFree: 1 kB\nMemTotal:       65536000 kB\n", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return system.of_this_machine("linux", root)


WHOLE = 65536000 * 1024


@pytest.mark.parametrize(
    ("files", "memory", "limited_by"),
    [
        ({}, WHOLE, ""),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"}, WHOLE, ""),
        (
            {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": f"{8 * GIB}\n"},
            8 * GIB,
            "/sys/fs/cgroup/memory.max",
        ),
        (
            {
                "proc/self/cgroup": "0::/user.slice/job\n",
                "sys/fs/cgroup/user.slice/memory.max": f"{4 * GIB}\n",
                "sys/fs/cgroup/user.slice/job/memory.max": f"{8 * GIB}\n",
            },
            4 * GIB,
            "/sys/fs/cgroup/user.slice/memory.max",
        ),
        (
            {"proc/self/cgroup": "0::/a\u2028b\n", "sys/fs/cgroup/a\u2028b/memory.max": f"{3 * GIB}\n"},
            3 * GIB,
            "/sys/fs/cgroup/a\u2028b/memory.max",
        ),
        (
            {
                "proc/self/cgroup": "9:memory:/docker/x\n3:cpu,cpuacct:/y\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{2 * GIB}\n",
            },
            2 * GIB,
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        ),
        (
            {
                "proc/self/cgroup": "9:memory:/\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            },
            WHOLE,
            "",
        ),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": f"{WHOLE * 2}\n"}, WHOLE, ""),
        ({"proc/self/cgroup": "0::/../..\n", "sys/fs/cgroup/memory.max": "0\n"}, WHOLE, ""),
        ({"proc/self/cgroup": "0::/a\0b\n", "sys/fs/cgroup/memory.max": f"{GIB}\n"}, GIB, "/sys/fs/cgroup/memory.max"),
    ],
)
def test_a_container_s_limit_is_what_a_program_may_use(tmp_path, files, memory, limited_by):
    assert linux(tmp_path, files) == System(memory, WHOLE, limited_by)


@pytest.mark.parametrize("text", ["", "MemTotal:\n", "MemTotal: much kB\n"])
def test_memory_that_nobody_states_is_unknown(tmp_path, text):
    assert linux(tmp_path, {"proc/meminfo": text}) == System(None, None)


def test_windows_is_asked_for_its_memory(monkeypatch):
    def fill(pointer):
        pointer._obj.installed = 32 * GIB
        return 1

    monkeypatch.setattr(
        ctypes, "windll", SimpleNamespace(kernel32=SimpleNamespace(GlobalMemoryStatusEx=fill)), raising=False
    )
    assert system.of_this_machine("win32") == System(32 * GIB, 32 * GIB)


def test_the_memory_of_this_machine_is_known():
    found = system.of_this_machine(sys.platform)
    assert found.memory_bytes > GIB // 4


def bus(root, **devices):
    for name, (kind, maker) in devices.items():
        folder = root / "sys/bus/pci/devices" / name
        folder.mkdir(parents=True)
        (folder / "class").write_text(kind)
        if maker:
            (folder / "vendor").write_text(maker)
    return pci.makers(root)


def test_the_bus_shows_cards_whose_drivers_say_nothing(tmp_path):
    assert bus(
        tmp_path,
        a=("0x030200\n", "0x10de\n"),
        b=("0x120000\n", "0x1002\n"),
        c=("0x020000\n", "0x10de\n"),
        d=("0x030000\n", "0x8086\n"),
        e=("0x030000\n", ""),
    ) == {Vendor.NVIDIA, Vendor.AMD}


def test_without_a_bus_nobody_can_tell(tmp_path):
    assert pci.makers(tmp_path) is None
    assert bus(tmp_path, a=("0x030000", "0x1414")) == frozenset()
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/dxg").write_text("")
    assert pci.makers(tmp_path) is None
