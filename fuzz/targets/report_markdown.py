"""The report for a pull request's comment."""

from checker.report.markdown import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of(CHECK, render, markdown)
