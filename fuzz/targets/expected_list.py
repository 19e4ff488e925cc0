"""The list of repositories that should have run, a line each: every name in it is looked for, or the list is refused."""

from checker.fleet.period import _expected, _named
from fuzz.target import folder

LONGEST = 384
WORDS = ("https://", "git@", ".git", "/", ":", "#", "\r\n", "\r", "\u2028", "\x0b", "\x1c", "\x85", "ssh://", "?", "@")
_FILE = folder() / "repos.txt"


def seeds():
    yield b"# all of ours\nhttps://git.example/acme/one\nacme/two  # the second\n\ngit@git.example:acme/three.git\r\n"
    yield b"acme/one\racme/two\r\nACME/Three/\n"
    yield b"#\n\n"


def one(data):
    _FILE.write_bytes(data)
    found = _expected(_FILE)
    assert len(set(found)) == len(found) > 0
    for name in found:
        assert not set(name) & set("\n\r"), "two lines were taken for one"
        assert _named(name, [name]), "a name that is not itself"
    stated = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    asked = [line for line in stated if line.split("#")[0].strip()]
    assert len(found) <= len(asked)
