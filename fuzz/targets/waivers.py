"""A file of waivers; one that is read can be added to and taken from, and still says the same of the others."""

from checker.waivers.edit import with_added, without
from checker.waivers.file import read_ledger
from fuzz.target import source
from fuzz.yaml_words import only_the_fast_parser, words_of
from tests.repository import FIELDS, ledger, waiver

WORDS = words_of("waivers")
LONGEST = 1024
_ADDED = {**FIELDS, "id": "W-added by the fuzzer"}


def seeds():
    only_the_fast_parser()
    yield ledger().encode()
    yield ledger(waiver(id="W-1"), waiver(id="W-2", ticket="T"), head="adopted: 3\n").encode()
    yield b"waivers: []\n"
    yield b"waivers:\n- {id: a, rule: b, project: c, model: d, kind: agreement, reason: e, approver: , approved_on: 2026-01-01, expires: 2027-01-01}\n"


def one(data):
    read = read_ledger(source(data, "waivers.yaml"))
    before = [_told(entry.waiver) for entry in read.entries]
    more = read_ledger(source(with_added(read, [_ADDED]).encode(), "waivers.yaml"))
    assert [_told(entry.waiver) for entry in more.entries][:-1] == before, "an entry that was not touched changed"
    less = read_ledger(source(without(more, [_ADDED["id"]]).encode(), "waivers.yaml"))
    assert [_told(entry.waiver) for entry in less.entries] == before, "an entry that was not touched changed"


def _told(waiver):
    return {name: getattr(getattr(waiver, name), "value", None) for name in type(waiver).model_fields}
