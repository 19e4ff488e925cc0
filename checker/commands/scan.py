"""Find the models that code and configuration use, judge them, and compare them with the manifest.

Exit code 0 says that no model is used or that nothing blocks, 1 that something does (a model that is declared nowhere,
under the default policy), 2 that an input cannot be used, 3 that a use names no model and no manifest says which it is.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.commands import _gate, _outputs
from checker.commands._values import path, pattern
from checker.console import Console
from checker.document.errors import InputError, visible
from checker.document.write import replace_file
from checker.request import Request
from checker.scan.walk import READ

if TYPE_CHECKING:
    from checker.compared import Result
    from checker.scan.use import Scan

DRAFT = "model.yaml"

EXAMPLES = """\
examples:
  weighbridge scan                       what this folder uses, and whether model.yaml says so
  weighbridge scan services/bot --json   one part of a repository, for programs
  weighbridge scan --write               draft model.yaml from what is used; an existing one is never touched
  weighbridge scan --exclude 'tests/*'   leave files out; every output says so
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `scan`."""
    parser.add_argument("paths", nargs="*", type=path, metavar="PATH", help="folders or files; default: this folder")
    parser.add_argument("--write", action="store_true", help="draft a manifest where there is none")
    parser.add_argument(
        "--exclude",
        action="append",
        default=[],
        type=pattern,
        metavar="PATTERN",
        help="paths that are not read; repeatable",
    )
    _gate.configure(parser)
    _outputs.configure(parser)
    parser.add_argument("--exit-zero", action="store_true", help="report only: blocking findings end with 0")


def run(args: Namespace, console: Console) -> int:
    """Scan, judge, write every output and the draft, and return the gate's code."""
    from checker.compared import judge

    outputs = _outputs.chosen(args)
    request = _request(args, console)
    if args.write:
        _refuse_existing(request.paths)
    keep_basis = any(form.needs_basis for form, _ in outputs)
    result = judge(request._replace(keep_basis=keep_basis), tuple(args.exclude))
    for part in result.parts:
        _refuse_nothing(part.scan, tuple(args.exclude))
    if args.write:
        _write(result, console)
    _outputs.write(args, outputs, result.report, console)
    return result.report.exit_code


def _request(args: Namespace, console: Console) -> Request:
    return _gate.request(args, console, tuple(map(Path, args.paths or ["."])))._replace(allow_empty=True)


def _refuse_nothing(found: Scan, exclude: tuple[str, ...]) -> None:
    """Nothing read is no success: whether a model is used was not looked at.

    Raises:
        InputError: there is no file that is read, and none that could not be.
    """
    if found.files_read or found.unread:
        return
    others = found.files_seen
    raise InputError.one(
        f"none of its files is read ({others} in all)" if others else "there is no file to read",
        expected=READ,
        hint=f"--exclude leaves out {', '.join(exclude)}" if exclude and others else "",
        file=found.root,
    )


def _refuse_existing(paths: tuple[Path, ...]) -> None:
    """Before anything is read: a draft never takes the place of a file."""
    for named in paths:
        target = (named if named.is_dir() else named.parent) / DRAFT
        if target.exists() or target.is_symlink():
            raise InputError.one(
                "it is there already, and a draft never takes the place of a file",
                expected="`scan --write` where there is no manifest",
                hint="`weighbridge scan` says what it lacks",
                file=target.as_posix(),
            )


def _write(result: Result, console: Console) -> None:
    from checker.scan.draft import draft

    for part in result.parts:
        target = part.folder / DRAFT
        models = len(part.undeclared)
        if not models:
            console.err.write(
                f"{visible(target.as_posix())}: not written: no model that could be named is undeclared\n"
            )
        elif part.has_manifest:
            console.err.write(f"{visible(target.as_posix())}: not written: another manifest declares models here\n")
        else:
            replace_file(target, draft(part.undeclared))
            said = f"drafted {models} model{'' if models == 1 else 's'}; lines behind `#` ask for what code cannot tell"
            console.err.write(f"{visible(target.as_posix())}: {said}\n")
