"""The gate for Python programs: `check` judges as the command does, and returns what it found as values.

It prints nothing, ends no process, opens no socket and reads no environment variable. It reads the manifests and what
lies beside them, and asks git who wrote a waiver where the policy admits waivers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import NoReturn, TypeAlias

from checker import applying, gate, verdict
from checker.applying import refuse_unusable_policy
from checker.document.errors import InputError, Problem
from checker.document.place import Place
from checker.document.system import path_text, told
from checker.report import _remarks
from checker.request import IGNORING_WAIVERS, Request, judged_as_of
from checker.rulebook.schedule import Enforcement
from checker.verdict import Detail, Missing, PolicyStamp, Verdict

PathLike: TypeAlias = str | os.PathLike[str]
_ONE_AT_A_TIME = Lock()
"""Policies are kept while a run lasts, and a second run in another thread would forget them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to act on, or to know of: what fails, what cannot be evaluated, and what a waiver covers.

    Example:
        >>> from checker import check
        >>> finding = check("examples/stopped").blocking[0]
        >>> print(finding.place, finding.rule, finding.model, finding.found)
        examples/stopped/model.yaml:9:12 license-allowed translator CC-BY-NC-4.0
    """

    rule: str
    """The rule's id; `nothing-judged` where no rule of the policy applies to the model, so that it cannot pass."""
    verdict: Verdict
    """`fail`, `not-evaluated` or `waived`."""
    blocks: bool
    """Whether the gate stops on it."""
    enforcement: Enforcement
    """The level that the policy gives the rule."""
    project: str
    """The project of the manifest."""
    model: str
    """The entry's name in the manifest, or the id of the waiver that is judged."""
    place: Place
    """The line that it is about, mostly of the manifest."""
    policy: Place | None
    """The line of the policy that says so; None where no line does."""
    found: str
    """What stands there, or which fact is missing and why."""
    expected: str
    """What the rule asks for; empty where a fact is missing."""
    remedy: str
    """What to do next; empty where nothing general can be said."""
    yaml: str
    """Copy-ready lines that would state what is missing; empty where nothing is."""
    settled_by: str
    """Who can settle it: `you`, `platform` or `legal`."""
    waiver: str
    """The id of the waiver that covers it; empty where none does."""
    waived_until: date | None
    """The last day of that waiver."""
    fingerprint: str
    """SHA-256 in hex by which it is the same finding in another run, wherever its line has moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One rule, judged for one model, whatever came of it.

    Example:
        >>> from checker import check
        >>> report = check("examples/passes")
        >>> [one.margin for one in report.evaluations if one.rule == "training-fits" and one.margin]
        ['58 % of the memory left']
    """

    rule: str
    """The rule's id."""
    verdict: Verdict
    """What stands after waivers."""
    enforcement: Enforcement
    """The level that the policy gives the rule."""
    blocks: bool
    """Whether the gate stops on it."""
    file: str
    """The manifest, or the file of waivers."""
    project: str
    """The project of the manifest."""
    model: str
    """The entry's name in the manifest, or the id of the waiver that is judged."""
    margin: str
    """By how much it passes, where it is about numbers."""
    reason: str
    """Why the rule is not applicable; empty where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedPolicy:
    """A policy that manifests were judged by.

    Example:
        >>> from checker import check
        >>> [(one.name, one.chosen_by) for one in check("examples/passes").policies]
        [('weighbridge-enterprise', 'default')]
    """

    name: str
    """The name that it gives itself."""
    version: str
    """The version that it gives itself."""
    sha256: str
    """The digest of the resolved policy of the organisation, in hex: what `require_policy` compares."""
    project_sha256: str | None
    """The digest of the project's own layer; None where there is none."""
    chosen_by: str
    """Who named it: `--policy` (the argument), `pyproject.toml` or `default`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run found. It is neither true nor false: ask for `ok`.

    Example:
        >>> from checker import check
        >>> report = check("examples/stopped")
        >>> report.ok, report.exit_code, len(report.blocking)
        (False, 1, 5)
    """

    exit_code: int
    """That of `weighbridge check`: 0 nothing blocks, 1 a finding blocks, 3 a blocking rule could not be evaluated."""
    findings: tuple[Finding, ...]
    """What fails, is unknown or is waived, worst first. None is no pass: ask for `ok`."""
    evaluations: tuple[Evaluation, ...]
    """Every rule and model that were judged, passes too, in the order of the manifests."""
    policies: tuple[AppliedPolicy, ...]
    """The policies of the run, mostly one."""
    relaxations: tuple[str, ...]
    """What loosens the run: another day than today, waivers ignored, a policy that the project chose."""
    today: date
    """The day as of which it was judged."""
    tool_version: str
    """The version of Weighbridge."""
    catalogue_sha256: str
    """The digest of the facts that are shipped, in hex."""
    _run: verdict.Report = field(repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """Whether everything was evaluated and nothing blocks: code 0, and no other."""
        return self.exit_code == 0

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that the gate stops on; empty exactly where `ok` is true."""
        return tuple(one for one in self.findings if one.blocks)

    def as_text(self) -> str:
        """What `weighbridge check` prints."""
        from checker.report import Wishes, text

        return text.render(self._run, Wishes())

    def as_json(self) -> str:
        """What `weighbridge check --json` prints, by the schema `report`."""
        from checker.report import json

        return json.render(self._run)

    def __bool__(self) -> NoReturn:
        raise TypeError("a report is neither true nor false: ask for `report.ok`")


def check(
    paths: PathLike | Iterable[PathLike] = ".",
    *,
    policy: PathLike | None = None,
    require_policy: str | None = None,
    ignore_waivers: bool = False,
    today: date | None = None,
) -> Report:
    """Judge manifests by a policy, as `weighbridge check` does; equal files and an equal day give an equal report.

    It fails closed: of a manifest, a policy or a file beside them that cannot be used there is no report, whatever else
    was found, and so it is where nothing was found to check. Code 2 of the command is the exception, 0, 1 and 3 are
    reports, and any other exception is a bug of ours.

    Args:
        paths: manifests and folders that hold some; default: the current folder.
        policy: the organisation's policy: a file, or `weighbridge:PACK`. Without it the policy that the project's
            pyproject.toml names, else `weighbridge:enterprise`. WEIGHBRIDGE_POLICY is not read: pass what it holds.
        require_policy: the SHA-256 in hex of the resolved policy; any other is refused.
        ignore_waivers: judge as if nothing were excepted.
        today: the day as of which levels, ages and expiries are judged; default: today, UTC.

    Raises:
        InputError: something that was read cannot be used, or nothing was found to check; all problems of all files.
        TypeError: an argument is of another type; a `datetime` is no day.

    Example:
        >>> from checker import check
        >>> report = check("examples/passes", policy="weighbridge:enterprise")
        >>> if not report.ok:
        ...     raise SystemExit(report.as_text())
    """
    request = _request(paths, policy, require_policy, ignore_waivers, today)
    with _ONE_AT_A_TIME:
        applying.forget()
        with told():
            return _public(_judged(request))


def _request(
    paths: PathLike | Iterable[PathLike],
    policy: PathLike | None,
    require_policy: str | None,
    ignore_waivers: bool,
    today: date | None,
) -> Request:
    if require_policy is not None and not isinstance(require_policy, str):
        raise TypeError(f"`require_policy` is a {type(require_policy).__name__}: expected text")
    if not isinstance(ignore_waivers, bool):
        raise TypeError(f"`ignore_waivers` is a {type(ignore_waivers).__name__}: expected True or False")
    this_day = datetime.now(UTC).date()
    day = this_day if today is None else _day(today)
    relaxations = [judged_as_of(day)] if day != this_day else []
    relaxations += [IGNORING_WAIVERS] if ignore_waivers else []
    return Request(
        paths=tuple(map(_path, (paths,) if isinstance(paths, str | bytes | os.PathLike) else paths)),
        policy=None if policy is None else path_text(policy, "policy"),
        environment_policy=None,
        today=day,
        require_policy=None if require_policy is None else require_policy.lower(),
        relaxations=tuple(relaxations),
        ignore_waivers=ignore_waivers,
    )


def _day(given: object) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    raise TypeError(f"`today` is a {type(given).__name__}: expected a date")


def _path(given: PathLike) -> Path:
    named = path_text(given, "paths")
    if not named:
        raise InputError.one("a path is empty", expected="a file or a folder", file="paths")
    return Path(named)


def _judged(request: Request) -> verdict.Report:
    """The run of the gate, in this process and without a change to it.

    Raises:
        InputError: something cannot be used.
    """
    refuse_unusable_policy(request)
    found = gate.manifests_of(request)
    if not found.ours:
        gate.refuse_nothing(request, found.foreign)
    judged = gate.judge_in_turn(found.ours, request)
    result = gate.reported(request, judged, found.foreign)
    if result.refused:
        raise InputError(tuple(problem for refused in result.refused for problem in _named(refused)))
    return result


def _named(refused: verdict.RefusedManifest) -> tuple[Problem, ...]:
    """The problems, each with its file where it has no place."""
    return tuple(
        problem if problem.at or problem.file else problem._replace(file=refused.file) for problem in refused.problems
    )


def _public(run: verdict.Report) -> Report:
    stopping = frozenset(map(id, run.stopping))
    return Report(
        exit_code=int(run.exit_code),
        findings=tuple(map(_finding, _remarks.remarks(run))),
        evaluations=tuple(_evaluations(run, stopping)),
        policies=tuple(map(_policy, run.policies.values())),
        relaxations=run.relaxations,
        today=run.today,
        tool_version=run.tool_version,
        catalogue_sha256=run.catalogue_sha256,
        _run=run,
    )


def _finding(remark: _remarks.Remark) -> Finding:
    detail, waiver = remark.detail, remark.waiver
    lack = detail if isinstance(detail, Missing) else None
    stands = Verdict.WAIVED if waiver else Verdict.NOT_EVALUATED if lack else Verdict.FAIL
    by = detail.policy if isinstance(detail, Detail) else remark.evaluation.policy if remark.evaluation else None
    return Finding(
        rule=remark.rule,
        verdict=stands,
        blocks=remark.weight.stops,
        enforcement=remark.enforcement,
        project=remark.project,
        model=remark.model,
        place=remark.at,
        policy=by.at if by else None,
        found=remark.found,
        expected=remark.expected,
        remedy=remark.remedy,
        yaml=lack.yaml if lack else "",
        settled_by=str(remark.settled_by),
        waiver=waiver.id if waiver else "",
        waived_until=waiver.expires if waiver else None,
        fingerprint=remark.fingerprint,
    )


def _evaluations(run: verdict.Report, stopping: frozenset[int]) -> Iterator[Evaluation]:
    judged: list[tuple[str, str, tuple[verdict.Evaluation, ...]]] = [
        (manifest.file, manifest.project, model.evaluations) for manifest in run.manifests for model in manifest.models
    ]
    judged += [(file.file, one.project, one.evaluations) for file in run.waivers for one in file.waivers]
    for file, project, evaluations in judged:
        for one in evaluations:
            yield Evaluation(
                rule=one.rule,
                verdict=one.verdict,
                enforcement=one.enforcement,
                blocks=id(one) in stopping,
                file=file,
                project=project,
                model=one.model,
                margin=one.margin,
                reason=one.reason,
            )


def _policy(stamp: PolicyStamp) -> AppliedPolicy:
    return AppliedPolicy(
        name=stamp.name,
        version=stamp.version,
        sha256=stamp.sha256,
        project_sha256=stamp.project_sha256,
        chosen_by=str(stamp.chosen_by),
    )
