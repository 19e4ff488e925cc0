"""Remedies in words: what each changes, what it costs, what the whole verdict is after it, and the patch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.document.errors import visible
from checker.exit_code import ExitCode
from checker.remedy import NOTHING_KNOWN, After, Cost, ManifestRemedies, Remedied, Remedy

_CODES = {ExitCode.OK: "nothing blocks", ExitCode.BLOCKED: "blocked", ExitCode.UNKNOWN: "could not be evaluated"}


def remedy_lines(remedies: Iterable[ManifestRemedies]) -> Iterator[str]:
    """Everything that was found, as lines of text."""
    for manifest in remedies:
        for finding in manifest.findings:
            yield from _finding(finding)
        if manifest.passed_over:
            yield f"{visible(manifest.file)}: for {manifest.passed_over} more findings nothing was looked for"
            yield ""
        if manifest.together is not None:
            yield f"{visible(manifest.file)}: one remedy for each finding, together"
            yield from _remedy("", manifest.together)
            yield ""


def headline(finding: Remedied) -> str:
    """Which finding it is, and how many remedies there are for it."""
    blocks = "" if finding.stops else " (advice)"
    found = sum(not one.needs_person for one in finding.remedies)
    many = f"{found} remed{'y' if found == 1 else 'ies'}" if found else NOTHING_KNOWN
    return visible(f"{finding.at}: {finding.rule} of {finding.model}{blocks}: {many}")


def cost_words(cost: Cost) -> str:
    """`latency: a request beyond 4 at once waits (by definition)`."""
    return f"{cost.aspect}: {cost.words} ({cost.grounds})"


def after_words(after: After) -> str:
    """The whole verdict of the file with the change, in a line."""
    left = f"; still there: {', '.join(after.left)}" if after.left else ""
    advice = f"; {after.advice} advice" if after.advice else ""
    settled = f"settles {', '.join(after.settled)}; nothing else gets worse"
    return visible(f"exit code {after.exit_code}, {_CODES[ExitCode(after.exit_code)]}{left}{advice}; {settled}")


def _finding(finding: Remedied) -> Iterator[str]:
    yield headline(finding)
    for number, remedy in enumerate(finding.remedies, start=1):
        yield from _remedy(f"{number}. ", remedy)
    for question in finding.questions:
        yield f"  a question to a person: {visible(question.asked)}"
        yield f"     {visible(question.then)}"
    yield ""


def _remedy(number: str, remedy: Remedy) -> Iterator[str]:
    yield f"  {number}{visible(remedy.said)}"
    yield from (f"     costs {visible(cost_words(cost))}" for cost in remedy.costs)
    if remedy.note:
        yield f"     note: {visible(remedy.note)}"
    yield f"     {'once approved' if remedy.needs_person else 'after it'}: {after_words(remedy.after)}"
    yield from (f"     {visible(line)}".rstrip() for line in remedy.patch.splitlines())
