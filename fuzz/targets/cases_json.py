"""What the cases of a policy came to, as json."""

from checker.policy_tests.as_json import render
from fuzz.captured import CASES, FILES
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(
    "policy test policy.yaml --output json", render, json_keys, files=FILES | {"policy.test.yaml": CASES}
)
