"""For the log of a GitHub Actions step: workflow commands, which GitHub shows as annotations beside the lines.

GitHub keeps ten annotations of each kind and step and drops the rest in silence
(https://docs.github.com/rest/checks/runs, "annotations"), so the worst come first, and the tenth
says how many are left.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.report._notes import Note, notes
from checker.report._remarks import Remark, Weight, remarks
from checker.report.text import tally
from checker.surroundings import Surroundings
from checker.verdict import Report

MOST_OF_A_KIND = 10
"""Annotations of one kind that GitHub shows for one step."""

_KINDS = {
    Weight.UNUSABLE: "error",
    Weight.BLOCKS: "error",
    Weight.UNKNOWN: "error",
    Weight.ADVICE: "warning",
    Weight.UNKNOWN_ADVICE: "notice",
    Weight.WAIVED: "notice",
}


def render(report: Report, surroundings: Surroundings) -> str:
    """One command a line, errors first."""
    return "".join(f"{line}\n" for line in _lines(report, surroundings))


def _lines(report: Report, surroundings: Surroundings) -> Iterator[str]:
    of: dict[str, list[Remark | str]] = {"error": [], "warning": [], "notice": []}
    if report.relaxations:
        of["warning"].append(f"::warning title=weighbridge::{_message('relaxed: ' + '; '.join(report.relaxations))}")
    of["notice"] += [_note(note, surroundings) for note in notes(report)]
    for remark in remarks(report):
        of[_KINDS[remark.weight]].append(remark)
    for kind, found in of.items():
        fit = len(found) if len(found) <= MOST_OF_A_KIND else MOST_OF_A_KIND - 1
        yield from (one if isinstance(one, str) else _command(kind, one, surroundings) for one in found[:fit])
        if rest := len(found) - fit:
            more = f"{rest} more of this kind are not shown: GitHub shows {MOST_OF_A_KIND} a step. {tally(report)}"
            yield f"::{kind} title=weighbridge::{_message(more)}"


def _note(note: Note, surroundings: Surroundings) -> str:
    """What lies beside manifests and did not count, at the first of them."""
    inside = surroundings.paths.get(note.file)
    place = f"file={_property(inside)},line=1," if inside is not None else ""
    return f"::notice {place}title=weighbridge::{_message(note.sentence(surroundings))}"


def _command(kind: str, remark: Remark, surroundings: Surroundings) -> str:
    at = remark.at
    title = f"{remark.rule}: {remark.words}"
    place = ""
    if at.file.name in surroundings.paths:
        end = at.column + at.width - 1
        place = (
            f"file={_property(surroundings.paths[at.file.name])},line={at.line},endLine={at.line},col={at.column},"
            f"endColumn={end},"
        )
    said = ". ".join(part for part in (_about(remark) + remark.sentence, remark.remedy) if part)
    return f"::{kind} {place}title={_property(title)}::{_message(said)}"


def _about(remark: Remark) -> str:
    return f"{remark.model}: " if remark.model else f"{remark.at.file.name}: "


def _message(untrusted: str) -> str:
    """A model id or a reason must not end this command and begin another."""
    return visible(untrusted).replace("%", "%25")


def _property(untrusted: str) -> str:
    """A value among others, which must not begin the next one either."""
    return _message(untrusted).replace(":", "%3A").replace(",", "%2C")
