"""What a run found: every evaluation with its verdict, and what the gate does about it."""

from collections import Counter
from datetime import date
from enum import IntEnum, StrEnum

from checker.document.errors import Problem
from checker.document.place import Place
from checker.policy.policy import ChosenBy, Layer
from checker.rulebook.outcome import Evidence
from checker.rulebook.schedule import Enforcement
from checker.rulebook.settings import Settler
from checker.value import NamedTuple


class ExitCode(IntEnum):
    """The gate's contract."""

    OK = 0
    BLOCKED = 1
    BAD_INPUT = 2
    UNKNOWN = 3
    BUG = 70


class Verdict(StrEnum):
    """What stands for one rule and one model."""

    PASS = "pass"
    FAIL = "fail"
    WAIVED = "waived"
    NOT_EVALUATED = "not-evaluated"
    NOT_APPLICABLE = "not-applicable"


class PolicyPlace(NamedTuple):
    """The line of a policy that says so."""

    layer: str
    at: Place
    setting: str
    stated: bool
    """False where the setting has the rule's own default: then `at` is the line that gives the rule its level."""


class Missing(NamedTuple):
    """A fact or an answer that a rule needs and that nobody states."""

    name: str
    reason: str
    where: str
    """The file in which `yaml` would state it: the manifest or the policy."""
    yaml: str
    """Copy-ready lines that would state it."""
    at: Place


class Detail(NamedTuple):
    """One finding of a failed rule, with both its places."""

    at: Place
    policy: PolicyPlace
    expected: str
    found: str
    remedy: str
    evidence: tuple[Evidence, ...]
    lines: tuple[str, ...]
    blocks: bool


class Change(NamedTuple):
    """A level that begins on a day to come."""

    begins: date
    days: int
    enforcement: Enforcement


class Evaluation(NamedTuple):
    """One rule, judged for one model."""

    rule: str
    model: str
    """The entry's name in its manifest."""
    verdict: Verdict
    enforcement: Enforcement
    settled_by: Settler
    at: Place
    policy: PolicyPlace
    blocks: bool
    """Whether the gate stops on it: a blocking finding (code 1) or a blocking rule not evaluated (code 3)."""
    findings: tuple[Detail, ...] = ()
    missing: tuple[Missing, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    margin: str = ""
    reason: str = ""
    """Why it is not applicable."""
    notes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    upcoming: tuple[Change, ...] = ()


class JudgedModel(NamedTuple):
    """One entry of a manifest and what was decided about it."""

    name: str
    id: str
    found_as: str
    at: Place
    revision: str | None
    """What the manifest pins."""
    origin: str | None
    """Where its facts come from first: `lock`, `organisation`, `catalogue` or `folder`; None where nothing is known."""
    nearest: str | None
    """Of a model of which nothing is known: the recorded id that is nearest to its own."""
    recorded_at: str | None
    """The commit at which the facts were recorded."""
    assumptions: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]

    @property
    def is_unjudged(self) -> bool:
        """Whether no rule had anything to judge about it, so that nothing speaks for it either."""
        return all(evaluation.verdict is Verdict.NOT_APPLICABLE for evaluation in self.evaluations)


class LockStamp(NamedTuple):
    """A lock that facts were taken from."""

    file: str
    sha256: str
    """The digest that the lock states and that its content has."""


class PolicyStamp(NamedTuple):
    """The policy that a manifest was judged by."""

    name: str
    version: str
    sha256: str
    project_sha256: str | None
    chosen_by: ChosenBy
    layers: tuple[Layer, ...]
    facts: tuple[LockStamp, ...] = ()
    """The locks that the policy names under `facts:`."""


class JudgedManifest(NamedTuple):
    """One manifest, judged."""

    file: str
    project: str
    owner: str
    status: str
    policy: PolicyStamp
    models: tuple[JudgedModel, ...]
    notes: tuple[str, ...] = ()
    lock: LockStamp | None = None
    """The project's `model.lock`; None where none lies beside the manifest."""


class RefusedManifest(NamedTuple):
    """A manifest, or a policy for it, that cannot be used."""

    file: str
    problems: tuple[Problem, ...]


class Report(NamedTuple):
    """Everything that one run has to say; equal inputs and an equal date give an equal report."""

    tool_version: str
    today: date
    catalogue_sha256: str
    catalogue_recorded: date
    manifests: tuple[JudgedManifest, ...]
    refused: tuple[RefusedManifest, ...]
    foreign: tuple[str, ...]
    """Files named like manifests that are something else: counted, never judged."""
    relaxations: tuple[str, ...]
    """What loosens this run: `--today`, `--exit-zero`, a policy that the project chose."""
    exit_zero: bool = False

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """All evaluations of the run, in the order of manifests, models and rules."""
        return tuple(
            evaluation for manifest in self.manifests for model in manifest.models for evaluation in model.evaluations
        )

    @property
    def tally(self) -> dict[Verdict, int]:
        """How many evaluations there are of each verdict."""
        counted = Counter(evaluation.verdict for evaluation in self.evaluations)
        return {verdict: counted[verdict] for verdict in Verdict}

    @property
    def exit_code(self) -> ExitCode:
        """When several hold: bad input, then a blocking finding, then what could not be evaluated."""
        if self.refused:
            return ExitCode.BAD_INPUT
        blocking = {evaluation.verdict for evaluation in self.evaluations if evaluation.blocks}
        if Verdict.FAIL in blocking and not self.exit_zero:
            return ExitCode.BLOCKED
        unjudged = any(model.is_unjudged for manifest in self.manifests for model in manifest.models)
        return ExitCode.UNKNOWN if Verdict.NOT_EVALUATED in blocking or unjudged else ExitCode.OK
