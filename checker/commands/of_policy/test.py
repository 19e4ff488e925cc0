"""Whether a policy decides its own cases as they say, what they cover, and which loosening none would notice.

0: every case holds (and coverage is as required, and no loosening survives); 1: it does not; 2: unusable input;
3: a case could not be evaluated, for want of a fact or an answer.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from checker.commands._values import day, path
from checker.console import Console

_FORMS = ("text", "json", "junit")


def configure(parser: ArgumentParser) -> None:
    """Add the options of `policy test`."""
    parser.add_argument(
        "policy",
        nargs="?",
        type=path,
        metavar="POLICY",
        help="a policy, weighbridge:PACK, a file NAME.test.yaml, or a folder; default: all below this folder",
    )
    parser.add_argument("--mutate", action="store_true", help="loosen each setting in turn; name what no case notices")
    parser.add_argument("--coverage", action="store_true", help="list the case by which each rule and setting is tried")
    parser.add_argument(
        "--require-coverage",
        type=_share,
        metavar="PERCENT",
        help="answer 1 where coverage is below that",
    )
    parser.add_argument("--inherited", action="store_true", help="ask for cases of what shipped packs set, too")
    parser.add_argument("--today", type=day, metavar="DATE", help="the day of cases that name none (YYYY-MM-DD)")
    parser.add_argument(
        "--output", choices=_FORMS, default="text", metavar="FORMAT", help=f"one of {', '.join(_FORMS)}; default: text"
    )
    parser.add_argument("--json", action="store_const", const="json", dest="output", help="--output json")


def run(args: Namespace, console: Console) -> int:
    """Try the cases, and print what came of it."""
    from importlib import import_module

    from checker.policy_tests.find import tested
    from checker.policy_tests.run import Wishes, code_of
    from checker.policy_tests.run import run as tried

    wishes = Wishes(args.today or console.today, args.mutate, args.inherited, args.require_coverage)
    results = tuple(tried(one, wishes) for one in tested(args.policy))
    render = import_module(f"checker.policy_tests.as_{args.output}").render
    console.out.write(render(results, wishes, args.coverage))
    return code_of(results, wishes)


def _share(written: str) -> float:
    number = written.removesuffix("%").strip()
    try:
        percent = float(number)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise ArgumentTypeError(f"`{written}` is no percentage: expected 0 to 100")
    return percent / 100
