"""Two results of an evaluation, compared for programs."""

from checker.commands.of_baseline.compare import _as_json
from checker.document.as_json import dumps
from fuzz.captured import COMPARED
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(
    COMPARED, _as_json, json_keys, written=lambda **values: dumps(_as_json(**values), indent=2, ensure_ascii=True)
)
