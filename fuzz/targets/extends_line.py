"""A line `git+https://…` under `extends`: what is read of it says the same address again."""

from checker.document.place import NOWHERE, At
from checker.policy.remote import parse_remote
from fuzz.target import source

WORDS = ("git+https://", "@", "#sha256=", ":", "..", "/", "-", ".lock", "user@", "?", "%2e")
_LINE = "git+https://git.example/acme/policies@" + "a" * 40 + "#sha256=" + "b" * 64 + ":models/base.yaml"


def seeds():
    yield _LINE.encode()
    yield _LINE.replace("git.example", "git.example:8443").encode()


def one(data):
    text = source(data).text
    layer = parse_remote(At(text, NOWHERE))
    assert text == f"git+{layer.url}@{layer.commit}#sha256={layer.sha256}:{layer.path}"
    for part in (layer.host, *layer.url.removeprefix("https://").split("/"), *layer.path.split("/")):
        assert part and not part.startswith("-") and ".." not in part.split("/"), part
    assert "@" not in layer.url and "?" not in layer.url
