"""Show results of an evaluation, compare those before and after fine-tuning, and print the command that makes them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from checker.commands import _actions
from checker.console import Console

EXAMPLES = """\
examples:
  weighbridge baseline show evals/baseline.json
  weighbridge baseline compare evals/before.json evals/after.json
  weighbridge baseline plan model.yaml                the command of the harness, for each model that is fine-tuned
"""

_ACTIONS = "of_baseline"


def configure(parser: ArgumentParser) -> None:
    """Add the actions, each with options of its own."""
    _actions.configure(parser, _ACTIONS)


def run(args: Namespace, console: Console) -> int:
    """Carry out the action."""
    return _actions.run(_ACTIONS, args, console)
