"""What a new policy would change, as json."""

from checker.impact.as_json import render
from fuzz.captured import IMPACT
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(IMPACT, render, json_keys)
