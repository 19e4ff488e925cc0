"""The file of waivers of the current folder's project, as its policy names it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from checker import applying
from checker.document.errors import InputError
from checker.document.read import read
from checker.policy.policy import Policy
from checker.policy.waivers import Terms
from checker.request import Request
from checker.value import NamedTuple
from checker.waivers.file import Ledger, read_ledger
from checker.waivers.find import path_of


class Place(NamedTuple):
    """Where waivers are recorded, and by which policy."""

    policy: Policy
    terms: Terms
    path: Path
    ledger: Ledger | None
    """None where nobody has made the file yet."""


def request(paths: tuple[Path, ...], policy: str | None, environment: str | None, today: date) -> Request:
    """A run over some paths by the policy that `check` would use."""
    return Request(paths=paths, policy=policy, environment_policy=environment, today=today)


def place(asked: Request) -> Place:
    """Where the project of the first path records its waivers.

    Raises:
        InputError: the policy admits none, or the file cannot be read.
    """
    first = asked.paths[0]
    root = applying.root_of(first if first.is_dir() else first.parent)
    policy = applying.standing(applying.key_of(asked, root)).policy
    if policy.waivers is None:
        raise InputError.one(
            f"policy {policy.name} admits no waivers",
            expected="`waivers: {from: project, approvers: […]}` or `waivers: {from: policy}` in it",
            file=policy.layers[-1].name,
        )
    path = path_of(policy.waivers, root)
    is_there = path.exists() or path.is_symlink()
    return Place(policy, policy.waivers, path, read_ledger(read(path, path.as_posix())) if is_there else None)
