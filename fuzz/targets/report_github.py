"""The report as commands of a GitHub workflow."""

from checker.report.github import render
from fuzz.rendered import of
from fuzz.wellformed import workflow_commands

seeds, one = of("check --policy policy.yaml --explain --output github model.yaml broken.weighbridge.yaml", render, workflow_commands)
