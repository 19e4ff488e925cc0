"""What the cases of a policy came to, as junit."""

from checker.policy_tests.as_junit import render
from fuzz.captured import CASES, FILES
from fuzz.rendered import of
from fuzz.wellformed import xml

seeds, one = of(
    "policy test policy.yaml --output junit", render, xml, files=FILES | {"policy.test.yaml": CASES}
)
