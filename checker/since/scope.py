"""Which manifests a change can touch: those that changed, those whose files did, or all where a verdict's base did."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from checker.document.errors import InputError
from checker.document.read import from_text, read_bytes
from checker.document.tree import Mapping, Node, Scalar, parse
from checker.manifest.discover import discover, has_our_name, is_ours
from checker.policy.choose import NEAR
from checker.policy.policy import Policy, Rank
from checker.since.change import Change
from checker.value import NamedTuple

LOCK = "model.lock"
_OF_THE_ROOT = (*sorted(NEAR), "pyproject.toml")
_OF_PATHS = (b"./", b"baseline", b"where")
"""What a manifest that names a file has in it: how a local model's path begins, or a key under which others stand."""


class Touched(NamedTuple):
    """What has to be judged of a change; all paths are relative to the repository."""

    everything_because: str
    """The changed file on which all verdicts depend; empty where there is none."""
    manifests: tuple[str, ...]
    """Manifests, of today or of the base, whose verdicts the change can alter."""
    loose: frozenset[str]
    """Those of them that name a file which changed, are links, or lie in a repository of their own: what they were
    judged by before is not there any more, or git does not tell."""
    others: tuple[str, ...]
    """Files of today, named like manifests, that the change cannot alter."""
    named: frozenset[str]
    """Files that the run was asked for by name: manifests whatever they look like."""


def touched(change: Change, policy: Policy, waivers: Path | None, within: Iterable[Path]) -> Touched:
    """What a change can alter.

    Args:
        change: the changed files.
        policy: the policy of today.
        waivers: the file of waivers that counts; None where the policy names none.
        within: the files and folders that the run is asked to judge.

    Raises:
        InputError: one of them is no file, neither today nor in the change.
    """
    inside = tuple(_asked_for(path, change.repository) for path in within)
    named = frozenset(path for path in inside if not (change.repository / path).is_dir())
    bases = _bases(change.repository, policy, waivers)
    because = next((path for path in sorted(change.files) if _is_base(path, bases)), "")
    today = {path for path in (*change.tracked, *named) if is_within(path, inside, named)}
    links = {path for path in today if (change.repository / path).is_symlink()}
    second = {path for path in links - named if relative(change.repository / path, change.repository) in today}
    today -= second
    lost = sorted(path for path in named if path not in change.files and not (change.repository / path).exists())
    if lost:
        raise InputError.one("there is no such file, nor was there before", expected="a manifest", file=lost[0])
    changed = {path for path in change.files if is_within(path, inside, named)} - second
    rest = [path for path in change.files if path not in changed]
    loose = frozenset(_naming(change.repository, today - changed, rest)) if rest else frozenset()
    loose |= frozenset(path for path in changed if rest and _names_one(change.repository, path, rest))
    loose |= frozenset(_nested(change, inside, named))
    loose |= links - second
    loose |= frozenset(path for path in today if _by_linked_lock(change, path))
    manifests = changed | loose | (today if because else frozenset())
    return Touched(because, tuple(sorted(manifests)), loose, tuple(sorted(today - manifests)), named)


def _by_linked_lock(change: Change, manifest: str) -> bool:
    """Whether the lock beside a manifest was a link that changed, or is one to a file that did."""
    name = f"{os.path.dirname(manifest)}/{LOCK}".removeprefix("/")  # noqa: PTH120 - asked of every manifest
    if name in change.links:
        return True
    lock = change.repository / name
    return os.path.islink(lock) and relative(lock, change.repository) in change.files  # noqa: PTH114


def _nested(change: Change, inside: tuple[str, ...], named: frozenset[str]) -> Iterator[str]:
    """The manifests of today in repositories below this one, where a walk looks: git tells nothing of their files."""
    folders = [change.repository / folder for folder in change.nested if (change.repository / folder).is_dir()]
    for path in discover(folders).ours if folders else ():
        name = path.relative_to(change.repository).as_posix()
        if is_within(name, inside, named):
            yield name


def is_within(path: str, inside: tuple[str, ...], named: frozenset[str]) -> bool:
    """Whether a run that was asked for `inside` would look at the file: by its name, and by where it lies."""
    if path in named:
        return True
    # Asked of every manifest of the repository, and pathlib would take longer than git.
    around = [one for one in inside if one == "." or path.startswith(f"{one}/")]
    *folders, name = path.split("/")
    if not around or not has_our_name(name):
        return False
    above = max(0 if one == "." else one.count("/") + 1 for one in around)
    return not any(folder.startswith(".") or folder == "node_modules" for folder in folders[above:])


def lies_there(repository: Path, path: str, named: frozenset[str]) -> bool:
    """Whether today's file is a manifest of ours: there, and not something else of the same name."""
    file = repository / path
    return os.path.lexists(file) and (path in named or is_ours(file))


def relative(path: Path, repository: Path) -> str:
    """A path as git names it: from the repository's folder, links followed."""
    return Path(os.path.relpath(os.path.realpath(path), repository)).as_posix()


def own_name(file: Path, repository: Path) -> str:
    """The same for a file that may itself be a link, which is not followed: git knows it by its own name."""
    return f"{relative(file.parent, repository)}/{file.name}".removeprefix("./")


def _asked_for(path: Path, repository: Path) -> str:
    return relative(path, repository) if path.is_dir() else own_name(path, repository)


def _bases(repository: Path, policy: Policy, waivers: Path | None) -> frozenset[str]:
    """The files inside the repository on which every verdict rests; of links, what they lead to as well."""
    files = [Path(layer.name) for layer in policy.layers if layer.rank is not Rank.PACK]
    files += [Path(lock.file) for lock in policy.facts]
    files += [repository / name for name in _OF_THE_ROOT]
    if waivers is not None:
        files.append(waivers)
    return frozenset(name(file, repository) for file in files for name in (relative, own_name))


def _is_base(path: str, bases: frozenset[str]) -> bool:
    return path in bases or PurePosixPath(path).name == LOCK


def _naming(repository: Path, manifests: Iterable[str], changed: list[str]) -> Iterator[str]:
    return (path for path in sorted(manifests) if _names_one(repository, path, changed))


def _names_one(repository: Path, manifest: str, changed: list[str]) -> bool:
    """Whether a value of the manifest is the path of a changed file, or of a folder around one."""
    file = repository / manifest
    try:
        content = read_bytes(file, manifest)
        if not any(word in content for word in _OF_PATHS):
            return False
        values = list(_values(parse(from_text(manifest, content))))
    except InputError:
        return False  # it did not change, so that it is as unreadable as it was
    folder = PurePosixPath(manifest).parent.as_posix()
    paths = {os.path.normpath(f"{folder}/{value}").replace(os.sep, "/") for value in values if "\0" not in value}
    paths |= {relative(repository / path, repository) for path in paths if os.path.lexists(repository / path)}
    return any(path == one or path.startswith(f"{one}/") for one in paths for path in changed)


def _values(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Mapping):
        for entry in node.items.values():
            yield from _values(entry.value)
    else:
        for item in node.items:
            yield from _values(item)
