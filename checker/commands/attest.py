"""Judge manifests as `check` does and sign what was found: evidence that others can verify without trusting the runner.

The document is an in-toto statement with SLSA's verification summary in a DSSE envelope. The exit code is that of
`check`; a run that failed is attested as failed. Where something cannot be used (2) nothing is written.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from checker import gate
from checker.commands import _gate
from checker.commands._values import path, uri
from checker.console import Console
from checker.document.errors import InputError, visible
from checker.document.read import MAX_BYTES, from_text, read_bytes
from checker.document.write import replace_file
from checker.request import Request
from checker.verdict import JudgedManifest, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from checker.attested.keys import Key
    from checker.attested.statement import Json, Subject
    from checker.surroundings import Surroundings

PASSPHRASE = "WEIGHBRIDGE_KEY_PASSPHRASE"

EXAMPLES = """\
examples:
  openssl genpkey -algorithm ed25519 -aes256 -out gate.pem     a key of the gate's, with a passphrase
  openssl pkey -in gate.pem -pubout -out gate.pub              its public part, for who verifies
  weighbridge attest service/model.yaml --policy acme.yaml --key gate.pem --output model.att.json
  weighbridge verify model.att.json --key gate.pub --policy-digest 3f1a…
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `attest`."""
    parser.add_argument("paths", nargs="*", type=path, metavar="PATH", help="manifests or folders; default: .")
    _gate.configure(parser)
    parser.add_argument(
        "--key",
        required=True,
        type=path,
        metavar="FILE",
        help=f"the private key, PEM; {PASSPHRASE} holds its passphrase",
    )
    parser.add_argument(
        "-o", "--output", type=path, metavar="FILE", help="where the envelope goes; default: standard output"
    )
    parser.add_argument(
        "--resource-uri", type=uri, metavar="URI", help="what it is about; default: the repository at its commit"
    )
    parser.add_argument("--allow-relaxed", action="store_true", help="attest a loosened run too; it says so inside")
    parser.add_argument(
        "--exit-zero", action="store_true", help="report only: blocking findings end with 0; the statement says so"
    )
    parser.add_argument(
        "--ignore-waivers", action="store_true", help="judge as if nothing were excepted; the statement says so"
    )


def run(args: Namespace, console: Console) -> int:
    """Judge, refuse what cannot be attested, sign and write."""
    from checker.attested.envelope import PAYLOAD_TYPE, Envelope, Signature, as_json, signed_bytes
    from checker.attested.keys import sign
    from checker.attested.statement import as_bytes, resource_of, statement

    key = _key(args.key, console)  # before minutes of work
    report = gate.judge(_request(args, console))
    _refuse(report, allowed=args.allow_relaxed)
    surroundings = _surroundings(report, console)
    resource = args.resource_uri or resource_of(report, surroundings)
    if not resource:
        raise InputError.one(
            "the run is about several projects", expected="--resource-uri with what they are part of", file="attest"
        )
    content = statement(report, _subjects(report, surroundings.paths), surroundings, datetime.now(UTC), resource)
    payload = as_bytes(content)
    signature = Signature(key.id, sign(key, signed_bytes(payload, PAYLOAD_TYPE)))
    written = as_json(Envelope(payload, PAYLOAD_TYPE, (signature,)))
    if args.output is None:
        console.out.write(written)
    else:
        replace_file(Path(args.output), written)
    _say(content, key.id, args.output, console)
    return report.exit_code


def _key(file: str, console: Console) -> Key:
    from checker.attested.keys import MAX_BYTES, PassphraseNeededError, private_key

    pem = read_bytes(Path(file), file, MAX_BYTES)
    try:
        return private_key(file, pem, console.environ.get(PASSPHRASE))
    except PassphraseNeededError:
        passphrase = _asked(file, console) if console.stdin.isatty() else ""
    if not passphrase:
        expected = f"its passphrase in {PASSPHRASE}, or a terminal to ask on"
        raise InputError.one("the key is encrypted", expected=expected, file=file)
    return private_key(file, pem, passphrase)


def _asked(file: str, console: Console) -> str:
    """The passphrase that somebody types; empty where the input ends instead.

    Raises:
        InputError: what is typed is no text.
    """
    from getpass import getpass

    try:
        return getpass(f"passphrase of {visible(file)}: ", console.err)
    except EOFError:
        console.err.write("\n")
        return ""
    except UnicodeDecodeError as error:
        expected = f"text as the terminal writes it; {PASSPHRASE} may hold any bytes"
        raise InputError.one("the passphrase that was typed is no text", expected=expected, file=file) from error


def _request(args: Namespace, console: Console) -> Request:
    paths, jobs = tuple(map(Path, args.paths or ["."])), gate.jobs_of_this_machine()
    return _gate.request(args, console, paths)._replace(jobs=jobs, keep_basis=True)


def _refuse(report: Report, *, allowed: bool) -> None:
    """What no evidence can be of.

    Raises:
        InputError: a file cannot be used, several policies judged, or the run was loosened.
    """
    if report.refused:
        raise InputError(tuple(problem for refused in report.refused for problem in refused.problems))
    if len(report.policies) != 1:
        names = ", ".join(f"{one.name} {one.version}" for one in report.policies.values())
        raise InputError.one(
            f"the manifests are judged by several policies: {names}",
            expected="one policy an attestation",
            hint="name one with --policy, or attest each project by itself",
            file="attest",
        )
    if report.relaxations and not allowed:
        raise InputError.one(
            f"the run is loosened: {'; '.join(report.relaxations)}",
            expected="a run that nothing loosens",
            hint="--allow-relaxed attests it all the same, and says so inside",
            file="attest",
        )


def _surroundings(report: Report, console: Console) -> Surroundings:
    from checker.surroundings import look_around

    manifests = tuple(one.file for one in report.manifests)
    locks = tuple(one.lock.file for one in report.manifests if one.lock)
    return look_around(manifests, locks, console.environ)


def _subjects(report: Report, paths: Mapping[str, str]) -> tuple[Subject, ...]:
    """The manifests and their locks, each as it was judged.

    Raises:
        InputError: a file was changed while it was being judged.
    """
    from checker.attested.statement import Subject

    found = {}
    for manifest in report.manifests:
        for name, content in _files(manifest):
            shown = paths.get(name, name)
            found[shown] = Subject(shown, sha256(content).hexdigest())
    return tuple(found.values())


def _files(manifest: JudgedManifest) -> Iterator[tuple[str, bytes]]:
    from checker.facts.locked.file import MAX_BYTES as MAX_LOCK_BYTES
    from checker.facts.locked.held import hold

    content = read_bytes(Path(manifest.file), manifest.file, MAX_BYTES)
    assert manifest.basis is not None  # the request asks for it
    if from_text(manifest.file, content).text != manifest.basis.manifest.at.file.text:
        raise _changed(manifest.file)
    yield manifest.file, content
    if manifest.lock is not None:
        path = Path(manifest.lock.file)
        content = read_bytes(path, manifest.lock.file, MAX_LOCK_BYTES)
        if hold(path, manifest.lock.file).sha256 != manifest.lock.sha256:
            raise _changed(manifest.lock.file)
        yield manifest.lock.file, content


def _changed(file: str) -> InputError:
    return InputError.one("it was changed while it was being judged", expected="a file that stays as it is", file=file)


def _say(content: Json, key: str, output: str | None, console: Console) -> None:
    predicate = content["predicate"]
    said = f"attested {predicate['verificationResult']} ({predicate['weighbridge_result']})"
    loosened = f", loosened: {'; '.join(predicate['weighbridge_relaxations'])}" * bool(
        predicate["weighbridge_relaxations"]
    )
    where = f" in {output}" if output else ""
    policy = predicate["policy"]["digest"]["sha256"]
    console.err.write(visible(f"{said}{loosened}{where}; policy sha256 {policy}; signed by the key {key}") + "\n")
