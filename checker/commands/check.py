"""Judge the manifests of a project by its organisation's policy: the gate.

Exit code 0 says that everything was evaluated and nothing blocks; 1 a blocking finding; 2 unusable input; 3 that a
blocking rule could not be evaluated.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path

from checker import gate
from checker.commands import _outputs
from checker.console import Console
from checker.document.read import MAX_BYTES
from checker.verdict import Report

EXAMPLES = """\
examples:
  weighbridge check                                  all manifests below this folder
  weighbridge check service/model.yaml --policy ../acme/policy.yaml
  weighbridge check --output text --output json=report.json
  weighbridge check --explain                        what led to each outcome
  weighbridge check --today 2027-03-01               what would stand on that day
  cat model.yaml | weighbridge check -
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `check`."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="manifests or folders; `-` is standard input; default: ."
    )
    parser.add_argument("--policy", metavar="FILE", help="the organisation's policy: a file, or weighbridge:PACK")
    parser.add_argument("--require-policy", type=_sha256, metavar="SHA256", help="refuse any other resolved policy")
    parser.add_argument("--today", type=_day, metavar="DATE", help="judge as of this day (YYYY-MM-DD)")
    parser.add_argument("--since", metavar="REV", help="block on what a change adds since its merge base with REV")
    _outputs.configure(parser)
    parser.add_argument("--discovered", action="store_true", help="paths may be files that are something else")
    parser.add_argument("--allow-empty", action="store_true", help="nothing to check is no error")
    parser.add_argument("--exit-zero", action="store_true", help="report only: blocking findings end with 0")
    parser.add_argument("--ignore-waivers", action="store_true", help="judge as if nothing were excepted")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="processes for many manifests; default: one a core")
    parser.add_argument("-v", "--verbose", action="store_true", help="list files that are something else")


def run(args: Namespace, console: Console) -> int:
    """Judge, write every output, and return the gate's code; the format never changes it."""
    outputs = _outputs.chosen(args)
    result = _judged(args, _request(args, console))
    if args.verbose:
        console.err.writelines(f"{path}: not a Weighbridge manifest, not judged\n" for path in result.foreign)
    _outputs.write(args, outputs, result, console)
    return result.exit_code


def _judged(args: Namespace, request: gate.Request) -> Report:
    if args.since is None:
        return gate.judge(request)
    from checker.since import judge

    return judge.judge(request, args.since)


def _request(args: Namespace, console: Console) -> gate.Request:
    paths = [path for path in args.paths if path != "-"]
    relaxations = [f"--today {args.today}"] if args.today and args.today != console.today else []
    relaxations += ["--exit-zero: blocking findings end with code 0"] if args.exit_zero else []
    relaxations += ["--ignore-waivers: findings that waivers cover are judged as open"] if args.ignore_waivers else []
    relaxations += [f"--since {args.since}: what was there before does not block"] if args.since is not None else []
    return gate.Request(
        paths=tuple(map(Path, paths if args.paths else ["."])),
        discovered=args.discovered,
        allow_empty=args.allow_empty,
        policy=args.policy,
        environment_policy=console.environ.get("WEIGHBRIDGE_POLICY"),
        require_policy=args.require_policy,
        today=args.today or console.today,
        relaxations=tuple(relaxations),
        exit_zero=args.exit_zero,
        ignore_waivers=args.ignore_waivers,
        jobs=args.jobs or gate.jobs_of_this_machine(),
        standard_input=console.stdin.buffer.read(MAX_BYTES + 1) if "-" in args.paths else None,
    )


def _sha256(written: str) -> str:
    digest = written.lower()
    if len(digest) == 64 and set(digest) <= set("0123456789abcdef"):
        return digest
    raise ArgumentTypeError(
        f"`{written}` is no SHA-256: expected 64 hexadecimal digits; `weighbridge policy show` has it"
    )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ArgumentTypeError(f"`{written}` is no day: expected YYYY-MM-DD") from None


def _jobs(written: str) -> int:
    if written.isdecimal() and int(written) > 0:
        return int(written)
    raise ArgumentTypeError(f"`{written}` is no number of processes: expected 1 or more")
