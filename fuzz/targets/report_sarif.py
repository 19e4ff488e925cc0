"""The report as a SARIF log."""

from checker.report.sarif import render
from fuzz.rendered import of
from fuzz.wellformed import sarif

seeds, one = of("check --policy policy.yaml --explain --output sarif model.yaml broken.weighbridge.yaml", render, sarif)
