"""A floor under a project's own results, as the policy sets it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from checker.document.scalars import Number, Text, Whole
from checker.rulebook.tighter import fixed, higher, lower


class MeasuredFloor(BaseModel):
    """What the project's own results have to reach in one task."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    metric: Annotated[str | None, Text, fixed] = None
    """The metric, as the file names it: acc, exact_match, main_score. Asked where the file has several."""
    shots: Annotated[int | None, Whole, fixed] = None
    """Examples in the prompt; absent: any number."""
    at_least: Annotated[float | None, Number, higher] = None
    """The least score, in the scale of the file (an accuracy runs from 0 to 1)."""
    at_most: Annotated[float | None, Number, lower] = None
    """The greatest score, for a metric such as perplexity of which less is better."""
