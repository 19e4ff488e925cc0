"""Which projects change verdict under a changed policy, and why, before it is merged.

0: nothing gets worse; 1: something would newly be blocked; 2: unusable input; 3: something could not be evaluated any
more.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from checker.commands import _gate, _workers
from checker.commands._targets import Output, output, refuse_two_in_one
from checker.commands._values import path
from checker.console import Console
from checker.document.write import replace_file

if TYPE_CHECKING:
    from checker.impact.run import Impact

_FORMS = ("text", "json", "markdown")
_POLICY = "a file, weighbridge:PACK, or REV:path for a policy as it is at a revision of git"


def configure(parser: ArgumentParser) -> None:
    """Add the options of `policy impact`."""
    parser.add_argument(
        "paths", nargs="*", type=path, metavar="PATH", help="manifests or folders of projects; default: ."
    )
    parser.add_argument(
        "--from", dest="old", required=True, type=path, metavar="OLD", help=f"the policy of today: {_POLICY}"
    )
    parser.add_argument(
        "--to", dest="new", required=True, type=path, metavar="NEW", help="the policy that would replace it"
    )
    parser.add_argument("--why", action="store_true", help="name the settings that bring each new verdict about")
    _gate.add_today(parser)
    parser.add_argument("--ignore-waivers", action="store_true", help="judge as if nothing were excepted")
    _workers.configure(parser)
    parser.add_argument(
        "--output",
        action="append",
        type=output(lambda: _FORMS),
        metavar="FORMAT[=FILE]",
        help=f"one of {', '.join(_FORMS)}; repeatable; default: text",
    )
    parser.add_argument("--json", action="append_const", const=("json", None), dest="output", help="--output json")


def run(args: Namespace, console: Console) -> int:
    """Judge by both policies, and write what changes."""
    from checker.impact.judge import Question
    from checker.impact.run import Asked
    from checker.impact.run import run as tried

    outputs: list[Output] = args.output or [("text", None)]
    refuse_two_in_one(outputs, "policy impact")
    today = args.today or console.today
    question = Question(args.old, args.new, today, args.why, args.ignore_waivers, _workers.new_run())
    asked = Asked(
        args.old,
        args.new,
        tuple(map(Path, args.paths or ["."])),
        question,
        here_only=args.cluster is None,
        relaxations=tuple(_gate.relaxations(args, console)),
    )
    impact = tried(asked, partial(_workers.opened, args))
    for form, target in outputs:
        render: Callable[[Impact], str] = import_module(f"checker.impact.as_{form}").render
        written = render(impact)
        if target is None:
            console.out.write(written)
        else:
            replace_file(Path(target), written)
    return impact.exit_code
