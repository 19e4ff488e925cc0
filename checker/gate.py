"""One run over many manifests: finds and reads them, joins facts and policy, and lets the engine judge."""

import gc
import os
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from checker import __version__, engine
from checker.document.errors import InputError, NoInputError, Problem
from checker.document.place import SourceFile
from checker.document.read import from_text, read
from checker.facts.catalogue import Catalogue
from checker.facts.dossier import Dossier
from checker.gather import gather
from checker.manifest.discover import Discovery, discover
from checker.manifest.load import load as load_manifest
from checker.manifest.model import Manifest
from checker.manifest.project import project_name, repository_root
from checker.policy.choose import choose, project_layer
from checker.policy.load import PROJECT_FILE, Choice
from checker.policy.load import load as load_policy
from checker.policy.policy import ChosenBy, Policy
from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple
from checker.verdict import JudgedManifest, LockStamp, PolicyStamp, RefusedManifest, Report
from checker.vocabulary import unknown_names

if TYPE_CHECKING:  # without a lock nothing of it is imported: start-up is a budget
    from checker.facts.locked.held import HeldLock
    from checker.facts.locked.lookup import Locks

STANDARD_INPUT = "<stdin>"
MANY = 128
"""From this many manifests on, starting further processes pays (measured: see docs/performance.md)."""

LOCK_NAME = "model.lock"
STANDS_FOR = {LOCK_NAME: "beside", "waivers.yaml": "below", PROJECT_FILE: "below"}
"""Files that a hook may hand over in place of the manifests whose verdict they can change."""

Judged: TypeAlias = JudgedManifest | RefusedManifest


class Request(NamedTuple):
    """What a run is asked to do."""

    paths: tuple[Path, ...]
    discovered: bool
    """Whether the paths may be files that are something else."""
    allow_empty: bool
    policy: str | None
    """`--policy`."""
    environment_policy: str | None
    """`WEIGHBRIDGE_POLICY`."""
    require_policy: str | None
    today: date
    relaxations: tuple[str, ...]
    exit_zero: bool
    jobs: int
    standard_input: bytes | None
    """A manifest read from standard input; None where none was asked for."""


def judge(request: Request) -> Report:
    """Judge every manifest that the request leads to.

    Raises:
        InputError: the organisation's policy cannot be used, a path does not exist, or nothing was found to check.
    """
    if request.policy is not None or request.environment_policy:
        # Named for the whole run, so that an error in it is said once and not for every manifest.
        _standing(_choice(request, Path()), None, request.require_policy, request.today)
    found = _found(request)
    if not found.ours and request.standard_input is None:
        _refuse_nothing(request, found)
    judged = _judge_files(found.ours, request)
    if request.standard_input is not None:
        judged = (_judge_standard_input(request.standard_input, request), *judged)
    catalogue = _catalogue()
    return Report(
        tool_version=__version__,
        today=request.today,
        catalogue_sha256=catalogue.digest(),
        catalogue_recorded=catalogue.recorded,
        manifests=tuple(result for result in judged if isinstance(result, JudgedManifest)),
        refused=tuple(result for result in judged if isinstance(result, RefusedManifest)),
        foreign=tuple(path.as_posix() for path in found.foreign),
        relaxations=(*request.relaxations, *_chosen_by_projects(judged)),
        exit_zero=request.exit_zero,
    )


def _found(request: Request) -> Discovery:
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


def _refuse_nothing(request: Request, found: Discovery) -> None:
    """Nothing to check is an error, unless only files that are something else were handed over by a hook."""
    if request.allow_empty or (request.discovered and found.foreign):
        return
    where = ", ".join(path.as_posix() for path in request.paths)
    foreign = f" ({len(found.foreign)} named like one are something else)" if found.foreign else ""
    raise NoInputError.one(
        f"no manifest was found in {where}{foreign}",
        expected="a model.yaml with a line that begins with `weighbridge:`",
        hint="--allow-empty makes this no error",
        file="no-input",
    )


def _judge_files(paths: tuple[Path, ...], request: Request) -> tuple[Judged, ...]:
    if len(paths) >= MANY:
        gc.freeze()  # what the start made lives until the end and is not looked at again
        gc.set_threshold(50_000)  # few of a manifest's objects form cycles: 3 MiB more, and 8 % less time
        gc.enable()
    if len(paths) < MANY or request.jobs == 1:
        return tuple(_judge_file(path, request) for path in paths)
    from concurrent.futures import ProcessPoolExecutor
    from itertools import repeat

    # Rules, policy and validators are loaded by the first file: processes that are forked after it have them at once.
    first, others = _judge_file(paths[0], request), paths[1:]
    chunk = max(1, len(others) // (request.jobs * 4))
    with ProcessPoolExecutor(request.jobs) as pool:
        return (first, *pool.map(_judge_file, others, repeat(request), chunksize=chunk))


def _judge_file(path: Path, request: Request) -> Judged:
    shown = path.as_posix()
    try:
        return _judge_source(read(path, shown), path.parent, request)
    except InputError as error:
        return RefusedManifest(shown, error.problems)


def _judge_standard_input(content: bytes, request: Request) -> Judged:
    try:
        return _judge_source(from_text(STANDARD_INPUT, content), Path(), request)
    except InputError as error:
        return RefusedManifest(STANDARD_INPUT, error.problems)


def _judge_source(source: SourceFile, folder: Path, request: Request) -> JudgedManifest:
    manifest = load_manifest(source, allow_empty=request.allow_empty, unknown_names=unknown_names)
    repository = repository_root(folder)
    root = _from_here(repository) if repository else folder
    standing = _standing(_choice(request, root), project_layer(root), request.require_policy, request.today)
    lock = _lock(folder, root)
    dossiers = _dossiers(manifest, folder, root, _locks(lock, standing.policy))
    return JudgedManifest(
        file=source.name,
        project=manifest.project.value if manifest.project else project_name(repository or folder),
        owner=manifest.owner.value if manifest.owner else "",
        status=manifest.status.value if manifest.status else "status not stated",
        policy=_stamp(standing.policy),
        models=engine.check(manifest, dossiers, standing),
        notes=_notes(folder, repository or folder),
        lock=LockStamp(lock.file, lock.sha256) if lock else None,
    )


def _lock(folder: Path, root: Path) -> "HeldLock | None":
    """The lock beside a manifest.

    Raises:
        InputError: it is there and cannot be used, or is a link out of the repository.
    """
    path = folder / LOCK_NAME
    if not path.exists() and not path.is_symlink():
        return None
    from checker.facts.locked.held import hold

    if not path.resolve().is_relative_to(root.resolve()):
        raise InputError.one("a link out of the repository", expected="a file inside it", file=path.as_posix())
    return hold(path)


def _locks(lock: "HeldLock | None", policy: Policy) -> "Locks | None":
    """What facts are taken from beside the catalogue; None where there is nothing."""
    if lock is None and not policy.facts:
        return None
    from checker.facts.locked.lookup import Locks

    return Locks(lock, policy.facts)


def _dossiers(manifest: Manifest, folder: Path, root: Path, locks: "Locks | None") -> tuple[Dossier, ...]:
    """What is known of each entry; what is wrong with several of them is told at once."""
    dossiers: list[Dossier] = []
    problems: list[Problem] = []
    for entry in manifest.models:
        try:
            dossiers.append(gather(entry, folder, root, _catalogue(), locks))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(tuple(problems))
    return tuple(dossiers)


def _from_here(folder: Path) -> Path:
    """The folder relative to the current one, since reports show no absolute paths."""
    try:
        return Path(os.path.relpath(folder))
    except ValueError:  # on Windows, no relative path leads to another drive
        return folder


def _notes(folder: Path, root: Path) -> tuple[str, ...]:
    """What lies beside the manifest and did not count."""
    notes = []
    if (folder / PROJECT_FILE).exists() and folder.resolve() != root.resolve():
        notes.append(f"{PROJECT_FILE} beside the manifest was not read: it counts at the repository's root alone")
    return tuple(notes)


def _choice(request: Request, root: Path) -> Choice:
    return choose(request.policy, request.environment_policy, root)


@cache
def _standing(choice: Choice, project_file: Path | None, required: str | None, today: date) -> engine.Standing:
    """The policy on one day, once for all manifests that it applies to."""
    policy = load_policy(choice, project_file)
    _refuse_other_policy(policy, required)
    _refuse_empty_policy(policy, today)
    return engine.as_it_stands(policy, today)


@cache
def _catalogue() -> Catalogue:
    return Catalogue()


def _refuse_other_policy(policy: Policy, required: str | None) -> None:
    if required is not None and required != policy.sha256:
        raise InputError.one(
            f"policy {policy.name} {policy.version} resolves to sha256 {policy.sha256}",
            expected=f"{required}, as --require-policy asks",
            hint="`weighbridge policy show` prints the resolved policy and its digest",
            file=policy.layers[-1].name,
        )


def _refuse_empty_policy(policy: Policy, today: date) -> None:
    if all(rule.level(today) is Enforcement.OFF for rule in policy.rules.values()):
        raise InputError.one(
            f"policy {policy.name}: every rule is off on {today}, so that nothing would be checked",
            expected="at least one rule above `off`",
            hint="`extends: [weighbridge:starter]` reports everything and blocks nothing",
            file=policy.layers[-1].name,
        )


def _stamp(policy: Policy) -> PolicyStamp:
    return PolicyStamp(
        name=policy.name,
        version=policy.version,
        sha256=policy.sha256,
        project_sha256=policy.project_sha256,
        chosen_by=policy.chosen_by,
        layers=policy.layers,
        facts=tuple(LockStamp(lock.file, lock.sha256) for lock in policy.facts),
    )


def _chosen_by_projects(judged: Iterable[Judged]) -> tuple[str, ...]:
    """A policy that the project itself chose loosens the gate, so every output says so."""
    chosen = [
        f"{result.file}: the project chose its policy in pyproject.toml"
        for result in judged
        if isinstance(result, JudgedManifest) and result.policy.chosen_by is ChosenBy.PROJECT
    ]
    return tuple(chosen)


def jobs_of_this_machine() -> int:
    """How many processes may run at once: the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
