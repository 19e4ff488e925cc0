"""The command line: finds the command, runs it, and turns what went wrong into the exit codes of the contract."""

from __future__ import annotations

import os
import sys
from argparse import Action, ArgumentError, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn, TextIO

from checker import HOME, __version__
from checker.console import Console
from checker.document.digits import whole
from checker.document.errors import InputError, visible
from checker.document.nearest import with_hint
from checker.document.system import NO_ROOM, told
from checker.exit_code import PIPE_CLOSED, ExitCode

_COMMANDS = Path(__file__).parent / "commands"
INTERRUPTED = 130
"""128 and the number of SIGINT."""
_CHECKING = ("weighbridge", "weighbridge policy")
"""What has a `check` of files that somebody may name without it, as other tools have it."""


def command_names() -> tuple[str, ...]:
    """The names of all commands, sorted."""
    return tuple(sorted(path.stem for path in _COMMANDS.glob("[a-z]*.py")))


def run(arguments: Sequence[str]) -> int:
    """Run one command of this process.

    Args:
        arguments: the command line without the program's name.

    Returns:
        The exit code.
    """
    console = Console(sys.stdout, sys.stderr, sys.stdin, os.environ, datetime.now(UTC).date())
    try:
        code = main(arguments, console)
        console.out.flush()
        return code
    except BrokenPipeError:
        _drop_output()  # the reader has gone, and with it the chance to say anything
        return PIPE_CLOSED
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        _drop_output()  # files are written by code that says which; what is left is standard output
        console.err.write(f"<stdout>: error: cannot be written: {error.strerror}: expected room for the result\n")
        return ExitCode.BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED


def _drop_output() -> None:
    """Lead standard output nowhere: what could not be written must not raise again at the end of the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(arguments: Sequence[str], console: Console) -> int:
    """Run one command and return its exit code; usage errors end the process with 2, as argparse does."""
    debug = "--debug" in arguments
    rest = [argument for argument in arguments if argument != "--debug"]
    named = rest[0] if rest else ""
    try:
        with told():
            return _run(named, rest, console)
    except InputError as error:
        report_problems(error, console.err)
        return ExitCode.BAD_INPUT
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:
        if debug or (isinstance(error, OSError) and error.errno in NO_ROOM):
            raise
        _report_bug(error, console.err)
        return ExitCode.BUG


def _run(named: str, rest: Sequence[str], console: Console) -> int:
    _refuse_no_folder()
    if named in command_names():
        module = _command(named)
        parser = _configured(Parser(f"weighbridge {named}", formatter_class=_Formatter), module)
        return int(module.run(parser.parse_args(rest[1:]), console))
    overview().parse_args(rest)
    overview().print_help(console.err)
    return ExitCode.BAD_INPUT


def _refuse_no_folder() -> None:
    """Refuse to run in a folder that somebody has deleted: no path leads anywhere from there."""
    try:
        os.getcwd()  # noqa: PTH109 - as it is
    except FileNotFoundError as error:
        sentence = "the current folder is not there any more"
        raise InputError.one(sentence, expected="a folder that exists", file=".") from error


class Parser(ArgumentParser):
    """A parser that takes no part of an option for the option, and names what a slip was meant to be.

    `--ignore` must not become `--ignore-waivers` today, and something else when a second option begins so.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "allow_abbrev": False})

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Namespace, list[str]]:  # type: ignore[override]
        """Refuse what is left over here, where the options of this very command are known."""
        known, rest = super().parse_known_args(args, namespace)
        option = next((one for one in rest if one.startswith("-")), "").partition("=")[0]
        if option:
            self.error(with_hint(f"no option is called `{option}`", option, list(self._option_string_actions)))
        if rest:
            self.error(f"`{rest[0]}` is one argument too many")
        return known, []

    def _check_value(self, action: Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            words = list(map(str, action.choices))
            said = f"`{value}` is none of {', '.join(words)}"
            if self.prog in _CHECKING and os.path.exists(value):  # noqa: PTH110 - other tools take paths without a command
                raise ArgumentError(action, f"{said}; did you mean `{self.prog} check {value}`?")
            raise ArgumentError(action, with_hint(said, str(value), words))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, on stderr, and end with 2."""
        self.exit(
            ExitCode.BAD_INPUT, f"{self.prog}: error: {visible(message)}\n`{self.prog} --help` lists what it takes\n"
        )


class _Formatter(RawDescriptionHelpFormatter):
    """Keeps the examples' lines as they are written."""

    def __init__(self, prog: str) -> None:
        # argparse makes a formatter for each option; left to itself it asks shutil, which loads compression libraries.
        super().__init__(prog, width=_columns())

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Paragraphs as wide as the terminal; examples as they are."""
        if text.startswith("examples:"):
            return super()._fill_text(text, width, indent)
        return "\n\n".join("\n".join(self._split_lines(part, width)) for part in text.strip().split("\n\n"))

    def _split_lines(self, text: str, width: int) -> list[str]:
        from textwrap import wrap

        # `gptq-int4` on two lines would be read as two words.
        return wrap(" ".join(text.split()), width, break_on_hyphens=False, break_long_words=False)


def _columns() -> int:
    """The width of the terminal, as argparse would find it."""
    stated = whole(os.environ.get("COLUMNS", ""), 4)
    if stated:
        return stated - 2
    try:
        return os.get_terminal_size().columns - 2
    except (OSError, ValueError):
        return 78


def overview() -> ArgumentParser:
    """The parser with all commands, for help, for completion and for words that are no command."""
    parser = Parser(
        "weighbridge",
        description="Checks the AI models that a project declares against facts about them and a policy.",
        epilog=_EXAMPLES,
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"weighbridge {__version__}")
    parser.add_argument("--debug", action="store_true", help="show the trace of an internal error")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for name in command_names():
        module = _command(name)
        _configured(commands.add_parser(name, help=_summary(module), formatter_class=_Formatter), module)
    return parser


_EXAMPLES = """\
examples:
  weighbridge check                       judge the manifests of this folder
  weighbridge check model.yaml --policy acme.yaml --output json=report.json
  weighbridge explain license-lineage     what a rule checks, why, and how to fix it
  weighbridge fit Qwen/Qwen3-8B --method qlora --gpu 4090
  weighbridge policy show                 the policy that applies here, line by line

exit codes: 0 nothing blocks, 1 a blocking finding, 2 unusable input, 3 could not be evaluated, 70 a bug in Weighbridge
"""


def _command(name: str) -> ModuleType:
    return import_module(f"checker.commands.{name}")


def _summary(module: ModuleType) -> str:
    return (module.__doc__ or "").partition("\n")[0].rstrip(".")


def _configured(parser: ArgumentParser, module: ModuleType) -> ArgumentParser:
    parser.description = module.__doc__
    parser.epilog = module.EXAMPLES
    module.configure(parser)
    return parser


def report_problems(error: InputError, stream: TextIO) -> None:
    """Print everything that is wrong with an input, as compilers do."""
    from checker.document.errors import render_problem

    for problem in error.problems:
        stream.write(f"{render_problem(problem)}\n")


def _report_bug(error: Exception, stream: TextIO) -> None:
    stream.write(
        f"weighbridge: internal error: {type(error).__name__}: {error}\n"
        f"This is a bug in Weighbridge, and nothing was judged. Run again with --debug and report it: {HOME}\n"
    )
