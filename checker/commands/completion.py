"""Print a completion script for a shell: bash, zsh, tcsh, fish or powershell."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from checker.console import Console
from checker.exit_code import ExitCode

SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")
EXAMPLES = """\
examples:
  weighbridge completion bash > ~/.local/share/bash-completion/completions/weighbridge
  weighbridge completion zsh > "${fpath[1]}/_weighbridge"
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `completion`."""
    parser.add_argument("shell", choices=SHELLS, help="the shell that completes")


def run(args: Namespace, console: Console) -> int:
    """Print the script, made from the commands' own parsers."""
    import shtab

    from checker.command_line import overview

    console.out.write(shtab.complete(overview(), shell=args.shell) + "\n")
    return ExitCode.OK
