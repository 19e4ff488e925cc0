"""A page for each command, made from its parser: what it does, its options with their defaults, and examples."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator
from importlib import import_module

from checker.command_line import command_names, overview
from tools.reference.markdown import code, table


def pages() -> dict[str, str]:
    """The page of each command and the list of them, by path."""
    made = {f"commands/{name}.md": _page(name, parser) for name, parser in parsers().items()}
    lines = "".join(f"- [`weighbridge {name}`]({name}.md): {_summary(parser)}\n" for name, parser in parsers().items())
    shared = _options(overview(), "These stand before or without a command.")
    made["commands/index.md"] = f"# Commands\n\n{lines}\n{shared}\nSee also the [exit codes](../exit-codes.md).\n"
    return made


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    return {name: parser for name, parser in actions(overview()).items() if name in command_names()}


def actions(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of what a command can be told to do; empty where it does one thing."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _summary(parser: argparse.ArgumentParser) -> str:
    return " ".join((parser.description or "").partition("\n\n")[0].split())


def _page(name: str, parser: argparse.ArgumentParser) -> str:
    said = inspect.cleandoc(import_module(f"checker.commands.{name}").__doc__ or "")
    parts = [f"# weighbridge {name}\n", f"{said}\n", _options(parser)]
    for action, inner in actions(parser).items():
        parts += [
            f"## weighbridge {name} {action}\n",
            f"{inspect.cleandoc(inner.description or '')}\n",
            _options(inner),
        ]
    parts.append(
        f"## Examples\n\n```text\n{_examples(parser)}```\n\nWhat its end says: [exit codes](../exit-codes.md).\n"
    )
    return "\n".join(parts)


def _examples(parser: argparse.ArgumentParser) -> str:
    lines = (parser.epilog or "").splitlines()
    return "".join(f"{line.removeprefix('  ')}\n" for line in lines if line != "examples:")


def _options(parser: argparse.ArgumentParser, said: str = "") -> str:
    rows = [_row(action) for action in arguments(parser)]
    if not rows:
        return ""
    return (f"{said}\n\n" if said else "") + table(("option", "meaning", "default"), rows)


def arguments(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments and options of a parser, without `--help` and without what it can be told to do."""
    for action in parser._actions:
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            yield action


def _row(action: argparse.Action) -> tuple[str, str, str]:
    meaning = (action.help or "") % {**vars(action), "prog": "weighbridge"}
    choices = [str(one) for one in action.choices or ()]
    if choices and not all(one in meaning for one in choices):
        meaning += f": {', '.join(choices)}" if meaning else ", ".join(choices)
    told = ["required"] if action.option_strings and action.required else []
    repeated = isinstance(action, argparse._AppendAction | argparse._AppendConstAction)
    told += ["repeatable"] if repeated and "repeatable" not in meaning and not _is_short_for(action) else []
    return name_of(action), "; ".join(part for part in (meaning, *told) if part), code(default_of(action))


def _is_short_for(action: argparse.Action) -> bool:
    """Whether it is another spelling of an option with a value."""
    return isinstance(action, argparse._AppendConstAction)


def name_of(action: argparse.Action) -> str:
    """How an argument or option is written, with the name of its value."""
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if not action.option_strings:
        return code(f"[{value}]" if action.nargs in ("?", "*") else value)
    takes = action.nargs != 0
    choices = "" if not takes or action.metavar else "{" + ",".join(map(str, action.choices or ())) + "}"
    return ", ".join(
        code(f"{name} {choices if len(choices) > 2 else value}" if takes else name) for name in action.option_strings
    )


def default_of(action: argparse.Action) -> str:
    """The value that the parser itself puts in, as it would be typed; empty where that is nothing."""
    value = action.default
    if value is None or value is False or value in ([], argparse.SUPPRESS):
        return ""
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
