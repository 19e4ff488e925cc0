"""Runs the cases of one policy: which hold, what they cover, and which loosening none of them notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from checker.document.errors import InputError, Problem
from checker.document.inside import leads_out
from checker.document.place import Place
from checker.document.read import read
from checker.exit_code import ExitCode
from checker.facts.catalogue import Catalogue
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy, Policy
from checker.policy_tests.coverage import Coverage, Reads, coverage
from checker.policy_tests.file import Case, CaseFile, read_cases
from checker.policy_tests.find import Tested
from checker.policy_tests.judge import Difference, Judged, differences, judge, policy_of
from checker.policy_tests.loosen import Loosening, loosenings
from checker.policy_tests.prepare import Prepared, Situation, prepare
from checker.rulebook.organisation import Organisation
from checker.value import NamedTuple

_MOST_FILES = 100


class Tried(NamedTuple):
    """One case, and what is not as it expects."""

    name: str
    at: Place
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as it expects."""
        return not self.differences

    @property
    def unknown(self) -> bool:
        """Whether it fails for want of facts or answers alone."""
        return bool(self.differences) and all(one.unknown for one in self.differences)


class Survivor(NamedTuple):
    """A loosening that no case notices."""

    rule: str
    setting: str
    words: str
    at: Place


class Mutation(NamedTuple):
    """How many loosenings were tried, and those that no case notices; None of them where some case fails already."""

    tried: int
    survivors: tuple[Survivor, ...]


class Result(NamedTuple):
    """What the cases of one policy come to."""

    reference: str
    name: str
    version: str
    sha256: str
    files: tuple[str, ...]
    cases: tuple[Tried, ...]
    coverage: Coverage
    mutation: Mutation | None
    """None where nobody asked, or a case fails, so that no loosening could be told from it."""


class Wishes(NamedTuple):
    """What is asked beside whether the cases hold."""

    today: date
    mutate: bool = False
    inherited: bool = False
    """Whether rules and settings of shipped packs count that the policy extends."""
    required: float | None = None
    """The share of coverage below which the answer is no."""


def run(tested: Tested, wishes: Wishes) -> Result:
    """Try every case of one policy.

    Raises:
        InputError: the policy, a file of cases, or something that a case names cannot be used.
    """
    policy = load(Choice(tested.reference, ChosenBy.OPTION), None)
    prepared = tuple(_prepared(tested.files, policy, wishes.today))
    judged = tuple(_judged(prepared, policy))
    cases = tuple(Tried(one.prepared.case.name.value, one.prepared.case.name.at, differences(one)) for one, _ in judged)
    holding = [pair for pair, tried in zip(judged, cases, strict=True) if tried.holds]
    mutation = None
    if wishes.mutate and len(holding) == len(judged):
        mutation = _mutated(policy, [one for one, _ in judged], inherited=wishes.inherited)
    return Result(
        reference=tested.reference,
        name=policy.name,
        version=policy.version,
        sha256=policy.sha256,
        files=tuple(file.as_posix() for file in tested.files),
        cases=cases,
        coverage=coverage(policy, holding, inherited=wishes.inherited),
        mutation=mutation,
    )


def code_of(results: Iterable[Result], wishes: Wishes) -> ExitCode:
    """0: every case holds, and so does what was asked beside; 1: something does not; 3: something is unknown."""
    codes = {_code(result, wishes) for result in results}
    return next((code for code in (ExitCode.BLOCKED, ExitCode.UNKNOWN) if code in codes), ExitCode.OK)


def _code(result: Result, wishes: Wishes) -> ExitCode:
    if any(not case.holds and not case.unknown for case in result.cases):
        return ExitCode.BLOCKED
    if any(case.unknown for case in result.cases):
        return ExitCode.UNKNOWN
    short = wishes.required is not None and result.coverage.share < wishes.required
    survived = result.mutation is not None and result.mutation.survivors
    return ExitCode.BLOCKED if short or survived else ExitCode.OK


def _prepared(files: Iterable[Path], policy: Policy, today: date) -> Iterator[Prepared]:
    """All cases; what is wrong with any of them is told at once."""
    catalogue = Catalogue()
    problems: list[Problem] = []
    ready: list[Prepared] = []
    for file in files:
        for case, situation in _cases(file, (today, None), policy, catalogue, ()):
            try:
                ready.append(prepare(case, situation))
            except InputError as error:
                problems += (one if one.at or one.file else one._replace(at=case.name.at) for one in error.problems)
    if problems:
        raise InputError(tuple(problems))
    yield from ready


def _cases(
    file: Path,
    usual: tuple[date, Organisation | None],
    policy: Policy,
    catalogue: Catalogue,
    chain: tuple[Path, ...],
) -> list[tuple[Case, Situation]]:
    """The cases of a file and of those that it takes up; a case of the same name in the later file counts."""
    source = read(file, file.as_posix())
    stated = read_cases(source, tuple(rule.id for rule in policy.rules.values() if rule.custom))
    today = stated.today.value if stated.today else usual[0]
    organisation = stated.organisation or usual[1]
    found: dict[str, tuple[Case, Situation]] = {}
    for reference in stated.cases_of:
        other = _taken_up(reference.value, file, stated, (*chain, file.resolve()), reference.at)
        for case, situation in _cases(other, (today, organisation), policy, catalogue, (*chain, file.resolve())):
            found[case.name.value] = (case, situation)
    situation = Situation(source, file.parent, today, organisation, policy.facts, catalogue)
    for case in stated.cases:
        found[case.name.value] = (case, situation)
    return list(found.values())


def _taken_up(written: str, file: Path, stated: CaseFile, chain: tuple[Path, ...], at: Place) -> Path:
    path = file.parent / written
    if leads_out(path, file.parent):
        raise InputError.one(
            f"`{written}` leads out of the folder of the cases", expected="a file in it or below it", at=at
        )
    if path.resolve() in chain or len(chain) > _MOST_FILES:
        raise InputError.one(f"`{written}` takes up a file that leads back to it", expected="no circle", at=at)
    if not path.exists():
        raise InputError.one(f"there is no file `{written}`", expected="a file of cases, relative to this one", at=at)
    return path


def _judged(prepared: Iterable[Prepared], policy: Policy) -> Iterator[tuple[Judged, Reads]]:
    problems: list[Problem] = []
    found = []
    for one in prepared:
        reads = Reads()
        try:
            found.append((judge(one, policy_of(one, policy), reads), reads))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(tuple(problems))
    yield from found


def _mutated(policy: Policy, judged: list[Judged], *, inherited: bool) -> Mutation:
    survivors = []
    tried = 0
    for loosening in loosenings(policy, judged, inherited=inherited):
        tried += 1
        if not any(_notices(one.prepared, loosening) for one in judged):
            survivors.append(Survivor(loosening.rule, loosening.setting, loosening.words, loosening.at))
    return Mutation(tried, tuple(survivors))


def _notices(prepared: Prepared, loosening: Loosening) -> bool:
    """Whether a case that holds does not hold any more."""
    case, rule = prepared.case, loosening.rule
    of_all = case.exit_code is not None or prepared.ledger is not None
    if not (of_all or rule in case.expect or rule in case.levels):
        return False
    try:
        return bool(differences(judge(prepared, policy_of(prepared, loosening.policy))))
    except InputError:
        return False  # the layer of the case cannot stand on the loosened policy: nothing was noticed by judging
