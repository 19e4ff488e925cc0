"""What a project measured, and where it shows that the duties of a licence are met."""

from datetime import date
from typing import Annotated

from pydantic import Field

from checker.document.bind import Block
from checker.document.place import At
from checker.document.scalars import Day, Memory, Text


class Measured(Block):
    """Memory that was measured; shown beside the estimate."""

    training_peak: At[Annotated[int, Memory]] | None = None
    """Most memory of one GPU during training."""
    serving_peak: At[Annotated[int, Memory]] | None = None
    """Most memory of one GPU while serving."""
    evidence: At[Annotated[str, Text]] | None = Field(default=None, examples=["runs/2026-11-02.json"])
    """Where the measurement is recorded."""


class ObligationShown(Block):
    """Where a duty of the licence is shown to be met."""

    duty: At[Annotated[str, Text]] = Field(examples=["built-with-llama"])
    """The duty, as the report names it: `built-with-llama`, or its kind, `license-copy`."""
    where: At[Annotated[str, Text]] = Field(examples=["NOTICE", "https://example.com/about"])
    """Where it can be seen: a file of the repository, whose text is looked at, or an address."""
    checked_on: At[Annotated[date, Day]] | None = Field(default=None, examples=["2026-11-02"])
    """The day on which somebody looked; an address needs it."""
    by: At[Annotated[str, Text]] | None = Field(default=None, examples=["legal"])
    """Who looked; an address needs it."""

    @property
    def is_vouched_for(self) -> bool:
        """Whether somebody says that they looked, and when: what a licensor granted counts on such a word alone."""
        return self.checked_on is not None and self.by is not None
