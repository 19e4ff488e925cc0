"""The options by which a command that judges says which policy holds, and on which day; and the run that follows."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from pathlib import Path

from checker.commands._values import day
from checker.console import Console
from checker.request import IGNORING_WAIVERS, Request, judged_as_of
from checker.rulebook.schedule import Enforcement


def configure(parser: ArgumentParser) -> None:
    """Add the options."""
    add_policy(parser)
    parser.add_argument("--require-policy", type=sha256, metavar="SHA256", help="refuse any other resolved policy")
    add_today(parser)


def add_policy(parser: ArgumentParser) -> None:
    """Add the option that names the organisation's policy."""
    parser.add_argument(
        "--policy",
        metavar="FILE",
        help="the organisation's policy: a file, or weighbridge:PACK; default: what WEIGHBRIDGE_POLICY or the project's"
        " pyproject.toml names, else weighbridge:enterprise",
    )


def add_today(parser: ArgumentParser) -> None:
    """Add the option that says as of which day is judged."""
    parser.add_argument(
        "--today", type=day, metavar="DATE", help="judge as of this day (YYYY-MM-DD); default: today, UTC"
    )


def sha256(written: str) -> str:
    """A digest as an option gives it."""
    digest = written.lower()
    if len(digest) == 64 and set(digest) <= set("0123456789abcdef"):
        return digest
    raise ArgumentTypeError(
        f"`{written}` is no SHA-256: expected 64 hexadecimal digits; `weighbridge policy show` has it"
    )


def request(args: Namespace, console: Console, paths: tuple[Path, ...]) -> Request:
    """The run that the options ask for; those that a command lacks are as if they were not given."""
    given = vars(args)
    return Request(
        paths=paths,
        policy=args.policy,
        environment_policy=console.environ.get("WEIGHBRIDGE_POLICY"),
        today=args.today or console.today,
        require_policy=given.get("require_policy"),
        relaxations=tuple(relaxations(args, console)),
        exit_zero=given.get("exit_zero", False),
        fail_on=Enforcement(given.get("fail_on", Enforcement.SOFT_MANDATORY)),
        ignore_waivers=given.get("ignore_waivers", False),
    )


def relaxations(args: Namespace, console: Console) -> Iterator[str]:
    """What of the options makes the run laxer than the gate; every report names it."""
    given = vars(args)
    if args.today and args.today != console.today:
        yield judged_as_of(args.today)
    if given.get("allow_empty"):
        yield "--allow-empty: nothing to check ends with code 0"
    if given.get("exit_zero"):
        yield "--exit-zero: blocking findings end with code 0"
    if given.get("fail_on") == Enforcement.HARD_MANDATORY:
        yield "--fail-on hard-mandatory: soft-mandatory findings end with code 0"
    if given.get("ignore_waivers"):
        yield IGNORING_WAIVERS
    if given.get("since") is not None:
        yield f"--since {args.since}: what was there before does not block"
    yield from (f"--exclude {pattern}: not read" for pattern in given.get("exclude") or ())
