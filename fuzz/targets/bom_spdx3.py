"""A bill of materials in SPDX 3.0."""

from checker.bom.spdx3 import render
from fuzz.rendered import of
from fuzz.wellformed import bill

seeds, one = of("bom --format spdx-3.0 --policy policy.yaml --created 2026-11-02T00:00:00Z model.yaml", render, bill)
