"""Record exceptions from the policy, list which of them count, and take out those that nothing needs any more."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from checker.console import Console

EXAMPLES = """\
examples:
  weighbridge waiver add                              asks for what is needed
  weighbridge waiver add --rule training-fits --model assistant --kind risk-accepted --expires 90d \\
      --reason "one GPU more is ordered" --approver legal@example.com
  weighbridge waiver list
  weighbridge waiver prune --dry-run                  what would be taken out
"""

_ACTIONS = Path(__file__).parent / "of_waiver"


def configure(parser: ArgumentParser) -> None:
    """Add the actions, each with options of its own."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name in sorted(path.stem for path in _ACTIONS.glob("[a-z]*.py")):
        module = _action(name)
        action = actions.add_parser(name, help=(module.__doc__ or "").partition("\n")[0], description=module.__doc__)
        action.add_argument("--policy", metavar="FILE", help="the policy that names the file of waivers")
        action.add_argument("--today", metavar="DATE", help="judge as of this day (YYYY-MM-DD)")
        module.configure(action)


def run(args: Namespace, console: Console) -> int:
    """Carry out the action."""
    return int(_action(args.action).run(args, console))


def _action(name: str) -> ModuleType:
    return import_module(f"checker.commands.of_waiver.{name}")
