"""Finds the layers on other hosts that a policy extends, fetches those of which no copy is there, and keeps them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from checker.document.errors import InputError, Problem
from checker.document.inside import refuse_link_out
from checker.document.place import At, SourceFile
from checker.document.read import from_text, read
from checker.policy.extends import MAX_DEPTH, PACK_PREFIX, REMOTE_PREFIX, local_path
from checker.policy.file import read_organisation
from checker.policy.remote import RemoteLayer, parse_remote, read_vendored
from checker.value import NamedTuple
from checker.vendor.git import Fetch, FetchError, file_at, over_https


class Vendored(NamedTuple):
    """One layer on another host, and the copy of it."""

    layer: RemoteLayer
    path: Path
    fetched: bool
    """False where the copy was there before."""


def vendor_layers(policy: Path, allowed_hosts: Collection[str], fetch: Fetch = over_https) -> tuple[Vendored, ...]:
    """Have a copy of every layer on another host that a policy extends, directly or through other layers.

    Args:
        policy: the organisation's policy file.
        allowed_hosts: hosts that may be asked (`--allow-host`), with the port where one is written.
        fetch: puts a layer's commit into an empty repository.

    Raises:
        InputError: a policy file cannot be used, or a line names a host that is not allowed; nothing was fetched then.
        FetchError: a layer cannot be fetched, or has another digest than its line states.
    """
    source = read(policy)
    tree = policy.parent
    _refuse_hosts(source, policy, tree, allowed_hosts)
    lines = _remote_lines(source, policy, tree, 0)
    return tuple(dict.fromkeys(_vendored(lines, tree, frozenset(allowed_hosts), fetch, 1)))


def _refuse_hosts(source: SourceFile, path: Path, tree: Path, allowed: Collection[str]) -> None:
    """Refuse, all at once, the hosts that the policy's own files name and that the caller did not allow."""
    problems = []
    for reference in _remote_lines(source, path, tree, 0):
        layer = parse_remote(reference)
        if layer.host not in allowed and not (tree / layer.copy).is_file():
            problems.append(_not_allowed(layer, reference))
    if problems:
        raise InputError(tuple(problems))


def _not_allowed(layer: RemoteLayer, reference: At[str]) -> Problem:
    return Problem(
        f"`{layer.host}` is no host that this run may ask",
        expected="a host that `--allow-host` names",
        hint=f"--allow-host {layer.host} allows it",
        at=reference.at,
    )


def _remote_lines(source: SourceFile, path: Path, tree: Path, depth: int) -> Iterator[At[str]]:
    """The lines of a policy and of the files beside it that name a layer on another host."""
    for reference in _extended(source, depth):
        if reference.value.startswith(REMOTE_PREFIX):
            yield reference
        elif not reference.value.startswith(PACK_PREFIX):
            target = local_path(reference, path.parent, tree)
            yield from _remote_lines(read(target), target, tree, depth + 1)


def _extended(source: SourceFile, depth: int) -> tuple[At[str], ...]:
    extends = read_organisation(source)[0].extends
    if extends and depth > MAX_DEPTH:
        raise InputError.one(
            f"policies extend each other through more than {MAX_DEPTH} files",
            expected="a shorter chain, without a circle",
            at=extends[0].at,
        )
    return tuple(extends)


def _vendored(
    references: Iterable[At[str]], tree: Path, allowed: frozenset[str], fetch: Fetch, depth: int
) -> Iterator[Vendored]:
    for reference in references:
        layer = parse_remote(reference)
        target = tree / layer.copy
        fetched = not target.is_file()
        if fetched:
            if layer.host not in allowed:  # a layer from an allowed host may name another
                raise InputError((_not_allowed(layer, reference),))
            _keep(target, _fetched(layer, fetch))
        yield Vendored(layer, target, fetched)
        above = _extended(read_vendored(layer, tree, reference), depth)
        further = [line for line in above if line.value.startswith(REMOTE_PREFIX)]
        yield from _vendored(further, tree, allowed, fetch, depth + 1)


def _fetched(layer: RemoteLayer, fetch: Fetch) -> bytes:
    content = file_at(layer, fetch)
    found = sha256(content).hexdigest()
    if found != layer.sha256:
        raise FetchError(
            f"{layer.path} of {layer.url} at {layer.commit} has SHA-256 {found}, and the policy states {layer.sha256}"
        )
    read_organisation(from_text(f"{layer.url} {layer.path}", content))  # nothing is kept that no check could use
    return content


def _keep(target: Path, content: bytes) -> None:
    """Put the copy in its place in one step."""
    refuse_link_out(target)
    target.parent.mkdir(exist_ok=True)
    descriptor, temporary = mkstemp(prefix=f".{target.name}.", dir=target.parent)
    with open(descriptor, "wb") as file:
        file.write(content)
    os.chmod(temporary, 0o644)
    os.replace(temporary, target)
