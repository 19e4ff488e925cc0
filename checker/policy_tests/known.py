"""Facts that a case states: what is known of a model, whatever the catalogue says on the day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from checker.document.bind import Block
from checker.document.errors import InputError
from checker.document.place import At
from checker.document.scalars import OneOrMany, Text, Word
from checker.facts.catalogue import Catalogue
from checker.facts.claims import Claim, apply
from checker.facts.fact import Certainty, Fact, Origin, Source
from checker.facts.model import Facts, Parent, Relation
from checker.manifest.known import Known


class StatedParent(Block):
    """A model from which it descends."""

    model: At[Annotated[str, Text]]
    """The parent's id."""
    relation: Annotated[Relation, Word] = Relation.UNSTATED
    """How it descends from it."""


class StatedFacts(Known):
    """What is known of a model in a case; a fact that is not named is unknown."""

    model: At[Annotated[str, Text, Field(examples=["acme/one"])]] | None = None
    """The model; default: that of the case's only entry."""
    certainty: Annotated[Certainty, Word] = Certainty.DECLARED
    """How sure these facts are."""
    revision: At[Annotated[str, Text, Field(pattern="^[0-9a-f]{40}$")]] | None = None
    """The commit at which they hold, 40 hexadecimal digits."""
    parents: OneOrMany[StatedParent] | None = None
    """The models from which it descends; an empty list says that it is a root."""


def facts_of(stated: StatedFacts, model: str) -> Facts:
    """The facts of one block, all of the certainty that it states.

    Raises:
        InputError: a value is of another kind than the fact.
    """
    claims = (
        Claim(
            one.name,
            one.value.value,  # type: ignore[arg-type]  # the types of claims admit no other
            one.evidence.value if one.evidence else "stated by the case",
            one.value.at,
            setting.value if (setting := getattr(one.claim, "setting", None)) else "",
        )
        for one in stated.stated()
    )
    revision = stated.revision.value if stated.revision else None
    claimed, _ = apply(Facts(model=model, found_as=model, revision=revision), claims)
    source = Source(Origin.CATALOGUE, "stated by the case", model, revision)

    def sure(held: object) -> object:
        return Fact(held.value, stated.certainty, source) if isinstance(held, Fact) else held

    certain = {name: sure(held) for name, held in zip(claimed._fields, claimed, strict=True)}
    if stated.parents is not None:
        parents = tuple(Parent(parent.model.value, parent.relation) for parent in stated.parents)
        certain["parents"] = Fact(parents, stated.certainty, source)
    scores = tuple(score._replace(certainty=stated.certainty) for score in claimed.benchmarks)
    return Facts(**{**certain, "benchmarks": scores})  # type: ignore[arg-type]  # the fields of Facts themselves


class CaseCatalogue(Catalogue):
    """The shipped catalogue, with what a case states in the place of what it holds of the same models."""

    def __init__(self, shipped: Catalogue, stated: dict[str, Facts]) -> None:
        self._shipped = shipped
        self._stated = {model.casefold(): facts for model, facts in stated.items()}

    def find(self, model_id: str) -> Facts | None:
        """What the case states of the model, else what is shipped."""
        stated = self._stated.get(model_id.casefold())
        return self._shipped.find(model_id) if stated is None else stated._replace(found_as=model_id)

    def nearest(self, model_id: str) -> str | None:
        """As the shipped catalogue says."""
        return self._shipped.nearest(model_id)


def stated_by(blocks: Iterable[StatedFacts], only: str | None) -> dict[str, Facts]:
    """The facts of a case by model.

    Args:
        blocks: what the case states.
        only: the model of the case's only entry; None where it has several.

    Raises:
        InputError: a block names no model where there are several, or two are about one model.
    """
    found: dict[str, Facts] = {}
    for block in blocks:
        model = block.model.value if block.model else only
        if model is None:
            raise InputError.one(
                "these facts name no model", expected="`model:`, as the manifest has several", at=block.at
            )
        if model in found:
            raise InputError.one(f"facts of {model} are there twice", expected="one block a model", at=block.at)
        found[model] = facts_of(block, model)
    return found
