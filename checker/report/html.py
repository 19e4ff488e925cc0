"""For auditors: one HTML file that needs no network, reads without script, and shows everything that was judged."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

from checker.controls import load
from checker.document.page import environment
from checker.facts.words import in_words, said_by
from checker.report import Wishes
from checker.report._audit import ManifestPart, parts
from checker.report._repeat import repeat
from checker.report._unjudged import nothing_judged
from checker.report.pictures.memory import SHADES
from checker.report.text import (
    NO_ADVICE,
    NOT_TESTED,
    effect,
    forecast_lines,
    since_lines,
    tally,
    verdict_line,
    worst_first,
)
from checker.rulebook.discover import rule_ids
from checker.surroundings import Surroundings
from checker.verdict import Detail, JudgedManifest, Missing, Report, Verdict, WaivedBy

NEEDS_BASIS = True
"""The page shows what was judged, beside the verdicts."""
_TEMPLATES = Path(__file__).parent / "templates"


def render(report: Report, surroundings: Surroundings, wishes: Wishes) -> str:
    """The page; the same bytes for the same report and surroundings."""
    style, script = (_source(name) for name in ("audit.css", "audit.js"))
    page = environment(_TEMPLATES).get_template("audit.html.j2")
    projects = dict.fromkeys(manifest.project for manifest in report.manifests)
    return page.render(
        report=report,
        parts=parts(report),
        title=", ".join(projects) or "nothing was judged",
        verdict_words=verdict_line(report),
        tally=tally(report),
        not_tested=NOT_TESTED,
        no_advice=NO_ADVICE,
        commit=_commit(surroundings),
        repeat=repeat(report, surroundings),
        change_and_forecast=[*since_lines(report), *forecast_lines(report)],
        digests=_digests,
        waivers_of=_waivers,
        frameworks=[load(name) for name in dict.fromkeys(wishes.controls)],
        verdicts_of=_verdicts_of(report),
        remedied=_remedied(report),
        words=in_words,
        said_by=said_by,
        shades=SHADES,
        style=Markup(style),
        style_hash=_hash(style),
        script=Markup(script),
        script_hash=_hash(script),
        effect=effect,
        worst_first=worst_first,
        nothing_judged=nothing_judged,
        Verdict=Verdict,
    )


def _source(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """What a content security policy calls the one script or style that may run."""
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


def _commit(surroundings: Surroundings) -> str:
    checkout, commit = surroundings.checkout, surroundings.commit
    if checkout is None:
        return "not known: no repository, no commit, or several repositories"
    of = f" of {commit.repository}" if commit and commit.revision == checkout.revision else ""
    dirty = {True: "with changes that are not committed", False: "without changes", None: "git does not say if changed"}
    return f"{checkout.revision}{of}, {dirty[checkout.dirty]}"


def _verdicts_of(report: Report) -> Callable[[str], str]:
    """What a rule came to in this run: `license-allowed: 2 pass, 1 fail`; other names stay as they are."""
    counted: dict[str, Counter[Verdict]] = {}
    for evaluation in report.evaluations:
        counted.setdefault(evaluation.rule, Counter())[evaluation.verdict] += 1

    def told(name: str) -> str:
        counts = counted.get(name)
        if counts is None:
            return f"{name}: off in the policy" if name in rule_ids() else name
        return f"{name}: {', '.join(f'{counts[verdict]} {verdict}' for verdict in Verdict if counts[verdict])}"

    return told


def _remedied(report: Report) -> list[tuple[str, str]]:
    """Each finding with what was found for it, as lines; empty where nobody asked."""
    if not report.remedies:
        return []
    from checker.report._remedied import headline, remedy_lines

    found = []
    for manifest in report.remedies:
        for finding in manifest.findings:
            one = manifest._replace(findings=(finding,), together=None)
            found.append((headline(finding), "\n".join(list(remedy_lines([one]))[1:-1])))
        if manifest.together is not None:
            lines = list(remedy_lines([manifest._replace(findings=())]))
            found.append((lines[0], "\n".join(lines[1:-1])))
    return found


def _digests(manifest: JudgedManifest) -> Iterator[tuple[str, str]]:
    if manifest.lock is not None:
        yield "Lock SHA-256", f"{manifest.lock.sha256} ({manifest.lock.file})"
    for lock in manifest.policy.facts:
        yield "Organisation's facts SHA-256", f"{lock.sha256} ({lock.file})"


def _waivers(part: ManifestPart) -> list[tuple[WaivedBy, list[str]]]:
    """Each waiver that covers something, with what it covers."""
    covered: dict[WaivedBy, list[str]] = {}
    for evaluation in part.evaluations:
        found: tuple[Detail | Missing, ...] = (*evaluation.findings, *evaluation.missing)
        for one in found:
            if one.waiver is not None:
                covered.setdefault(one.waiver, []).append(f"{evaluation.model}: {evaluation.rule}")
    return [(waiver, list(dict.fromkeys(what))) for waiver, what in covered.items()]
