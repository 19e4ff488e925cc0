"""What AMD's tools say in each age of their formats. The tools are stand-ins: see drivers.py."""

import json
import time

import pytest

from checker.hardware import Cause, amd, declared, tool
from checker.hardware.machine import Machine, System
from checker.hardware.named import with_name
from tests.hardware.drivers import MIB, program

NAME = "AMD Instinct MI300X OAM"
ASIC = {"market_name": NAME, "vendor_id": "0x1002", "target_graphics_version": "gfx942"}
AGES = {
    "amd-smi of ROCm 5.7": [
        {"gpu": 0, "asic": {"market_name": NAME}, "vram": {"vram_type": "HBM3", "vram_size_mb": 196592}}
    ],
    "amd-smi of ROCm 6.0": [{"gpu": 0, "asic": ASIC, "vram": {"type": "HBM3", "size_mb": 196592}}],
    "amd-smi of ROCm 6.2": [{"gpu": 0, "asic": ASIC, "vram": {"size": {"value": 196592, "unit": "MB"}}}],
    "amd-smi with a size in words": [{"gpu": 0, "asic": ASIC, "vram": {"size": "196592 MB"}}],
    "amd-smi of ROCm 7": {"gpu_data": [{"gpu": 0, "asic": ASIC, "vram": {"size": {"value": 196592, "unit": "MB"}}}]},
}


@pytest.mark.parametrize("answer", AGES.values(), ids=AGES)
def test_each_age_of_amd_smi_is_read(no_tools, answer):
    program(no_tools, "amd-smi", json.dumps(answer))
    (device,), troubles = amd.seen(present=True)
    assert (device.name, device.memory_bytes, troubles) == (NAME, 196592 * MIB, ())
    assert with_name(device).gpu == "MI300X"


@pytest.mark.parametrize(
    "words",
    [
        {"Card series": "AMD Radeon RX 7900 XTX", "Card model": "0x744c", "Card vendor": "AMD"},
        {"Card Series": "AMD Radeon RX 7900 XTX", "Card Model": "0x744c", "GFX Version": "gfx1100"},
        {"Device Name": "AMD Radeon RX 7900 XTX", "Card Series": "N/A"},
    ],
    ids=["before ROCm 6", "ROCm 6", "ROCm 6.2"],
)
def test_each_age_of_rocm_smi_is_read_and_its_system_is_no_card(no_tools, words):
    card = {"VRAM Total Memory (B)": "25753026560", "VRAM Total Used Memory (B)": "1", **words}
    text = json.dumps({"card0": card, "card1": card, "system": {"Driver version": "6.7"}})
    program(
        no_tools,
        "rocm-smi",
        f"WARNING: AMD GPU device(s) is/are in a low-power state\n{{warning}}\n\n{text}\nWARNING: x\n",
    )
    devices, troubles = amd.seen(present=True)
    assert [device.name for device in devices] == ["AMD Radeon RX 7900 XTX"] * 2
    assert troubles == ()
    machine = Machine(tuple(map(with_name, devices)), (), System(None, None))
    assert [one.yaml for one in declared(machine)] == ["{gpu: RX 7900 XTX, count: 2}"]


def test_the_older_tool_answers_where_the_newer_one_cannot(no_tools):
    program(no_tools, "amd-smi", "", code=1, complains="no such option: --json")
    program(
        no_tools, "rocm-smi", json.dumps({"card0": {"VRAM Total Memory (B)": "17163091968", "Card series": "RX 6800"}})
    )
    (device,), troubles = amd.seen(present=True)
    assert (device.name, troubles) == ("RX 6800", ())


def test_a_card_without_a_name_is_still_a_card(no_tools):
    program(no_tools, "amd-smi", json.dumps([{"vram": {"size_mb": 8192}, "asic": {"market_name": "N/A"}}]))
    (device,), _ = amd.seen(present=True)
    assert (device.name, device.memory_bytes) == ("AMD GPU", 8192 * MIB)


@pytest.mark.parametrize(
    ("answer", "options", "cause", "present"),
    [
        ("", {"code": 1, "complains": "ERROR: Permission denied: user is not in render group"}, Cause.PERMISSION, True),
        (
            "",
            {"code": 1, "complains": "ERROR:root:Driver not initialized (amdgpu not found in modules)"},
            Cause.DRIVER_NOT_LOADED,
            False,
        ),
        ("[]", {}, Cause.NO_DEVICE, False),
        ('{"gpu_data": []}', {}, Cause.NO_DEVICE, False),
        ("[[[", {}, Cause.UNREADABLE, True),
        ('[{"vram": {"size": {"value": 1, "unit": "furlongs"}}}]', {}, Cause.UNREADABLE, True),
        ('[{"vram": {"size_mb": 0}, "asic": {}}]', {}, Cause.UNREADABLE, True),
        ("[" * 100_000, {}, Cause.UNREADABLE, True),
        ("\x00\x01", {"code": 139}, Cause.UNREADABLE, True),
    ],
)
def test_a_tool_that_lists_nothing_says_why(no_tools, answer, options, cause, present):
    program(no_tools, "amd-smi", answer, **options)
    devices, (trouble,) = amd.seen(present=False)
    assert (devices, trouble.cause, trouble.present) == ((), cause, present)


def test_without_a_tool_nobody_was_asked(no_tools):
    _, (trouble,) = amd.seen(present=True)
    assert trouble.cause is Cause.TOOL_MISSING
    assert trouble.sentence == "neither amd-smi nor rocm-smi is installed, so AMD's driver was not asked"
    assert trouble.remedy == "install AMD's `amd-smi` (package amd-smi-lib of ROCm)"
    assert amd.seen(present=False)[1][0].remedy == ""


def test_a_tool_that_hangs_is_ended_with_what_it_started(no_tools, monkeypatch):
    program(no_tools, "amd-smi", "[]", sleeps=30)
    monkeypatch.setattr(tool.ask, "__defaults__", (0.2,))
    began = time.monotonic()
    _, (trouble,) = amd.seen(present=False)
    assert time.monotonic() - began < 25, "the program sleeps for 30 s"
    assert (trouble.cause, trouble.sentence, trouble.present) == (
        Cause.TOO_SLOW,
        "amd-smi did not answer in 0.2 s",
        True,
    )


def test_a_tool_that_cannot_be_started_is_told(no_tools):
    file = no_tools / "amd-smi"
    file.write_bytes(b"\x7fELF no program")
    file.chmod(0o755)
    answer = tool.ask(("amd-smi",))
    assert isinstance(answer, tool.NotAnswered)
    assert answer.cause is Cause.UNREADABLE
    assert answer.sentence == "amd-smi could not be started: Exec format error"
