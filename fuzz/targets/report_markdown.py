"""The report for a pull request's comment."""

from checker.report.markdown import render
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of("check --policy policy.yaml --explain --output markdown model.yaml broken.weighbridge.yaml", render, markdown)
