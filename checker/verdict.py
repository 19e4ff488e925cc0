"""What a run found: every evaluation with its verdict, and what the gate does about it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from checker.document.errors import Problem
from checker.document.place import Place
from checker.exit_code import ExitCode
from checker.policy.policy import ChosenBy, Layer
from checker.rulebook.outcome import Due, Evidence, Stack
from checker.rulebook.schedule import Enforcement
from checker.rulebook.settings import Settler
from checker.value import NamedTuple

if TYPE_CHECKING:  # a report without it needs neither
    from checker.facts.dossier import Dossier
    from checker.manifest.model import Manifest
    from checker.remedy import ManifestRemedies
    from checker.request import Request
    from checker.rulebook.documentation import Documentation
    from checker.scan.use import Scan


class Verdict(StrEnum):
    """What stands for one rule and one model.

    Example:
        >>> from checker import Verdict, check
        >>> {one.verdict for one in check("examples/stopped").findings} == {Verdict.FAIL}
        True
    """

    PASS = "pass"
    """It was judged, and what it asks for holds."""
    FAIL = "fail"
    """What it asks for does not hold."""
    WAIVED = "waived"
    """It failed or could not be evaluated, and a waiver covers all of it that would block."""
    NOT_EVALUATED = "not-evaluated"
    """A fact or an answer that it needs is unknown."""
    NOT_APPLICABLE = "not-applicable"
    """There is nothing that it could judge."""


class PolicyPlace(NamedTuple):
    """The line of a policy that says so."""

    layer: str
    at: Place
    setting: str
    stated: bool
    """False where the setting has the rule's own default: then `at` is the line that gives the rule its level."""


class Commit(NamedTuple):
    """A commit of git, and who says to have written it."""

    sha: str
    """40 hex digits."""
    name: str
    address: str


class WaivedBy(NamedTuple):
    """The waiver that covers a finding: who lets it pass, why, and until when."""

    id: str
    rule: str
    """The rule as the waiver names it; a pattern where the policy allows one."""
    kind: str
    """The kind of its reason, out of the list of the format."""
    reason: str
    approver: str
    approved_on: date
    expires: date
    """The last day on which it counts, UTC."""
    days_left: int
    """0 on the last day."""
    ticket: str
    at: Place
    commit: str
    """The commit that last changed a line of it, 40 hex digits; empty where git does not know."""
    author: str
    """The author of that commit, `Name <address>`; empty where git does not know."""
    approver_is_author: bool | None
    """Whether who approved also wrote it; None where git does not know."""


class Missing(NamedTuple):
    """A fact or an answer that a rule needs and that nobody states."""

    name: str
    reason: str
    where: str
    """The file in which `yaml` would state it: the manifest or the policy."""
    yaml: str
    """Copy-ready lines that would state it."""
    at: Place
    waiver: WaivedBy | None = None
    value: str = ""
    """What is unknown and of which model: with it a waiver recognises this lack again."""
    was_before: bool = False
    """Whether it was there before the change that `--since` judges, so that it does not block."""


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
    """Whether the gate stops on it; never where a waiver covers it."""
    waiver: WaivedBy | None = None
    value: str = ""
    """The offending value: with it a waiver recognises this finding again, wherever its line has moved."""
    was_before: bool = False
    """Whether it was there before the change that `--since` judges, so that it does not block."""


def fingerprint(rule: str, project: str, model: str, detail: Detail | Missing) -> str:
    """SHA-256, in hex, by which a finding is the same one in another run: neither lines nor files are part of it.

    Args:
        rule: the id of the rule.
        project: the project of the manifest.
        model: the entry's name in the manifest.
        detail: the finding, or what is missing; its offending value counts.
    """
    parts = (rule, project, model, detail.value)
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")).hexdigest()


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
    stack: Stack | None = None
    """The sum behind it, where it is about one."""
    duties: tuple[Due, ...] = ()
    """The duties that were judged, where it is about them."""

    @property
    def is_open(self) -> bool:
        """Whether anything failed or is unknown that no waiver covers and that was not there before the change."""
        if self.verdict not in (Verdict.FAIL, Verdict.NOT_EVALUATED):
            return False
        settled = [one.waiver is not None or one.was_before for one in self.findings]
        settled += [one.waiver is not None or one.was_before for one in self.missing]
        return not all(settled)


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
    """Of a model of which nothing is known: the recorded id nearest to its own, or the folder that bears its name."""
    recorded_at: str | None
    """The commit at which the facts were recorded."""
    assumptions: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]
    was_unjudged: bool = False
    """Whether nothing could be judged of it before the change that `--since` judges either."""

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
    custom: "tuple[Documentation, ...]" = ()
    """What people read of the policy's own rules."""


class Basis(NamedTuple):
    """What a manifest was judged on, for documents that show more than the verdict."""

    manifest: "Manifest"
    dossiers: "tuple[Dossier, ...]"
    """What is known of each of its models, in the order of the manifest."""


class JudgedManifest(NamedTuple):
    """One manifest, judged."""

    file: str
    project: str
    owner: str
    status: str
    policy: PolicyStamp
    models: tuple[JudgedModel, ...]
    notes: tuple[str, ...] = ()
    basis: Basis | None = None
    """Kept where the request asks for it."""
    waivers: str | None = None
    """The file of waivers that counts for it; None where there is none."""
    lock: LockStamp | None = None
    """The project's `model.lock`; None where none lies beside the manifest."""


class Match(NamedTuple):
    """One finding that a waiver covers."""

    rule: str
    model: str
    at: Place


class JudgedWaiver(NamedTuple):
    """One recorded exception of a project of this run, and what was decided about it."""

    waiver: WaivedBy
    project: str
    """The project that it is meant for, as it is written; so with the next two."""
    model: str
    revision: str | None
    counts: bool
    matches: tuple[Match, ...]
    evaluations: tuple[Evaluation, ...]


class JudgedWaivers(NamedTuple):
    """One file of waivers, judged as far as it is about projects of this run."""

    file: str
    sha256: str
    policy: PolicyStamp
    waivers: tuple[JudgedWaiver, ...]
    others: int
    """How many waivers of the file are for other projects; nothing is said of them."""


class RefusedManifest(NamedTuple):
    """A manifest, or a policy for it, that cannot be used."""

    file: str
    problems: tuple[Problem, ...]


class Since(NamedTuple):
    """The change that a run judged, and what it left aside."""

    revision: str
    """As `--since` names it."""
    base: str
    """The merge base, in hex."""
    removed: tuple[str, ...]
    """Manifests that are not there any more."""
    unread_before: tuple[str, ...]
    """Manifests that could not be judged as they were, so that everything in them counts as new."""
    unchanged: int
    """How many manifests did not change and were not judged."""
    everything_because: str
    """The changed file on which all verdicts depend, so that all manifests were judged; empty where there is none."""
    policy: PolicyStamp
    """The repository's policy: a change that can alter no manifest was judged by it all the same."""


class Turn(NamedTuple):
    """Something that begins to stop the gate on a day to come, although nobody changes anything."""

    day: date
    days: int
    """From the day of the run."""
    rule: str
    model: str
    verdict: Verdict
    at: Place
    found: str


class Forecast(NamedTuple):
    """What turns red by itself within some days."""

    days: int
    turns: tuple[Turn, ...]


def code_of(models: Iterable[JudgedModel], of_waivers: Iterable[Evaluation] = ()) -> ExitCode:
    """The code with which a check of these models alone ends, with what was decided about their waivers."""
    judged = tuple(models)
    stopping = {one.verdict for model in judged for one in model.evaluations if one.blocks}
    stopping |= {one.verdict for one in of_waivers if one.blocks}
    if Verdict.FAIL in stopping:
        return ExitCode.BLOCKED
    unjudged = any(model.is_unjudged for model in judged)
    return ExitCode.UNKNOWN if Verdict.NOT_EVALUATED in stopping or unjudged else ExitCode.OK


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
    fail_on: Enforcement = Enforcement.SOFT_MANDATORY
    """The lowest level whose findings end a run with 1."""
    waivers: tuple[JudgedWaivers, ...] = ()
    """The files of waivers that count for these manifests."""
    since: Since | None = None
    """The change that was judged; None where everything was."""
    forecast: Forecast | None = None
    """What turns red by itself, where it was asked for."""
    request: "Request | None" = None
    """What was asked for, so that a document can say how to ask it again; no verdict depends on it."""

    @property
    def policies(self) -> dict[str, PolicyStamp]:
        """The policies of the run by the digest of each."""
        of_change = [self.since.policy] if self.since else []
        return {policy.sha256: policy for policy in (*of_change, *(one.policy for one in self.manifests))}

    remedies: "tuple[ManifestRemedies, ...] | None" = None
    """Changes that were judged before they are offered; None where nobody asked for any."""
    scans: "tuple[Scan, ...]" = ()
    """What code and configuration use, one for each path that was read; empty where none was asked for."""

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """All evaluations of the run: those of manifests, models and rules in this order, then those of waivers."""
        of_models = [model.evaluations for manifest in self.manifests for model in manifest.models]
        of_waivers = [waiver.evaluations for file in self.waivers for waiver in file.waivers]
        return tuple(evaluation for judged in (*of_models, *of_waivers) for evaluation in judged)

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
        stopping = {evaluation.verdict for evaluation in self.stopping}
        if Verdict.FAIL in stopping and not self.exit_zero:
            return ExitCode.BLOCKED
        models = [model for manifest in self.manifests for model in manifest.models]
        unjudged = any(model.is_unjudged and not model.was_unjudged for model in models)
        return ExitCode.UNKNOWN if Verdict.NOT_EVALUATED in stopping or unjudged else ExitCode.OK

    @property
    def stopping(self) -> tuple[Evaluation, ...]:
        """What the gate stops on."""
        return tuple(one for one in self.evaluations if self.stops(one))

    def stops(self, evaluation: Evaluation) -> bool:
        """Whether the gate stops on it: it blocks, or is as grave as `--fail-on` asks; what is unknown stays so."""
        if self.fail_on is Enforcement.HARD_MANDATORY and evaluation.verdict is Verdict.FAIL:
            return evaluation.blocks and evaluation.enforcement is Enforcement.HARD_MANDATORY
        if self.fail_on is Enforcement.ADVISORY:
            return evaluation.blocks or evaluation.is_open
        return evaluation.blocks
