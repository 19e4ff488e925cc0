"""The command that judges the same again, and what has to be there for it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from checker.request import STANDARD_INPUT, Request
from checker.rulebook.schedule import Enforcement
from checker.surroundings import Surroundings
from checker.value import NamedTuple
from checker.verdict import Report

_INPUT = "model.yaml"
"""What the command calls the text that came from standard input, which has no name."""


class Repeat(NamedTuple):
    """How a run is repeated."""

    command: str
    needs: tuple[str, ...]
    """Sentences: where it is to be run, and on what."""


def repeat(report: Report, surroundings: Surroundings) -> Repeat:
    """The command for the whole run, with every option that a verdict depends on.

    Raises:
        LookupError: the report does not say what was asked for.
    """
    request = report.request
    if request is None:
        raise LookupError("the report was made without keeping what was asked for")
    words = ["weighbridge", "check", *map(_path, request.paths), *_options(report, request)]
    if request.standard_input is None:
        return Repeat(shlex.join(words), tuple(_needs(report, surroundings)))
    digest = sha256(request.standard_input).hexdigest()
    told = f"{_INPUT} holds the text that came from standard input, SHA-256 {digest}."
    command = f"{shlex.join([*words, '-'])} < {_INPUT}"
    return Repeat(command, (*_needs(report, surroundings), told))


def _path(path: Path) -> str:
    written = path.as_posix()
    return f"./{written}" if written.startswith("-") else written


def _options(report: Report, request: Request) -> Iterator[str]:
    policy = request.policy if request.policy is not None else request.environment_policy
    if policy:
        yield from ("--policy", policy)
    resolved = {manifest.policy.sha256 for manifest in report.manifests}
    required = resolved.pop() if len(resolved) == 1 else request.require_policy
    if required:
        yield from ("--require-policy", required)
    yield from ("--today", report.today.isoformat())
    if report.since is not None:
        yield from ("--since", report.since.base)  # what it was called then may lie elsewhere tomorrow
    if report.forecast is not None:
        yield from ("--forecast", f"{report.forecast.days}d")
    if request.fail_on is not Enforcement.SOFT_MANDATORY:
        yield from ("--fail-on", request.fail_on.value)
    asked = ("discovered", "allow_empty", "exit_zero", "ignore_waivers")
    yield from (f"--{name.replace('_', '-')}" for name in asked if getattr(request, name))


def _needs(report: Report, surroundings: Surroundings) -> Iterator[str]:
    checkout = surroundings.checkout
    if checkout is None:
        yield "No one commit holds what was judged; the files have to be the same, and the folder that it starts from."
        return
    folder = checkout.folder
    place = (
        "a folder outside the repository, beside it as it was" if folder.startswith("..") else f"its folder {folder}"
    )
    yield f"Check out {checkout.revision} and start in {'its root' if folder == '.' else place}."
    if checkout.dirty:
        yield "What was judged differs from that commit: with the commit alone the verdicts may differ."
    if checkout.dirty is None:
        yield "Git does not say whether what was judged differs from that commit."
    manifests = [one.file for one in report.manifests if one.file != STANDARD_INPUT]
    policies = [layer.name for one in report.manifests for layer in one.policy.layers if ":" not in layer.name]
    for name in dict.fromkeys((*manifests, *policies)):
        if name not in surroundings.paths:
            yield f"{name} is not part of it."
