"""The report as a page."""

from checker.report.html import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import html

seeds, one = of(CHECK, render, html)
