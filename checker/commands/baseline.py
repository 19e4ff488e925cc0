"""Show results of an evaluation, compare those before and after fine-tuning, and print the command that makes them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from checker.console import Console

EXAMPLES = """\
examples:
  weighbridge baseline show evals/baseline.json
  weighbridge baseline compare evals/before.json evals/after.json
  weighbridge baseline plan model.yaml                the command of the harness, for each model that is fine-tuned
"""

_ACTIONS = Path(__file__).parent / "of_baseline"


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
    return import_module(f"checker.commands.of_baseline.{name}")
