"""A choice of models as markdown."""

from checker.selection.form.markdown import render
from fuzz.captured import CHOICE
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of(CHOICE, render, markdown)
