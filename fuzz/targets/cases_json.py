"""What the cases of a policy came to, as json."""

from checker.policy_tests.as_json import render
from fuzz.captured import TRIED
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(TRIED, render, json_keys)
