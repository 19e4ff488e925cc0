"""Two results of an evaluation, compared for documents."""

from checker.commands.of_baseline.compare import _as_text
from fuzz.captured import COMPARED
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of(COMPARED, _as_text, markdown, given={"markdown": True})
