"""A bill of materials in CycloneDX."""

from checker.bom.cyclonedx import render
from fuzz.rendered import of
from fuzz.wellformed import bill

seeds, one = of("bom --format cyclonedx-1.6 --policy policy.yaml --created 2026-11-02T00:00:00Z model.yaml", render, bill)
