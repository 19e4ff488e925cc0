"""A bill of materials in SPDX 3.0."""

from checker.bom.spdx3 import render
from fuzz.captured import BOM
from fuzz.rendered import of
from fuzz.wellformed import bill

seeds, one = of(BOM, render, bill, given={"name": "spdx-3.0"})
