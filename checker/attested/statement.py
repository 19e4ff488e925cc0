"""What a run found as an in-toto statement (v1) with SLSA's verification summary (v1) as its predicate.

Sources: in-toto.io/Statement/v1 (github.com/in-toto/attestation, spec/v1) and slsa.dev/verification_summary/v1. What
the summary has no field for stands in extension fields, `weighbridge_…`, which readers that do not know them leave
aside.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from json import dumps
from typing import Any, TypeAlias
from urllib.parse import quote

from checker import HOME
from checker.exit_code import ExitCode
from checker.policy.policy import Rank
from checker.surroundings import Surroundings
from checker.value import NamedTuple
from checker.verdict import JudgedManifest, PolicyStamp, Report, Verdict

Json: TypeAlias = dict[str, Any]

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/verification_summary/v1"

RESULTS = {ExitCode.OK: "passed", ExitCode.BLOCKED: "blocked", ExitCode.UNKNOWN: "not-evaluated"}
"""What the run came to, by the gate's code; only the first is a pass."""
_UNEVALUATED = "SLSA_BUILD_LEVEL_UNEVALUATED"
"""We judge models, not builds: no level of SLSA is claimed."""

_WORST = (Verdict.FAIL, Verdict.NOT_EVALUATED, Verdict.WAIVED, Verdict.PASS, Verdict.NOT_APPLICABLE)
_LISTS = {
    Verdict.PASS: "passed",
    Verdict.FAIL: "failed",
    Verdict.WAIVED: "waived",
    Verdict.NOT_EVALUATED: "notEvaluated",
    Verdict.NOT_APPLICABLE: "notApplicable",
}


class Subject(NamedTuple):
    """One file that was judged: its path and the SHA-256 of its bytes, in hex."""

    name: str
    sha256: str


def statement(
    report: Report, subjects: Iterable[Subject], surroundings: Surroundings, moment: datetime, resource: str
) -> Json:
    """The statement about a run, whose manifests were all judged by one policy.

    Args:
        report: what was found.
        subjects: the manifests and their locks.
        surroundings: where it was judged.
        moment: when, in UTC.
        resource: the URI of what the manifests belong to.
    """
    policy = report.manifests[0].policy
    # `--exit-zero` changes the code and not what was found.
    result = RESULTS[report._replace(exit_zero=False).exit_code]
    passed = result == RESULTS[ExitCode.OK]
    checkout = surroundings.checkout
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": one.name, "digest": {"sha256": one.sha256}} for one in subjects],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "verifier": {"id": HOME, "version": {"weighbridge": report.tool_version}},
            "timeVerified": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resourceUri": resource,
            "policy": {"uri": _policy_uri(policy), "digest": {"sha256": policy.sha256}},
            "verificationResult": "PASSED" if passed else "FAILED",
            "verifiedLevels": [_UNEVALUATED if passed else "FAILED"],
            "weighbridge_result": result,
            "weighbridge_judgedAsOf": report.today.isoformat(),
            "weighbridge_relaxations": list(report.relaxations),
            "weighbridge_stoppedBy": _stopped_by(report),
            "weighbridge_rules": _rules(report),
            "weighbridge_evaluations": [_evaluation(one, report) for one in report.manifests],
            "weighbridge_policy": _policy(report.manifests),
            "weighbridge_waivers": _waivers(report),
            "weighbridge_inputs": _inputs(report, policy),
            "weighbridge_commit": {"sha1": checkout.revision, "dirty": checkout.dirty} if checkout else None,
        },
    }


def as_bytes(content: Json) -> bytes:
    """The payload: equal statements are equal bytes."""
    return dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "backslashreplace")


def resource_of(report: Report, surroundings: Surroundings) -> str | None:
    """The URI of the repository at its commit, or of the project; None where the run is about several projects."""
    commit = surroundings.commit
    if commit is not None and "://" in commit.repository:
        return f"git+{commit.repository}@{commit.revision}"
    projects = {manifest.project for manifest in report.manifests}
    return f"pkg:generic/{_percent(projects.pop())}" if len(projects) == 1 else None


def _percent(text: str, safe: str = "") -> str:
    """Text as part of a URI; a name whose bytes are no UTF-8 has its bytes in it."""
    return quote(text, safe=safe, errors="surrogateescape")


def _policy_uri(policy: PolicyStamp) -> str:
    own = [layer.name for layer in policy.layers if layer.rank is not Rank.PROJECT]
    return _percent(own[-1], "/:@#=+,~.")


def _policy(manifests: tuple[JudgedManifest, ...]) -> Json:
    policy = manifests[0].policy
    layered = sorted({one.policy.project_sha256 for one in manifests if one.policy.project_sha256})
    return {
        "name": policy.name,
        "version": policy.version,
        "chosenBy": policy.chosen_by.value,
        "layers": [layer.name for layer in policy.layers],
        "withProjectLayer": [{"sha256": digest} for digest in layered],
    }


def _stopped_by(report: Report) -> list[str]:
    """The rules on which the gate stopped, and `nothing-judged` where nothing speaks for a model."""
    rules = {one.rule for one in report.stopping}
    unjudged = any(model.is_unjudged for manifest in report.manifests for model in manifest.models)
    return sorted(rules | {"nothing-judged"} if unjudged else rules)


def _rules(report: Report) -> dict[str, list[str]]:
    """Each rule once, under the worst that it came to for any model."""
    worst: dict[str, Verdict] = {}
    for one in report.evaluations:
        before = worst.get(one.rule, one.verdict)
        worst[one.rule] = min(before, one.verdict, key=_WORST.index)
    return {name: sorted(rule for rule, found in worst.items() if found is verdict) for verdict, name in _LISTS.items()}


def _evaluation(manifest: JudgedManifest, report: Report) -> Json:
    return {
        "manifest": manifest.file,
        "project": manifest.project,
        "models": [
            {
                "name": model.name,
                "id": model.id,
                "revision": model.revision,
                "rules": [
                    {
                        "rule": one.rule,
                        "verdict": one.verdict.value,
                        "enforcement": one.enforcement.value,
                        "stops": report.stops(one),
                    }
                    for one in model.evaluations
                    if one.verdict is not Verdict.NOT_APPLICABLE
                ],
            }
            for model in manifest.models
        ],
    }


def _waivers(report: Report) -> list[Json]:
    """The waivers that cover something in this run."""
    return [
        {
            "id": one.waiver.id,
            "rule": one.waiver.rule,
            "approver": one.waiver.approver,
            "expires": str(one.waiver.expires),
        }
        for file in report.waivers
        for one in file.waivers
        if one.counts and one.matches
    ]


def _inputs(report: Report, policy: PolicyStamp) -> list[Json]:
    """What beside the subjects and the policy decided."""
    named = [("weighbridge:catalogue", report.catalogue_sha256)]
    named += [(_percent(file.file, "/."), file.sha256) for file in report.waivers]
    named += [(_percent(lock.file, "/."), lock.sha256) for lock in policy.facts]
    return [{"uri": uri, "digest": {"sha256": digest}} for uri, digest in named]
