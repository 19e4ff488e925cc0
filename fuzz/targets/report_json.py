"""The report for programs."""

from checker.report.json import render
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of("check --policy policy.yaml --explain --output json model.yaml broken.weighbridge.yaml", render, json_keys)
