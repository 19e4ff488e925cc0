"""The report for a terminal."""

from checker.report.text import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(CHECK, render, text)
