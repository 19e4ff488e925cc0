"""Record exceptions from the policy, list which of them count, and take out those that nothing needs any more."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from checker.commands import _actions
from checker.console import Console

EXAMPLES = """\
examples:
  weighbridge waiver add                              asks for what is needed
  weighbridge waiver add --rule training-fits --model assistant --kind risk-accepted --expires 90d \\
      --reason "one GPU more is ordered" --approver legal@example.com
  weighbridge waiver list
  weighbridge waiver prune --dry-run                  what would be taken out
"""

_ACTIONS = "of_waiver"


def configure(parser: ArgumentParser) -> None:
    """Add the actions, each with the options of all and its own."""
    for action, module in _actions.parsers(parser, _ACTIONS):
        action.add_argument(
            "--policy", metavar="FILE", help="the policy that names the file of waivers; default: as of `check`"
        )
        action.add_argument("--today", metavar="DATE", help="judge as of this day (YYYY-MM-DD); default: today, UTC")
        module.configure(action)


def run(args: Namespace, console: Console) -> int:
    """Carry out the action."""
    return _actions.run(_ACTIONS, args, console)
