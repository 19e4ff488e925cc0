"""For a terminal: findings as compilers show them, then what was not judged, what passed, and a one-line tally."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.document.errors import frame, render_problem, shown, visible
from checker.facts.fact import Fact
from checker.policy.policy import introduced
from checker.report import Wishes
from checker.report._unjudged import nothing_judged
from checker.rulebook.discover import judges_waivers
from checker.rulebook.outcome import Evidence
from checker.verdict import (
    Detail,
    Evaluation,
    JudgedManifest,
    JudgedModel,
    JudgedWaivers,
    LockStamp,
    PolicyStamp,
    RefusedManifest,
    Report,
    Verdict,
    WaivedBy,
)

NOT_TESTED = "Nothing here tests a model's outputs, bias, safety, privacy or accuracy in use."
NO_ADVICE = "Findings state what is declared and which terms follow; they are no legal advice."


def render(report: Report, wishes: Wishes) -> str:
    """The whole report as lines of text."""
    return "".join(f"{line}\n" for line in _lines(report, wishes))


def _lines(report: Report, wishes: Wishes) -> Iterator[str]:
    for refused in report.refused:
        yield from _refused(refused)
    if report.scans:
        from checker.report._scanned import scan_lines  # no other command reads code

        yield from scan_lines(report)
        yield ""
    for manifest in report.manifests:
        yield from _manifest(manifest, report)
        if wishes.explain:
            yield from _explained(manifest)
    if report.remedies:
        from checker.report._remedied import remedy_lines  # most runs ask for none

        yield from remedy_lines(report.remedies)
    for waivers in report.waivers:
        yield from _waivers(waivers)
    yield from _closing(report)


def _refused(refused: RefusedManifest) -> Iterator[str]:
    for problem in refused.problems:
        yield from render_problem(problem).splitlines()
    yield f"{visible(refused.file)} was not judged"
    yield ""


def _manifest(manifest: JudgedManifest, report: Report) -> Iterator[str]:
    owner = f", owner {visible(manifest.owner)}" if manifest.owner else ""
    yield f"{visible(manifest.file)}: project {visible(manifest.project)}{owner}, {manifest.status}"
    yield f"  {_policy(manifest.policy)}"
    yield from (f"  facts of the organisation: {_lock(lock)}" for lock in manifest.policy.facts)
    if manifest.lock is not None:
        yield f"  lock {_lock(manifest.lock)}"
    yield from (f"  note: {visible(note)}" for note in (*manifest.notes, *_to_come(manifest)))
    yield ""
    for evaluation in worst_first(_evaluations(manifest)):
        yield from _failed(evaluation)
    for model in manifest.models:
        yield from _model(model, report)


def worst_first(evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """Those with findings: what blocks before what advises, and that before what is waived; of each the gravest level.

    What is alike in both stays in the order of models and rules.
    """
    found = [evaluation for evaluation in evaluations if evaluation.findings]
    return sorted(found, key=lambda one: (one.verdict is Verdict.WAIVED, not one.blocks, -one.enforcement.rank))


def _explained(manifest: JudgedManifest) -> Iterator[str]:
    from checker.report._explained import explained  # most runs do not ask

    for model in manifest.models:
        yield f"{visible(model.name)}: what led to each outcome"
        yield from explained(manifest, model)


def _evaluations(manifest: JudgedManifest) -> Iterator[Evaluation]:
    return (evaluation for model in manifest.models for evaluation in model.evaluations)


def _to_come(manifest: JudgedManifest) -> Iterator[str]:
    """Levels that begin on a day to come, once for each rule."""
    coming = {evaluation.rule: evaluation.upcoming for evaluation in _evaluations(manifest) if evaluation.upcoming}
    for rule, changes in coming.items():
        for change in changes:
            verb = "blocks" if change.enforcement.blocks else f"becomes {change.enforcement}"
            yield f"{rule} {verb} in {change.days} days, from {change.begins} ({change.enforcement})"


def _policy(policy: PolicyStamp) -> str:
    project = f"; the project tightens it in {policy.layers[-1].name}" if policy.project_sha256 else ""
    return (
        f"{visible(introduced(policy.name, policy.version, policy.chosen_by))}{visible(project)};"
        f" sha256 {policy.sha256}"
    )


def _lock(lock: LockStamp) -> str:
    return f"{visible(lock.file)}, sha256 {lock.sha256}"


def _failed(evaluation: Evaluation) -> Iterator[str]:
    for detail in evaluation.findings:
        about = "" if judges_waivers(evaluation.rule) else "model "
        yield (
            f"{visible(str(detail.at))}: {evaluation.rule}: {effect(detail)} ({evaluation.enforcement}),"
            f" {about}{visible(evaluation.model)}"
        )
        yield from frame(detail.at, "^", f"found {detail.found}")
        yield from _policy_line(detail)
        yield from (f"    {visible(line)}" for line in detail.lines)
        yield from (f"  evidence: {_evidence(fact)}" for fact in detail.evidence)
        yield f"  remedy:   {visible(detail.remedy)}"
        yield from (f"  waiver:   {visible(line)}" for line in _waived_by(detail.waiver))
        yield f"  settles:  {evaluation.settled_by}"
        yield from (f"  note:     {visible(note)}" for note in evaluation.notes)
        yield ""


def effect(one: Detail) -> str:
    """What a finding means for the gate, in a word or a few."""
    if one.waiver is not None:
        return "waived"
    if one.was_before:
        return "was there before"
    return "blocks" if one.blocks else "advice"


def _waived_by(waiver: WaivedBy | None) -> Iterator[str]:
    """Who excepted it, until when and why; and who wrote that down."""
    if waiver is None:
        return
    days = f"{waiver.days_left} day{'' if waiver.days_left == 1 else 's'} left"
    yield f"{waiver.id} ({waiver.at}) to {waiver.expires}, {days}; approver {waiver.approver}, {waiver.approved_on}"
    yield f"{waiver.kind}: {shown(waiver.reason)}{f'; {waiver.ticket}' if waiver.ticket else ''}"
    yield _written_by(waiver)


def _written_by(waiver: WaivedBy) -> str:
    if not waiver.commit:
        return "git does not know who wrote it"
    same = {True: "who is also its approver", False: "not its approver", None: "nobody approved it"}
    return f"written by {waiver.author}, {same[waiver.approver_is_author]}; commit {waiver.commit[:12]}"


def _waivers(judged: JudgedWaivers) -> Iterator[str]:
    """The exceptions of these projects: what does not count, then what counts and what it covers."""
    others = f", {judged.others} for other projects" if judged.others else ""
    counting = sum(waiver.counts for waiver in judged.waivers)
    yield f"{visible(judged.file)}: {counting} of {len(judged.waivers)} waivers count{others}; sha256 {judged.sha256}"
    yield ""
    for evaluation in worst_first(evaluation for waiver in judged.waivers for evaluation in waiver.evaluations):
        yield from _failed(evaluation)
    for waiver in judged.waivers:
        if waiver.counts:
            matches = len(waiver.matches)
            yield f"{visible(waiver.waiver.id)}: covers {matches} finding{'' if matches == 1 else 's'}"
            yield from (f"  {visible(line)}" for line in _waived_by(waiver.waiver))
    yield ""


def _policy_line(detail: Detail) -> Iterator[str]:
    place = detail.policy
    said = "" if place.stated else f" (`{place.setting}` has its default)" if place.setting != "enforcement" else ""
    yield f"  {visible(str(place.at))}: policy{said}"
    yield from frame(place.at, "^", f"expected {detail.expected}")


def _model(model: JudgedModel, report: Report) -> Iterator[str]:
    pinned = f" at {shown(model.revision)}" if model.revision else ""
    yield f"{visible(model.name)}: {visible(model.id)}{visible(pinned)}"
    yield f"  facts: {_facts_from(model, report)}"
    yield from (f"  assumed: {visible(assumption)}" for assumption in model.assumptions)
    if model.is_unjudged:
        yield f"  {nothing_judged(model)}"
    of = {verdict: [e for e in model.evaluations if e.verdict is verdict] for verdict in Verdict}
    yield from _not_evaluated(evaluation for evaluation in model.evaluations if evaluation.missing)
    yield from _not_applicable(of[Verdict.NOT_APPLICABLE])
    for verdict, word in ((Verdict.FAIL, "failed"), (Verdict.WAIVED, "waived")):
        if of[verdict]:
            yield f"  {word}: {', '.join(evaluation.rule for evaluation in of[verdict])}"
    yield from _passed(of[Verdict.PASS])
    yield ""


def _facts_from(model: JudgedModel, report: Report) -> str:
    if model.origin is None:
        hint = f"; did you mean `{model.nearest}`?" if model.nearest else ""
        return f"none are known of this model; a claim under `known:` or the catalogue would state some{hint}"
    if model.origin == "folder":
        return "read from the local folder in this run"
    if model.origin in _LOCKS:
        return (
            f"{_LOCKS[model.origin]}{f', resolved at {visible(model.recorded_at[:12])}' if model.recorded_at else ''}"
        )
    recorded = (
        f", recorded at {visible(model.recorded_at[:12])}" if model.recorded_at else ", recorded at no stated commit"
    )
    age = (report.today - report.catalogue_recorded).days
    old = f"{age} day{'' if age == 1 else 's'} old" if age >= 0 else "later than the day that is judged"
    return f"catalogue of {report.catalogue_recorded} ({old}){recorded}"


_LOCKS = {"lock": "the project's lock (declared)", "organisation": "the organisation's lock"}


def _not_evaluated(evaluations: Iterable[Evaluation]) -> Iterator[str]:
    for evaluation in evaluations:
        before = all(missing.was_before for missing in evaluation.missing)
        blocks = "blocks" if evaluation.blocks else "was there before" if before else "advice"
        settles = f"{evaluation.enforcement}; settles: {evaluation.settled_by}"
        waived = "waived: " if evaluation.verdict is Verdict.WAIVED else ""
        yield f"  {waived}not evaluated: {evaluation.rule} ({blocks}, {settles})"
        for missing in evaluation.missing:
            yield f"    {visible(str(missing.at))}: `{visible(missing.name)}` is missing: {visible(missing.reason)}"
            yield from (f"    waiver: {visible(line)}" for line in _waived_by(missing.waiver))
            if missing.yaml and not missing.waiver:
                yield f"    {missing.where} would state it:"
                yield from (f"      {visible(line)}" for line in missing.yaml.splitlines())
        yield from (f"    note: {visible(note)}" for note in evaluation.notes)


def _not_applicable(evaluations: Iterable[Evaluation]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for evaluation in evaluations:
        by_reason.setdefault(evaluation.reason, []).append(evaluation.rule)
    for reason, rules in by_reason.items():
        yield f"  not applicable: {', '.join(rules)}: {visible(reason)}"


def _passed(evaluations: Iterable[Evaluation]) -> Iterator[str]:
    plain = []
    for evaluation in evaluations:
        if not (evaluation.notes or evaluation.margin or evaluation.lines):
            plain.append(evaluation.rule)
            continue
        yield f"  passed: {evaluation.rule}{f': {visible(evaluation.margin)}' if evaluation.margin else ''}"
        yield from (f"    {visible(line)}" for line in evaluation.lines)
        yield from (f"    note: {visible(note)}" for note in evaluation.notes)
    if plain:
        yield f"  passed: {', '.join(plain)}"


def _evidence(fact: Evidence) -> str:
    return f"{visible(_value(fact))} ({fact.certainty}; {fact.source.origin}: {visible(fact.source.detail)})"


def _value(fact: Fact[object]) -> str:
    value = fact.value
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        fields = value._asdict().items()
        return ", ".join(f"{name} {item}" for name, item in fields if item is not None)
    return ", ".join(map(_item, value)) if isinstance(value, tuple) else str(value)


def _item(item: object) -> str:
    """One item of a list: a text, or the parts that are there of a parent or of a licence file."""
    return " ".join(str(part) for part in item if part is not None) if isinstance(item, tuple) else str(item)


def _closing(report: Report) -> Iterator[str]:
    yield from since_lines(report)
    if report.since is not None and not report.manifests:
        yield f"  {_policy(report.since.policy)}"
    yield from forecast_lines(report)
    if report.foreign:
        files = "file named like a manifest is" if len(report.foreign) == 1 else "files named like manifests are"
        yield f"{len(report.foreign)} {files} something else: not judged"
    yield from (f"relaxed: {visible(relaxation)}" for relaxation in report.relaxations)
    yield NOT_TESTED
    yield NO_ADVICE
    catalogue = f"catalogue sha256 {report.catalogue_sha256[:16]}"
    yield f"weighbridge {report.tool_version}, judged as of {report.today}, {catalogue}"
    if report.remedies is None and report.manifests and any(one.findings for one in report.stopping):
        yield HINT
    yield verdict_line(report)
    yield tally(report)


HINT = "hint: `weighbridge check --remedies` looks for changes that settle this, each judged before it is offered"


def forecast_lines(report: Report) -> Iterator[str]:
    """What turns red by itself, the first day first."""
    if report.forecast is None:
        return
    yield f"within {report.forecast.days} days, if nobody changes anything:"
    for turn in report.forecast.turns:
        blocks = "blocks" if turn.verdict is Verdict.FAIL else "cannot be evaluated"
        where = visible(f"{turn.at}: {turn.rule} {blocks}, {turn.model}: {turn.found}")
        yield f"  {turn.day} (in {turn.days} day{'' if turn.days == 1 else 's'}): {where}"
    if not report.forecast.turns:
        yield "  nothing more blocks"


def since_lines(report: Report) -> Iterator[str]:
    """What change was judged, and what was left aside because of it."""
    since = report.since
    if since is None:
        return
    judged = len(report.manifests) + len(report.refused)
    manifests = "manifest" if judged == 1 else "manifests"
    yield f"since {visible(since.revision)} (merge base {since.base[:12]}): {judged} {manifests} judged"
    if since.everything_because:
        yield f"  all of them: every verdict depends on {visible(since.everything_because)}, which changed"
    if since.unchanged:
        yield f"  {since.unchanged} that the change cannot alter: not judged"
    yield from (f"  removed: {visible(path)}" for path in since.removed)
    for path in since.unread_before:
        yield f"  {visible(path)} cannot be judged as it was: everything in it counts as new"


def verdict_line(report: Report) -> str:
    """What the gate does, and the exit code that says so."""
    blocking = report.stopping
    failed = sum(evaluation.verdict is Verdict.FAIL for evaluation in blocking)
    unknown = sum(evaluation.verdict is Verdict.NOT_EVALUATED for evaluation in blocking)
    models = [model for manifest in report.manifests for model in manifest.models]
    unjudged = sum(model.is_unjudged and not model.was_unjudged for model in models)
    reasons = [
        f"{len(report.refused)} unusable input" if report.refused else "",
        f"{failed} blocking" if failed else "",
        f"{unknown} that block because they could not be evaluated" if unknown else "",
        f"{unjudged} of which nothing was judged" if unjudged else "",
    ]
    said = "; ".join(reason for reason in reasons if reason) or ("nothing blocks" if models else why_empty(report))
    return f"exit code {report.exit_code.value}: {said}"


def why_empty(report: Report) -> str:
    """Why a run judged no model, although every input could be used."""
    if report.scans:
        return "no model is used in what was read"
    return "the change can alter no manifest" if report.since else "nothing was checked"


def tally(report: Report) -> str:
    """How many models and evaluations there were: `3 models · 57 passed · 2 failed · …`."""
    counts = report.tally
    models = sum(len(manifest.models) for manifest in report.manifests)
    parts = [f"{models} model{'' if models == 1 else 's'}", f"{counts[Verdict.PASS]} passed"]
    parts.append(f"{counts[Verdict.FAIL]} failed")
    if counts[Verdict.WAIVED]:
        parts.append(f"{counts[Verdict.WAIVED]} waived")
    parts.append(f"{counts[Verdict.NOT_EVALUATED]} not evaluated")
    parts.append(f"{counts[Verdict.NOT_APPLICABLE]} not applicable")
    if report.refused:
        parts.append(f"{len(report.refused)} file{'' if len(report.refused) == 1 else 's'} refused")
    return " · ".join(parts)
