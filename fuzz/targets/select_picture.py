"""A choice of models as a picture."""

from checker.selection.picture import svg
from fuzz.captured import TABLE
from fuzz.rendered import of
from fuzz.wellformed import svg as is_svg

_ASKED = "select --objective chat --gpu L4 --context-window 8192 --models models.csv --map model=model --map MMLU=MMLU"
seeds, one = of(f"{_ASKED} --map parameters=parameters --plot picture.svg", svg, is_svg, files=TABLE)
