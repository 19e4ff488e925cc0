"""Results of an evaluation for a terminal."""

from checker.commands.of_baseline.show import _as_text
from fuzz.captured import SHOWN
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(SHOWN, _as_text, text, given={"markdown": False})
