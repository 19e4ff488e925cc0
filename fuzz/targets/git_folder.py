"""The files of somebody's `.git` that are read without git: the commit of HEAD is one, or nobody knows it."""

import re

from checker.fleet.commit import head, is_bare, past
from fuzz.target import folder

LONGEST = 320
WORDS = ("ref: refs/heads/main\n", "a" * 40, " refs/heads/main\n", "../", "/", "gitdir: ", "\0", "^", "# pack-refs\n")
_FOLDER = folder()
_PARTED = b"\n---\n"
_FILES = ("HEAD", "refs/heads/main", "packed-refs", "commondir", "shallow")
_WRITTEN = {}
"""What each file holds: most inputs change one of them."""


def seeds():
    yield b"ref: refs/heads/main\n---\n" + b"a" * 40 + b"\n---\n---\n---\n"
    yield b"ref: refs/heads/main\n---\n---\n# pack-refs\n" + b"b" * 40 + b" refs/heads/main\n^" + b"c" * 40
    yield b"ref: refs/heads/main\n---\n---\n---\n../.git\n---\n" + b"d" * 40
    yield b"e" * 64
    yield b"ref: ../../../etc/passwd\n---\n\xff"


def one(data):
    git = _FOLDER / ".git"
    for name, content in zip(_FILES, [*data.split(_PARTED), *[b""] * len(_FILES)], strict=False):
        if _WRITTEN.get(name) != content:
            (git / name).parent.mkdir(parents=True, exist_ok=True)
            (git / name).write_bytes(content)
            _WRITTEN[name] = content
    found = head(_FOLDER)
    assert re.fullmatch(r"|[0-9a-f]{40}|[0-9a-f]{64}", found)
    assert not found or found.encode() in data
    told = past(_FOLDER)
    assert told is None or told.startswith(f"{found} ")
    assert not is_bare(_FOLDER)
