"""Judges a change: what it can alter, as it is and as it was, both by the policy of today."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from checker import applying, gate
from checker.document.errors import InputError
from checker.document.read import MAX_BYTES, from_text
from checker.git import TooLarge
from checker.manifest.discover import MOST_BYTES, says_weighbridge
from checker.manifest.project import repository_root
from checker.policy.policy import Policy
from checker.request import Request
from checker.since.change import Change, change_since, contents, files_at
from checker.since.compare import before, marked, marked_waivers
from checker.since.locks import locks_before
from checker.since.scope import LOCK, Touched, lies_there, own_name, relative, touched
from checker.value import NamedTuple
from checker.verdict import JudgedManifest, Report, Since

if TYPE_CHECKING:
    from checker.rulebook.waiver_case import Widened
    from checker.waivers.ledger import Waivers


def judge(request: Request, revision: str) -> Report:
    """Judge what a change adds; what was there before is listed and does not block.

    Args:
        request: what the run is asked to do.
        revision: what the change is compared with: its merge base with HEAD.

    Raises:
        InputError: git cannot tell what changed, the policy cannot be used, or there is nothing to judge at all.
    """
    repository = _repository(request)
    applying.refuse_unusable_policy(request)
    change = change_since(repository, revision)
    here = applying.root_of(repository)
    policy = applying.standing(applying.key_of(request, here)).policy
    scope = touched(change, policy, _waiver_file(policy, here), request.paths)
    _refuse_hidden(change, scope)
    there = [path for path in scope.manifests if lies_there(repository, path, scope.named)]
    if not there and not any(lies_there(repository, path, scope.named) for path in scope.others):
        gate.refuse_nothing(request, tuple(map(Path, scope.others)))
    then = _then(change, scope, request, here)
    now = gate.judge_files(tuple(here / path for path in there), request)
    if not now:  # otherwise each manifest says so
        request = request._replace(relaxations=(*request.relaxations, *applying.loosened_by(policy)))
    return _compared(request, now, then)._replace(
        since=Since(
            revision=revision,
            base=change.base,
            removed=tuple(
                (here / path).as_posix() for path in scope.manifests if not os.path.lexists(repository / path)
            ),
            unread_before=then.unread,
            unchanged=len(scope.others),
            everything_because=scope.everything_because,
            policy=applying.stamp_of(policy),
        )
    )


def _refuse_hidden(change: Change, scope: Touched) -> None:
    """A manifest that git tracks and did not check out is not gone, so that nothing may be called removed.

    Raises:
        InputError: there is one.
    """
    for path in scope.manifests:
        if path not in change.deleted and not os.path.lexists(change.repository / path):
            raise InputError.one(
                "is tracked and was not checked out, so that it cannot be judged",
                expected="a checkout with all manifests: `git sparse-checkout disable`",
                file=path,
            )


def _waiver_file(policy: Policy, here: Path) -> Path | None:
    if policy.waivers is None:
        return None
    from checker.waivers.find import path_of

    return path_of(policy.waivers, here)


def _repository(request: Request) -> Path:
    """The one repository that all paths lie in."""
    if request.standard_input is not None:
        raise InputError.one("a manifest from standard input has no history", expected="paths", file="--since")
    found = {repository_root(path if path.is_dir() else path.parent) for path in request.paths}
    repository = found.pop() if len(found) == 1 else None
    if repository is None:
        raise InputError.one(
            "the paths lie in no git repository, or in several",
            expected="paths inside one repository",
            file="--since",
        )
    return repository


def _compared(request: Request, now: tuple[gate.Judged, ...], then: _Then) -> Report:
    """Today's report, with what was there before marked."""
    today = applying.waivers(applying.key_of(request, then.here), then.here)
    grown: dict[str, Widened] = {}
    if today is not None:
        from checker.since.waiver_changes import widened

        grown = widened(today, then.waivers)
    report = gate.reported(request, now, (), grown)
    was = gate.judged_waivers(then.manifests, request, None, gate.Past(then.waivers, None))
    stood = before(then.manifests, was)
    return report._replace(
        manifests=tuple(marked(manifest, stood) for manifest in report.manifests),
        waivers=tuple(marked_waivers(judged, stood) for judged in report.waivers),
    )


class _Then(NamedTuple):
    """The manifests of a change as they were at the base."""

    here: Path
    """The repository, as reports show it."""
    manifests: tuple[JudgedManifest, ...]
    unread: tuple[str, ...]
    """Those that could not be judged as they were."""
    waivers: Waivers | None


def _then(change: Change, scope: Touched, request: Request, here: Path) -> _Then:
    waivers = _waivers_before(change, request, here)
    judged: list[JudgedManifest] = []
    unread = [path for path in scope.manifests if path in scope.loose]
    blobs = _blobs(change, scope)
    with locks_before(change) as locks:
        for path, content in contents(change, blobs, MOST_BYTES):
            if isinstance(content, TooLarge):  # nobody can tell what it was
                unread.append(path)
                continue
            if not (says_weighbridge(content) or "weighbridge" in PurePosixPath(path).name.casefold()):
                continue  # it was something else then
            folder = PurePosixPath(path).parent
            relocked = locks is not None and (folder / LOCK).as_posix() in change.files
            facts = gate.FactsFrom(locks / folder, locks) if locks is not None and relocked else None
            try:
                source = from_text((here / path).as_posix(), content)
                judged.append(gate.judge_source(source, here / folder, request, gate.Past(waivers, facts)))
            except InputError:
                unread.append(path)
    return _Then(here, tuple(judged), tuple((here / path).as_posix() for path in sorted(unread)), waivers)


def _blobs(change: Change, scope: Touched) -> dict[str, str]:
    """For each manifest its blob at the base; none for one that was not there, or whose files have changed since."""
    at_base = dict(files_at(change)) if scope.everything_because else {}
    found = {path: change.files.get(path, at_base.get(path)) for path in scope.manifests if path not in scope.loose}
    return {path: blob for path, blob in found.items() if blob is not None}


def _waivers_before(change: Change, request: Request, here: Path) -> Waivers | None:
    """The waivers at the base by the policy of today; a file that could not be read then excepted nothing."""
    policy = applying.standing(applying.key_of(request, here)).policy
    if policy.waivers is None:
        return None
    from checker.waivers.file import read_ledger  # as in `gate`: most policies admit no waivers
    from checker.waivers.find import path_of
    from checker.waivers.ledger import weigh

    file = path_of(policy.waivers, here)
    names = (own_name(file, change.repository), relative(file, change.repository))
    path = next((name for name in names if name in change.files), None)
    if path is None:
        return applying.waivers(applying.key_of(request, here), here)
    blob = change.files[path]
    if blob is None:
        return None
    [(_, content)] = contents(change, {path: blob}, MAX_BYTES)
    if isinstance(content, TooLarge):
        return None
    try:
        ledger = read_ledger(from_text(file.as_posix(), content))
    except InputError:
        return None
    return weigh(ledger, policy, request.today, {})
