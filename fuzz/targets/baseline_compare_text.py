"""Two results of an evaluation, compared for a terminal."""

from checker.commands.of_baseline.compare import _as_text
from fuzz.captured import COMPARED
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(COMPARED, _as_text, text, given={"markdown": False})
