"""A bill of materials in SPDX 2.3."""

from checker.bom.spdx2 import render
from fuzz.captured import BOM
from fuzz.rendered import of
from fuzz.wellformed import bill

seeds, one = of(BOM, render, bill, given={"name": "spdx-2.3"})
