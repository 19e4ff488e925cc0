"""A signed envelope: one that is read is written and read alike, and is never taken for signed by a key that did not sign it."""

import json
from base64 import b64encode

from checker.attested.envelope import as_json, read_envelope, signed_bytes
from fuzz.given import SHAPED, json_text

LONGEST = 384
_KEYS = ("payload", "payloadType", "signatures", "keyid", "sig")
WORDS = (*(f'"{key}"' for key in _KEYS), "application/vnd.in-toto+json", "e30=", "_-8=")
_ENVELOPE = {
    "payload": b64encode(b'{"_type": "https://in-toto.io/Statement/v1"}').decode(),
    "payloadType": "application/vnd.in-toto+json",
    "signatures": [{"keyid": "a", "sig": "AAAA"}],
}


def seeds():
    yield json.dumps(_ENVELOPE).encode()
    yield SHAPED


def one(data):
    read = read_envelope("a.json", json_text(data, (_ENVELOPE,), _KEYS))
    signed_bytes(read.payload, read.payload_type)
    assert read_envelope("a.json", as_json(read).encode()) == read
