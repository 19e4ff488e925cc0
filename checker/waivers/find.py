"""Finds and reads the file of waivers that a policy names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from checker.document.errors import InputError
from checker.document.inside import leads_out
from checker.document.read import read
from checker.manifest.project import repository_root
from checker.policy.policy import Policy
from checker.policy.waivers import Owner, Terms
from checker.waivers.file import read_ledger
from checker.waivers.history import commits_of
from checker.waivers.ledger import Waivers, weigh


def path_of(terms: Terms, root: Path) -> Path:
    """Where the file lies, whether it is there or not.

    Args:
        terms: what the policy says.
        root: the project's repository, or the manifest's folder where there is none.

    Raises:
        InputError: a link leads out of the folder that the file belongs to.
    """
    beside = terms.folder if terms.owner is Owner.POLICY else root
    path = beside / terms.file
    if leads_out(path, beside):
        raise InputError.one(
            f"the file of waivers `{terms.file}` leads out of the folder of the {terms.owner}",
            expected="a file in it or below it",
            at=terms.at,
        )
    return path


def waivers_of(policy: Policy, root: Path, today: date) -> Waivers | None:
    """The waivers that count for a project; None where the policy names no file, or nobody has made it yet.

    Raises:
        InputError: the file is there and cannot be read.
    """
    terms = policy.waivers
    if terms is None:
        return None
    path = path_of(terms, root)
    if not (path.exists() or path.is_symlink()):
        return None
    ledger = read_ledger(read(path, path.as_posix()))
    return weigh(ledger, policy, today, commits_of(ledger, path, repository_root(path.parent)))
