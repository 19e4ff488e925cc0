"""Which files of cases belong to which policy: NAME.test.yaml to NAME.yaml, or to what its `policy:` names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from checker.document.errors import InputError, NoInputError
from checker.document.read import read
from checker.document.tree import Mapping, Scalar, parse
from checker.document.walk import entered
from checker.policy.extends import PACK_PREFIX, pack_names, pack_path
from checker.value import NamedTuple

SUFFIXES = (".test.yaml", ".test.yml")
_MOST_FOLDERS = 10_000


class Tested(NamedTuple):
    """One policy with the files that hold its cases."""

    reference: str
    """The policy as `--policy` would name it."""
    files: tuple[Path, ...]


def tested(named: str | None) -> tuple[Tested, ...]:
    """The policies to test, in the order of their names.

    Args:
        named: a policy, a shipped pack, a file of cases or a folder; None for the current folder.

    Raises:
        InputError: nothing of that name is there, or a file of cases belongs to no policy.
        NoInputError: there are no cases.
    """
    if named is not None and named.startswith(PACK_PREFIX):
        beside = _beside(pack_path(named))
        return (Tested(named, _some(beside, named)),)
    path = Path(named) if named is not None else Path()
    if path.is_dir():
        files = tuple(_walk(path))
        return _grouped(_some(files, path.as_posix()), None)
    if path.name.endswith(SUFFIXES):
        return _grouped((path,), None)
    if not path.exists():
        raise InputError.one("there is no such file", expected="a policy, or a file of cases", file=path.as_posix())
    around = sorted(one for one in path.parent.iterdir() if one.name.endswith(SUFFIXES))
    mine = [one for one in _grouped(around, path) if _same(one.reference, path)]
    return (Tested(path.as_posix(), _some(tuple(file for one in mine for file in one.files), path.as_posix())),)


def _some(files: tuple[Path, ...], where: str) -> tuple[Path, ...]:
    if not files:
        raise NoInputError.one(
            "no cases were found",
            expected="a file NAME.test.yaml beside the policy NAME.yaml",
            file=where,
        )
    return files


def _beside(policy: Path) -> tuple[Path, ...]:
    found = (policy.with_name(f"{policy.stem}{suffix}") for suffix in SUFFIXES)
    return tuple(path for path in found if path.exists())


def _grouped(files: Iterable[Path], default: Path | None) -> tuple[Tested, ...]:
    """The files by their policy; one that belongs to none by its name or its text belongs to `default`."""
    groups: dict[str, list[Path]] = {}
    for file in files:
        groups.setdefault(_policy_of(file, default), []).append(file)
    return tuple(Tested(reference, tuple(groups[reference])) for reference in sorted(groups))


def _policy_of(file: Path, default: Path | None) -> str:
    named = _stated(file)
    if named is not None:
        return (
            named.text
            if named.text.startswith(PACK_PREFIX)
            else Path(os.path.normpath(file.parent / named.text)).as_posix()
        )
    stem = next(file.name.removesuffix(suffix) for suffix in SUFFIXES if file.name.endswith(suffix))
    beside = [file.with_name(f"{stem}{ending}") for ending in (".yaml", ".yml")]
    found = next((path for path in beside if path.exists()), default)
    if found is None:
        raise InputError.one(
            "these cases belong to no policy",
            expected=f"`policy:` in the file, or {beside[0].name} beside it",
            file=file.as_posix(),
        )
    return next((pack for pack in pack_names() if _same(pack, found)), found.as_posix())


def _stated(file: Path) -> Scalar | None:
    """What `policy:` names; whatever else is wrong with the file, whoever reads the cases says."""
    root = parse(read(file, file.as_posix()))
    entry = root.items.get("policy") if isinstance(root, Mapping) else None
    return entry.value if entry is not None and isinstance(entry.value, Scalar) and not entry.value.empty else None


def _same(reference: str, path: Path) -> bool:
    other = pack_path(reference) if reference.startswith(PACK_PREFIX) else Path(reference)
    return os.path.realpath(other) == os.path.realpath(path)


def _walk(folder: Path) -> Iterator[Path]:
    """The files of cases below a folder; folders of tools and environments are left out, as a check leaves them out."""
    for count, (parent, folders, files) in enumerate(os.walk(folder)):
        if count > _MOST_FOLDERS:
            raise InputError.one(
                "too many folders to look through", expected="a folder nearer to the policy", file=folder.as_posix()
            )
        folders[:] = entered(folders, files)
        yield from (Path(parent, name) for name in sorted(files) if name.endswith(SUFFIXES))
