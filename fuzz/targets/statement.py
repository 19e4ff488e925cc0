"""The statement inside of an envelope that a held key signed: each question is answered, and yes means what it says."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidSignature

from checker.attested.envelope import PAYLOAD_TYPE, Envelope, Signature, signed_bytes
from checker.attested.keys import Key
from checker.attested.statement import PREDICATE_TYPE, STATEMENT_TYPE
from checker.attested.verifying import File, Standing, Wanted, code, verified
from checker.commands.verify import _as_json, _as_text
from checker.exit_code import ExitCode
from fuzz.given import ODD, SHAPED, json_text
from fuzz.target import safe_lines

LONGEST = 256


class _Held:
    """Stands for a key: whether the real ones can be cheated is not what is asked here, and they take their time."""

    def sign(self, content):
        """What `verify` takes for a signature."""
        return sha256(content).digest()

    def verify(self, signature, content):
        """As the keys of the library do."""
        if signature != self.sign(content):
            raise InvalidSignature


_KEY = _Held()
_NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
_POLICY, _MANIFEST, _LOCK, _ABOUT = "a" * 64, "b" * 64, "c" * 64, "pkg:generic/bot"
_FILE = File("model.yaml", _MANIFEST, "model.lock", _LOCK)
_WANTED = Wanted((Key("f" * 64, "ed25519", _KEY),), _POLICY, (_FILE,), timedelta(days=7), _ABOUT, False, _NOW)
_STATEMENT = {
    "_type": STATEMENT_TYPE,
    "subject": [
        {"name": "model.yaml", "digest": {"sha256": _MANIFEST}},
        {"name": "model.lock", "digest": {"sha256": _LOCK}},
    ],
    "predicateType": PREDICATE_TYPE,
    "predicate": {
        "timeVerified": "2026-11-27T12:00:00Z",
        "resourceUri": _ABOUT,
        "policy": {"uri": "policy.yaml", "digest": {"sha256": _POLICY}},
        "verificationResult": "PASSED",
        "weighbridge_result": "passed",
        "weighbridge_relaxations": [],
        "weighbridge_stoppedBy": [],
        "weighbridge_rules": {"passed": ["license-allowed"], "failed": ["x"], "waived": []},
        "weighbridge_policy": {"name": "acme", "version": "7"},
    },
}
_STOPPED = _STATEMENT | {
    "predicate": _STATEMENT["predicate"]
    | {"weighbridge_result": "not-evaluated", "verificationResult": "FAILED", "weighbridge_stoppedBy": ["x", "y"]}
}
_KEYS = tuple(dict.fromkeys((*_STATEMENT, *_STATEMENT["predicate"], "digest", "sha256", "name", "blocked")))
WORDS = (*(f'"{key}"' for key in _KEYS), "PASSED", "2026-11-28T12:00:00+14:00", "0001-01-01T00:00:00+23:59")
_ODD = (
    *(*ODD, "PASSED", "passed", "FAILED", "blocked", _POLICY, _MANIFEST, _ABOUT, "2026-11-28T12:00:00+02:00"),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-28", "2026-11-28T12:00:00", "20261128T12Z"),
)


def seeds():
    yield json.dumps(_STATEMENT).encode()[:LONGEST]
    for number in range(2):
        yield SHAPED + bytes((number,))
        yield SHAPED + bytes((number, 2, 3, 1, 1, 1, 5))


def one(data):
    payload = json_text(data, (_STATEMENT, _STOPPED), _KEYS, _ODD)
    signature = _KEY.sign(signed_bytes(payload, PAYLOAD_TYPE))
    answers = verified(Envelope(payload, PAYLOAD_TYPE, (Signature("", signature),)), _WANTED)
    found = code(answers)
    safe_lines(_as_text(answers, found))
    json.loads(_as_json(answers, found).encode(), parse_constant=_none)
    assert all(len(answer.sentence) < 10_000 for answer in answers)
    if found is ExitCode.OK:
        _holds(json.loads(payload))
        other = verified(Envelope(payload + b" ", PAYLOAD_TYPE, (Signature("", signature),)), _WANTED)
        assert [answer.standing for answer in other] == [Standing.FAILS], "what nobody signed was believed"


def _holds(said):
    """What whoever hears yes relies on, read here by hand."""
    predicate = said["predicate"]
    assert predicate["verificationResult"] == "PASSED"
    assert predicate.get("weighbridge_result", "passed") == "passed"
    assert predicate["weighbridge_relaxations"] == []
    assert predicate["policy"]["digest"]["sha256"] == _POLICY
    assert predicate["resourceUri"] == _ABOUT
    subjects = {one["digest"]["sha256"] for one in said["subject"]}
    assert {_MANIFEST, _LOCK} <= subjects
    time = datetime.fromisoformat(predicate["timeVerified"])
    assert _NOW - timedelta(days=7) <= time <= _NOW + timedelta(minutes=5)


def _none(name):
    raise AssertionError(f"{name} is no JSON")
