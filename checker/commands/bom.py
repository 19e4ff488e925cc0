"""Write a bill of materials: which models a project uses, under which terms, and what was decided about each.

Each document holds one project. Exit code 0 says that it was written; what it lacks is said in it and on stderr.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime
from pathlib import Path

from checker import bom, gate
from checker.bom.inventory import Inventory, inventory
from checker.commands import _gate
from checker.commands._values import path
from checker.console import Console
from checker.document.digits import whole
from checker.document.errors import InputError, NoInputError, shown, visible
from checker.document.extra import install
from checker.document.write import replace_file
from checker.exit_code import ExitCode
from checker.request import Request
from checker.verdict import Report

EXAMPLES = """\
examples:
  weighbridge bom --format cyclonedx-1.6 service/model.yaml -o bom.cdx.json
  weighbridge bom --format spdx-2.3
  weighbridge bom --format spdx-3.0 --created 2026-11-02T00:00:00Z
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `bom`."""
    parser.add_argument(
        "path", nargs="?", default=".", type=path, metavar="PATH", help="a manifest or its folder; default: ."
    )
    parser.add_argument("--format", choices=sorted(bom.FORMATS), required=True, metavar="FORMAT", help=_formats())
    parser.add_argument("-o", "--output", type=path, metavar="FILE", help="where it goes; default: standard output")
    _gate.add_policy(parser)
    _gate.add_today(parser)
    parser.add_argument(
        "--created",
        type=_moment,
        metavar="TIME",
        help="the time that the document carries, in UTC; default: SOURCE_DATE_EPOCH, else now",
    )


def run(args: Namespace, console: Console) -> int:
    """Judge the manifest, write its bill of materials, and say what it lacks."""
    try:
        report = gate.judge(_request(args, console))
    except NoInputError as error:
        raise InputError(tuple(problem._replace(hint="") for problem in error.problems)) from None  # it names an option
    held = _inventory(report, args, console)
    written = _rendered(held, args.format)
    if args.output is None:
        console.out.write(written)
    else:
        replace_file(Path(args.output), written)
    for item in held.items:
        console.err.writelines(f"{visible(item.name)}: missing {visible(gap)}\n" for gap in item.missing)
    return ExitCode.OK


def _inventory(report: Report, args: Namespace, console: Console) -> Inventory:
    if report.refused:
        raise InputError(tuple(problem for refused in report.refused for problem in refused.problems))
    if len(report.manifests) != 1:
        raise InputError.one(
            f"{args.path} leads to {len(report.manifests)} manifests",
            expected="one: a bill of materials holds one project",
            hint=f"name one, such as {report.manifests[0].file}",
            file="bom",
        )
    return inventory(report.manifests[0], report, args.created or _now(console))


def _rendered(held: Inventory, name: str) -> str:
    try:
        render = bom.load(name)
    except ModuleNotFoundError as error:
        raise InputError.one(
            f"{name} needs the package `{error.name}`, which is not installed",
            expected="the extra `bom`",
            hint=f"{install('bom')}; cyclonedx-1.6 and cyclonedx-1.7 do without it",
            file="bom",
        ) from error
    return render(held, name)


def _request(args: Namespace, console: Console) -> Request:
    return _gate.request(args, console, (Path(args.path),))._replace(keep_basis=True)


def _now(console: Console) -> datetime:
    """The time for the document: that of the reproducible-builds variable where it is set."""
    epoch = console.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    seconds = whole(epoch, 11)
    if seconds is None:
        raise InputError.one(
            f"SOURCE_DATE_EPOCH is `{shown(epoch)}`", expected="seconds since 1970-01-01, in digits", file="environment"
        )
    return datetime.fromtimestamp(seconds, UTC)


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise ArgumentTypeError(f"`{written}` is no time: expected YYYY-MM-DDTHH:MM:SSZ") from None


def _formats() -> str:
    return f"one of {', '.join(sorted(bom.FORMATS))}"
