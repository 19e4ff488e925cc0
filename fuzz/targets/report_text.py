"""The report for a terminal."""

from checker.report.text import render
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of("check --policy policy.yaml --explain --output text model.yaml broken.weighbridge.yaml", render, text)
