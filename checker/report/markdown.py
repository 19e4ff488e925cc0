"""For a step summary and for the comment on a pull request: what stops the gate first, then the rest, within limits.

The first line is a comment that nobody sees; whoever posts the text looks for it and updates that comment in place.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.markdown import code, fenced, prose, row
from checker.exit_code import ExitCode
from checker.remedy import Remedy
from checker.report._notes import notes
from checker.report._remarks import Remark, Weight, place, remarks, written_by
from checker.report.text import NO_ADVICE, NOT_TESTED, forecast_lines, since_lines, tally, verdict_line
from checker.surroundings import Surroundings
from checker.value import NamedTuple
from checker.verdict import JudgedManifest, Missing, Report, Verdict

MARKER = "<!-- weighbridge-report -->"
"""The hidden first line by which a comment is found again."""
MAX_CHARACTERS = 65_536
"""Characters that GitHub takes in a comment. In UTF-8 that is at most 256 KiB, under the 1 MiB of a step summary."""
_FOR_THE_NOTE = 400
"""Characters that are kept free for the sentence that says what was cut."""

_TITLES = {
    ExitCode.OK: "nothing blocks",
    ExitCode.BLOCKED: "blocked",
    ExitCode.BAD_INPUT: "an input cannot be used",
    ExitCode.UNKNOWN: "could not be evaluated",
}
_HEADINGS = {
    Weight.UNUSABLE: "Cannot be used",
    Weight.BLOCKS: "Blocks",
    Weight.UNKNOWN: "Could not be evaluated, and blocks",
    Weight.ADVICE: "Advice",
    Weight.UNKNOWN_ADVICE: "Could not be evaluated, advice",
    Weight.WAIVED: "Waived",
}


class _Section(NamedTuple):
    """A heading with items, of which as many are shown as there is room for."""

    heading: str
    """What stands before the items."""
    items: tuple[str, ...]
    ending: str = ""
    what: str = "findings"
    """What the items are called where some are cut."""


def render(report: Report, surroundings: Surroundings) -> str:
    """The report; sections come in the order of their weight, and the last ones are cut where there is no room."""
    head, foot = "\n".join(_head(report, surroundings)) + "\n", "\n" + "\n".join(_foot(report)) + "\n"
    room = MAX_CHARACTERS - len(head) - len(foot) - _FOR_THE_NOTE
    parts, cut = [head], dict[str, int]()
    for section in _sections(report, surroundings):
        shown, room = _fitting(section, room)
        if len(shown) < len(section.items):
            cut[section.what] = cut.get(section.what, 0) + len(section.items) - len(shown)
        if shown:
            parts.append(f"\n{section.heading}\n" + "\n".join(shown) + f"\n{section.ending}")
    if cut:
        counted = ", ".join(f"{count} {what}" for what, count in cut.items())
        parts.append(f"\n**Not shown for want of room: {counted}.** The other outputs of this run hold them all.\n")
    return "".join((*parts, foot))


def _fitting(section: _Section, room: int) -> tuple[tuple[str, ...], int]:
    """The items that fit, and the room that is left."""
    left = room - len(section.heading) - len(section.ending) - 3
    for index, item in enumerate(section.items):
        if len(item) + 1 > left:
            return section.items[:index], 0 if index else room
        left -= len(item) + 1
    return section.items, left


def _head(report: Report, surroundings: Surroundings) -> Iterator[str]:
    yield MARKER
    yield f"## Weighbridge: {_TITLES[report.exit_code]}"
    yield ""
    yield f"{prose(verdict_line(report))}<br>"
    yield prose(tally(report))
    for line in [*since_lines(report), *forecast_lines(report)][:_FEW]:
        yield f"<br>{prose(line[:_SHORT])}"
    yield from _listed("Relaxed", report.relaxations)
    yield from _listed("Note", tuple(note.sentence(surroundings) for note in notes(report)))


def _listed(kind: str, sentences: tuple[str, ...]) -> Iterator[str]:
    for sentence in sentences[:_FEW]:
        yield f"\n> **{kind}:** {prose(sentence[:_SHORT])}"
    if len(sentences) > _FEW:
        yield f"\n> **{kind}:** {len(sentences) - _FEW} times more"


_FEW = 10
"""Policies, relaxations and notes that are listed one by one."""
_SHORT = 200
"""Characters of a text that head and foot show at most, so that both have a bound."""


def _foot(report: Report) -> Iterator[str]:
    yield "---"
    yield f"{NOT_TESTED} {NO_ADVICE}"
    yield ""
    policies = report.policies
    for policy in list(policies.values())[:_FEW]:
        named = prose(f"{policy.name[:_SHORT]} {policy.version[:_SHORT]}")
        yield f"Policy {named}, sha256 {code(policy.sha256)}<br>"
    if len(policies) > _FEW:
        yield f"and {len(policies) - _FEW} further policies<br>"
    yield (
        f"weighbridge {prose(report.tool_version)}, judged as of {report.today},"
        f" catalogue sha256 {code(report.catalogue_sha256[:16])}"
    )


def _sections(report: Report, surroundings: Surroundings) -> Iterator[_Section]:
    of: dict[Weight, list[Remark]] = {weight: [] for weight in Weight}
    for remark in remarks(report):
        of[remark.weight].append(remark)
    for weight, found in of.items():
        if found:
            yield _findings(weight, found, surroundings)
            yield from _statements(weight, found)
    yield from _remedies(report)
    yield from _not_applicable(report)
    yield from _passed(report)


def _findings(weight: Weight, found: list[Remark], surroundings: Surroundings) -> _Section:
    titles = ("where", "rule", "model", "found", "expected", "what to do", "settles")
    if weight is Weight.WAIVED:
        titles = ("where", "rule", "model", "found", "until", "approved by", "reason")
    heading = f"### {_HEADINGS[weight]} ({len(found)})\n\n{row(titles)}\n{row(('---',) * len(titles))}"
    if not weight.stops:
        summary = f"<details><summary>{_HEADINGS[weight]} ({len(found)})</summary>"
        heading = f"{summary}\n\n{row(titles)}\n{row(('---',) * len(titles))}"
    cells = _waived if weight is Weight.WAIVED else _found
    items = tuple(row((*_subject(remark, surroundings), *cells(remark))) for remark in found)
    return _Section(heading, items, "" if weight.stops else "\n</details>\n", f"findings ({_HEADINGS[weight].lower()})")


def _subject(remark: Remark, surroundings: Surroundings) -> tuple[str, ...]:
    before = " (was there before)" if remark.was_before else ""
    return code(place(remark.at, surroundings)), f"`{remark.rule}`{before}", code(remark.model) if remark.model else ""


def _found(remark: Remark) -> tuple[str, ...]:
    return prose(remark.found), prose(remark.expected), prose(remark.remedy), str(remark.settled_by)


def _waived(remark: Remark) -> tuple[str, ...]:
    waiver = remark.waiver
    assert waiver is not None  # that is what makes its weight
    written = f"{waiver.approver}; {written_by(waiver)}"
    reason = f"{waiver.id}: {waiver.kind}, {waiver.reason}{f', {waiver.ticket}' if waiver.ticket else ''}"
    return prose(remark.found), f"{waiver.expires} ({waiver.days_left} days)", prose(written), prose(reason)


def _statements(weight: Weight, found: list[Remark]) -> Iterator[_Section]:
    """What would state the missing facts, to be copied; once for each text."""
    lines = {
        (one.detail.where, one.detail.yaml): one.detail
        for one in found
        if isinstance(one.detail, Missing) and one.detail.yaml and weight is not Weight.WAIVED
    }
    items = tuple(
        f"{code(where)} would state {code(missing.name)} with:\n\n{fenced(yaml, 'yaml')}\n"
        for (where, yaml), missing in lines.items()
    )
    if items:
        heading = "<details><summary>What would state it</summary>\n"
        yield _Section(heading, items, "\n</details>\n", "answers to copy")


def _remedies(report: Report) -> Iterator[_Section]:
    """Changes that were judged, each with its patch."""
    if not report.remedies:
        return
    from checker.report._remedied import headline

    for manifest in report.remedies:
        for finding in manifest.findings:
            asked = [f"{prose(one.asked)} {prose(one.then)}" for one in finding.questions]
            items = (*map(_remedy, finding.remedies), *(f"- **A question to a person:** {one}" for one in asked))
            heading = f"<details><summary>{prose(headline(finding))}</summary>\n"
            yield _Section(heading, items or ("",), "\n</details>\n", "remedies")
        if manifest.together is not None:
            heading = f"<details><summary>One remedy for each finding of {code(manifest.file)}, together</summary>\n"
            yield _Section(heading, (_remedy(manifest.together),), "\n</details>\n", "remedies")


def _remedy(remedy: Remedy) -> str:
    from checker.report._remedied import after_words, cost_words

    costs = "".join(f"<br>costs {prose(cost_words(cost))}" for cost in remedy.costs)
    note = f"<br>note: {prose(remedy.note)}" if remedy.note else ""
    when = "once approved" if remedy.needs_person else "after it"
    verdict, patch = prose(after_words(remedy.after)), fenced(remedy.patch, "diff")
    return f"**{prose(remedy.said)}**{costs}{note}<br>{when}: {verdict}\n\n{patch}\n"


def _not_applicable(report: Report) -> Iterator[_Section]:
    reasons: dict[tuple[str, str], int] = {}
    for evaluation in report.evaluations:
        if evaluation.verdict is Verdict.NOT_APPLICABLE:
            key = evaluation.rule, evaluation.reason
            reasons[key] = reasons.get(key, 0) + 1
    items = tuple(
        f"- `{rule}`{f' ({count} times)' if count > 1 else ''}: {prose(reason)}"
        for (rule, reason), count in reasons.items()
    )
    if items:
        heading = "<details><summary>Not applicable: what was not judged, and why</summary>\n"
        yield _Section(heading, items, "\n</details>\n", "reasons why something was not applicable")


def _passed(report: Report) -> Iterator[_Section]:
    items = tuple(item for manifest in report.manifests for item in _passed_by(manifest))
    if items:
        yield _Section("<details><summary>Passed</summary>\n", items, "\n</details>\n", "models with what they passed")


def _passed_by(manifest: JudgedManifest) -> Iterator[str]:
    for model in manifest.models:
        passed = [evaluation for evaluation in model.evaluations if evaluation.verdict is Verdict.PASS]
        rules = ", ".join(f"`{one.rule}`{f' ({prose(one.margin)})' if one.margin else ''}" for one in passed)
        if rules:
            yield f"- {code(model.id)} ({code(model.name)}): {rules}"
