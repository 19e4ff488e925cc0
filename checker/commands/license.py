"""Judge licences: what may be made of a base, which licence a file holds, and which notices are owed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from checker.commands import _actions
from checker.console import Console

EXAMPLES = """\
examples:
  weighbridge license check --base llama3.1 --relation finetune --as apache-2.0 --name Acme-8B --distributed yes
  weighbridge license check --batch questions.csv
  weighbridge license identify LICENSE.txt
  weighbridge license notices service/model.yaml
"""

_ACTIONS = "of_license"


def configure(parser: ArgumentParser) -> None:
    """Add the actions, each with options of its own."""
    _actions.configure(parser, _ACTIONS)


def run(args: Namespace, console: Console) -> int:
    """Carry out the action."""
    return _actions.run(_ACTIONS, args, console)
