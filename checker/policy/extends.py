"""The files that a policy starts from: shipped packs by name, the organisation's own files by relative path."""

from __future__ import annotations

from pathlib import Path

from checker.document.errors import InputError
from checker.document.inside import leads_out
from checker.document.nearest import did_you_mean
from checker.document.place import At

_PACKS = Path(__file__).parent.parent / "policies"
PACK_PREFIX = "weighbridge:"
REMOTE_PREFIX = "git+"
MAX_DEPTH = 8


def pack_names() -> tuple[str, ...]:
    """The shipped packs, as `extends` and `--policy` spell them."""
    # `enterprise.test.yaml` holds the cases of a pack.
    return tuple(sorted(f"{PACK_PREFIX}{path.stem}" for path in _PACKS.glob("*.yaml") if "." not in path.stem))


def pack_path(reference: str, at: At[str] | None = None) -> Path:
    """The file of a shipped pack.

    Raises:
        InputError: there is no pack of that name.
    """
    path = _PACKS / f"{reference.removeprefix(PACK_PREFIX)}.yaml"
    if reference in pack_names():
        return path
    raise InputError.one(
        f"`{reference}` is no shipped pack",
        expected=f"one of {', '.join(pack_names())}",
        hint=did_you_mean(reference, pack_names()),
        at=at.at if at else None,
        file="" if at else "--policy",
    )


def file_named(reference: str) -> Path:
    """The file that a policy is named by; whether it is there shows when it is read.

    Raises:
        InputError: it is an address, or there is no such file and a shipped pack is called so.
    """
    if "://" in reference:
        raise InputError.one(
            f"`{reference}` is an address",
            expected="a file, or weighbridge:PACK",
            hint="clone its repository, or let a file here extend it by `git+https://…`",
            file="--policy",
        )
    meant = f"{PACK_PREFIX}{reference}"
    if meant in pack_names() and not Path(reference).exists():
        raise InputError.one(
            f"there is no file `{reference}`",
            expected="a file, or weighbridge:PACK",
            hint=f"did you mean `{meant}`?",
            file="--policy",
        )
    return Path(reference)


def local_path(reference: At[str], beside: Path, tree: Path) -> Path:
    """The file that a relative `extends` names.

    Args:
        reference: the path as written, relative to the file that states it.
        beside: the folder of that file.
        tree: the folder of the organisation's policy; nothing outside it is read.

    Raises:
        InputError: the reference goes over the network, is absolute, or leaves the tree.
    """
    written = reference.value
    if "://" in written:
        raise InputError.one(
            f"`{written}` is an address",
            expected="a shipped pack, a relative path, or git+https://host/repo@<40 hex>#sha256=<64 hex>:path",
            hint="a layer on another host is named by its commit and its digest",
            at=reference.at,
        )
    if Path(written).is_absolute() or "\\" in written:
        raise InputError.one(
            f"`{written}` is no relative path",
            expected="a path with forward slashes, relative to this file",
            at=reference.at,
        )
    path = beside / written
    if leads_out(path, tree):
        raise InputError.one(
            f"`{written}` lies outside the policy's own folder `{tree.name or tree}`",
            expected="a file in that folder or below it",
            at=reference.at,
        )
    return path.resolve()
