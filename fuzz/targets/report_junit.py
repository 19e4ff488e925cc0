"""The report as JUnit's XML."""

from checker.report.junit import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import xml

seeds, one = of(CHECK, render, xml)
