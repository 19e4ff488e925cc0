"""What kind of model one is, for programs."""

from checker.document.as_json import dumps
from checker.facts.kind.answer import as_json
from fuzz.captured import CLASSIFIED
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(
    CLASSIFIED, as_json, json_keys, written=lambda **values: dumps(as_json(**values), indent=2, ensure_ascii=False)
)
