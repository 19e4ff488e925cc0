"""One run over many manifests: finds and reads them, joins facts and policy, and lets the engine judge."""

import gc
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from checker import __version__, applying, engine
from checker.applying import WAIVERS, Key, from_here, key_of, refuse_unusable_policy, root_of, stamp_of, unread_waivers
from checker.document.errors import InputError, NoInputError, Problem
from checker.document.inside import is_there, refuse_link_out
from checker.document.place import SourceFile
from checker.document.read import from_text, read
from checker.facts.catalogue import Catalogue
from checker.facts.dossier import Dossier
from checker.gather import gather
from checker.manifest.discover import Discovery, discover, nearest_above
from checker.manifest.load import load as load_manifest
from checker.manifest.model import Manifest
from checker.manifest.project import project_name, repository_root
from checker.policy.load import PROJECT_FILE
from checker.policy.policy import Policy
from checker.request import STANDARD_INPUT, Request
from checker.value import NamedTuple
from checker.verdict import (
    Basis,
    JudgedManifest,
    JudgedModel,
    JudgedWaivers,
    LockStamp,
    RefusedManifest,
    Report,
)
from checker.vocabulary import unknown_names

if TYPE_CHECKING:  # without a lock or waivers nothing of them is imported: start-up is a budget
    from checker.facts.locked.held import HeldLock
    from checker.facts.locked.lookup import Locks
    from checker.rulebook.scan_case import ScanCase
    from checker.rulebook.waiver_case import Widened
    from checker.waivers.ledger import Waivers

MANY = 128
"""From this many manifests on, starting further processes pays (measured: see docs/performance.md)."""

LOCK_NAME = "model.lock"
STANDS_FOR = {LOCK_NAME: "beside", WAIVERS: "below", PROJECT_FILE: "below"}
"""Files that a hook may hand over in place of the manifests whose verdict they can change."""

Judged: TypeAlias = JudgedManifest | RefusedManifest


def judge(request: Request) -> Report:
    """Judge every manifest that the request leads to.

    Raises:
        InputError: the organisation's policy cannot be used, a path does not exist, or nothing was found to check.
    """
    refuse_unusable_policy(request)
    found = manifests_of(request)
    if not found.ours and request.standard_input is None:
        refuse_nothing(request, found.foreign)
    judged = judge_files(found.ours, request)
    if request.standard_input is not None:
        judged = (_judge_standard_input(request.standard_input, request), *judged)
    return reported(request, judged, found.foreign)


def reported(
    request: Request,
    judged: tuple[Judged, ...],
    foreign: Iterable[Path],
    widened: "Mapping[str, Widened] | None" = None,
) -> Report:
    """The report of everything that was judged.

    Args:
        request: what was asked for.
        judged: the manifests.
        foreign: files named like manifests that are something else.
        widened: for the id of a waiver what the judged change adds to it; None where no change is judged.
    """
    embedded = catalogue()
    manifests = tuple(result for result in judged if isinstance(result, JudgedManifest))
    return Report(
        tool_version=__version__,
        today=request.today,
        catalogue_sha256=embedded.digest(),
        catalogue_recorded=embedded.recorded,
        manifests=manifests,
        refused=tuple(result for result in judged if isinstance(result, RefusedManifest)),
        foreign=tuple(path.as_posix() for path in foreign),
        relaxations=(*request.relaxations, *_chosen_by_projects(judged)),
        exit_zero=request.exit_zero,
        fail_on=request.fail_on,
        waivers=judged_waivers(manifests, request, widened),
        request=request,
    )


def manifests_of(request: Request) -> Discovery:
    """What the paths lead to; a file that stands for manifests is replaced by those that lie beside or below it."""
    named = tuple(path for path in request.paths if path.name not in STANDS_FOR)
    found = discover(named, discovered=request.discovered)
    ours, foreign = list(found.ours), list(found.foreign)
    for path in request.paths:
        if path.name in STANDS_FOR:
            around = discover((path.parent,))
            near = [one for one in around.ours if STANDS_FOR[path.name] == "below" or one.parent == path.parent]
            ours += near
            foreign += around.foreign if near else (path, *around.foreign)  # other tools have locks of that name
    return Discovery(tuple(dict.fromkeys(ours)), tuple(dict.fromkeys(foreign)))


def refuse_nothing(request: Request, foreign: Collection[Path]) -> None:
    """Nothing to check is an error, unless only files that are something else were handed over by a hook.

    Raises:
        NoInputError: it is one here; `foreign` are the files that are something else.
    """
    if request.allow_empty or (request.discovered and foreign):
        return
    where = ", ".join(path.as_posix() for path in request.paths)
    above = nearest_above(Path()) if request.paths == (Path(),) else None
    next_step = f"`{above.as_posix()}` lies above" if above else "`weighbridge init` writes one"
    raise NoInputError.one(
        f"no manifest was found in {where}{_but(foreign)}",
        expected="a model.yaml with a line that begins with `weighbridge:`",
        hint=f"{next_step}; --allow-empty makes this no error",
        file="no-input",
    )


def _but(foreign: Collection[Path]) -> str:
    """What bears the name of a manifest and is none: somebody may have forgotten its first line."""
    if not foreign:
        return ""
    first = next(iter(foreign)).as_posix()
    if len(foreign) == 1:
        return f" ({first} is named like one and is something else)"
    return f" ({len(foreign)} named like one are something else, {first} among them)"


def judge_files(paths: tuple[Path, ...], request: Request) -> tuple[Judged, ...]:
    """Every file judged, by several processes where there are many."""
    if len(paths) >= MANY:
        expect_many()
    if len(paths) < MANY or request.jobs == 1:
        return judge_in_turn(paths, request)
    from itertools import repeat

    from checker.workers import of_this_process

    # Rules, policy and validators are loaded by the first file: processes that are forked after it have them at once.
    first, others = _judge_file(paths[0], request), paths[1:]
    chunk = max(1, len(others) // (request.jobs * 4))
    with of_this_process(request.jobs) as pool:
        return (first, *pool.map(_judge_file, others, repeat(request), chunksize=chunk))


def judge_in_turn(paths: tuple[Path, ...], request: Request) -> tuple[Judged, ...]:
    """Every file judged, one after the other and by this process, of which nothing else is changed."""
    return tuple(_judge_file(path, request) for path in paths)


def expect_many() -> None:
    """Set the collector of garbage for a run over many manifests."""
    gc.freeze()  # what the start made lives until the end and is not looked at again
    gc.set_threshold(50_000)  # few of a manifest's objects form cycles: 3 MiB more, and 8 % less time
    gc.enable()


def _judge_file(path: Path, request: Request) -> Judged:
    shown = path.as_posix()
    try:
        refuse_link_out(path, "is not read")
        return judge_source(read(path, shown), path.parent, request)
    except InputError as error:
        return RefusedManifest(shown, error.problems)


def _judge_standard_input(content: bytes, request: Request) -> Judged:
    try:
        return judge_source(from_text(STANDARD_INPUT, content), Path(), request)
    except InputError as error:
        return RefusedManifest(STANDARD_INPUT, error.problems)


class FactsFrom(NamedTuple):
    """Where the files lie that say what is known, where that is not beside the manifest."""

    folder: Path
    root: Path


class Past(NamedTuple):
    """What a manifest of an earlier day is judged with, where that differs from what there is today."""

    waivers: "Waivers | None"
    facts: FactsFrom | None
    """None where the files beside it are still those of that day."""


def judge_source(source: SourceFile, folder: Path, request: Request, past: Past | None = None) -> JudgedManifest:
    """Judge the text of one manifest.

    Args:
        source: the manifest.
        folder: the folder that it lies in.
        request: what the run is asked to do.
        past: what differs where the text is not that of today.

    Raises:
        InputError: the manifest or its policy cannot be used.
    """
    manifest = load_manifest(source, allow_empty=request.allow_empty, unknown_names=unknown_names)
    return judge_manifest(manifest, source.name, folder, request, past)


def judge_manifest(
    manifest: Manifest,
    name: str,
    folder: Path,
    request: Request,
    past: Past | None = None,
    scans: "tuple[ScanCase, ...]" = (),
) -> JudgedManifest:
    """Judge a manifest that was read.

    Args:
        manifest: the manifest.
        name: its file, as the user knows it.
        folder: the folder that it lies in.
        request: what the run is asked to do.
        past: what differs where it is not that of today.
        scans: where code uses each of its models; empty where no code was read.

    Raises:
        InputError: what lies beside it, or its policy, cannot be used.
    """
    repository = repository_root(folder)
    root = from_here(repository) if repository else folder
    key = key_of(request, root)
    standing, waivers = applying.standing(key), past.waivers if past else applying.waivers(key, root)
    if not request.proposals:
        standing = standing._replace(proposals=False)
    facts = past.facts if past and past.facts else FactsFrom(folder, root)
    project = manifest.project.value if manifest.project else project_name(repository or folder)
    lock = lock_beside(facts.folder, facts.root, (folder / LOCK_NAME).as_posix())
    dossiers = dossiers_of(manifest, facts, locks_of(lock, standing.policy))
    models = engine.check(manifest, dossiers, standing, scans)
    return JudgedManifest(
        file=name,
        project=project,
        owner=manifest.owner.value if manifest.owner else "",
        status=manifest.status.value if manifest.status else "status not stated",
        policy=stamp_of(standing.policy),
        models=models if request.ignore_waivers else with_waivers(models, project, waivers),
        basis=Basis(manifest, dossiers) if request.keep_basis else None,
        notes=(*_unread_layers(folder, repository), *unread_waivers(standing.policy, root)),
        waivers=waivers.file if waivers else None,
        lock=LockStamp(lock.file, lock.sha256) if lock else None,
    )


def lock_beside(folder: Path, root: Path, name: str = LOCK_NAME) -> "HeldLock | None":
    """The lock beside a manifest, called `name` in reports; None where there is none.

    Raises:
        InputError: it is there and cannot be used, or is a link out of the repository.
    """
    path = folder / LOCK_NAME
    if not is_there(path, root, name):
        return None
    from checker.facts.locked.held import hold

    return hold(path, name)


def locks_of(lock: "HeldLock | None", policy: Policy) -> "Locks | None":
    """What facts are taken from beside the catalogue; None where there is nothing."""
    if lock is None and not policy.facts:
        return None
    from checker.facts.locked.lookup import Locks

    return Locks(lock, policy.facts)


def with_waivers(models: tuple[JudgedModel, ...], project: str, waivers: "Waivers | None") -> tuple[JudgedModel, ...]:
    """The models with the waivers of their project, where the policy names a file that has any."""
    if waivers is None:
        return models
    from checker.waivers.cover import covered

    return covered(models, project, waivers.of_project(project))


def dossiers_of(manifest: Manifest, source: FactsFrom, locks: "Locks | None") -> tuple[Dossier, ...]:
    """What is known of each entry.

    Raises:
        InputError: everything that is wrong with what they name.
    """
    dossiers: list[Dossier] = []
    problems: list[Problem] = []
    for entry in manifest.models:
        try:
            dossiers.append(gather(entry, source.folder, source.root, catalogue(), locks))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(tuple(problems))
    return tuple(dossiers)


def _unread_layers(folder: Path, repository: Path | None) -> Iterator[str]:
    """What to say of a project's layer that lies beside the manifest, or above it, and did not count."""
    here = os.path.realpath(folder)
    root, up = str(repository) if repository else here, ""
    while True:
        if here != root and os.path.exists(os.path.join(here, PROJECT_FILE)):  # noqa: PTH110, PTH118
            where = f"{up}{PROJECT_FILE}, seen from the manifest," if up else f"{PROJECT_FILE} beside the manifest"
            counts = "it counts at the repository's root" if repository else "without a repository it counts beside it"
            yield f"{where} was not read: {counts} alone"
        above = os.path.dirname(here)  # noqa: PTH120
        if above == here or (repository and here == root):
            return
        here, up = above, f"../{up}"


def judged_waivers(
    manifests: Iterable[JudgedManifest],
    request: Request,
    widened: "Mapping[str, Widened] | None",
    past: Past | None = None,
) -> tuple[JudgedWaivers, ...]:
    """Each file of waivers once, with the manifests for which it counts."""
    groups: dict[tuple[Key, str], list[tuple[JudgedManifest, Path]]] = {}
    for manifest in manifests:
        if manifest.waivers is not None:
            folder = Path() if manifest.file == STANDARD_INPUT else Path(manifest.file).parent
            root = root_of(folder)
            groups.setdefault((key_of(request, root), manifest.waivers), []).append((manifest, root))
    if not groups:
        return ()
    from checker.waivers.judge import Seen, judge

    parts = request.discovered or widened is not None  # a hook's files, or what a change can alter
    walked = [] if parts else [path.resolve() for path in request.paths if path.is_dir()]
    judged = []
    for (key, _), members in groups.items():
        roots = {root for _, root in members}
        whole = all(any(root.resolve().is_relative_to(path) for path in walked) for root in roots)
        standing = applying.standing(key)
        waivers = past.waivers if past else applying.waivers(key, members[0][1])
        assert waivers is not None  # a manifest names a file that was read
        seen = Seen(tuple(manifest for manifest, _ in members), whole, not request.ignore_waivers, widened)
        judged.append(judge(waivers, standing, stamp_of(standing.policy), seen))
    return tuple(judged)


@cache
def catalogue() -> Catalogue:
    """The embedded facts, opened once."""
    return Catalogue()


def _chosen_by_projects(judged: Iterable[Judged]) -> tuple[str, ...]:
    """A policy that the project itself chose loosens the gate, so every output says so."""
    return tuple(
        f"{result.file}: {said}"
        for result in judged
        if isinstance(result, JudgedManifest)
        for said in applying.loosened_by(result.policy)
    )


def jobs_of_this_machine() -> int:
    """How many processes may run at once: the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
