"""A choice of models as a picture."""

from checker.selection.picture import svg
from fuzz.captured import CHOICE
from fuzz.rendered import of
from fuzz.wellformed import svg as is_svg

seeds, one = of(CHOICE, svg, is_svg)
