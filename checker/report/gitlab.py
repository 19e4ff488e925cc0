"""For GitLab's Code Quality widget: one JSON list, whose entries GitLab tells apart by their fingerprints.

The keys are those that https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format requires. GitLab
compares the fingerprints of two branches, so they rest on the finding and not on its line; and it drops an entry whose
fingerprint it has seen, so that equal ones are numbered.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from checker.document.as_json import dumps
from checker.document.errors import visible
from checker.report._notes import notes
from checker.report._remarks import Remark, Weight, remarks
from checker.rulebook.schedule import Enforcement
from checker.surroundings import Surroundings
from checker.verdict import Report


def render(report: Report, surroundings: Surroundings) -> str:
    """The list in ASCII without a byte order mark; waived findings, what loosens the run and notes are `info`."""
    seen: Counter[str] = Counter()
    entries = []
    for remark in remarks(report):
        seen[remark.fingerprint] += 1
        entries.append(_entry(remark, seen[remark.fingerprint], surroundings))
    first = next(iter((*(one.file for one in report.manifests), *(one.file for one in report.refused))), ".")
    entries += [_beside("relaxed", relaxation, first, surroundings) for relaxation in report.relaxations]
    entries += [_beside("note", one.sentence(surroundings), one.file, surroundings) for one in notes(report)]
    return dumps(entries, indent=2, sort_keys=True, allow_nan=False) + "\n"


def _entry(remark: Remark, occurrence: int, surroundings: Surroundings) -> dict[str, object]:
    name = remark.at.file.name
    model = f"{remark.model}: " if remark.model else ""
    said = ". ".join(part for part in (f"{model}{remark.sentence}", remark.remedy) if part)
    return {
        "check_name": remark.rule,
        "description": visible(f"{remark.words}: {said}"),
        "fingerprint": remark.fingerprint if occurrence == 1 else _numbered(remark.fingerprint, occurrence),
        "location": {"path": surroundings.paths.get(name, name), "lines": {"begin": remark.at.line}},
        "severity": _severity(remark),
    }


def _beside(kind: str, said: str, file: str, surroundings: Surroundings) -> dict[str, object]:
    """What loosens the run, or did not count: an entry of its own, since the list has no head to say it in."""
    return {
        "check_name": f"weighbridge-{kind}",
        "description": visible(f"{kind}: {said}"),
        "fingerprint": sha256(f"{kind}: {said}".encode("utf-8", "surrogatepass")).hexdigest(),
        "location": {"path": surroundings.paths.get(file, file), "lines": {"begin": 1}},
        "severity": "info",
    }


def _numbered(fingerprint: str, occurrence: int) -> str:
    return sha256(f"{fingerprint}:{occurrence}".encode()).hexdigest()


def _severity(remark: Remark) -> str:
    """One of GitLab's five words: a finding that nobody can waive is a blocker."""
    if remark.weight is Weight.WAIVED:
        return "info"
    if not remark.weight.stops:
        return "minor"
    if remark.weight is Weight.UNKNOWN:
        return "major"
    return "blocker" if remark.enforcement is Enforcement.HARD_MANDATORY else "critical"
