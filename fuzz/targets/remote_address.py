"""The address of a remote, as a repository's configuration has it: https of its host, without what may be a secret."""

import re

from checker.runs.recording import identity
from checker.surroundings import _address
from fuzz.target import source

LONGEST = 128
WORDS = (
    "https://",
    "ssh://",
    "git://",
    "git@",
    "user:secret@",
    "@",
    ":",
    "/",
    ".git",
    "host",
    ":8443",
    "?",
    "#",
    "//",
    "\\",
)


def seeds():
    yield b"https://user:secret@git.example/acme/bot.git"
    yield b"git@git.example:acme/bot.git"
    yield b"ssh://git@git.example:22/acme/bot"
    yield b"https://git.example:8443/acme/bot/"
    yield b"C:\\acme\\bot"


def one(data):
    written = source(data).text
    found = _address(written)
    if found:
        assert re.fullmatch(r"https://[\w.-]+(:\d+)?/[^\s?#@]*", found), f"what may be a secret is shown: {found!a}"
    named = identity(written)
    assert "://" not in named
    assert "@" not in named
