"""A journal of runs: what cannot be read, or does not follow the line before it, is named; nothing else happens."""

from checker.runs.journal import append, read
from checker.runs.record import BEGINNING, RunRecord
from fuzz.given import SHAPED, json_text
from fuzz.target import folder

LONGEST = 512
_PATH = folder() / "a.runs.jsonl"
_RUN = {
    "format": 1,
    "time": "2026-11-28T10:00:00Z",
    "today": "2026-11-28",
    "repository": "host/a/b",
    "commit": "a" * 40,
    "dirty": None,
    "run": "",
    "tool_version": "1",
    "catalogue_sha256": "b" * 64,
    "refused": [],
    "relaxations": [],
    "policies": [{"name": "p", "version": "1", "sha256": "c" * 64, "project_sha256": ""}],
    "tally": {"pass": 3},
    "manifests": [{"file": "m", "project": "p", "sha256": "", "lock_sha256": "", "code": 0}],
    "code": 0,
    "previous": BEGINNING,
}
_KEYS = tuple(_RUN)
WORDS = tuple(f'"{key}"' for key in _KEYS)


def seeds():
    yield RunRecord.model_validate(_RUN).model_dump_json().encode()[:LONGEST]
    yield SHAPED
    yield b"\n\n"


def one(data):
    written = json_text(data, (_RUN,), _KEYS)
    _PATH.write_bytes(written)
    before = read(_PATH)
    run = RunRecord.model_validate(_RUN | {"repository": "a"})
    assert append(_PATH.parent, run) == _PATH
    after = read(_PATH)
    assert after.runs[:-1] == before.runs, "a line that was there reads otherwise"
    assert len(after.breaks) == len(before.breaks) - (not written), "the new line breaks the journal"
