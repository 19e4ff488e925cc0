"""Show the policy that applies, check policy files, test what they demand, or see what a change of one would do."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from checker.console import Console

EXAMPLES = """\
examples:
  weighbridge policy show                            what applies in this folder
  weighbridge policy show --policy acme/policy.yaml --json
  weighbridge policy show --output html > policy.html    in sentences, for people who read no YAML
  weighbridge policy check acme/policy.yaml weighbridge-policy.yaml
  weighbridge policy test acme/policy.yaml           the cases of acme/policy.test.yaml
  weighbridge policy test acme/policy.yaml --mutate  which loosening would none of them notice?
  weighbridge policy impact --from main:policy.yaml --to policy.yaml --why ../projects
"""

_ACTIONS = Path(__file__).parent / "of_policy"


def configure(parser: ArgumentParser) -> None:
    """Add the actions, each with options of its own."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name in sorted(path.stem for path in _ACTIONS.glob("[a-z]*.py")):
        module = _action(name)
        summary = (module.__doc__ or "").partition("\n")[0]
        module.configure(actions.add_parser(name, help=summary, description=module.__doc__))


def run(args: Namespace, console: Console) -> int:
    """Carry out the action."""
    return int(_action(args.action).run(args, console))


def _action(name: str) -> ModuleType:
    return import_module(f"checker.commands.of_policy.{name}")
