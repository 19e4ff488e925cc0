"""A choice of models as markdown."""

from checker.selection.form.markdown import render
from fuzz.captured import TABLE
from fuzz.rendered import of
from fuzz.wellformed import markdown

_ASKED = "select --objective chat --gpu L4 --context-window 8192 --models models.csv --map model=model --map license=license"
seeds, one = of(f"{_ASKED} --output markdown", render, markdown, files=TABLE)
