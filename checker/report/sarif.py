"""SARIF 2.1.0, for code scanning: one result a finding, with what GitHub reads and inside what GitHub takes.

GitHub reads a rule's `help.markdown` and not its `helpUri`, shows the first location of a result and no other, and
ignores `suppressions`: a waived finding would be an open alert there, so that it stays out unless it is asked for
(https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from json import JSONEncoder
from typing import Any, TypeAlias
from urllib.parse import quote

from checker import HOME
from checker.document.as_json import inert
from checker.document.errors import visible
from checker.document.place import Place
from checker.exit_code import ExitCode
from checker.report import Wishes
from checker.report._line_hash import line_hashes
from checker.report._notes import notes
from checker.report._remarks import UNJUDGED, UNUSABLE, Remark, Weight, place, remarks, waived_by
from checker.report._sarif_rules import described
from checker.rulebook.schedule import Enforcement
from checker.surroundings import Surroundings
from checker.verdict import Detail, Report

MAX_RESULTS = 25_000
"""Results that GitHub takes in one run; it shows the 5,000 worst."""
MAX_PACKED_BYTES = 10_000_000
"""Bytes, packed by gzip, of a file that GitHub takes ("10 MB"; counted in powers of ten to be on the safe side)."""

_ROOT = "%SRCROOT%"
_ENCODER = JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
_LEVELS = {
    Weight.UNUSABLE: "error",
    Weight.BLOCKS: "error",
    Weight.UNKNOWN: "error",
    Weight.ADVICE: "warning",
    Weight.UNKNOWN_ADVICE: "note",
    Weight.WAIVED: "note",
}
_CODES = {
    ExitCode.OK: "evaluated, nothing blocks",
    ExitCode.BLOCKED: "at least one blocking finding",
    ExitCode.BAD_INPUT: "bad input: something was not judged",
    ExitCode.UNKNOWN: "a blocking rule could not be evaluated",
}

Json: TypeAlias = dict[str, Any]


def render(report: Report, surroundings: Surroundings, wishes: Wishes) -> str:
    """The log, one result a line, worst first; what exceeds GitHub's limits is cut, and a notification says so."""
    said = [one for one in remarks(report) if wishes.include_waived or one.weight is not Weight.WAIVED]
    levels = _enforcements(report, said)
    rules = {rule: index for index, rule in enumerate(levels)}
    hashes = _hashes(said[:MAX_RESULTS], surroundings)
    fixes = _fixes(report, surroundings)
    results = [_packed(_result(remark, rules, hashes, surroundings) | fixes(remark)) for remark in said[:MAX_RESULTS]]
    results = results[: _fitting(results)]
    run = {
        "automationDetails": {"id": _category(report)},
        "columnKind": "utf16CodeUnits",
        "invocations": [_invocation(report, surroundings, cut=len(said) - len(results))],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository that was judged."}}},
        "properties": _properties(report),
        "results": [],
        "tool": {"driver": _driver(report, levels)},
        **_provenance(surroundings),
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [run], "version": "2.1.0"}
    before, after = _packed(log).split('"results":[]')
    return f'{before}"results":[\n' + ",\n".join(results) + f"\n]{after}\n"


def _packed(value: Json) -> str:
    return inert(_ENCODER.encode(value))


def _fitting(results: list[str]) -> int:
    """How many of the results fit into the packed size that GitHub takes."""
    import zlib

    kept = len(results)
    # Text packs to a tenth, and packing is slow: a file that fits as it is needs no packing to know.
    while sum(map(len, results[:kept])) > MAX_PACKED_BYTES * 9 // 10:
        packed = zlib.compress("\n".join(results[:kept]).encode(), 6)
        if len(packed) <= MAX_PACKED_BYTES * 9 // 10:
            break
        kept = kept * 3 // 4
    return kept


def _enforcements(report: Report, said: Iterable[Remark]) -> dict[str, Enforcement]:
    """Each rule of the run with the highest level that a policy of the run gives it, in the order of their ids."""
    levels: dict[str, Enforcement] = {}
    for rule, level in (
        *((evaluation.rule, evaluation.enforcement) for evaluation in report.evaluations),
        *((remark.rule, remark.enforcement) for remark in said if remark.rule in (UNUSABLE, UNJUDGED)),
    ):
        if rule not in levels or level.rank > levels[rule].rank:
            levels[rule] = level
    return dict(sorted(levels.items()))


def _driver(report: Report, levels: dict[str, Enforcement]) -> Json:
    custom = {page.id: page for manifest in report.manifests for page in manifest.policy.custom}
    return {
        "informationUri": HOME,
        "name": "Weighbridge",
        "organization": "The Weighbridge authors",
        "rules": [described(rule, level, custom) for rule, level in levels.items()],
        "semanticVersion": report.tool_version,
        "version": report.tool_version,
    }


def _hashes(said: Iterable[Remark], surroundings: Surroundings) -> dict[tuple[str, int], str]:
    """GitHub's hash of every line that a result is about, by file name and line."""
    asked: dict[str, tuple[str, set[int]]] = {}
    for remark in said:
        source = remark.at.file
        if source.text and source.name in surroundings.paths:
            asked.setdefault(source.name, (source.text, set()))[1].add(remark.at.line)
    return {
        (name, line): value
        for name, (text, lines) in asked.items()
        for line, value in line_hashes(text, frozenset(lines)).items()
    }


def _result(
    remark: Remark, rules: dict[str, int], hashes: dict[tuple[str, int], str], surroundings: Surroundings
) -> Json:
    prints = {"weighbridge/v1": remark.fingerprint}
    if line_hash := hashes.get((remark.at.file.name, remark.at.line)):
        prints["primaryLocationLineHash"] = line_hash
    result: Json = {
        "level": _LEVELS[remark.weight],
        "locations": [{"physicalLocation": _location(remark.at, surroundings)}],
        "message": {"text": _message(remark, surroundings)},
        "partialFingerprints": prints,
        "properties": {
            "enforcement": remark.enforcement,
            "model": remark.model,
            "outcome": remark.words,
            "project": remark.project,
            "settledBy": remark.settled_by,
        },
        "ruleId": remark.rule,
        "ruleIndex": rules[remark.rule],
    }
    policy = remark.detail.policy.at if isinstance(remark.detail, Detail) else None
    if policy is not None and policy.file.name in surroundings.paths:
        said = {"text": "The line of the policy that decides."}
        result["relatedLocations"] = [{"id": 1, "message": said, "physicalLocation": _location(policy, surroundings)}]
    if remark.waiver is not None:
        reason = _plain(waived_by(remark.waiver))
        result["suppressions"] = [{"justification": reason, "kind": "external", "status": "accepted"}]
    return result


def _fixes(report: Report, surroundings: Surroundings) -> Callable[[Remark], Json]:
    """What each remark's result says of remedies: nothing where none were asked for or found."""
    if not report.remedies:
        return lambda _: {}
    from checker.report._sarif_fixes import fix_of

    found = {(one.file, each.rule, each.model): each for one in report.remedies for each in one.findings}

    def fixes(remark: Remark) -> Json:
        remedied = found.get((remark.file, remark.rule, remark.model))
        offered = [one for one in remedied.remedies if one.replacements] if remedied else []
        text = remark.at.file.text
        made = [fix_of(one, text, _artifact(one.file, surroundings)) for one in offered]
        return {"fixes": made} if made else {}

    return fixes


def _artifact(name: str, surroundings: Surroundings) -> Json:
    inside = surroundings.paths.get(name)
    return {"uri": _uri(name)} if inside is None else {"uri": _uri(inside), "uriBaseId": _ROOT}


def _location(at: Place, surroundings: Surroundings) -> Json:
    artifact = _artifact(at.file.name, surroundings)
    region = {"startLine": at.line}
    if at.file.text:
        line = at.file.line(at.line)
        start = _units(line[: at.column - 1]) + 1
        region |= {"startColumn": start, "endColumn": max(_units(line[: at.column - 1 + at.width]) + 1, start)}
    return {"artifactLocation": artifact, "region": region}


def _uri(path: str) -> str:
    """A path as a relative reference; a name whose bytes are no UTF-8 has its bytes in it."""
    return quote(path.encode("utf-8", "surrogateescape"))


def _units(text: str) -> int:
    """The length of a text in UTF-16 code units, in which the log's columns count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _message(remark: Remark, surroundings: Surroundings) -> str:
    model = f"{remark.model}: " if remark.model else ""
    sentences = [f"{model}{remark.found}"]
    if remark.expected:
        policy = remark.detail.policy.at if isinstance(remark.detail, Detail) else None
        sentences.append(f"Expected {remark.expected}{f' ({place(policy, surroundings)})' if policy else ''}")
    if remark.remedy:
        sentences.append(f"Remedy: {remark.remedy}")
    if remark.waiver is not None:
        sentences.append(waived_by(remark.waiver))
    return _plain(". ".join(sentences) + ".")


def _plain(untrusted: str) -> str:
    """Text that a viewer takes as it is: no link (`[text](target)`), no placeholder (`{0}`), nothing invisible."""
    text = visible(untrusted)
    text = re.sub(r"\[(?=[^\[\]]*\]\()", r"\\[", text)
    return re.sub(r"\{(\d+)\}", r"{{\1}}", text)


def _category(report: Report) -> str:
    """What tells these results from those of other tools and of other policies; GitHub cuts at the last slash."""
    names = sorted({policy.name for policy in report.policies.values()})
    return f"weighbridge/{quote(names[0], safe='', errors='surrogateescape')}/" if len(names) == 1 else "weighbridge/"


def _invocation(report: Report, surroundings: Surroundings, *, cut: int) -> Json:
    said = [
        _note("error", f"{surroundings.paths.get(refused.file, refused.file)} was not judged")
        for refused in report.refused
    ]
    said += [_note("warning", f"relaxed: {relaxation}") for relaxation in report.relaxations]
    said += [_note("note", note.sentence(surroundings)) for note in notes(report)]
    if cut:
        said.append(_note("warning", f"{cut} results are left out: they exceed the limits of GitHub's code scanning"))
    return {
        "executionSuccessful": not report.refused,
        "exitCode": report.exit_code.value,
        "exitCodeDescription": _CODES[report.exit_code],
        "toolExecutionNotifications": said,
    }


def _note(level: str, text: str) -> Json:
    return {"level": level, "message": {"text": _plain(text)}}


def _properties(report: Report) -> Json:
    """What the run rests on, so that two logs can be compared."""
    return {
        "catalogueSha256": report.catalogue_sha256,
        "policies": [
            {"name": policy.name, "sha256": sha256, "version": policy.version}
            for sha256, policy in sorted(report.policies.items())
        ],
        "tally": {str(verdict): count for verdict, count in report.tally.items()},
        "today": str(report.today),
    }


def _provenance(surroundings: Surroundings) -> Json:
    commit = surroundings.commit
    if commit is None:
        return {}
    stated = {"mappedTo": {"uriBaseId": _ROOT}, "repositoryUri": commit.repository, "revisionId": commit.revision}
    return {"versionControlProvenance": [{**stated, **({"branch": commit.branch} if commit.branch else {})}]}
