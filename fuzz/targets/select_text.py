"""A choice of models as text."""

from checker.selection.form.text import render
from fuzz.captured import CHOICE
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(CHOICE, render, text)
