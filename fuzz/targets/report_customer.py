"""The document for a customer, which is Markdown."""

from checker.report._customer import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of(CHECK, render, markdown)
