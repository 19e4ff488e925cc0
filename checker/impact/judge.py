"""Judges manifests by two policies, and finds which settings bring a new verdict about.

`judge_batch` is the unit of work: a function of a batch of paths and a question, both small, whose answer are records
in the order of the paths, so that any `concurrent.futures.Executor` can carry it out.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checker import applying, engine, gate
from checker.applying import Key
from checker.document.errors import InputError, Problem
from checker.document.read import read
from checker.facts.dossier import Dossier
from checker.impact.parts import Part, mixed, parts
from checker.impact.record import Cause, Kind, Record, Shift, Side, State
from checker.manifest.load import load as load_manifest
from checker.manifest.model import Manifest
from checker.manifest.project import project_name, repository_root
from checker.policy.choose import project_layer
from checker.policy.load import Choice
from checker.policy.policy import ChosenBy, Policy
from checker.rulebook.discover import judges_waivers
from checker.value import NamedTuple
from checker.verdict import Evaluation, JudgedManifest, JudgedModel, Verdict, code_of
from checker.vocabulary import unknown_names

if TYPE_CHECKING:  # where no policy admits waivers, nothing of them is imported
    from checker.waivers.ledger import Waivers


class Question(NamedTuple):
    """What is asked of each manifest."""

    old: str
    """The older policy: a file, or `weighbridge:PACK`."""
    new: str
    today: date
    why: bool
    ignore_waivers: bool = False
    run: str = ""
    """What tells this run from every other."""


def judge_batch(batch: tuple[Path, ...], question: Question) -> tuple[Record, ...]:
    """The records of a batch, in its order; nothing that is wrong with a manifest ends the others' run."""
    applying.begin(question.run)
    pairs: dict[tuple[Key, Key], _Pair] = {}
    return tuple(_judge(path, question, pairs) for path in batch)


class _Pair(NamedTuple):
    """Both policies as they stand for one repository."""

    old: engine.Standing
    new: engine.Standing
    parts: tuple[Part, ...]
    shared: frozenset[str]
    """Rules that both policies want alike: judged once."""
    same_facts: bool
    old_key: Key
    new_key: Key


class _Subject(NamedTuple):
    """One manifest with all that a policy is held against."""

    manifest: Manifest
    name: str
    project: str
    root: Path
    old_dossiers: tuple[Dossier, ...]
    new_dossiers: tuple[Dossier, ...]


def _judge(path: Path, question: Question, pairs: dict[tuple[Key, Key], _Pair]) -> Record:
    """One manifest; `pairs` holds the policies that the batch has met so far."""
    shown = path.as_posix()
    try:
        manifest = load_manifest(read(path, shown), unknown_names=unknown_names)
    except InputError as error:
        return _refused(shown, State.UNUSABLE, State.UNUSABLE, error)
    folder = path.parent
    repository = repository_root(folder)
    root = applying.from_here(repository) if repository else folder
    project = manifest.project.value if manifest.project else project_name(repository or folder)
    owner = manifest.owner.value if manifest.owner else ""
    try:
        layer = project_layer(root)
        old_key, new_key = (_key(one, layer, question.today) for one in (question.old, question.new))
        old, problem = _standing(old_key)
        new, other = _standing(new_key)
        if old is None or new is None:
            alone = old or new
            state = State.UNUSABLE
            if alone is not None:
                dossiers = _dossiers(manifest, folder, root, alone.policy)
                subject = _Subject(manifest, shown, project, root, dossiers, dossiers)
                waivers = applying.waivers(old_key if old is not None else new_key, root)
                models = engine.check(manifest, dossiers, alone)
                state = _closed(subject, models, alone, waivers, question).state
            before, after = (State.UNUSABLE if one is None else state for one in (old, new))
            said = tuple(_told(one) for error in (problem, other) if error for one in error.problems)
            return Record(shown, project, owner, before, after, problems=tuple(dict.fromkeys(said)))
        pair = pairs.get((old_key, new_key)) or pairs.setdefault((old_key, new_key), _pair(old_key, new_key))
        old_dossiers = _dossiers(manifest, folder, root, pair.old.policy)
        new_dossiers = old_dossiers if pair.same_facts else _dossiers(manifest, folder, root, pair.new.policy)
        subject = _Subject(manifest, shown, project, root, old_dossiers, new_dossiers)
        return _compared(subject, pair, owner, question)
    except InputError as error:
        return _refused(shown, State.UNUSABLE, State.UNUSABLE, error)._replace(project=project, owner=owner)


def _key(reference: str, layer: Path | None, today: date) -> Key:
    return Key(Choice(reference, ChosenBy.OPTION), layer, None, today)


def _standing(key: Key) -> tuple[engine.Standing | None, InputError | None]:
    """The policy with the project's layer; None where the one cannot stand on the other."""
    try:
        return applying.standing(key), None
    except InputError as error:
        return None, error


def _refused(file: str, before: State, after: State, error: InputError) -> Record:
    return Record(file, "", "", before, after, problems=tuple(map(_told, error.problems)))


def _told(problem: Problem) -> str:
    return f"{problem.at or problem.file}: {problem.sentence}"


def _pair(old_key: Key, new_key: Key) -> _Pair:
    old, new = applying.standing(old_key), applying.standing(new_key)
    found = parts(old.policy, new.policy)
    general = any(not part.rule and part.setting != "waivers" for part in found)
    levels = {rule.rule.id: rule.level for rule in old.rules}
    touched = {part.rule for part in found if part.setting != "enforcement"}
    shared = (
        frozenset()
        if general
        else frozenset(
            rule.rule.id for rule in new.rules if rule.rule.id not in touched and levels.get(rule.rule.id) is rule.level
        )
    )
    same_facts = [lock.sha256 for lock in old.policy.facts] == [lock.sha256 for lock in new.policy.facts]
    return _Pair(old, new, found, shared, same_facts, old_key, new_key)


def _dossiers(manifest: Manifest, folder: Path, root: Path, policy: Policy) -> tuple[Dossier, ...]:
    lock = gate.lock_beside(folder, root, (folder / gate.LOCK_NAME).as_posix())
    return gate.dossiers_of(manifest, gate.FactsFrom(folder, root), gate.locks_of(lock, policy))


class _Judged(NamedTuple):
    state: State
    evaluations: dict[tuple[str, str], Evaluation]
    """By rule and model, or by rule and waiver."""


def _compared(subject: _Subject, pair: _Pair, owner: str, question: Question) -> Record:
    models = engine.check(subject.manifest, subject.old_dossiers, pair.old)
    rest = pair.new._replace(rules=tuple(rule for rule in pair.new.rules if rule.rule.id not in pair.shared))
    changed = engine.check(subject.manifest, subject.new_dossiers, rest)
    merged = tuple(_merged(one, two, pair) for one, two in zip(models, changed, strict=True))
    before = _closed(subject, models, pair.old, applying.waivers(pair.old_key, subject.root), question)
    after = _closed(subject, merged, pair.new, applying.waivers(pair.new_key, subject.root), question)
    shifts = []
    for key in dict.fromkeys((*before.evaluations, *after.evaluations)):
        shift = _shift(key, before.evaluations.get(key), after.evaluations.get(key))
        if shift is not None:
            causes = _causes(key, after.evaluations.get(key), subject, pair, question) if question.why else ()
            shifts.append(shift._replace(causes=causes))
    shifts.sort(key=lambda shift: _ORDER.index(shift.kind))
    return Record(subject.name, subject.project, owner, before.state, after.state, tuple(shifts))


def _merged(old: JudgedModel, new: JudgedModel, pair: _Pair) -> JudgedModel:
    """What the newer policy says of a model: its own evaluations, and those that both would make alike."""
    kept = tuple(one for one in old.evaluations if one.rule in pair.shared)
    return new._replace(evaluations=(*kept, *new.evaluations))


def _closed(
    subject: _Subject,
    models: tuple[JudgedModel, ...],
    standing: engine.Standing,
    waivers: Waivers | None,
    question: Question,
) -> _Judged:
    """The models with the waivers that the policy admits, and the waivers themselves judged."""
    of_waivers: tuple[Evaluation, ...] = ()
    if waivers is not None:
        from checker.waivers.judge import Seen
        from checker.waivers.judge import judge as judge_waivers

        if not question.ignore_waivers:
            models = gate.with_waivers(models, subject.project, waivers)
        stamp = applying.stamp_of(standing.policy)
        judged = JudgedManifest(subject.name, subject.project, "", "", stamp, models, waivers=waivers.file)
        seen = Seen((judged,), False, not question.ignore_waivers, None)
        found = judge_waivers(waivers, standing, stamp, seen).waivers
        of_waivers = tuple(one for waiver in found for one in waiver.evaluations)
    evaluations = {
        (one.rule, one.model): one for one in (*(each for model in models for each in model.evaluations), *of_waivers)
    }
    return _Judged(_STATES[int(code_of(models, of_waivers))], evaluations)


_ORDER = tuple(Kind)
_STATES = {0: State.PASSES, 1: State.BLOCKED, 3: State.UNKNOWN}


def _shift(key: tuple[str, str], before: Evaluation | None, after: Evaluation | None) -> Shift | None:
    if _weight(before) == _weight(after):
        return None
    told = after or before
    assert told is not None  # the key comes from one of the two
    stops = after is not None and after.blocks
    stopped = before is not None and before.blocks
    kind = Kind.OTHER
    if stops and after is not None and after.verdict is Verdict.FAIL:
        kind = Kind.BLOCKS
    elif stops and not stopped:
        kind = Kind.UNKNOWN
    elif stopped and not stops:
        kind = Kind.FREED
    return Shift(*key, str(told.at), kind, _side(before), _side(after))


def _weight(one: Evaluation | None) -> tuple[Verdict, bool] | None:
    """What counts: where a rule passes, has nothing to judge or is off, nothing stands in the way."""
    if one is None or one.verdict in (Verdict.NOT_APPLICABLE, Verdict.PASS):
        return None
    return one.verdict, one.blocks


def _side(one: Evaluation | None) -> Side | None:
    if one is None:
        return None
    said = [f"{detail.found}; expected {detail.expected}" for detail in one.findings]
    said += [f"{missing.name} is unknown: {missing.reason}" for missing in one.missing]
    said += [one.reason] if one.reason else []
    return Side(one.verdict.value, one.enforcement.value, one.blocks, said[0] if said else "", str(one.policy.at))


def _causes(
    key: tuple[str, str], after: Evaluation | None, subject: _Subject, pair: _Pair, question: Question
) -> tuple[Cause, ...]:
    """Which parts of the change bring the new verdict about by themselves; where none does, the fewest together."""
    rule = key[0]
    of_rule = tuple(part for part in pair.parts if part.rule in ("", rule))
    # What a rule about waivers says depends on what they cover, and so on every rule.
    candidates = pair.parts if judges_waivers(rule) else of_rule

    def brings(chosen: tuple[Part, ...]) -> bool:
        policy = mixed(pair.old.policy, pair.new.policy, chosen)
        return _weight(_under(key, policy, chosen, subject, question)) == _weight(after)

    single = tuple(part for part in candidates if brings((part,)))
    if single:
        return tuple(Cause((part.name,), (part.words,)) for part in single)
    left = candidates
    for part in candidates:
        fewer = tuple(one for one in left if one is not part)
        if brings(fewer):
            left = fewer
    return (Cause(tuple(part.name for part in left), tuple(part.words for part in left)),) if left else ()


def _under(
    key: tuple[str, str], policy: Policy, chosen: tuple[Part, ...], subject: _Subject, question: Question
) -> Evaluation | None:
    """What a mixed policy says of one rule and one model."""
    standing = engine.as_it_stands(policy, question.today)
    if not judges_waivers(key[0]):
        standing = standing._replace(rules=tuple(rule for rule in standing.rules if rule.rule.id == key[0]))
    new_facts = any(part.setting == "facts" and not part.rule for part in chosen)
    dossiers = subject.new_dossiers if new_facts else subject.old_dossiers
    models = engine.check(subject.manifest, dossiers, standing)
    waivers = _weighed(policy, subject.root, question.today)
    return _closed(subject, models, standing, waivers, question).evaluations.get(key)


def _weighed(policy: Policy, root: Path, today: date) -> Waivers | None:
    """The waivers under a mixed policy; who wrote them changes no verdict, so that git is not asked again."""
    if policy.waivers is None:
        return None
    from checker.waivers.file import read_ledger
    from checker.waivers.find import path_of
    from checker.waivers.ledger import weigh

    path = path_of(policy.waivers, root)
    if not (path.exists() or path.is_symlink()):
        return None
    return weigh(read_ledger(read(path, path.as_posix())), policy, today, {})
