"""What the cases of a policy came to, as text."""

from checker.policy_tests.as_text import render
from fuzz.captured import CASES, FILES
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(
    "policy test policy.yaml --output text", render, text, files=FILES | {"policy.test.yaml": CASES}
)
