"""Whether policy files can be used: 0 when every file can, 2 when one cannot."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from checker import applying
from checker.commands._values import path
from checker.console import Console
from checker.document.errors import InputError, Problem, visible
from checker.document.read import read
from checker.exit_code import ExitCode
from checker.policy.choose import choose
from checker.policy.file import read_project
from checker.policy.load import PROJECT_FILE, Choice, load
from checker.policy.policy import ChosenBy, Policy
from checker.rulebook.schedule import Enforcement


def configure(parser: ArgumentParser) -> None:
    """Add the options of `policy check`."""
    parser.add_argument(
        "files", nargs="+", type=path, metavar="FILE", help=f"a policy, weighbridge:PACK, or a {PROJECT_FILE}"
    )
    parser.add_argument("--policy", metavar="FILE", help="what a project's layer must not weaken")


def run(args: Namespace, console: Console) -> int:
    """Read each file, and say what is wrong with all of them."""
    if args.policy is not None:
        # Even where no file is a project's layer.
        applying.standing(applying.Key(choose(args.policy, None, Path()), None, None, console.today))
    problems: list[Problem] = []
    for file in args.files:
        try:
            policy = _checked(file, args.policy, console)
        except InputError as error:
            problems += error.problems
            continue
        active = sum(rule.level(console.today) is not Enforcement.OFF for rule in policy.rules.values())
        if not active:
            problems += InputError.one(
                "every rule is off", expected="at least one rule above `off`", file=file
            ).problems
            continue
        said = f"{file}: {policy.name} {policy.version}, {active} rules, sha256 {policy.sha256}"
        console.out.write(f"{visible(said)}\n")
    if problems:
        raise InputError(tuple(problems))
    return ExitCode.OK


def _checked(file: str, option: str | None, console: Console) -> Policy:
    """A file named like a project's layer is judged on top of the organisation's policy, any other by itself."""
    path = Path(file)
    if path.name != PROJECT_FILE:
        return load(Choice(file, ChosenBy.OPTION), None)
    read_project(read(path))  # its own mistakes come first
    return load(choose(option, console.environ.get("WEIGHBRIDGE_POLICY"), path.parent), path)
