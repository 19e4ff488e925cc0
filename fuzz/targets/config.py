"""A config.json, as facts of a local model are read from it and as a plan is computed for it."""

import json

from checker.document.place import Place, SourceFile
from checker.facts.config import build, dimensions, labels, native_context, traits
from checker.facts.fact import Certainty
from checker.sizing.subject import of_config
from fuzz.given import SHAPED, json_text
from fuzz.target import ROOT

LONGEST = 192
_CONFIGS = tuple(json.loads((ROOT / "tests/data/memory/traced_more_configs.json").read_text("utf-8")).values())
_KEYS = (
    *dict.fromkeys(key for config in _CONFIGS for key in config),
    *("text_config", "vision_config", "num_labels", "id2label", "rope_scaling", "layer_types", "quantization_config"),
)
WORDS = tuple(f'"{key}"' for key in _KEYS)
_AT = Place(SourceFile("config.json", "{}"), 1, 1)


def seeds():
    for number, config in enumerate(_CONFIGS):
        yield json.dumps(config).encode()[:LONGEST]
        yield SHAPED + bytes((number,))


def one(data):
    try:
        config = json.loads(json_text(data, _CONFIGS, _KEYS))
    except (ValueError, RecursionError):
        return  # told with its place by who reads the file
    if isinstance(config, dict):
        for read in (dimensions, traits, build, labels, native_context):
            read(config)
        of_config("acme/one", config, _AT, Certainty.CLAIMED)
