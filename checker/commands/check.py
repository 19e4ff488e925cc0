"""Judge the manifests of a project by its organisation's policy: the gate.

Exit code 0 says that everything was evaluated and nothing blocks; 1 a blocking finding; 2 unusable input; 3 that a
blocking rule could not be evaluated.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from checker import gate
from checker.commands import _gate, _outputs
from checker.commands._values import as_path, days, jobs, path
from checker.console import Console
from checker.document.errors import InputError, visible
from checker.document.read import MAX_BYTES
from checker.request import Request
from checker.verdict import Forecast, Report

EXAMPLES = """\
examples:
  weighbridge check                                  all manifests below this folder
  weighbridge check service/model.yaml --policy ../acme/policy.yaml
  weighbridge check --output text --output json=report.json
  weighbridge check --explain                        what led to each outcome
  weighbridge check --today 2027-03-01               what would stand on that day
  weighbridge check --forecast 180d                  what turns red by itself, by date
  weighbridge check --since origin/main              block on what a change adds
  weighbridge check --remedies                       changes that settle findings, each judged before it is offered
  weighbridge check --fix --diff                     the safe fixes as a patch; without --diff they are written
  cat model.yaml | weighbridge check -
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `check`."""
    parser.add_argument(
        "paths", nargs="*", type=path, metavar="PATH", help="manifests or folders; `-` is standard input; default: ."
    )
    _gate.configure(parser)
    parser.add_argument("--since", metavar="REV", help="block on what a change adds since its merge base with REV")
    parser.add_argument(
        "--discovered",
        action="store_true",
        help="a tool found the paths: pass over files that are no manifests of ours",
    )
    parser.add_argument("--allow-empty", action="store_true", help="nothing to check is no error")
    parser.add_argument("--jobs", type=jobs, metavar="N", help="processes for many manifests; default: one a core")
    _outputs.configure(parser)
    _add_more_to_read(parser)
    _add_softer(parser)
    _add_writing(parser)
    _add_fixing(parser)


def _add_more_to_read(parser: ArgumentParser) -> None:
    """What is told or kept beside the outputs."""
    group = parser.add_argument_group("what is told besides")
    group.add_argument(
        "--forecast", type=days, metavar="DAYS", help="list what turns red by itself within that time, such as 180d"
    )
    group.add_argument(
        "--record",
        type=as_path,
        metavar="DIR",
        help="add a line of this run to a journal, linked to the line before it",
    )
    group.add_argument(
        "-v", "--verbose", action="store_true", help="list files that are something else, and what each waiver covers"
    )


def _add_softer(parser: ArgumentParser) -> None:
    """What of the findings blocks."""
    group = parser.add_argument_group("what blocks")
    group.add_argument(
        "--fail-on",
        choices=("advisory", "soft-mandatory", "hard-mandatory"),
        default="soft-mandatory",
        metavar="LEVEL",
        help="the lowest level whose findings end with 1: advisory, soft-mandatory (default) or hard-mandatory",
    )
    group.add_argument("--exit-zero", action="store_true", help="report only: blocking findings end with 0")
    group.add_argument("--ignore-waivers", action="store_true", help="judge as if nothing were excepted")


def _add_writing(parser: ArgumentParser) -> None:
    """What records open findings as waivers."""
    group = parser.add_argument_group("debts that are there already")
    group.add_argument(
        "--write-waivers", action="store_true", help="record each open finding as a waiver that somebody has to approve"
    )
    group.add_argument(
        "--expires", metavar="WHEN", help="with --write-waivers: their last day, YYYY-MM-DD or 90d (default)"
    )
    group.add_argument(
        "--reason",
        choices=("adoption",),
        metavar="KIND",
        help="with --write-waivers: the kind of reason, adoption (default)",
    )


def _add_fixing(parser: ArgumentParser) -> None:
    """What offers changes, and what makes them."""
    group = parser.add_argument_group("changes to manifests")
    group.add_argument(
        "--remedies", action="store_true", help="offer changes that settle findings, each judged and with a patch"
    )
    group.add_argument(
        "--fix", action="store_true", help="fix what is safe: spelling, key order, licence ids, revisions of the lock"
    )
    group.add_argument(
        "--unsafe-fixes", action="store_true", help="also apply the first remedy of each finding that blocks, in turn"
    )
    group.add_argument("--diff", action="store_true", help="with --fix: print the patch and write nothing")


def run(args: Namespace, console: Console) -> int:
    """Judge, write every output, and return the gate's code; the format never changes it."""
    outputs = _outputs.chosen(args)
    keep_basis = any(form.needs_basis for form, _ in outputs)
    request = _request(args, console)._replace(keep_basis=keep_basis or args.remedies)

    def judge() -> Report:
        if args.fix or args.unsafe_fixes or args.diff:
            _fix(args, request, console)
        return _judged(args, request)

    def write(result: Report) -> None:
        _written(args, request, outputs, result, console)

    if args.record is None:
        result = judge()
        write(result)
    else:
        from checker.commands._recorded import recorded

        result = recorded(args.record, request, console, judge, write)
    return result.exit_code


def _written(
    args: Namespace, request: Request, outputs: tuple[_outputs.Output, ...], result: Report, console: Console
) -> None:
    """Write what was asked for: waivers and every output."""
    if args.diff:
        from checker.report.text import tally, verdict_line

        console.err.writelines(f"relaxed: {visible(relaxation)}\n" for relaxation in result.relaxations)
        console.err.write(f"as it is: {verdict_line(result)}\n{tally(result)}\n")
        return
    if args.remedies:
        from checker.remedies.search import remedies_of

        result = result._replace(remedies=tuple(remedies_of(one, result, request) for one in result.manifests))
    if args.write_waivers:
        _adopted(args, request, result, console)
    if args.verbose:
        _say_more(result, console)
    _outputs.write(args, outputs, result, console)


def _fix(args: Namespace, request: Request, console: Console) -> None:
    """Fix every manifest, or print what would be fixed; what was done is said on stderr."""
    from checker.commands._fixes import fix

    beside = [option for option in ("since", "write_waivers", "forecast") if getattr(args, option) not in (None, False)]
    if args.diff and not (args.fix or args.unsafe_fixes):
        raise InputError.one("--diff was given alone", expected="`--fix` or `--unsafe-fixes` beside it", file="check")
    if beside:
        named = f"--fix and --{beside[0].replace('_', '-')}"
        raise InputError.one(f"{named} were given together", expected="one of them", file="check")
    if request.standard_input is not None:
        raise InputError.one("standard input cannot be fixed", expected="a file or a folder", file="check")
    fix(request, console, unsafe=args.unsafe_fixes, only_print=args.diff)


def _say_more(result: Report, console: Console) -> None:
    """Foreign files and what each waiver covers, on stderr, so that stdout holds the result alone."""
    console.err.writelines(f"{path}: not a Weighbridge manifest, not judged\n" for path in result.foreign)
    for one in (one for judged in result.waivers for one in judged.waivers):
        covers = ", ".join(f"{match.rule} of {match.model} ({match.at})" for match in one.matches) or "nothing"
        console.err.write(visible(f"{one.waiver.at}: waiver {one.waiver.id} covers {covers}") + "\n")


def _judged(args: Namespace, request: Request) -> Report:
    asked = [option for option in ("since", "write_waivers", "forecast") if getattr(args, option) not in (None, False)]
    if args.write_waivers and args.ignore_waivers:
        asked.append("ignore_waivers")  # what is excepted already would be written again
    if len(asked) > 1:
        named = " and ".join(f"--{option.replace('_', '-')}" for option in asked)
        raise InputError.one(f"{named} were given together", expected="one of them", file="check")
    alone = next((option for option in ("expires", "reason") if getattr(args, option) is not None), None)
    if alone is not None and not args.write_waivers:
        raise InputError.one(f"--{alone} was given alone", expected="`--write-waivers` beside it", file="check")
    if args.since is not None:
        from checker.since import judge

        return judge.judge(request, args.since)
    result = gate.judge(request)
    if args.forecast is not None:
        from checker.forecast import forecast

        return result._replace(forecast=Forecast(args.forecast, forecast(request, result, args.forecast)))
    return result


def _adopted(args: Namespace, request: Request, result: Report, console: Console) -> None:
    """Write the waivers, and say on stderr what was written and what was not."""
    from checker.adopt import adopt
    from checker.waivers.when import last_day

    if result.refused:
        # The number that is stated now only falls: what could not be judged would never find room.
        console.err.write("no waivers were written: not everything could be judged, and their number is stated once\n")
        return
    for file, made in adopt(result, request, last_day(args.expires or "90d", request.today)):
        written = len(made.entries)
        console.err.write(
            f"{visible(file)}: wrote {written} waiver{'' if written == 1 else 's'};"
            " none counts before an approver is filled in\n"
        )
        if made.hard:
            console.err.write(f"{visible(file)}: {made.hard} hard-mandatory: no waiver can cover them\n")
        if made.beyond:
            console.err.write(
                f"{visible(file)}: {made.beyond} more than the {made.adopted} that `adopted:` admits:"
                " settle them, or have a waiver of its own approved for each\n"
            )


def _request(args: Namespace, console: Console) -> Request:
    paths = [path for path in args.paths if path != "-"]
    return _gate.request(args, console, tuple(map(Path, paths if args.paths else ["."])))._replace(
        discovered=args.discovered,
        allow_empty=args.allow_empty,
        jobs=args.jobs or gate.jobs_of_this_machine(),
        standard_input=console.stdin.buffer.read(MAX_BYTES + 1) if "-" in args.paths else None,
    )
