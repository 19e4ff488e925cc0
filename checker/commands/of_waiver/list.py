"""List the waivers of the file that the policy names: which count, for how long, and who wrote them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from checker import recorded
from checker.console import Console
from checker.document.errors import visible
from checker.exit_code import ExitCode
from checker.manifest.project import repository_root
from checker.waivers.history import commits_of
from checker.waivers.ledger import Waivers, Weighed, weigh
from checker.waivers.when import day_or


def configure(parser: ArgumentParser) -> None:
    """Add the options of `waiver list`."""
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def run(args: Namespace, console: Console) -> int:
    """Print every waiver of the file, for whichever project it is."""
    today = day_or(args.today, console.today)
    asked = recorded.request((Path(),), args.policy, console.environ.get("WEIGHBRIDGE_POLICY"), today)
    place = recorded.place(asked)
    if place.ledger is None:
        console.out.write("[]\n" if args.json else f"{visible(place.path.as_posix())}: there is no such file yet\n")
        return ExitCode.OK
    commits = commits_of(place.ledger, place.path, repository_root(place.path.parent))
    waivers = weigh(place.ledger, place.policy, today, commits)
    console.out.write(_as_json(waivers) if args.json else "".join(f"{visible(line)}\n" for line in _lines(waivers)))
    return ExitCode.OK


def _lines(waivers: Waivers) -> Iterator[str]:
    for one in waivers.weighed:
        waiver, shown = one.waiver, one.shown
        revision = f" at {waiver.revision.value}" if waiver.revision else ""
        finding = f", finding {waiver.fingerprint.value[:12]}" if waiver.fingerprint else ""
        yield f"{shown.id}: {_state(one)}"
        yield f"  covers {shown.rule} of {waiver.model.value}{revision} in {waiver.project.value}{finding}"
        yield f"  {shown.kind}: {shown.reason}{f'; {shown.ticket}' if shown.ticket else ''}"
        yield f"  approver {shown.approver or 'nobody'}, {shown.approved_on}; {_author(one)}"
    counting = sum(one.counts for one in waivers.weighed)
    yield f"{waivers.file}: {counting} of {len(waivers.weighed)} waivers count"


def _state(one: Weighed) -> str:
    if one.counts:
        days = one.shown.days_left
        return f"counts to {one.shown.expires}, {days} day{'' if days == 1 else 's'} left"
    return f"does not count: {'; '.join(objection.found for objection in one.objections)}"


def _author(one: Weighed) -> str:
    same = {True: ", its approver", False: ", not its approver", None: ""}[one.shown.approver_is_author]
    return f"written by {one.shown.author}{same}" if one.shown.commit else "git does not know who wrote it"


def _as_json(waivers: Waivers) -> str:
    from checker.document.as_json import dumps

    listed = [
        {
            **{name: value for name, value in one.shown._asdict().items() if name != "at"},
            "file": waivers.file,
            "line": one.shown.at.line,
            "project": one.waiver.project.value,
            "model": one.waiver.model.value,
            "revision": one.waiver.revision.value if one.waiver.revision else None,
            "fingerprint": one.waiver.fingerprint.value if one.waiver.fingerprint else None,
            "counts": one.counts,
            "objections": [objection.found for objection in one.objections],
        }
        for one in waivers.weighed
    ]
    return dumps(listed, indent=2, sort_keys=True, default=str) + "\n"
