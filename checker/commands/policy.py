"""Show the policy that applies, check policy files, test what they demand, or see what a change of one would do."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from checker.commands import _actions
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

_ACTIONS = "of_policy"


def configure(parser: ArgumentParser) -> None:
    """Add the actions, each with options of its own."""
    _actions.configure(parser, _ACTIONS)


def run(args: Namespace, console: Console) -> int:
    """Carry out the action."""
    return _actions.run(_ACTIONS, args, console)
