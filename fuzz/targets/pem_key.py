"""A key in PEM, private or public: one that is read signs what it alone verifies; everything else is refused."""

from base64 import b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from checker.attested.keys import PassphraseNeededError, private_key, public_key, sign, verifies
from checker.document.errors import InputError
from fuzz.given import SHAPED

LONGEST = 1024
WORDS = (
    *("-----BEGIN PUBLIC KEY-----\n", "-----END PUBLIC KEY-----\n", "-----BEGIN PRIVATE KEY-----\n", "\r\n", "="),
    *("-----BEGIN EC PRIVATE KEY-----\n", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "-----BEGIN CERTIFICATE-----\n"),
    *("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n", "-----BEGIN RSA PRIVATE KEY-----\n"),
    *("\x30\x80", "\x06\x03\x2b\x65\x70", "\x02\x01\x01", "\x03\x21\x00", "\x05\x00", "\xa1\x03\x02\x01\x07"),
)
_MARKS = ("PUBLIC KEY", "PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "RSA PUBLIC KEY", "ENCRYPTED PRIVATE KEY")
_KINDS = ("ed25519", "ecdsa-p256")
_CONTENT = b"DSSEv1"


@cache
def _keys():
    """Of both kinds that we use and of others, made of numbers, so that they are always the same."""
    ours = (ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))), ec.derive_private_key(7, ec.SECP256R1()))
    edwards, agreeing = ed448.Ed448PrivateKey.from_private_bytes(bytes(range(57))), bytes(range(32))
    return (
        *ours,
        ec.derive_private_key(9, ec.SECP384R1()),
        x25519.X25519PrivateKey.from_private_bytes(agreeing),
        edwards,
    )


def seeds():
    public = PublicFormat.SubjectPublicKeyInfo
    for key in _keys():
        yield key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        yield key.public_key().public_bytes(Encoding.PEM, public)
        yield SHAPED + b"\0" + key.public_key().public_bytes(Encoding.DER, public)
        yield SHAPED + b"\1" + key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    of_openssl = _keys()[1].private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    yield SHAPED + b"\2" + of_openssl
    yield SHAPED + b"\5" + of_openssl


def one(data):
    pem = _pem(data)
    refused = []
    for read in (lambda: public_key("a.pem", pem), lambda: private_key("a.pem", pem, None)):
        try:
            key = read()
        except PassphraseNeededError:
            continue
        except InputError as error:
            refused.append(error)
            continue
        assert key.kind in _KINDS
        assert len(key.id) == 64
        if hasattr(key.key, "sign"):
            signature, public = sign(key, _CONTENT), key._replace(key=key.key.public_key())
            assert verifies(public, signature, _CONTENT)
            assert not verifies(public, signature, _CONTENT + b"1")
        else:
            assert not verifies(key, data[-64:], _CONTENT)
            assert b"PRIVATE KEY" not in pem
    for error in refused:
        raise error


def _pem(data):
    """The input as it is, or what it holds between marks, so that its bytes are looked at and not its letters."""
    if not data.startswith(SHAPED):
        return data
    mark = _MARKS[(data[1] if len(data) > 1 else 0) % len(_MARKS)].encode()
    return b"-----BEGIN %b-----\n%b\n-----END %b-----\n" % (mark, b64encode(data[2:]), mark)
