"""One thing known of a model and how we know it, or the plain statement that no source says."""

from enum import StrEnum
from typing import Generic, TypeVar

from checker.document.place import Place
from checker.value import NamedTuple

T_co = TypeVar("T_co", covariant=True)


class Certainty(StrEnum):
    """How sure a fact is, best first."""

    VERIFIED = "verified"
    """Read from bytes, or from the Hub's own record, resolved in this run or signed for."""
    DECLARED = "declared"
    """A statement of the publisher or of a reviewed source: a card, the catalogue, a project's lock."""
    INFERRED = "inferred"
    """Our heuristic; every report labels it as one."""
    CLAIMED = "claimed"
    """The project's own word (`known:`)."""

    @property
    def rank(self) -> int:
        """0 for the surest; a larger rank is less sure."""
        return _RANKS[self]

    def reaches(self, minimum: "Certainty") -> bool:
        """Whether a fact of this certainty is at least as sure as `minimum`."""
        return self.rank <= minimum.rank


_RANKS = {certainty: rank for rank, certainty in enumerate(Certainty)}


class Origin(StrEnum):
    """The kind of place a fact comes from."""

    CATALOGUE = "catalogue"
    MANIFEST = "manifest"
    FOLDER = "folder"
    LOCK = "lock"
    """The project's own `model.lock`."""
    ORGANISATION = "organisation"
    """The lock that the policy names under `facts:`."""
    TABLE = "table"
    """A table of models that `select` was given."""


class Source(NamedTuple):
    """Where a fact was found."""

    origin: Origin
    detail: str
    """Catalogue: short names of the public sources; manifest: the evidence given; folder and locks: the file read."""
    model: str
    """The id of the model, or the path of the local folder, that the fact was recorded for."""
    revision: str | None = None
    """The commit at which it was recorded; None where the source names none."""
    at: Place | None = None
    """The line that claims it, for facts that the manifest states."""


class Fact(NamedTuple, Generic[T_co]):
    """One thing known of a model, and how we know it."""

    value: T_co
    certainty: Certainty
    source: Source


class Unknown(NamedTuple):
    """No source states it, or none that is sure enough.

    There is no `value`: a rule that forgets this case fails mypy.
    """

    name: str
    """The fact's name, as `known:` spells it."""
    reason: str = "no source states it"


class NotRead(NamedTuple):
    """Only files can tell, and neither a lock nor a local folder was read: nobody looked, so nothing is missing."""

    name: str
    reason: str = "only files can tell, and neither a lock nor a local folder was read"
