"""What the cases of a policy came to, as text."""

from checker.policy_tests.as_text import render
from fuzz.captured import TRIED
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(TRIED, render, text)
