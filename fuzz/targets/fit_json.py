"""The memory of a plan for programs."""

from checker.sizing.as_json import answered, as_text
from fuzz.captured import PLAN
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(PLAN, answered, json_keys, written=lambda **values: as_text(answered(**values)))
