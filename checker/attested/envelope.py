"""The Dead Simple Signing Envelope (DSSE v1.0.2, github.com/secure-systems-lab/dsse): bytes, their type, signatures."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode, urlsafe_b64decode
from binascii import Error as Base64Error
from typing import Any

from checker.document.as_json import dumps
from checker.document.each_once import each_once
from checker.document.errors import InputError
from checker.value import NamedTuple

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_BYTES = 16 * 1024 * 1024
"""The largest envelope that is read: 16 MiB."""
MAX_SIGNATURES = 64
"""Signatures of one envelope; one with more is refused."""


class Signature(NamedTuple):
    """One signature over the payload and its type."""

    keyid: str
    """A hint that nothing rests on; may be empty."""
    sig: bytes


class Envelope(NamedTuple):
    """A payload as it was signed; nothing in it is to be believed before a signature was verified."""

    payload: bytes
    payload_type: str
    signatures: tuple[Signature, ...]


def signed_bytes(payload: bytes, payload_type: str) -> bytes:
    """What is signed: the pre-authentication encoding of the protocol (section "Signature Definition")."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def as_json(envelope: Envelope) -> str:
    """The envelope as a file."""
    content = {
        "payload": b64encode(envelope.payload).decode(),
        "payloadType": envelope.payload_type,
        "signatures": [{"keyid": one.keyid, "sig": b64encode(one.sig).decode()} for one in envelope.signatures],
    }
    return dumps(content, indent=2) + "\n"


def read_envelope(name: str, content: bytes) -> Envelope:
    """The envelope in a file.

    Raises:
        InputError: it is none.
    """
    try:
        found = read_json(content)
        signatures = found["signatures"]
        if not isinstance(signatures, list) or not 0 < len(signatures) <= MAX_SIGNATURES:
            raise ValueError(f"it has no signatures, or more than {MAX_SIGNATURES}")
        return Envelope(
            _decoded(found["payload"]),
            _text(found["payloadType"]),
            tuple(Signature(_text(one.get("keyid", "")), _decoded(one["sig"])) for one in signatures),
        )
    except KeyError as error:
        raise _no_envelope(name, f"{error.args[0]} is missing") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _no_envelope(name, str(error)) from error


def read_json(content: bytes) -> Any:
    """A JSON document in which no key stands twice: two readers must not see two values.

    Raises:
        ValueError: it is none.
    """
    return json.loads(content.decode("utf-8"), object_pairs_hook=each_once, parse_constant=_no_number)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("an escape names no character")  # such a text has no bytes that anybody could have signed
    return value


def _decoded(value: Any) -> bytes:
    """Standard or URL-safe base64, both of which the protocol admits."""
    text = _text(value)
    try:
        return urlsafe_b64decode(text) if set("-_") & set(text) else b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise ValueError("the base64 of it cannot be read") from error


def _no_envelope(name: str, why: str) -> InputError:
    return InputError.one(
        f"no signed envelope: {why}",
        expected="a DSSE envelope, as `weighbridge attest` writes it",
        file=name,
    )
