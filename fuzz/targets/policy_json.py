"""A resolved policy as json."""

from checker.commands.of_policy.show import as_json
from fuzz.captured import SHOW
from fuzz.rendered import of
from fuzz.wellformed import json_document

seeds, one = of(SHOW, as_json, json_document)
