"""A bill of materials in SPDX 2.3."""

from checker.bom.spdx2 import render
from fuzz.rendered import of
from fuzz.wellformed import bill

seeds, one = of("bom --format spdx-2.3 --policy policy.yaml --created 2026-11-02T00:00:00Z model.yaml", render, bill)
