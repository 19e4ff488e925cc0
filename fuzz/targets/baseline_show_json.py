"""Results of an evaluation for programs."""

from checker.commands.of_baseline.show import _as_json
from checker.document.as_json import dumps
from fuzz.captured import SHOWN
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(
    SHOWN, _as_json, json_keys, written=lambda **values: dumps(_as_json(**values), indent=2, ensure_ascii=True)
)
