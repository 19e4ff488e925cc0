"""What a kind of change is asked with, and what it proposes: it judges nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from checker.document.tree import Mapping
from checker.engine import Standing
from checker.facts.catalogue import Catalogue
from checker.facts.dossier import Dossier
from checker.manifest.edit import Edit, Path
from checker.manifest.model import Manifest, ModelEntry
from checker.remedy import Cost
from checker.rulebook.settings import RuleSettings
from checker.value import NamedTuple

if TYPE_CHECKING:  # without a lock nothing of it is imported
    from checker.selection.gathered import Surroundings

T = TypeVar("T")


_AS_IT_IS = {"known": "model", "stated": "manifest"}
"""Whether there is a value depends on what the value depends on."""


class Step(NamedTuple):
    """One change, of one or more keys that belong together."""

    edits: tuple[Edit, ...]
    said: str
    costs: tuple[Cost, ...]
    note: str = ""
    is_safe: bool = False


class Case(NamedTuple):
    """One evaluation that fails, with everything that a change may be found from."""

    rule: str
    position: int
    """Where in `models` the entry stands."""
    of_weights: bool
    """Whether the artefact under `deployment.weights` is what fails."""
    manifest: Manifest
    root: Mapping
    """The manifest as it is written."""
    dossiers: tuple[Dossier, ...]
    standing: Standing
    around: Surroundings
    stops: bool
    remembered: dict[str, Any]
    """What was worked out for one finding and serves others of the manifest."""

    def once(self, name: str, work_out: Callable[[], T]) -> T:
        """What `work_out` gives, worked out once for all findings of the manifest that ask by that name."""
        if name not in self.remembered:
            self.remembered[name] = work_out()
        found: T = self.remembered[name]
        return found

    @property
    def entry(self) -> ModelEntry:
        """The entry in question."""
        return self.manifest.models[self.position]

    @property
    def dossier(self) -> Dossier:
        """What is known of it."""
        return self.dossiers[self.position]

    @property
    def catalogue(self) -> Catalogue:
        """The embedded facts."""
        return self.around.catalogue

    @property
    def settings(self) -> RuleSettings:
        """The failing rule's settings."""
        return next(rule.resolved.settings for rule in self.standing.rules if rule.rule.id == self.rule)

    @property
    def reads(self) -> tuple[str, ...]:
        """The variables that the failing rule reads, where it is one of the policy's own."""
        resolved = self.standing.policy.rules.get(self.rule)
        if resolved is None or not resolved.custom:
            return ()
        from checker.custom.expression import names_in

        stated = resolved.stated()
        names = (name for key in ("when", "assert") for name in names_in(str(stated[key])))
        return tuple(
            _AS_IT_IS.get(root, root) + dot + rest for root, dot, rest in (one.partition(".") for one in names)
        )

    def path(self, *keys: str) -> Path:
        """The path of a key of the entry."""
        return ("models", self.position, *keys)

    def hardware_path(self, block: str) -> Path:
        """Where the hardware of `deployment` or `fine_tuning` is written: there, or for all models of the file."""
        own = getattr(getattr(self.entry, block), "hardware", None)
        return (*self.path(block), "hardware") if own is not None else ("hardware",)


class Kind(NamedTuple):
    """One kind of change, loaded."""

    name: str
    rules: frozenset[str]
    """The rules whose findings it may settle; empty for a kind that may settle any."""
    reads: tuple[str, ...]
    """Variables of custom rules, or how their names begin, that it changes."""
    size: int
    """How much it changes, compared with other kinds; the smallest is offered first."""
    is_graded: bool
    """Whether each of its steps asks for more than the one before it, so that the first that is enough is sought."""
    most: int
    """How many of its steps are offered for one finding."""
    steps: Callable[[Case], Sequence[Step]]
