"""What a new policy would change, as markdown."""

from checker.impact.as_markdown import render
from fuzz.captured import IMPACT
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of(IMPACT, render, markdown)
