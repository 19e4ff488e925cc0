"""A resolved policy: every rule with its level, its settings and the layer that set each of them."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from checker.document.place import Place
from checker.rulebook.discover import Rule, load_rule
from checker.rulebook.licensee import NothingSaid, Providers
from checker.rulebook.schedule import Enforcement, Schedule
from checker.rulebook.settings import RuleSettings
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.facts.locked.held import HeldLock
    from checker.policy.waivers import Terms
    from checker.rulebook.opinions import Opinion
    from checker.rulebook.organisation import Organisation


class Rank(StrEnum):
    """Whose layer it is, from the top."""

    PACK = "pack"
    ORGANISATION = "organisation"
    PROJECT = "project"


class Layer(NamedTuple):
    """One policy file of a resolved policy."""

    rank: Rank
    name: str
    """`weighbridge:enterprise` for a pack, else the file's name as the user knows it."""


class SetBy(NamedTuple):
    """Who set a value, and where; a value that nobody set is the rule's own default."""

    layer: Layer
    at: Place


class ResolvedRule(NamedTuple):
    """One rule as all layers together want it."""

    id: str
    schedule: Schedule
    settings: RuleSettings
    set_by: dict[str, SetBy]
    """For `enforcement` and each setting that a layer sets: the layer and the line."""
    custom: bool = False
    """Whether it is the policy's own, under `rules.custom`: its settings are then `checker.custom.settings`."""
    aside: tuple[tuple[str, object], ...] = ()
    """What layers set of a rule that is always off: it counts where a layer below gives the rule a level."""

    def level(self, today: date) -> Enforcement:
        """The level that holds on `today`."""
        return self.schedule.on(today)

    def stated(self) -> dict[str, object]:
        """The settings by the names that policies write, sorted."""
        return {name.rstrip("_"): value for name, value in sorted(vars(self.settings).items())}


class ChosenBy(StrEnum):
    """Who named the organisation's policy."""

    OPTION = "--policy"
    ENVIRONMENT = "WEIGHBRIDGE_POLICY"
    PROJECT = "pyproject.toml"
    DEFAULT = "default"

    @property
    def words(self) -> str:
        """Who named it, as reports say it behind the policy's name."""
        return {
            ChosenBy.OPTION: "named by --policy",
            ChosenBy.ENVIRONMENT: "named by WEIGHBRIDGE_POLICY",
            ChosenBy.PROJECT: "chosen by the project in pyproject.toml",
            ChosenBy.DEFAULT: "the default",
        }[self]


def introduced(name: str, version: str, chosen_by: ChosenBy) -> str:
    """A policy with who named it, as every command says it."""
    return f"policy {name} {version}, {chosen_by.words}"


class Policy(NamedTuple):
    """What an organisation allows, with the project's own layer on top."""

    name: str
    version: str
    sha256: str
    """SHA-256 of the organisation's resolved policy; a project's layer does not change it."""
    project_sha256: str | None
    """SHA-256 of what applies with the project's layer on top; None where the project has none."""
    chosen_by: ChosenBy
    layers: tuple[Layer, ...]
    """All files, from the top layer down."""
    rules: dict[str, ResolvedRule]
    """Only rules that some layer names, in the order of their ids."""
    organisation: "Organisation | NothingSaid"
    providers: Providers
    waivers: "Terms | None" = None
    """Which waivers count; None where the policy admits none."""
    facts: "tuple[HeldLock, ...]" = ()
    """Locks that the organisation resolved for its projects, the nearest file's first."""
    opinions: "tuple[Opinion, ...]" = ()
    """How the organisation reads licences."""

    def loaded(self, rule: ResolvedRule) -> Rule:
        """One of its rules, ready to judge."""
        if rule.custom:
            from checker.custom.judge import as_rule  # few policies have any

            settings: Any = rule.settings
            return as_rule(rule.id, settings)
        return load_rule(rule.id)
