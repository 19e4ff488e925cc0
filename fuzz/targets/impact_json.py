"""What a new policy would change, as json."""

from checker.impact.as_json import render
from fuzz.captured import FLEET, NEWER
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(
    "policy impact --from policy.yaml --to new.yaml src --output json", render, json_keys, files=FLEET | {"new.yaml": NEWER}
)
