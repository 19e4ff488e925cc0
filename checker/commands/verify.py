"""Say in plain words what holds of a signed attestation and what does not.

0: everything that was asked holds; 1: something does not; 2: bad input; 3: something cannot be told.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from re import fullmatch
from typing import TYPE_CHECKING

from checker.commands._gate import sha256 as digest
from checker.commands._values import path, uri
from checker.console import Console
from checker.document.as_json import dumps
from checker.document.errors import visible
from checker.document.read import MAX_BYTES, read_bytes
from checker.exit_code import ExitCode
from checker.gate import LOCK_NAME

if TYPE_CHECKING:
    from checker.attested.verifying import Answer, File

EXAMPLES = """\
examples:
  weighbridge verify model.att.json --key gate.pub --policy-digest 3f1a… --manifest service/model.yaml --max-age 7d
  weighbridge verify model.att.json --key old.pub --key new.pub --policy-digest 3f1a… --json
"""
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def configure(parser: ArgumentParser) -> None:
    """Add the options of `verify`."""
    parser.add_argument("file", type=path, metavar="FILE", help="the envelope that `weighbridge attest` wrote")
    parser.add_argument(
        "--key",
        action="append",
        required=True,
        type=path,
        metavar="FILE",
        help="a public key that may have signed; repeatable",
    )
    parser.add_argument(
        "--policy-digest",
        required=True,
        type=digest,
        metavar="SHA256",
        help="the resolved policy that must have judged",
    )
    parser.add_argument(
        "--manifest",
        action="append",
        default=[],
        type=path,
        metavar="FILE",
        help="a manifest that must be what was judged, with the lock beside it; repeatable",
    )
    parser.add_argument("--max-age", type=_age, metavar="AGE", help="how old it may be: 30d, 12h, 90m")
    parser.add_argument("--resource-uri", type=uri, metavar="URI", help="what it must be about")
    parser.add_argument("--allow-relaxed", action="store_true", help="a loosened run is no reason to refuse it")
    parser.add_argument("--json", action="store_true", help="the answers as JSON")


def run(args: Namespace, console: Console) -> int:
    """Read the envelope, the keys and the files, and answer."""
    from checker.attested import envelope, keys, verifying

    wanted = verifying.Wanted(
        keys=tuple(keys.public_key(file, read_bytes(Path(file), file, keys.MAX_BYTES)) for file in args.key),
        policy_sha256=args.policy_digest,
        files=tuple(_file(name) for name in args.manifest),
        max_age=args.max_age,
        resource=args.resource_uri,
        allow_relaxed=args.allow_relaxed,
        now=datetime.now(UTC),
    )
    content = read_bytes(Path(args.file), args.file, envelope.MAX_BYTES)
    answers = verifying.verified(envelope.read_envelope(args.file, content), wanted)
    code = verifying.code(answers)
    console.out.write(_as_json(answers, code) if args.json else _as_text(answers, code))
    return code


def _file(name: str) -> File:
    from checker.attested.verifying import File
    from checker.facts.locked.file import MAX_BYTES as MAX_LOCK_BYTES

    path = Path(name)
    lock = path.parent / LOCK_NAME
    there = lock.exists() or lock.is_symlink()
    return File(
        name,
        sha256(read_bytes(path, name, MAX_BYTES)).hexdigest(),
        lock.as_posix(),
        sha256(read_bytes(lock, lock.as_posix(), MAX_LOCK_BYTES)).hexdigest() if there else None,
    )


def _as_text(answers: tuple[Answer, ...], code: ExitCode) -> str:
    lines = [f"{answer.standing}: {answer.sentence}" for answer in answers]
    return "".join(f"{visible(line)}\n" for line in (*lines, _VERDICTS[code]))


_VERDICTS = {
    ExitCode.OK: "yes: everything that was asked holds",
    ExitCode.BLOCKED: "no: not everything holds",
    ExitCode.UNKNOWN: "unknown: not everything can be told",
}


def _as_json(answers: tuple[Answer, ...], code: ExitCode) -> str:
    content = {"code": int(code), "answers": [answer._asdict() for answer in answers]}
    return dumps(content, indent=2) + "\n"


def _age(written: str) -> timedelta:
    found = fullmatch(r"([1-9][0-9]{0,4})([dhm])", written)
    if found is None:
        raise ArgumentTypeError(f"`{written}` is no age: expected days, hours or minutes, such as 30d, 12h or 90m")
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})
