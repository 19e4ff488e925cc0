"""How a policy writes lists of licences: by id, by category, by property, and per use."""

from typing import Annotated, Any

from pydantic import Field

from checker.document.bind import Block
from checker.document.scalars import OneOrMany, Reading, Whole, Word, YesNo
from checker.document.tree import Scalar
from checker.licenses.kinds import Kind
from checker.licenses.option import LicenseId
from checker.licenses.properties import NO_CAP, CommercialNeed, OutputNeed, PatentNeed
from checker.rulebook.tighter import each_key, fixed, higher, ranked, subset, superset


class _Cap(Reading):
    expected = "`none`, or the fewest monthly users at which a cap is accepted"
    python = (int,)

    def convert(self, scalar: Scalar) -> int:
        return NO_CAP if scalar.text == "none" else int(Whole.convert(scalar))

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": "none"}, {"type": "integer", "minimum": 1}]}


class Properties(Block):
    """Properties of a licence; all that are named must hold."""

    commercial_use: Annotated[Annotated[CommercialNeed, Word] | None, ranked((None, "conditional", "yes"))] = None
    """`yes`: the text grants commercial use without conditions of its own; `conditional`: or with some."""
    max_mau_cap: Annotated[Annotated[int, _Cap(), Field(ge=1)] | None, higher] = None
    """The fewest monthly users at which the text may have a cap; `none`: no cap at all."""
    patent_grant: Annotated[Annotated[PatentNeed, Word] | None, ranked((None, "required", "express"))] = None
    """`required`: the text grants patents, if by a general clause; `express`: it names them."""
    output_training: Annotated[Annotated[OutputNeed, Word] | None, ranked((None, "allowed"))] = None
    """`allowed`: what the model writes may be used to train other models, with duties at most."""
    osi_approved: Annotated[Annotated[bool, YesNo], ranked((False, True))] = False
    """`true`: the Open Source Initiative lists the text."""

    def __str__(self) -> str:
        stated = {key: value for key, value in self if value not in (None, False)}
        if self.max_mau_cap == NO_CAP:
            stated["max_mau_cap"] = "none"
        return ", ".join(f"{key}: {str(value).lower()}" for key, value in stated.items())


class ContextLists(Block):
    """Lists for one use; they add to those that hold for every use."""

    allow: Annotated[OneOrMany[Annotated[str, LicenseId]], subset] = ()
    """Licences that are accepted for this use too."""
    allow_categories: Annotated[OneOrMany[Annotated[Kind, Word]], subset] = ()
    """Kinds of licence that are accepted for this use too."""
    allow_if: Annotated[Properties | None, fixed] = None
    """Accepted for this use too is whatever has all of these properties."""
    deny: Annotated[OneOrMany[Annotated[str, LicenseId]], superset] = ()
    """Licences that are never accepted for this use."""
    deny_categories: Annotated[OneOrMany[Annotated[Kind, Word]], superset] = ()
    """Kinds of licence that are never accepted for this use."""
    require: Annotated[Properties | None, each_key] = None
    """Properties that every licence must have for this use."""
    review: Annotated[OneOrMany[Annotated[str, LicenseId]], superset] = ()
    """Licences that a person has to look at for this use."""
    review_categories: Annotated[OneOrMany[Annotated[Kind, Word]], superset] = ()
    """Kinds of licence that a person has to look at for this use."""
    review_unless: Annotated[Properties | None, each_key] = None
    """Without all of these properties a person has to look at the licence for this use."""

    def __str__(self) -> str:
        stated = {key: value for key, value in self if value}
        return "{" + ", ".join(f"{key}: {_shown(value)}" for key, value in stated.items()) + "}"


def _shown(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else f"{{{value}}}"
