"""Take out the waivers that have expired or that nothing needs any more; comments and layout stay.

Only waivers of the projects below the paths are looked at, and one is unused only where all that it could cover was
judged. A number of generated waivers under `adopted:` falls with them.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from checker import gate, recorded
from checker.commands._values import path
from checker.console import Console
from checker.document.errors import visible
from checker.document.write import replace_file
from checker.exit_code import ExitCode
from checker.verdict import JudgedWaivers, Verdict
from checker.waivers.edit import without
from checker.waivers.file import Ledger
from checker.waivers.when import day_or

_OVER = ("waiver-expired", "waiver-unused")


def configure(parser: ArgumentParser) -> None:
    """Add the options of `waiver prune`."""
    parser.add_argument(
        "paths", nargs="*", type=path, metavar="PATH", help="folders whose projects are judged; default: ."
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be taken out, and leave the file")


def run(args: Namespace, console: Console) -> int:
    """Judge, and take out what is over."""
    paths = tuple(map(Path, args.paths or ["."]))
    environment = console.environ.get("WEIGHBRIDGE_POLICY")
    asked = recorded.request(paths, args.policy, environment, day_or(args.today, console.today))
    place = recorded.place(asked)
    if place.ledger is None:
        console.out.write(f"{visible(place.path.as_posix())}: there is no such file\n")
        return ExitCode.OK
    report = gate.judge(asked)
    ours = [judged for judged in report.waivers if judged.file == place.path.as_posix()]
    over = {one: why for judged in ours for one, why in _over(judged).items()}
    for waiver, why in over.items():
        console.out.write(visible(f"{place.path.as_posix()}: {waiver}: {why}") + "\n")
    if over and not args.dry_run:
        replace_file(place.path, without(place.ledger, over, _adopted(place.ledger, over)))
    verb = "would be taken out" if args.dry_run else "taken out"
    console.out.write(f"{visible(place.path.as_posix())}: {len(over)} of {len(place.ledger.entries)} waivers {verb}\n")
    return ExitCode.OK


def _over(judged: JudgedWaivers) -> dict[str, str]:
    return {
        waiver.waiver.id: evaluation.findings[0].found
        for waiver in judged.waivers
        for evaluation in waiver.evaluations
        if evaluation.rule in _OVER and evaluation.verdict is Verdict.FAIL
    }


def _adopted(ledger: Ledger, over: dict[str, str]) -> int | None:
    """How many generated waivers may be there from now on; None where the file does not say it."""
    if ledger.adopted is None:
        return None
    left = sum(one.waiver.is_generated for one in ledger.entries if one.waiver.id.value not in over)
    return min(left, ledger.adopted.value)
