"""What the cases of a policy came to, as junit."""

from checker.policy_tests.as_junit import render
from fuzz.captured import TRIED
from fuzz.rendered import of
from fuzz.wellformed import xml

seeds, one = of(TRIED, render, xml)
