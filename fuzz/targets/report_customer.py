"""The document for a customer, which is Markdown."""

from checker.report._customer import render
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of("check --policy policy.yaml --for customer --output markdown model.yaml", render, markdown)
