"""What a new policy would change, as text."""

from checker.impact.as_text import render
from fuzz.captured import IMPACT
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(IMPACT, render, text)
