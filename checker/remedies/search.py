"""Finds for every failing finding of a manifest the changes that settle it and break nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from checker.document.place import SourceFile
from checker.remedies import questions, waiver
from checker.remedies.bench import Bench, Key, Trial
from checker.remedies.case import Case, Kind, Step
from checker.remedies.combine import Chosen, Ladder, joined, smallest, together
from checker.remedies.discover import kinds_for
from checker.remedies.patch import patch_of, replacements_of
from checker.remedy import ManifestRemedies, Remedied, Remedy
from checker.request import Request
from checker.value import NamedTuple
from checker.verdict import Evaluation, JudgedManifest, Report, Verdict

_COMBINATIONS = 3
"""Combinations that are offered for one finding."""
MOST_FINDINGS = 40
"""Findings of one manifest for which remedies are looked for, what stops the gate first: each costs many judgements."""
_HARDWARE = 7
"""From this size on a kind of change asks for other hardware: combinations of smaller ones come before it."""
_ANOTHER_MODEL = 8
"""From this size on a kind of change replaces the model."""


class Offer(NamedTuple):
    """A remedy, and what it consists of."""

    chosen: Chosen
    remedy: Remedy


def remedies_of(manifest: JudgedManifest, report: Report, request: Request) -> ManifestRemedies:
    """What settles the findings of a manifest that was judged.

    Args:
        manifest: the manifest; the report was asked to keep what it was judged on.
        report: the report that it belongs to, which says what stops the gate.
        request: what the run was asked to do.
    """
    assert manifest.basis is not None  # whoever asks for remedies asks to keep it
    bench = Bench(manifest.basis.manifest.at.file, request)
    stopping = {(one.rule, one.model) for one in report.stopping}
    new = {(one.rule, one.model) for one in report.evaluations if one.is_open}
    asked = [
        (key, one)
        for key, one in bench.before.evaluations.items()
        if isinstance(key[0], int) and (one.verdict is Verdict.FAIL or one.blocks) and (one.rule, one.model) in new
    ]
    asked.sort(key=lambda pair: (pair[1].rule, pair[1].model) not in stopping)
    found = [_remedied(bench, key, evaluation) for key, evaluation in asked[:MOST_FINDINGS]]
    every = {remedy.patch: remedy for one, _ in found for remedy in one.remedies if not remedy.needs_person}
    findings = tuple(
        _lent(one._replace(stops=(one.rule, one.model) in stopping), tuple(every.values())) for one, _ in found
    )
    joint = _all_together(bench, [first for _, first in found if first])
    return ManifestRemedies(manifest.file, findings, joint, max(0, len(asked) - MOST_FINDINGS))


def _lent(finding: Remedied, remedies: tuple[Remedy, ...]) -> Remedied:
    """A finding that has none of its own, with those of others that settle it too."""
    if any(not one.needs_person for one in finding.remedies):
        return finding
    name = f"{finding.rule} of {finding.model}"
    return finding._replace(remedies=(*(one for one in remedies if name in one.after.settled), *finding.remedies))


def first_remedy(source: SourceFile, request: Request) -> tuple[Remedy, str] | None:
    """The first remedy of the first finding that stops the gate and has one, and the text with it; None without any.

    One that adds a finding, be it advice where something was unknown, is for people to choose.

    Raises:
        InputError: the manifest cannot be used.
    """
    bench = Bench(source, request)
    for key, evaluation in bench.before.evaluations.items():
        if isinstance(key[0], int) and bench.before.report.stops(evaluation):
            for offer in _offers(bench, key):
                trial = bench.tried(offer.chosen.edits)
                if trial is not None and not bench.adds_a_finding(trial):
                    return offer.remedy, trial.text
    return None


def _remedied(bench: Bench, key: Key, evaluation: Evaluation) -> tuple[Remedied, Offer | None]:
    before, case = bench.judged, bench.case(key)
    offers = list(_offers(bench, key))
    exception = waiver.asked_for(bench, case, evaluation)
    found = Remedied(
        rule=evaluation.rule,
        model=evaluation.model,
        at=evaluation.at,
        stops=case.stops,
        remedies=(*(offer.remedy for offer in offers), *((exception,) if exception else ())),
        questions=questions.about(case, lambda edits: bench.holds(case.rule, case.position, edits)),
        tried=bench.judged - before,
    )
    return found, next(iter(offers), None)


def _offers(bench: Bench, key: Key) -> Iterator[Offer]:
    """Changes that settle an evaluation and break nothing else, the smallest first.

    Changes of the plan come first, one alone if one is enough; then other hardware; then another model.
    """
    case = bench.case(key)
    kinds = kinds_for(case.rule, case.reads)
    ladders = [Ladder(kind, _steps(kind, case)) for kind in kinds if kind.is_graded]
    beside = [Ladder(kind, _steps(kind, each)) for each in _sharing(case) for kind in kinds if kind.is_graded]
    is_enough = False
    for least, most in ((0, _HARDWARE), (_HARDWARE, _ANOTHER_MODEL), (_ANOTHER_MODEL, None)):
        for kind in kinds:
            if kind.size >= least and (most is None or kind.size < most):
                for offer in _of_kind(bench, key, kind, ladders):
                    is_enough = True
                    yield offer
        if not is_enough and most is not None:
            # The hardware is the same for all that share it: what it may be changed to is looked at once.
            usable = [one for one in ladders if one.kind.size < most]
            usable += [one for one in beside if one.kind.size < _HARDWARE]
            for offer in _combinations(bench, key, usable):
                is_enough = True
                yield offer


def _steps(kind: Kind, case: Case) -> Sequence[Step]:
    """The steps of a kind; in a file of several models each says which one it changes."""
    steps = kind.steps(case)
    if len(case.manifest.models) == 1:
        return steps
    return tuple(step._replace(said=f"{case.entry.display_name}: {step.said}") for step in steps)


def _sharing(case: Case) -> Iterator[Case]:
    """The other models on the hardware that the entry shares, where that is the matter."""
    if case.rule == "serving-fits" and case.entry.shares_hardware:
        for position, entry in enumerate(case.manifest.models):
            if position != case.position and entry.shares_hardware:
                yield case._replace(position=position)


def _of_kind(bench: Bench, key: Key, kind: Kind, ladders: Sequence[Ladder]) -> Iterator[Offer]:
    case = bench.case(key)
    ladder = next((one for one in ladders if one.kind is kind), None)
    if ladder is None:
        yield from islice(_each(bench, key, kind, case), kind.most)
        return
    chosen = smallest(ladder, lambda edits: bench.holds(case.rule, case.position, edits))
    offer = _offer(bench, key, chosen) if chosen else None
    if offer is not None:
        yield offer


def _each(bench: Bench, key: Key, kind: Kind, case: Case) -> Iterator[Offer]:
    for step in _steps(kind, case):
        offer = _offer(bench, key, Chosen((kind,), (step,)))
        if offer is not None:
            yield offer


def _combinations(bench: Bench, key: Key, ladders: Sequence[Ladder]) -> Iterator[Offer]:
    position, _, rule = key
    assert isinstance(position, int)  # only entries are changed
    found = together(ladders, lambda edits: bench.holds(rule, position, edits))
    offers = (offer for chosen in found if (offer := _offer(bench, key, chosen)) is not None)
    yield from sorted(islice(offers, _COMBINATIONS), key=lambda offer: len(offer.chosen.edits))


def _offer(bench: Bench, key: Key, chosen: Chosen) -> Offer | None:
    """The change as it is offered; None where it does not settle the evaluation, or breaks another."""
    trial = bench.tried(chosen.edits)
    if trial is None or bench.is_worse(trial):
        return None
    now = trial.evaluations.get(key)
    if now is not None and now.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE):
        return None
    name = " + ".join(kind.name for kind in chosen.kinds)
    return Offer(chosen, _remedy(bench, trial, name, chosen.steps))


def _remedy(bench: Bench, trial: Trial, name: str, steps: Sequence[Step]) -> Remedy:
    source = bench.source
    return Remedy(
        kind=name,
        said="; ".join(step.said for step in steps),
        costs=tuple(dict.fromkeys(cost for step in steps for cost in step.costs)),
        is_safe=all(step.is_safe for step in steps),
        after=bench.after(trial),
        file=source.name,
        patch=patch_of(source.name, f"{bench.mark}{source.text}", f"{bench.mark}{trial.text}"),
        replacements=replacements_of(source.text, trial.splices),
    )


def _all_together(bench: Bench, offers: Sequence[Offer]) -> Remedy | None:
    """One remedy for each finding, in one change; one that the others make needless, or that breaks, is left out."""
    taken: tuple[Step, ...] = ()
    best: Trial | None = None
    for offer in offers:
        settled = set(bench.after(best).settled) if best is not None else set[str]()
        if not set(offer.remedy.after.settled) - settled:
            continue
        steps = (*taken, *offer.chosen.steps)
        trial = bench.tried(joined(steps))
        if trial is not None and not bench.is_worse(trial) and set(bench.after(trial).settled) > settled:
            taken, best = steps, trial
    made = joined(taken)
    # A later step may go further with the same key: what it overrides is not said.
    kept = [step for step in taken if set(step.edits) & set(made)]
    return _remedy(bench, best, "together", kept) if best is not None and len(kept) > 1 else None
