"""A kept result of an audit whose digest is made to fit: what is read of it is kept alike, and goes into the tables."""

import json
from datetime import date

from checker.fleet import store
from checker.fleet.gathered import Gathered, Header
from checker.fleet.record import ProjectRecord
from checker.fleet.run import Done
from fuzz.captured import AUDIT
from fuzz.given import ODD, SHAPED, json_text
from fuzz.target import folder

LONGEST = 256
_KEY = "ab" * 32
_STORE = store.Store(folder())
_ODD = (*ODD, *("2026-11-28", "0001-01-01", "9999-12-31", "2026-02-30", "advisory", "fail", 3, 1e3, "3", b"a".hex()))
_HEADER = Header("1", date(2026, 11, 28), "", "p", "1", "", ())


def _records():
    return [json.loads(one.model_dump_json()) for one in AUDIT.arguments()["records"]]


_RECORDS = _records()
_KEYS = tuple(dict.fromkeys((*ProjectRecord.model_fields, "models", "findings", "lacks", "verdicts", "age_days")))
WORDS = tuple(f'"{key}"' for key in _KEYS)


def seeds():
    for number, record in enumerate(_RECORDS):
        yield json.dumps(record).encode()[:LONGEST]
        yield SHAPED + bytes((number,))
        yield SHAPED + bytes((number, 3, 2, 1, 0, 5))


def one(data):
    text = json_text(data, _RECORDS, _KEYS, _ODD)
    path = _STORE._path(_KEY)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(store._digest(_KEY, text).encode() + b"\n" + text)
    record = _STORE.get(_KEY)
    path.write_bytes(store._digest(_KEY, text).encode() + b"\n" + text + b" ")
    assert _STORE.get(_KEY) is None, "what does not bear its own digest was read"
    if record is None:
        return
    _STORE.put(_KEY, record)
    assert _STORE.get(_KEY) == record, "what was kept reads otherwise"
    gathered = Gathered()
    gathered.add(Done(record, True))
    inventory = gathered.inventory(_HEADER, {})
    json.loads(inventory.model_dump_json())
    assert inventory.totals.projects == 1
    assert inventory.totals.manifests == len(record.manifests)
    assert len(inventory.waivers) == len(record.waivers)
