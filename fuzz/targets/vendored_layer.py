"""A copy of a policy on another host: read where its digest fits, and refused wherever one byte of it is another.

What is read of it then is what the target `policy` reads.
"""

from hashlib import sha256

from checker.document.errors import InputError
from checker.document.place import NOWHERE, At
from checker.policy.remote import VENDORED, parse_remote, read_vendored
from fuzz.target import files, folder
from fuzz.yaml_words import words_of

LONGEST = 512
WORDS = words_of("policy")
_TREE = folder()
_LINE = "git+https://git.example/acme/policies@" + "a" * 40 + "#sha256={}:base.yaml"


def seeds():
    yield b"policy: acme\nversion: 1\nrules:\n  license-allowed: {enforcement: advisory, allow: [MIT]}\n"
    yield b"policy: acme\nextends: [weighbridge:enterprise]\nrules: {revision-pinned: soft-mandatory}\n"
    yield from files("checker/policies/*.yaml", longest=LONGEST)


def one(data):
    line = At(_LINE.format(sha256(data).hexdigest()), NOWHERE)
    layer = parse_remote(line)
    copy = _TREE / layer.copy
    (_TREE / VENDORED).mkdir(exist_ok=True)
    try:
        copy.write_bytes(data + b"\n")
        _refused(layer, line)
        copy.write_bytes(data)
        source = read_vendored(layer, _TREE, line)
    finally:
        copy.unlink()
    assert source.text.encode() == data.removeprefix(b"\xef\xbb\xbf")
    _refused(layer, line)


def _refused(layer, line):
    try:
        read_vendored(layer, _TREE, line)
    except InputError:
        return
    raise AssertionError("a copy of another digest, or none, was read")
