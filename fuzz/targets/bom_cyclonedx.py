"""A bill of materials in CycloneDX."""

from checker.bom.cyclonedx import render
from fuzz.captured import BOM
from fuzz.rendered import of
from fuzz.wellformed import bill

seeds, one = of(BOM, render, bill, given={"name": "cyclonedx-1.6"})
