"""Which policy and which waivers apply to a project: each is read once in a run."""

import os
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from checker import engine
from checker.document.errors import InputError
from checker.manifest.project import repository_root
from checker.policy.choose import choose, project_layer
from checker.policy.load import Choice
from checker.policy.load import load as load_policy
from checker.policy.policy import ChosenBy, Policy
from checker.request import CHOSEN_BY_PROJECT, Request
from checker.rulebook.discover import judges_waivers
from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple
from checker.verdict import LockStamp, PolicyStamp

if TYPE_CHECKING:  # where a policy admits no waivers, nothing of them is imported: start-up is a budget
    from checker.rulebook.documentation import Documentation
    from checker.waivers.ledger import Waivers

WAIVERS = "waivers.yaml"
"""The name that a project's waivers have unless the policy says otherwise."""


def refuse_unusable_policy(request: Request) -> None:
    """Tell once, and not for every manifest, what is wrong with a policy that is named for the whole run.

    Raises:
        InputError: it cannot be used, or its file of waivers cannot.
    """
    if request.policy is not None or request.environment_policy is not None:
        key = _without_project(request)
        terms = standing(key).policy.waivers
        if terms is not None and terms.owner == "policy":
            waivers(key, Path())


def organisation(request: Request) -> engine.Standing:
    """The policy as it stands where no project adds to it.

    Raises:
        InputError: it cannot be used.
    """
    return standing(_without_project(request))


def policy_for(root: Path, option: str | None, environment: str | None, today: date) -> Policy:
    """The policy that applies to a folder, for a command that judges nothing: what stops `check` stops it, too.

    Args:
        root: the project's repository, or its folder.
        option: the value of `--policy`.
        environment: the value of `WEIGHBRIDGE_POLICY`.
        today: the day on which it applies.

    Raises:
        InputError: it cannot be used.
    """
    return standing(Key(choose(option, environment, root), project_layer(root), None, today)).policy


def _without_project(request: Request) -> "Key":
    return Key(_choice(request, Path()), None, request.require_policy, request.today)


def loosened_by(policy: Policy | PolicyStamp) -> tuple[str, ...]:
    """What every report says of a policy that the project itself chose; empty where somebody else named it."""
    return (CHOSEN_BY_PROJECT,) if policy.chosen_by is ChosenBy.PROJECT else ()


def from_here(folder: Path) -> Path:
    """The folder relative to the current one, since reports show no absolute paths."""
    try:
        return Path(os.path.relpath(folder))
    except ValueError:  # on Windows, no relative path leads to another drive
        return folder


def root_of(folder: Path) -> Path:
    """The repository of a folder as reports show it, else the folder itself."""
    repository = repository_root(folder)
    return from_here(repository) if repository else folder


def unread_waivers(policy: Policy, root: Path) -> Iterator[str]:
    """What to say of a file of waivers in the project that its policy does not ask for."""
    if not _has_waivers(root):
        return
    terms = policy.waivers
    if terms is None:
        yield f"{WAIVERS} is there and was not read: policy {policy.name} admits no waivers"
    elif terms.owner == "policy" and (terms.folder / terms.file).resolve() != (root / WAIVERS).resolve():
        yield f"{WAIVERS} is there and was not read: policy {policy.name} takes those beside itself"


@cache
def _has_waivers(root: Path) -> bool:
    return (root / WAIVERS).exists()


def _choice(request: Request, root: Path) -> Choice:
    return choose(request.policy, request.environment_policy, root)


class Key(NamedTuple):
    """What decides which policy applies, and on which day."""

    choice: Choice
    project_file: Path | None
    required: str | None
    today: date


def key_of(request: Request, root: Path) -> Key:
    """What decides about the project whose repository, or folder, is `root`.

    Raises:
        InputError: a policy is named in a way that cannot be used.
    """
    return Key(_choice(request, root), project_layer(root), request.require_policy, request.today)


@lru_cache(maxsize=1)
def begin(run: str) -> None:
    """Forget what an earlier run read, once for each run: a cluster's worker outlives it.

    Args:
        run: what tells this run from every other; a further call for the same one does nothing.
    """
    forget()


def forget() -> None:
    """Forget every policy and all waivers that were read: they change while a process lives on."""
    for kept in (standing, waivers, _has_waivers):
        kept.cache_clear()


@cache
def standing(key: Key) -> engine.Standing:
    """The policy on one day, once for all manifests that it applies to.

    Raises:
        InputError: it cannot be used.
    """
    policy = load_policy(key.choice, key.project_file)
    _refuse_other_policy(policy, key.required)
    _refuse_empty_policy(policy, key.today)
    return engine.as_it_stands(policy, key.today)


@cache
def waivers(key: Key, root: Path) -> "Waivers | None":
    """The waivers that count for a project; None where the policy names no file, or there is none.

    Raises:
        InputError: the file cannot be read.
    """
    policy = standing(key).policy
    if policy.waivers is None:
        return None
    from checker.waivers.find import waivers_of

    return waivers_of(policy, root, key.today)


def _refuse_other_policy(policy: Policy, required: str | None) -> None:
    if required is not None and required != policy.sha256:
        raise InputError.one(
            f"policy {policy.name} {policy.version} resolves to sha256 {policy.sha256}",
            expected=f"{required}, as --require-policy asks",
            hint="`weighbridge policy show` prints the resolved policy and its digest",
            file=policy.layers[-1].name,
        )


def _refuse_empty_policy(policy: Policy, today: date) -> None:
    if all(rule.level(today) is Enforcement.OFF for rule in policy.rules.values() if not judges_waivers(rule.id)):
        raise InputError.one(
            f"policy {policy.name}: every rule is off on {today}, so that nothing would be checked",
            expected="at least one rule above `off`",
            hint="`extends: [weighbridge:starter]` reports everything and blocks nothing",
            file=policy.layers[-1].name,
        )


def _custom_pages(policy: Policy) -> "tuple[Documentation, ...]":
    if not any(rule.custom for rule in policy.rules.values()):
        return ()
    from checker.policy.custom_page import pages

    return pages(policy)


def stamp_of(policy: Policy) -> PolicyStamp:
    """The policy as reports name it."""
    return PolicyStamp(
        name=policy.name,
        version=policy.version,
        sha256=policy.sha256,
        project_sha256=policy.project_sha256,
        chosen_by=policy.chosen_by,
        layers=policy.layers,
        facts=tuple(LockStamp(lock.file, lock.sha256) for lock in policy.facts),
        custom=_custom_pages(policy),
    )
