"""The report as OSCAL's assessment results."""

from checker.report.oscal import render
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of("check --policy policy.yaml --explain --output oscal model.yaml broken.weighbridge.yaml", render, json_keys)
