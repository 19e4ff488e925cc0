"""The report as JUnit's XML."""

from checker.report.junit import render
from fuzz.rendered import of
from fuzz.wellformed import xml

seeds, one = of("check --policy policy.yaml --explain --output junit model.yaml broken.weighbridge.yaml", render, xml)
