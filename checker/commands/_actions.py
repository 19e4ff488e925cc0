"""Commands that are several: each action is a file in the command's own folder, found by its name."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from checker.console import Console


def configure(parser: ArgumentParser, folder: str) -> None:
    """Add the actions of a folder beside this file, each with options of its own."""
    for action, module in parsers(parser, folder):
        module.configure(action)


def parsers(parser: ArgumentParser, folder: str) -> Iterator[tuple[ArgumentParser, ModuleType]]:
    """The parser of each action and its module, which is yet to add its options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name in sorted(path.stem for path in (Path(__file__).parent / folder).glob("[a-z]*.py")):
        module = _action(folder, name)
        summary = (module.__doc__ or "").partition("\n")[0]
        yield actions.add_parser(name, help=summary, description=module.__doc__), module


def run(folder: str, args: Namespace, console: Console) -> int:
    """Carry out the action that was named."""
    return int(_action(folder, args.action).run(args, console))


def _action(folder: str, name: str) -> ModuleType:
    return import_module(f"checker.commands.{folder}.{name}")
