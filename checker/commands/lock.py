"""Resolve the models of manifests, and what they descend from, into model.lock; `--check` tells drift.

Exit code 0 says that all was resolved, or that nothing drifted; 1 drift; 2 unusable input; 3 that a model could not be
resolved, so that nobody knows.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from checker import applying
from checker.commands._values import named, named_folder, number, path
from checker.console import Console
from checker.document.errors import InputError, visible
from checker.exit_code import ExitCode
from checker.facts.catalogue import Catalogue
from checker.facts.locked.file import write
from checker.hub.client import Hub, connection
from checker.hub.errors import HubError
from checker.hub.locking import Checked, Online, compare_all, new_lock, to_check
from checker.hub.outcome import Outcome, as_json, as_text, exit_code, problems
from checker.hub.progress import Bar
from checker.hub.projects import Project, read_projects, usable_lock
from checker.hub.resolve import Resolve, Results, Wanted, resolve_all
from checker.hub.sources import by_cache, by_catalogue, by_folders, cache_folder
from checker.manifest.project import repository_root
from checker.policy.choose import choose, project_layer
from checker.policy.extends import PACK_PREFIX
from checker.policy.policy import Policy
from checker.vendor.git import FetchError
from checker.vendor.layers import vendor_layers

EXAMPLES = """\
examples:
  weighbridge lock                                   all manifests below this folder
  weighbridge lock --check                           what has changed since; writes nothing
  weighbridge lock --upgrade Qwen/Qwen3-8B           take that model's newest commit
  weighbridge lock --offline                         from the catalogue alone
  weighbridge lock --from-dir Qwen/Qwen3-8B=models/qwen3 --hash
  weighbridge lock --for-organisation Qwen/Qwen3-8B BAAI/bge-m3@main -o approved.lock
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `lock`."""
    parser.add_argument("paths", nargs="*", type=path, metavar="PATH", help="manifests or folders; default: .")
    parser.add_argument("--check", action="store_true", help="tell what has drifted; write nothing")
    parser.add_argument(
        "--upgrade", action="append", default=[], metavar="MODEL", help="take its newest commit; repeatable"
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--offline", action="store_true", help="from the catalogue alone")
    source.add_argument("--from-cache", action="store_true", help="from what the Hub's client has on this machine")
    parser.add_argument(
        "--from-dir",
        action="append",
        default=[],
        type=named_folder,
        metavar="[MODEL=]PATH",
        help="a model's files in a folder; repeatable; MODEL may be left out where the manifests name one model",
    )
    parser.add_argument("--hash", action="store_true", help="with --from-dir: SHA-256 of all weights")
    parser.add_argument("--anonymous", action="store_true", help="send no token; default on pull requests of forks")
    parser.add_argument(
        "--policy",
        metavar="FILE",
        help="the policy whose layers are fetched and whose `facts:` are read; default: as of `check`",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="a host from which layers of the policy may be fetched; repeatable",
    )
    parser.add_argument(
        "--jobs",
        type=number("number of requests at once", 1, 64),
        default=8,
        metavar="N",
        help="requests at once; default: 8",
    )
    parser.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="for each answer; default: 10")
    parser.add_argument(
        "--for-organisation", nargs="+", type=named, metavar="ID[@REV]", help="lock these models into --output"
    )
    parser.add_argument("-o", "--output", type=path, metavar="FILE", help="with --for-organisation: the lock to write")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def run(args: Namespace, console: Console) -> int:
    """Resolve and write, or compare; an interruption leaves every lock as it was."""
    _refuse_contradictions(args)
    try:
        outcome = _for_organisation(args, console) if args.for_organisation else _for_projects(args, console)
    except (FetchError, HubError) as error:
        console.err.write(f"error: {visible(str(error))}; every lock is as it was\n")
        return ExitCode.UNKNOWN
    except KeyboardInterrupt:
        console.err.write("interrupted: every lock is as it was\n")
        raise
    code = exit_code(outcome)
    console.err.writelines(f"{visible(line)}\n" for line in problems(outcome))
    console.out.write(
        as_json(outcome, code) if args.json else "".join(f"{visible(line)}\n" for line in as_text(outcome))
    )
    return code


def _refuse_contradictions(args: Namespace) -> None:
    def refuse(sentence: str, expected: str) -> None:
        raise InputError.one(sentence, expected=expected, file="lock")

    if bool(args.for_organisation) != bool(args.output):
        refuse("--for-organisation and --output go together", "`--for-organisation IDS… -o approved.lock`")
    if args.for_organisation and (args.paths or args.check or args.upgrade):
        refuse("--for-organisation reads no manifest", "neither paths nor --check nor --upgrade beside it")
    if args.check and (args.offline or args.from_cache or args.from_dir or args.upgrade):
        refuse("--check asks the Hub and writes nothing", "no other source and no --upgrade beside it")
    if args.hash and not args.from_dir:
        refuse("--hash reads local weights", "`--from-dir` beside it")


def _for_projects(args: Namespace, console: Console) -> Outcome:
    projects = read_projects(tuple(map(Path, args.paths or ["."])), frozenset(args.upgrade))
    if args.check:
        return _checked(args, console, projects)
    with _source(args, console, projects) as (resolve, begun, hub):
        outcome = begun
        for project in projects:
            if project.broken is not None:
                console.err.write(
                    f"note: {visible(project.broken.problems[0].sentence)}: {project.file.as_posix()} is made anew\n"
                )
            results = _resolved(args, console, resolve, project)
            lock = new_lock(project.lock, results)
            if lock.entries or project.lock is not None:
                write(project.file, lock)
            outcome = outcome.with_lock(project.file.as_posix(), project.lock, lock, results)
        return outcome.with_traffic(hub)


def _for_organisation(args: Namespace, console: Console) -> Outcome:
    wanted = tuple(_wanted(written) for written in args.for_organisation)
    file = Path(args.output)
    project = Project(file.parent, wanted, None)
    old, broken = usable_lock(file)
    if broken is not None:
        console.err.write(f"note: {visible(broken.problems[0].sentence)}: {file.as_posix()} is made anew\n")
    with _source(args, console, (project,)) as (resolve, outcome, hub):
        results = _resolved(args, console, resolve, project)
        lock = new_lock(old, results)
        if lock.entries:
            write(file, lock)
        return outcome.with_lock(file.as_posix(), old, lock, results).with_traffic(hub)


def _wanted(written: str) -> Wanted:
    model, separator, revision = written.partition("@")
    if separator and not revision:
        sentence = f"{visible(written)} names no revision behind its `@`"
        raise InputError.one(sentence, expected="ID, or ID@ with a branch, a tag or a commit", file="lock")
    return Wanted(model, revision if separator else None, revision if separator else None)


@contextmanager
def _source(
    args: Namespace, console: Console, projects: tuple[Project, ...]
) -> Iterator[tuple[Resolve, Outcome, Hub | None]]:
    """What resolves a model, the outcome to add to, and the connection where there is one."""
    folders = _folders(args.from_dir, projects)
    at = _now()

    def with_folders(resolve: Resolve) -> Resolve:
        bar = Bar(console.err, "hashing", unit="B")
        return by_folders(folders, resolve, at, hash_weights=args.hash, progress=bar.file) if folders else resolve

    if args.offline:
        policy = _policy(args, console, projects, fetch=False)
        yield with_folders(by_catalogue(Catalogue(), at)), Outcome("catalogue", policy), None
    elif args.from_cache:
        policy = _policy(args, console, projects, fetch=False)
        yield with_folders(by_cache(cache_folder(console.environ), at)), Outcome("cache", policy), None
    else:
        with _online(args, console, projects) as (online, outcome, hub):
            yield with_folders(online.resolve), outcome, hub


@contextmanager
def _online(args: Namespace, console: Console, projects: tuple[Project, ...]) -> Iterator[tuple[Online, Outcome, Hub]]:
    """A connection to the endpoint of the environment, and the outcome to add to."""
    connected = connection(console.environ, anonymous=args.anonymous, timeout_seconds=args.timeout)
    policy = _policy(args, console, projects, fetch=not args.check)
    with connected as hub:
        outcome = Outcome(hub.endpoint.shown, policy, hub.endpoint.anonymous)
        yield Online(hub, _now(), policy.facts, Catalogue()), outcome, hub


def _policy(args: Namespace, console: Console, projects: tuple[Project, ...], *, fetch: bool) -> Policy:
    """The policy that applies, whatever is asked; who may not read a gated model's files takes them from its facts.

    Raises:
        InputError: the policy cannot be used.
    """
    root = repository_root(projects[0].folder) or projects[0].folder
    choice = choose(args.policy, console.environ.get("WEIGHBRIDGE_POLICY"), root)
    if fetch and not choice.reference.startswith(PACK_PREFIX):
        for copy in vendor_layers(Path(choice.reference), args.allow_host):
            console.err.write(f"{visible(copy.path.as_posix())}: {visible(copy.layer.url)}\n" if copy.fetched else "")
    return applying.standing(applying.Key(choice, project_layer(root), None, console.today)).policy


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _folders(written: list[str], projects: tuple[Project, ...]) -> dict[str, Path]:
    """Folders by the model whose files they hold."""
    named = sorted({wanted.model for project in projects for wanted in project.wanted if wanted.depth == 0})
    folders = {}
    for one in written:
        model, separator, path = one.partition("=")
        if not separator and len(named) != 1:
            raise InputError.one(
                f"--from-dir {one} does not say whose files these are",
                expected=f"MODEL={one}, where MODEL is one of {', '.join(named)}",
                file="lock",
            )
        if separator and model not in named:
            raise InputError.one(f"no manifest names {model}", expected=f"one of {', '.join(named)}", file="lock")
        folders[model if separator else named[0]] = Path(path if separator else one)
    return folders


def _resolved(args: Namespace, console: Console, resolve: Resolve, project: Project) -> Results:
    lock, upgraded = project.lock, frozenset(args.upgrade)

    def locked_commit(model: str) -> str | None:
        entry = lock.find(model, None) if lock is not None and model not in upgraded else None
        return entry.commit if entry is not None else None

    with Bar(console.err, project.file.as_posix()) as bar:
        return resolve_all(project.wanted, resolve, jobs=args.jobs, locked_commit=locked_commit, progress=bar.update)


def _checked(args: Namespace, console: Console, projects: tuple[Project, ...]) -> Outcome:
    for project in projects:
        if project.broken is not None:
            raise project.broken
    with _online(args, console, projects) as (online, begun, hub):
        outcome = begun
        for project in projects:
            entries, own = to_check(project.lock, project.wanted)
            with Bar(console.err, project.file.as_posix()) as bar:
                checked = compare_all(online, entries, args.jobs, bar.update)
            outcome = outcome.with_check(project.file.as_posix(), Checked((*own, *checked.drifts), checked.unknown))
        return outcome.with_traffic(hub)


def _seconds(written: str) -> float:
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0.0
    if 0.01 <= seconds <= 600:
        return seconds
    raise ArgumentTypeError(f"`{written}` is no time to wait: expected 0.01 to 600 seconds")
