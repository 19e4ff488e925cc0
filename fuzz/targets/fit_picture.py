"""The memory of a plan as a picture."""

from checker.sizing.picture import of_answer
from fuzz.captured import PLAN
from fuzz.rendered import of
from fuzz.wellformed import svg

seeds, one = of(PLAN, of_answer, svg)
