"""Judge licences: what may be made of a base, which licence a file holds, and which notices are owed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from checker.console import Console

EXAMPLES = """\
examples:
  weighbridge license check --base llama3.1 --relation finetune --as apache-2.0 --name Acme-8B --distributed yes
  weighbridge license check --batch questions.csv
  weighbridge license identify LICENSE.txt
  weighbridge license notices service/model.yaml
"""

_ACTIONS = Path(__file__).parent / "of_license"


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
    return import_module(f"checker.commands.of_license.{name}")
