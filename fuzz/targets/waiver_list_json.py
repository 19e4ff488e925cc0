"""The waivers of a file, for programs."""

from checker.commands.of_waiver.list import _as_json
from fuzz.captured import LISTED
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(LISTED, _as_json, json_keys)
