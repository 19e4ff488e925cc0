"""A choice of models as text."""

from checker.selection.form.text import render
from fuzz.captured import TABLE
from fuzz.rendered import of
from fuzz.wellformed import text

_ASKED = "select --objective chat --gpu L4 --context-window 8192 --models models.csv --map model=model --map license=license"
seeds, one = of(f"{_ASKED} --output text", render, text, files=TABLE)
