"""The report as a page."""

from checker.report.html import render
from fuzz.rendered import of
from fuzz.wellformed import html

seeds, one = of("check --policy policy.yaml --explain --output html --controls nist-ai-rmf model.yaml broken.weighbridge.yaml", render, html)
