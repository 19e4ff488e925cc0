"""Local keys in PEM files, Ed25519 or ECDSA on P-256: signing with one, and trying whether a signature is of one."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from checker.document.errors import InputError
from checker.document.extra import missing
from checker.value import NamedTuple

MAX_BYTES = 64 * 1024
"""The largest file of a key that is read."""
KINDS = "an Ed25519 key, or an ECDSA key on the curve P-256, in PEM"


class PassphraseNeededError(Exception):
    """The key is encrypted and no passphrase was given."""


class Key(NamedTuple):
    """A key and its id: SHA-256, in hex, of the public key's DER encoding (SubjectPublicKeyInfo, RFC 5280)."""

    id: str
    kind: str
    key: Any


def private_key(name: str, pem: bytes, passphrase: str | None) -> Key:
    """The private key in a file.

    Raises:
        InputError: the file holds none that can be used, the passphrase is wrong, or the extra is not installed.
        PassphraseNeededError: it is encrypted and `passphrase` is None or empty.
    """
    _require(name)
    from cryptography.exceptions import InternalError, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        # The environment may hold bytes that are no UTF-8: they are the passphrase all the same.
        key = load_pem_private_key(pem, passphrase.encode("utf-8", "surrogateescape") if passphrase else None)
    except TypeError as error:  # a passphrase that is missing, or one for a key that has none
        if not passphrase:
            raise PassphraseNeededError from error
        raise InputError.one(
            "a passphrase was given, and the key is not encrypted", expected="no passphrase", file=name
        ) from error
    except (ValueError, UnsupportedAlgorithm, InternalError) as error:  # the last of OpenSSL, for a key cut short
        sentence = "no private key, or another passphrase" if passphrase else "no private key"
        raise InputError.one(sentence, expected=KINDS, file=name) from error
    return _usable(name, key, key.public_key())


def public_key(name: str, pem: bytes) -> Key:
    """The public key in a file.

    Raises:
        InputError: the file holds none that can be used, or the extra is not installed.
    """
    _require(name)
    from cryptography.exceptions import InternalError, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if b"PRIVATE KEY" in pem:
        hint = f"openssl pkey -in {name} -pubout"
        raise InputError.one(
            "a private key", expected="the public key: who verifies needs no other", hint=hint, file=name
        )
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm, InternalError) as error:
        raise InputError.one("no public key", expected=KINDS, file=name) from error
    return _usable(name, key, key)


def sign(key: Key, content: bytes) -> bytes:
    """The signature; that of ECDSA is over SHA-256, in DER."""
    if key.kind == "ed25519":
        return bytes(key.key.sign(content))
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    return bytes(key.key.sign(content, ECDSA(SHA256())))


def verifies(key: Key, signature: bytes, content: bytes) -> bool:
    """Whether the signature over the content is of this key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    how = () if key.kind == "ed25519" else (ECDSA(SHA256()),)
    try:
        key.key.verify(signature, content, *how)
    except InvalidSignature:
        return False
    return True


def _usable(name: str, key: Any, public: Any) -> Key:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if isinstance(public, Ed25519PublicKey):
        kind = "ed25519"
    elif isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1):
        kind = "ecdsa-p256"
    else:
        raise InputError.one("a key of another kind", expected=KINDS, file=name)
    encoded = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Key(sha256(encoded).hexdigest(), kind, key)


def _require(name: str) -> None:
    try:
        import cryptography  # noqa: F401
    except ImportError as error:
        raise missing("signatures need", "sign", file=name) from error
