"""Print a value that the manifest or its lock pins, for scripts and charts: NAME.KEY.

Exit code 0 with the value alone on standard output; 2 where the name, the key or the value is not there.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from checker import pins
from checker.commands._values import path
from checker.console import Console
from checker.exit_code import ExitCode

EXAMPLES = """\
examples:
  weighbridge get assistant.revision                 the commit, from the manifest or model.lock
  weighbridge get assistant.context_window service/model.yaml
  vllm serve "$(weighbridge get assistant.model)" --revision "$(weighbridge get assistant.revision)"
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `get`."""
    parser.add_argument("value", metavar="NAME.KEY", help=f"a model's name and one of {', '.join(pins.KEYS)}")
    parser.add_argument(
        "manifest", nargs="?", default=".", type=path, metavar="MANIFEST", help="the file or its folder; default: ."
    )


def run(args: Namespace, console: Console) -> int:
    """Print the value on a line of its own."""
    console.out.write(f"{pins.value(args.value, Path(args.manifest))}\n")
    return ExitCode.OK
