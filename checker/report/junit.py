"""For whoever reads JUnit's XML: one suite a manifest, one class a model, one test a rule.

A pass is a test that passed; a blocking finding a failure; what could not be evaluated an error, advisory rules too;
advice, what is waived, what was there before the change and what is not applicable are skipped, with the reason. The
form is that which https://github.com/windyroad/JUnit-Schema (which asks for an order, a host and a time) and Jenkins'
junit-10.xsd (https://github.com/jenkinsci/xunit-plugin) accept. Time and host are constants: a report depends on no
clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from checker.document.errors import visible
from checker.report._remarks import UNJUDGED, UNUSABLE, Remark, Weight, place, remarks
from checker.report.text import since_lines, why_empty
from checker.surroundings import Surroundings
from checker.value import NamedTuple
from checker.verdict import Evaluation, JudgedManifest, JudgedWaivers, PolicyStamp, Report, Verdict

# The standard library's own escaping brings the network modules along.
_MARKS = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}

NAME = "weighbridge"
"""The suite of a run in which no file was judged."""

_RESULTS = {
    Weight.UNUSABLE: "error",
    Weight.BLOCKS: "failure",
    Weight.UNKNOWN: "error",
    Weight.ADVICE: "skipped",
    Weight.UNKNOWN_ADVICE: "error",
    Weight.WAIVED: "skipped",
}


class Test(NamedTuple):
    """One test: passed where it has no result."""

    name: str
    classname: str
    result: str = ""
    """The element's name: `failure`, `error` or `skipped`."""
    message: str = ""
    body: str = ""


def render(report: Report, surroundings: Surroundings) -> str:
    """The document in ASCII, so that it is what its first line says in whatever encoding it is written."""
    said: dict[str, list[Remark]] = {}
    for remark in remarks(report):
        said.setdefault(remark.file, []).append(remark)
    refused = list(dict.fromkeys(refused.file for refused in report.refused))
    run = _of_run(report)
    parts: list[tuple[str, Iterable[Test], dict[str, str]]] = [
        *((name, _refused(name, said[name], surroundings), run) for name in refused),
        *(
            (one.file, _cases(one, said.get(one.file, []), surroundings), run | _of_policy(one.policy) | _notes(one))
            for one in report.manifests
        ),
        *(
            (one.file, _of_waivers(one, said.get(one.file, []), surroundings), run | _of_policy(one.policy))
            for one in report.waivers
        ),
    ]
    if not parts:  # an empty document would leave out what loosens the run
        parts = [(NAME, [_nothing(report)], run)]
    lines: list[str] = []
    for index, (name, cases, stated) in enumerate(parts):
        lines += suite(index, surroundings.paths.get(name, name), tuple(cases), report.today, stated)
    return document(lines)


def _nothing(report: Report) -> Test:
    """The one test of a run that judged no file: neither passed nor failed."""
    return Test(UNJUDGED, NAME, "skipped", why_empty(report), "\n".join(since_lines(report)))


def document(lines: Iterable[str]) -> str:
    """The whole document in ASCII around the lines of its suites."""
    whole = "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", *lines, "</testsuites>")) + "\n"
    return whole.encode("ascii", "xmlcharrefreplace").decode()


def _refused(name: str, found: Iterable[Remark], surroundings: Surroundings) -> Iterator[Test]:
    problems = [remark for remark in found if remark.rule == UNUSABLE]
    yield _case(UNUSABLE, surroundings.paths.get(name, name), problems, surroundings)


def _by_subject(found: Iterable[Remark]) -> dict[tuple[str, str], list[Remark]]:
    """The remarks by model (or waiver) and rule."""
    of: dict[tuple[str, str], list[Remark]] = {}
    for remark in found:
        of.setdefault((remark.model, remark.rule), []).append(remark)
    return of


def _of_waivers(waivers: JudgedWaivers, found: Iterable[Remark], surroundings: Surroundings) -> Iterator[Test]:
    of = _by_subject(found)
    for one in waivers.waivers:
        for evaluation in one.evaluations:
            said = of.get((evaluation.model, evaluation.rule), [])
            yield _evaluated(evaluation, f"{one.project}.{evaluation.model}", said, surroundings)


def _cases(manifest: JudgedManifest, found: Iterable[Remark], surroundings: Surroundings) -> Iterator[Test]:
    of = _by_subject(found)
    for model in manifest.models:
        classname = f"{manifest.project}.{model.name}"
        if model.is_unjudged:
            yield _case(UNJUDGED, classname, of[model.name, UNJUDGED], surroundings)
        for evaluation in model.evaluations:
            yield _evaluated(evaluation, classname, of.get((model.name, evaluation.rule), []), surroundings)


def _evaluated(evaluation: Evaluation, classname: str, found: list[Remark], surroundings: Surroundings) -> Test:
    if evaluation.verdict is Verdict.NOT_APPLICABLE:
        return Test(evaluation.rule, classname, "skipped", f"not applicable: {evaluation.reason}")
    if not found:
        return Test(evaluation.rule, classname)
    return _case(evaluation.rule, classname, found, surroundings)


def _case(name: str, classname: str, found: list[Remark], surroundings: Surroundings) -> Test:
    worst = found[0]
    result = "skipped" if worst.was_before else _RESULTS[worst.weight]
    body = "\n".join(line for remark in found for line in _body(remark, surroundings))
    return Test(name, classname, result, f"{worst.words}: {worst.found}", body)


def _body(remark: Remark, surroundings: Surroundings) -> Iterator[str]:
    yield f"{place(remark.at, surroundings)}: {remark.words} ({remark.enforcement}): {remark.sentence}"
    if remark.evaluation is not None:
        yield f"policy: {place(remark.evaluation.policy.at, surroundings)}"
    if remark.remedy:
        yield f"remedy: {remark.remedy}"
    yield f"settles: {remark.settled_by}"


def _of_run(report: Report) -> dict[str, str]:
    """What holds for every suite of a run, whether or not anything could be judged."""
    return {
        "weighbridge.version": report.tool_version,
        "today": str(report.today),
        "catalogue.sha256": report.catalogue_sha256,
        **({"relaxed": "; ".join(report.relaxations)} if report.relaxations else {}),
    }


def _of_policy(policy: PolicyStamp) -> dict[str, str]:
    return {"policy": f"{policy.name} {policy.version}", "policy.sha256": policy.project_sha256 or policy.sha256}


def _notes(manifest: JudgedManifest) -> dict[str, str]:
    """What lies beside a manifest and did not count."""
    return {"note": "; ".join(manifest.notes)} if manifest.notes else {}


def suite(index: int, name: str, cases: tuple[Test, ...], today: date, properties: dict[str, str]) -> Iterator[str]:
    """The lines of one suite; times are those of the day's first second."""
    counts = Counter(case.result for case in cases)
    attributes = {
        "name": name,
        "package": name,
        "id": str(index),
        "timestamp": f"{today}T00:00:00",
        "hostname": "localhost",
        "tests": str(len(cases)),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
        "skipped": str(counts["skipped"]),
        "time": "0",
    }
    yield f"<testsuite{_attributes(attributes)}>"
    yield "<properties>"
    yield from (f"<property{_attributes({'name': key, 'value': value})}/>" for key, value in properties.items())
    yield "</properties>"
    for case in cases:
        yield from _element(case)
    yield "<system-out/>"
    yield "<system-err/>"
    yield "</testsuite>"


def _element(case: Test) -> Iterator[str]:
    attributes = _attributes({"name": case.name, "classname": case.classname, "time": "0"})
    if not case.result:
        yield f"<testcase{attributes}/>"
        return
    said = _attributes({"message": case.message, "type": case.name})
    yield f"<testcase{attributes}>"
    yield f"<{case.result}{said}>{_content(case.body)}</{case.result}>"
    yield "</testcase>"


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {name}="{visible(value).translate(_MARKS)}"' for name, value in values.items())


def _content(text: str) -> str:
    """Characters that XML 1.0 cannot hold, escaped or not, are spelled out; line ends stay."""
    return "\n".join(visible(line).translate(_MARKS) for line in text.split("\n"))
