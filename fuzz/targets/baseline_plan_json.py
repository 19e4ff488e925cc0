"""Commands that evaluate a base model, for programs."""

from checker.commands.of_baseline.plan import _as_json
from checker.document.as_json import dumps
from fuzz.captured import EVALUATED
from fuzz.planned import made
from fuzz.rendered import of
from fuzz.wellformed import json_keys


def written(asked):
    """What `baseline plan` prints."""
    return dumps(_as_json(made(asked)), indent=2, ensure_ascii=True)


seeds, one = of(EVALUATED, written, json_keys, ours=("objective",))
