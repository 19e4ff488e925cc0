"""The report as GitLab's code quality."""

from checker.report.gitlab import render
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of("check --policy policy.yaml --explain --output gitlab model.yaml broken.weighbridge.yaml", render, json_keys)
