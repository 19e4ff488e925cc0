"""Places in a stranger's JSON: at the place of a value stands that value, and at the place of a key that key."""

import json

from checker.document.json_bounded import decoded
from checker.document.json_place import Places, place_in
from fuzz.given import SHAPED, json_text
from fuzz.target import source

LONGEST = 384
_DOCUMENTS = (
    {"a": [1, {"b": None, "c d": "x,:y"}], "": {}, "é\n": [[], [[2.5]], "\ud83d\ude00"], 'a"b': True},
    [{"a": 1}, {"a": [0, -1, 1e9]}, [], "[", "{"],
)
_KEYS = ("a", "", "\u2028", "\\", "key", "\t")
WORDS = (
    '"a"',
    "\\u0061",
    "\r\n",
    "\r",
    ", ",
    ": ",
    "NaN",
    "-Infinity",
    "[]",
    "{}",
    '"\\""',
    "\u2028",
    "\ufeff",
    '{"a":1,',
)
_MOST = 40


def seeds():
    for number, document in enumerate(_DOCUMENTS):
        yield json.dumps(document, indent=number or None, ensure_ascii=bool(number)).encode("utf-8", "surrogatepass")
        yield SHAPED + bytes((number,))
    yield b'{"a": 1,\r\n "a": 2}'
    yield b'{"a": {"b": 1, "\\u0062": [3]}}'


def one(data):
    file = source(json_text(data, _DOCUMENTS, _KEYS), "a.json")
    value = decoded(file)
    places, starts = Places(file), _starts(file.text)
    for path, held in list(_paths(value, ()))[:_MOST]:
        at = places.of(path)
        assert at == place_in(file, path)
        stands = file.text[starts[at.line - 1] + at.column - 1 :]
        found, _ = _DECODER.raw_decode(stands)
        assert repr(found) == repr(held), "another value stands there"
        if path and isinstance(path[-1], str):
            key = places.of(path, of_key=True)
            stands = file.text[starts[key.line - 1] + key.column - 1 :]
            assert _DECODER.raw_decode(stands)[0] == path[-1], "another key stands there"
    assert places.of(("no such", 7)).line >= 1


_DECODER = json.JSONDecoder()


def _paths(value, path):
    yield path, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, held in members:
        yield from _paths(held, (*path, step))


def _starts(text):
    """Where each line begins, as places count them."""
    starts, at = [0], 0
    while at < len(text):
        if text[at] == "\r" and text[at + 1 : at + 2] == "\n":
            at += 1
        if text[at] in "\r\n":
            starts.append(at + 1)
        at += 1
    return starts
