"""What a Mac's own tools print: a chip with the memory that Metal lets programs use, or why there is none."""

import json

from checker.document.as_json import dumps
from checker.hardware import apple, as_json, as_text
from checker.hardware.machine import Machine, System
from checker.hardware.tool import Answered
from fuzz.given import SHAPED, json_text
from fuzz.target import safe_lines

LONGEST = 384
_GIB = 1 << 30
_PARTED = b"\n---\n"
_DISPLAYS = ({"SPDisplaysDataType": [{"_name": "Apple M2 Max", "sppci_cores": "38", "sppci_model": "Apple M2 Max"}]},)
_KEYS = ("SPDisplaysDataType", "sppci_cores", "38", "\u0663\u0663", "\u00b2")
WORDS = (*(f'"{key}"' for key in _KEYS), "Apple M1", "Apple ", "Intel(R)", "49152", "-1", "99999999999999999999")


def seeds():
    yield b"Apple M2 Max\n---\n0\n---\n" + json.dumps(_DISPLAYS[0]).encode()
    yield b"Apple M3 Ultra\n---\n98304\n---\n" + SHAPED + b"\0"
    yield b"Intel(R) Core(TM) i9\n---\n\n---\n{}"
    yield b"\n---\n---\n"


def one(data):
    chip, wired, displays = [*data.split(_PARTED, 2), b"", b""][:3]
    answers = {
        "machdep.cpu.brand_string": chip,
        "iogpu.wired_limit_mb": wired,
        "SPDisplaysDataType": json_text(displays, _DISPLAYS, _KEYS),
    }

    def answered(command):
        known = next(answers[word] for word in command if word in answers)
        return Answered(known.decode("utf-8", "replace"), "", 0)

    kept, apple.ask = apple.ask, answered
    try:
        devices, troubles = apple.seen(System(96 * _GIB, 96 * _GIB))
    finally:
        apple.ask = kept
    assert len(devices) + len(troubles) == 1
    for device in devices:
        assert 0 < device.memory_bytes <= 96 * _GIB
    machine = Machine(devices, troubles, System(96 * _GIB, 96 * _GIB))
    safe_lines(as_text.of_machine(machine))
    safe_lines(dumps(as_json.of_machine(machine), allow_nan=False))
