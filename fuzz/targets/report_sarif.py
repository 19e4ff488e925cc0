"""The report as a SARIF log."""

from checker.report.sarif import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import sarif

seeds, one = of(CHECK, render, sarif)
