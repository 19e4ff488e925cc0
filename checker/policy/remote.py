"""Policy layers on other hosts: what `extends` may name, and where the vendored copy of it lies.

`git+https://host/repo@<40 hex>#sha256=<64 hex>:path` names one file at one commit with its digest. `lock` fetches it
and puts it beside the policy under the name of its digest; a check reads that copy alone, and only if it has that
digest.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from checker.document.errors import InputError
from checker.document.place import At, SourceFile
from checker.document.read import from_text, read_bytes
from checker.value import NamedTuple

VENDORED = "weighbridge-vendored"
"""The folder beside the policy that holds the copies."""
_FORM = re.compile(
    r"git\+https://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)"
    r"(?P<repository>(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+)"
    r"@(?P<commit>[0-9a-f]{40})#sha256=(?P<sha256>[0-9a-f]{64})"
    r":(?P<path>[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*)"
)
EXPECTED = "git+https://host/repo@<40 hex>#sha256=<64 hex>:path, all in plain characters"


class RemoteLayer(NamedTuple):
    """One policy file of a repository on another host, at one commit."""

    host: str
    """In small letters, with its port where one is written."""
    url: str
    """`https://host/repo`, without user, password, query or fragment."""
    commit: str
    sha256: str
    """Of the file's bytes, in hexadecimal."""
    path: str
    """In the repository, with forward slashes."""

    @property
    def copy(self) -> str:
        """The name of the vendored copy, relative to the policy's folder."""
        return f"{VENDORED}/{self.sha256}.yaml"


def parse_remote(reference: At[str]) -> RemoteLayer:
    """What an `extends` line names.

    A part that begins with a dash could be taken for an option, `..` could leave the repository, and a user in an
    address could hide the host; the form has room for none of them.

    Raises:
        InputError: it has another form.
    """
    found = _FORM.fullmatch(reference.value)
    parts = found["repository"].split("/") + found["path"].split("/") if found else []
    if found is None or ".." in found["host"] or any(part.endswith((".", ".lock")) for part in parts):
        raise InputError.one(
            "this names no policy file of a repository at a commit with its digest",
            expected=EXPECTED,
            at=reference.at,
        )
    return RemoteLayer(
        host=found["host"],
        url=f"https://{found['host']}{found['repository']}",
        commit=found["commit"],
        sha256=found["sha256"],
        path=found["path"],
    )


def read_vendored(layer: RemoteLayer, tree: Path, reference: At[str]) -> SourceFile:
    """The vendored copy of a layer.

    Args:
        layer: the file.
        tree: the folder of the organisation's policy, beside which the copy lies.
        reference: the line that asks for it.

    Raises:
        InputError: there is no copy, it cannot be read, or it has another digest.
    """
    path, shown = tree / layer.copy, f"{(tree / layer.copy).as_posix()} ({layer.url})"
    if not path.is_file():
        raise InputError.one(
            f"no vendored copy of {layer.url} at {layer.commit[:12]} lies beside this policy",
            expected=f"the file {layer.copy}",
            hint=f"run `weighbridge lock --allow-host {layer.host}`, which fetches it; check reads no network",
            at=reference.at,
        )
    content = read_bytes(path, shown)
    if sha256(content).hexdigest() != layer.sha256:
        raise InputError.one(
            f"{layer.copy} does not have the digest that this line states",
            expected=f"the file whose SHA-256 is {layer.sha256}",
            hint=f"delete it and run `weighbridge lock --allow-host {layer.host}`",
            at=reference.at,
        )
    return from_text(shown, content)
