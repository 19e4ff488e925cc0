"""What `lock` did, for programs."""

from checker.hub.outcome import as_json
from fuzz.captured import LOCKED
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(LOCKED, as_json, json_keys, given={"code": 0})
