"""What a model descends from: its parents with their own facts, and theirs, up to where a source says that it ends."""

from collections.abc import Callable, Iterator, Sequence

from checker.document.place import At
from checker.facts.certain import too_unsure
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import Facts, Parent, Relation
from checker.value import NamedTuple

MAX_DEPTH = 64
"""Steps beyond which an ancestry is not followed."""
MAX_ANCESTORS = 4096
"""Ancestors, each counted once for each way to it, beyond which an ancestry is not followed."""
CYCLE = "cycle"
"""The name of the unknown that stands where a lineage comes back to a model that it left from."""


class Ancestor(NamedTuple):
    """One model that another descends from."""

    parent: Fact[Parent]
    """Its id as it is stated, how the child descends from it, and who says so."""
    facts: Facts | Unknown
    """What is known of it."""
    above: "Lineage"
    """What it descends from itself."""


class Lineage(NamedTuple):
    """What one model descends from: it has parents, or it is a root, or `unnamed` says why neither is known."""

    parents: tuple[Ancestor, ...] = ()
    root: Fact[bool] | None = None
    """That it descends from no other model."""
    unnamed: Unknown | None = None
    """Why no parent is named."""
    unsure: tuple[Unknown, ...] = ()
    """What is less sure than the rule asks for, a parent or its licence: it counts against a model, never for it."""

    def at_least(self, minimum: Certainty) -> "Lineage":
        """The same lineage, with all that is less sure than `minimum` named in `unsure`.

        Nothing is taken out: an ancestor can only add terms, and a stricter rule must not lose one that is doubtful.
        """
        return self if minimum is Certainty.CLAIMED else self._replace(unsure=tuple(self._unsure(minimum)))

    def _unsure(self, minimum: Certainty) -> Iterator[Unknown]:
        if self.root is not None and not self.root.certainty.reaches(minimum):
            yield too_unsure("parents", self.root, minimum)
        for path in self.paths():
            ancestor = path[-1]
            if not ancestor.parent.certainty.reaches(minimum):
                yield too_unsure("parents", ancestor.parent, minimum)
            stated = Unknown("license") if isinstance(ancestor.facts, Unknown) else ancestor.facts.license
            if isinstance(stated, Fact) and not stated.certainty.reaches(minimum):
                yield too_unsure("license", stated, minimum)

    def paths(self) -> Iterator[tuple[Ancestor, ...]]:
        """Every ancestor once for each way that leads to it, as the way itself: the parent first, the ancestor last."""
        for ancestor in self.parents:
            yield (ancestor,)
            for path in ancestor.above.paths():
                yield (ancestor, *path)


def build(
    facts: Facts,
    derived_from: Sequence[At[str]],
    root: At[bool],
    find: Callable[[str], Facts | None],
) -> Lineage:
    """What a model descends from.

    Args:
        facts: what is known of the model.
        derived_from: the parents that the manifest names; they count beside those that a source names.
        root: whether the manifest says that there are none; a source that names one is surer.
        find: the facts of a model by its id.
    """
    steps = iter(range(MAX_ANCESTORS))
    return _build(facts, derived_from, root, find, _Way(frozenset((facts.model,)), steps))


class _Way(NamedTuple):
    """The way to an ancestor."""

    seen: frozenset[str]
    """The models on it."""
    steps: Iterator[int]
    """How many more ancestors are followed in all."""


def _build(
    facts: Facts,
    derived_from: Sequence[At[str]],
    root: At[bool] | None,
    find: Callable[[str], Facts | None],
    way: _Way,
) -> Lineage:
    stated = [*_stated_by_source(facts), *_claimed(facts, derived_from)]
    ancestors: dict[str, Ancestor] = {}
    for parent in stated:
        known = find(parent.value.model)
        name = known.model if known else parent.value.model
        if name not in ancestors:
            ancestors[name] = Ancestor(parent, *_known(parent.value.model, known, find, way))
    if ancestors:
        return Lineage(parents=tuple(ancestors.values()))
    if isinstance(facts.parents, Fact):
        return Lineage(root=Fact(True, facts.parents.certainty, facts.parents.source))
    if root is not None and root.value:
        claimed = Source(Origin.MANIFEST, "root: true", facts.model, at=root.at)
        return Lineage(root=Fact(True, Certainty.CLAIMED, claimed))
    return Lineage(unnamed=facts.parents)


def _stated_by_source(facts: Facts) -> list[Fact[Parent]]:
    if isinstance(facts.parents, Unknown):
        return []
    return [Fact(parent, facts.parents.certainty, facts.parents.source) for parent in facts.parents.value]


def _claimed(facts: Facts, derived_from: Sequence[At[str]]) -> list[Fact[Parent]]:
    return [
        Fact(
            Parent(parent.value, Relation.UNSTATED),
            Certainty.CLAIMED,
            Source(Origin.MANIFEST, "derived_from", facts.model, at=parent.at),
        )
        for parent in derived_from
    ]


def _known(
    name: str, facts: Facts | None, find: Callable[[str], Facts | None], way: _Way
) -> tuple[Facts | Unknown, Lineage]:
    """The facts of an ancestor and its own lineage."""
    if (facts.model if facts else name) in way.seen:
        reason = f"sources contradict each other: {name} descends from itself"
        return facts or Unknown("facts", reason), Lineage(unnamed=Unknown(CYCLE, reason))
    if facts is None:
        reason = f"nothing is recorded of {name}"
        return Unknown("facts", reason), Lineage(unnamed=Unknown("parents", reason))
    if len(way.seen) > MAX_DEPTH or next(way.steps, None) is None:
        return facts, Lineage(unnamed=Unknown("parents", f"the ancestry beyond {name} is too large to be followed"))
    return facts, _build(facts, (), None, find, way._replace(seen=way.seen | {facts.model}))
