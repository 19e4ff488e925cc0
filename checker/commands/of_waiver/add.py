"""Add a waiver to the file that the policy names; what no option states is asked for."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path

from checker import applying, gate, recorded
from checker.console import Console
from checker.document.errors import InputError, visible
from checker.document.nearest import did_you_mean
from checker.document.place import SourceFile
from checker.document.write import replace_file
from checker.exit_code import ExitCode
from checker.manifest.project import project_name
from checker.request import Request
from checker.rulebook.discover import rule_ids
from checker.waivers.edit import Fields, with_added
from checker.waivers.file import Kind, read_ledger
from checker.waivers.ledger import weigh
from checker.waivers.when import day_or, last_day

ASKED = {
    "rule": "the rule whose findings it covers",
    "model": "the entry's name, or the model's id",
    "kind": f"one of {', '.join(Kind)}",
    "reason": "why, in words",
    "approver": "who approved it; empty where nobody has yet",
    "expires": "its last day: 90d or YYYY-MM-DD",
}
"""What has no default, in the order in which it is asked for."""


_METAVARS = {"reason": "TEXT", "approver": "WHO", "expires": "WHEN"}


def configure(parser: ArgumentParser) -> None:
    """Add the options of `waiver add`."""
    for name, help_text in ASKED.items():
        parser.add_argument(f"--{name}", metavar=_METAVARS.get(name, name.upper()), help=help_text)
    parser.add_argument("--id", metavar="ID", help="its name in the file; default: the next free W-YEAR-NUMBER")
    parser.add_argument(
        "--project", metavar="NAME", help="the project; default: the name of this repository, else of this folder"
    )
    parser.add_argument("--revision", metavar="COMMIT", help="only where the entry pins this revision")
    parser.add_argument("--fingerprint", metavar="HEX", help="only for this finding, as the JSON report names it")
    parser.add_argument("--approved-on", metavar="DATE", help="the day of the approval; default: today")
    parser.add_argument("--ticket", metavar="TICKET", help="where it was discussed")


def run(args: Namespace, console: Console) -> int:
    """Write the waiver, and say on stderr if it will not count as it is."""
    today = day_or(args.today, console.today)
    asked = recorded.request((Path(),), args.policy, console.environ.get("WEIGHBRIDGE_POLICY"), today)
    place = recorded.place(asked)
    custom = tuple(rule.id for rule in place.policy.rules.values() if rule.custom)
    stated = _stated(args, console, (*rule_ids(), *custom))
    known = {one.waiver.id.value for one in place.ledger.entries} if place.ledger else set()
    project = args.project or _project(stated["model"], asked)
    entry = _entry(args, stated, project, today, args.id or _free(known, today))
    text = with_added(place.ledger, (entry,))
    # Nothing is written that the next check could not read.
    written = read_ledger(SourceFile(place.path.as_posix(), text))
    replace_file(place.path, text)
    [one] = [one for one in weigh(written, place.policy, today, {}).weighed if one.shown.id == entry["id"]]
    console.out.write(visible(f"{place.path.as_posix()}: added {one.shown.id}") + "\n")
    for objection in one.objections:
        console.err.write(
            visible(f"{objection.at}: it does not count: {objection.found}; expected {objection.expected}") + "\n"
        )
    return ExitCode.OK


def _stated(args: Namespace, console: Console, rules: tuple[str, ...]) -> dict[str, str]:
    """The values of the options; those that are missing are asked for where a person sits there."""
    stated = {name: getattr(args, name) for name in ASKED}
    missing = [name for name, value in stated.items() if value is None]
    if missing and not console.stdin.isatty():
        options = ", ".join(f"--{name}" for name in missing)
        raise InputError.one(
            f"{options} {'is' if len(missing) == 1 else 'are'} missing",
            expected="a value for each, or a terminal on which they can be asked for",
            file="waiver add",
        )
    for name in missing:
        stated[name] = _ask(name, console)
    _refuse_unknown("rule", stated["rule"], rules)
    _refuse_unknown("kind", stated["kind"], tuple(Kind))
    return stated


def _refuse_unknown(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known and "*" not in value:
        hint = did_you_mean(value, known)
        raise InputError.one(
            f"`{value}` is no {name}", expected=f"one of {', '.join(known)}", hint=hint, file=f"--{name}"
        )


def _ask(name: str, console: Console) -> str:
    may_be_empty = name == "approver"
    while True:
        console.err.write(f"{name} ({ASKED[name]}): ")
        console.err.flush()
        line = console.stdin.readline()
        if line.strip() or (may_be_empty and line):
            return line.strip()
        if not line:
            raise InputError.one(f"no {name} was given", expected=ASKED[name], file="waiver add")


def _entry(args: Namespace, stated: dict[str, str], project: str, today: date, waiver: str) -> Fields:
    fields: dict[str, str | date | None] = {
        "id": waiver,
        "rule": stated["rule"],
        "project": project,
        "model": stated["model"],
        "revision": args.revision,
        "fingerprint": args.fingerprint,
        "kind": stated["kind"],
        "reason": stated["reason"],
        "approver": stated["approver"],
        "approved_on": day_or(args.approved_on, today),
        "expires": last_day(stated["expires"], today),
        "ticket": args.ticket,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _project(model: str, asked: Request) -> str:
    """The project of the manifests here that have the model, else the name of the repository or folder."""
    found = {
        manifest.project
        for manifest in gate.judge(asked._replace(allow_empty=True)).manifests
        if any(model in (one.name, one.id, one.found_as) for one in manifest.models)
    }
    if len(found) > 1:
        raise InputError.one(
            f"`{model}` is a model of several projects",
            expected=f"one of {', '.join(sorted(found))}",
            file="--project",
        )
    return found.pop() if found else project_name(applying.root_of(Path()))


def _free(known: set[str], today: date) -> str:
    """The next number of this year that no waiver bears."""
    number = 1
    while f"W-{today.year}-{number:03}" in known:
        number += 1
    return f"W-{today.year}-{number:03}"
