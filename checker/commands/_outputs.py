"""The outputs of a run: which formats are asked for, where each goes, and what each needs to know."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from checker import report
from checker.commands import _color
from checker.commands._targets import output, refuse_two_in_one, refuse_what_was_read
from checker.console import Console
from checker.document.errors import InputError
from checker.document.nearest import with_hint
from checker.document.write import replace_file
from checker.verdict import Report

Output: TypeAlias = tuple[report.Format, str | None]
"""A format, and the file that it goes to; None for standard output."""


def configure(parser: ArgumentParser) -> None:
    """Add the options that say what is written and where."""
    group = parser.add_argument_group("what is written")
    group.add_argument(
        "--output",
        action="append",
        type=output(report.formats),
        metavar="FORMAT[=FILE]",
        help=f"one of {', '.join(report.formats())}; repeatable; default: text",
    )
    group.add_argument(
        "--for",
        dest="reader",
        choices=sorted(report.READERS),
        metavar="READER",
        help=f"write for somebody else, without paths and waivers: {', '.join(sorted(report.READERS))}",
    )
    group.add_argument("--json", action="append_const", const=("json", None), dest="output", help="--output json")
    group.add_argument("--explain", action="store_true", help="show what led to each outcome")
    group.add_argument("--statistics", action="store_true", help="count the verdicts of each rule")
    group.add_argument(
        "--controls",
        action="append",
        default=[],
        type=_framework,
        metavar="FRAMEWORK",
        help="show in the HTML which of its controls the rules support, such as iso-42001; repeatable",
    )
    group.add_argument("--sarif-include-waived", action="store_true", help="put waived findings into SARIF too")
    _color.configure(group)


def chosen(args: Namespace) -> tuple[Output, ...]:
    """The outputs that the options ask for, their formats loaded.

    Raises:
        InputError: two go to standard output, or two into one file; the run has not begun yet.
    """
    asked = args.output or [("text", None)]
    refuse_two_in_one(asked, "check")
    if args.controls and "html" not in (name for name, _ in asked):
        raise InputError.one("--controls needs `--output html=FILE`", expected="that output beside it", file="check")
    if args.reader is not None:
        return _for_reader(args.reader, asked)
    return tuple((report.load(name), target) for name, target in asked)


def _for_reader(reader: str, asked: list[tuple[str, str | None]]) -> tuple[Output, ...]:
    written, _ = report.READERS[reader]
    other = next((name for name, _ in asked if name != written), None)
    if other is not None:
        # A second document would hold what this reader is not to see.
        raise InputError.one(
            f"--for {reader} and output `{other}`", expected=f"`--output {written}[=FILE]` alone", file="check"
        )
    return tuple((report.load_for(reader), target) for _, target in asked)


def write(args: Namespace, outputs: tuple[Output, ...], result: Report, console: Console) -> None:
    """Write every output; what stdout has no room for goes to stderr, so that it holds the result alone."""
    supply: dict[str, Callable[[], object]] = {
        "report": lambda: result,
        "wishes": lambda: report.Wishes(args.explain, args.sarif_include_waived, tuple(args.controls)),
        "surroundings": lambda: _surroundings(result, console),
    }
    if targets := [target for _, target in outputs if target is not None]:
        refuse_what_was_read(targets, _read(result))
    for form, target in outputs:
        written = form.render(**{name: supply[name]() for name in form.needs})
        if target is None:
            console.out.write(_colored(args, form, written, console))
        else:
            replace_file(Path(target), written)
    _close(args, result, console)


def _colored(args: Namespace, form: report.Format, written: str, console: Console) -> str:
    """Text with colours where a person reads it; every other format is for programs."""
    if form != report.load("text") or not _color.is_wanted(args.color, console.out, console.environ):
        return written
    from checker.report._painted import painted  # most runs are read by programs

    return painted(written)


def _surroundings(result: Report, console: Console) -> object:
    from checker.report import _remarks
    from checker.surroundings import look_around

    return look_around(_manifests(result), _remarks.files(result), console.environ)


def _manifests(result: Report) -> tuple[str, ...]:
    return (*(one.file for one in result.manifests), *(one.file for one in result.refused))


def _read(result: Report) -> tuple[str, ...]:
    """The names of the files that the run rests on."""
    from checker.report import _remarks

    return (*_manifests(result), *_remarks.files(result))


def _close(args: Namespace, result: Report, console: Console) -> None:
    """The table that --statistics asks for, and the tally where standard output does not end with it."""
    text_on_stdout = not args.output or ("text", None) in args.output
    if args.statistics:
        from checker.report._statistics import statistics

        (console.out if text_on_stdout else console.err).write(statistics(result))
    if not text_on_stdout:
        from checker.report.text import tally

        console.err.write(f"{tally(result)}\n")


def _framework(name: str) -> str:
    from checker.controls import framework_names

    known = framework_names()
    if name not in known:
        raise ArgumentTypeError(with_hint(f"`{name}` is no framework: expected one of {', '.join(known)}", name, known))
    return name
