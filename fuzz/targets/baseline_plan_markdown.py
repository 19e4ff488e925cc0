"""Commands that evaluate a base model, for documents."""

from checker.commands.of_baseline.plan import _as_text
from fuzz.captured import EVALUATED
from fuzz.planned import made
from fuzz.rendered import of
from fuzz.wellformed import markdown


def written(asked):
    """What `baseline plan` prints."""
    return _as_text(made(asked), markdown=True)


seeds, one = of(EVALUATED, written, markdown, ours=("objective",))
