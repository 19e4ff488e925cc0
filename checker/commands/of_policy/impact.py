"""Which projects change verdict under a changed policy, and why, before it is merged.

0: nothing gets worse; 1: something would newly be blocked; 2: unusable input; 3: something could not be evaluated any
more.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from checker.commands._values import day, path
from checker.console import Console
from checker.document.errors import InputError
from checker.document.nearest import did_you_mean
from checker.document.write import replace_file

if TYPE_CHECKING:
    from checker.impact.run import Impact

_FORMS = ("text", "json", "markdown")
_POLICY = "a file, weighbridge:PACK, or REV:path for a policy as it is at a revision of git"


def configure(parser: ArgumentParser) -> None:
    """Add the options of `policy impact`."""
    parser.add_argument("paths", nargs="*", type=path, metavar="PATH", help="manifests or folders; default: .")
    parser.add_argument("--from", dest="old", required=True, metavar="OLD", help=f"the policy of today: {_POLICY}")
    parser.add_argument("--to", dest="new", required=True, metavar="NEW", help="the policy that would replace it")
    parser.add_argument("--why", action="store_true", help="name the settings that bring each new verdict about")
    parser.add_argument("--today", type=day, metavar="DATE", help="judge as of this day (YYYY-MM-DD)")
    parser.add_argument("--ignore-waivers", action="store_true", help="judge as if nothing were excepted")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="processes for many manifests; default: one a core")
    parser.add_argument(
        "--output",
        action="append",
        type=_output,
        metavar="FORMAT[=FILE]",
        help=f"one of {', '.join(_FORMS)}; repeatable; default: text",
    )
    parser.add_argument("--json", action="append_const", const=("json", None), dest="output", help="--output json")


def run(args: Namespace, console: Console) -> int:
    """Judge by both policies, and write what changes."""
    from checker import gate
    from checker.impact.judge import Question
    from checker.impact.run import Asked
    from checker.impact.run import run as tried

    outputs: list[tuple[str, str | None]] = args.output or [("text", None)]
    targets = [target for _, target in outputs]
    twice = next((target for target in targets if targets.count(target) > 1), "")
    if twice != "":
        where = twice or "standard output"
        raise InputError.one(f"two outputs go to {where}", expected="a file for each", file="policy impact")
    question = Question(args.old, args.new, args.today or console.today, args.why, args.ignore_waivers)
    jobs = args.jobs or gate.jobs_of_this_machine()
    impact = tried(Asked(args.old, args.new, tuple(map(Path, args.paths or ["."])), question, jobs))
    for form, target in outputs:
        render: Callable[[Impact], str] = import_module(f"checker.impact.as_{form}").render
        written = render(impact)
        if target is None:
            console.out.write(written)
        else:
            replace_file(Path(target), written)
    return impact.exit_code


def _output(written: str) -> tuple[str, str | None]:
    name, _, target = written.partition("=")
    if name not in _FORMS:
        hint = did_you_mean(name, _FORMS)
        raise ArgumentTypeError(f"`{name}` is no format: expected one of {', '.join(_FORMS)} {hint}")
    if "=" in written and not target:
        raise ArgumentTypeError(f"`{written}` names no file after the equals sign")
    return name, target or None


def _jobs(written: str) -> int:
    if written.isdecimal() and int(written) > 0:
        return int(written)
    raise ArgumentTypeError(f"`{written}` is no number of processes: expected 1 or more")
