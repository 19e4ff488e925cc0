"""The report as commands of a GitHub workflow."""

from checker.report.github import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import workflow_commands

seeds, one = of(CHECK, render, workflow_commands)
