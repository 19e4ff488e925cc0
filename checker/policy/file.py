"""One policy file as it is written: its typed head, and for each rule the level and the settings that it states."""

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import Field

from checker.document.bind import MAX_PROBLEMS, Block, Later, bind
from checker.document.errors import InputError, Problem
from checker.document.nearest import did_you_mean
from checker.document.place import At, Place, SourceFile
from checker.document.scalars import OneOrMany, Text, Word
from checker.document.tree import Mapping, Node, parse
from checker.policy.level import read_schedule
from checker.policy.stated import StatedRule
from checker.rulebook.discover import load_rule, rule_ids
from checker.rulebook.required import Required

BoundT = TypeVar("BoundT", bound=Block)

if TYPE_CHECKING:
    from checker.policy.waivers import WaiverBlock as _Waivers
    from checker.rulebook.opinions import Opinion as _Opinion
    from checker.rulebook.organisation import Organisation as _Organisation
else:
    _Waivers = Annotated[Any, Later("checker.policy.waivers", "WaiverBlock")]
    _Opinion = Annotated[Any, Later("checker.rulebook.opinions", "Opinion")]
    _Organisation = Annotated[Any, Later("checker.rulebook.organisation", "Organisation")]


class Api(Block):
    """Models that are used through somebody's API."""

    providers: OneOrMany[At[Annotated[str, Text]]]
    """Names of the providers whose API may be used, as the manifests' `provider:` spells them."""


class OrganisationFile(Block):
    """The policy of an organisation, or a pack that Weighbridge ships."""

    policy: At[Annotated[str, Text, Field(examples=["acme-models"])]]
    """The policy's name; every report carries it."""
    version: At[Annotated[str, Text, Field(examples=["2026.11"])]]
    """The policy's version, as its owners count."""
    extends: OneOrMany[At[Annotated[str, Text, Field(examples=["weighbridge:enterprise", "./base.yaml"])]]] = ()
    """Shipped packs (`weighbridge:NAME`) and policy files by relative path that this one starts from."""
    organisation: _Organisation | None = None
    """Facts about the licensee."""
    require: OneOrMany[At[Annotated[Required, Word]]] = ()
    """What each manifest must have; judged by the rule `required-blocks`."""
    api: Api | None = None
    """Whose API may be used; without this, a model with `access: api` is not evaluated."""
    waivers: _Waivers | None = None
    """How exceptions are recorded; without this no waiver counts."""
    facts: At[Annotated[str, Text, Field(examples=["approved.lock"])]] | None = None
    """A lock that the organisation resolved for its projects, by relative path; its facts count as verified."""
    opinions: OneOrMany[_Opinion] = ()
    """How the organisation reads licences: its reading decides instead of ours, and both are shown."""
    rules: Any = None
    """Level and settings of each rule, by the rule's id."""


class ProjectFile(Block):
    """The layer of a project, `weighbridge-policy.yaml`: it tightens rules and says nothing else."""

    rules: Any = Field(examples=["{revision-pinned: hard-mandatory}"])
    """Level and settings of each rule, by the rule's id; nothing in it may weaken the organisation's policy."""


def read_organisation(source: SourceFile) -> tuple[OrganisationFile, dict[str, StatedRule]]:
    """The head and the stated rules of an organisation's policy or of a pack.

    Raises:
        InputError: everything that is wrong with the file.
    """
    root = parse(source)
    if isinstance(root, Mapping) and {"weighbridge", "models"} <= root.items.keys() and "policy" not in root.items:
        raise InputError.one(
            "this is a manifest",
            expected="a policy, with `policy` and `version`",
            hint="`weighbridge check` judges manifests",
            at=root.at,
        )
    problems, head = _bound(root, OrganisationFile)
    rules = stated_rules(root, problems)
    if problems or head is None:
        raise InputError(tuple(problems))
    return head, rules


def read_project(source: SourceFile) -> dict[str, StatedRule]:
    """The stated rules of a project's layer.

    Raises:
        InputError: everything that is wrong with the file, keys other than `rules` among it.
    """
    root = parse(source)
    problems, _ = _bound(root, ProjectFile)
    rules = stated_rules(root, problems)
    if problems:
        raise InputError(tuple(problems))
    return rules


def _bound(root: Node, model: type[BoundT]) -> tuple[list[Problem], BoundT | None]:
    try:
        return [], bind(root, model)
    except InputError as error:
        return list(error.problems), None


def stated_rules(root: Node, problems: list[Problem]) -> dict[str, StatedRule]:
    """What stands under `rules:`; whatever is wrong with it goes into `problems`."""
    entry = root.items.get("rules") if isinstance(root, Mapping) else None
    if entry is None:
        return {}
    if not isinstance(entry.value, Mapping):
        problems.append(
            Problem(sentence="`rules` is no mapping", expected="rule ids, each with its settings", at=entry.key_at)
        )
        return {}
    stated: dict[str, StatedRule] = {}
    for rule_id, rule in entry.value.items.items():
        if rule_id == "custom":
            from checker.policy.custom import read_custom  # few policies have any

            stated |= read_custom(rule.value, rule.key_at, problems)
            continue
        if len(problems) >= MAX_PROBLEMS:
            problems.append(Problem("more rules, which were not looked at", at=rule.key_at))
            break
        if rule_id not in rule_ids():
            hint = did_you_mean(rule_id, rule_ids()) or "`weighbridge explain` lists all rules"
            problems.append(
                Problem(
                    sentence=f"unknown rule `{rule_id}` in rules",
                    expected="the id of a rule",
                    hint=hint,
                    at=rule.key_at,
                )
            )
            continue
        try:
            stated[rule_id] = _rule(rule_id, rule.key_at, rule.value)
        except InputError as error:
            problems.extend(error.problems)
    return stated


def _rule(rule_id: str, at: Place, node: Node) -> StatedRule:
    """What the file says of one rule; a level, or a list of dated ones, stands for a mapping with it alone."""
    path = f"rules.{rule_id}"
    if not isinstance(node, Mapping):
        return StatedRule(at, At(read_schedule(node, path), node.at), None, {})
    problems: list[Problem] = []
    schedule, bound = None, None
    if level := node.items.get("enforcement"):
        try:
            schedule = At(read_schedule(level.value, f"{path}.enforcement"), level.key_at)
        except InputError as error:
            problems.extend(error.problems)
    settings = Mapping({key: entry for key, entry in node.items.items() if key != "enforcement"}, node.at)
    if settings.items:
        try:
            bound = bind(settings, load_rule(rule_id).settings, path=path, also_known=("enforcement",))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(tuple(problems))
    return StatedRule(at, schedule, bound, {key: entry.key_at for key, entry in settings.items.items()})
