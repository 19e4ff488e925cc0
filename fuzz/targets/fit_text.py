"""The memory of a plan for a terminal."""

from checker.sizing.as_text import as_text
from fuzz.captured import PLAN
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(PLAN, as_text, text)
