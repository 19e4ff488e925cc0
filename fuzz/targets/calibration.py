"""A file of calibrations, as `weighbridge calibrate` writes it."""

import json

from checker.facts.calibration_file import load, with_run
from fuzz.given import SHAPED, json_text
from fuzz.target import folder
from fuzz.yaml_words import words_of

LONGEST = 384
_PATH = folder() / "calibration.json"
_KEYS = tuple(word for word in words_of("calibration") if word.isidentifier())
WORDS = tuple(f'"{key}"' for key in _KEYS)
_RUN = {
    "plan_sha256": "a" * 64,
    "model": "a/b",
    "plan": "qlora",
    "device": "cuda",
    "gpu": "L4",
    "gpu_bytes": 1 << 34,
    "allocated_bytes": 5,
    "reserved_bytes": None,
    "device_bytes": 7,
    "estimated_bytes": 6,
    "steps": 3,
    "measured_on": "2026-11-02",
    "versions": {"torch": "2.13"},
}
_FILE = {"format": 1, "runs": [_RUN]}


def seeds():
    yield json.dumps(_FILE).encode()[:LONGEST]
    yield SHAPED


def one(data):
    _PATH.write_bytes(json_text(data, (_FILE,), _KEYS))
    read = load(_PATH)
    if read.runs:
        _PATH.write_text(with_run(read, read.runs[0]), encoding="utf-8")
        assert {one.identity for one in load(_PATH).runs} == {one.identity for one in read.runs}
