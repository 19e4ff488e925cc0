"""The files of a local model beside each other: configuration, tokenizer, adapter, pooling; each fact has its source."""

import json

from checker.facts.fact import Fact, Unknown
from checker.facts.folder import Found, facts_of, signals_of
from checker.facts.kind import classify
from fuzz.given import SHAPED, json_text
from fuzz.target import ROOT

LONGEST = 192
_CONFIGS = tuple(json.loads((ROOT / "tests/data/memory/traced_more_configs.json").read_text("utf-8")).values())
_FOLDERS = tuple(
    {
        "names": [
            "config.json",
            "model.safetensors",
            "chat_template.jinja",
            "1_Pooling/config.json",
            "a/training_args.bin",
        ],
        "config": {**config, "auto_map": {"AutoModel": "modeling.Own"}} if number % 3 == 0 else config,
        "tokenizer": {"chat_template": "{% for m in messages %}<think>", "auto_map": {}} if number % 2 else None,
        "adapter": {"base_model_name_or_path": "acme/base", "task_type": "SEQ_CLS"} if number % 5 == 0 else None,
        "pooling_limit": {"max_seq_length": 512, "do_lower_case": False},
        "modules": ["sentence_transformers.models.Transformer", "custom.Module"][: number % 3],
    }
    for number, config in enumerate(_CONFIGS)
)
_MORE = ("problem_type", "id2label", "num_labels", "architectures", "is_decoder", "text_config", "quantization_config")
_KEYS = tuple(
    dict.fromkeys(
        (*(key for folder in _FOLDERS for held in folder.values() if isinstance(held, dict) for key in held), *_MORE)
    )
)
WORDS = tuple(f'"{key}"' for key in _KEYS)


def seeds():
    for number, folder in enumerate(_FOLDERS):
        yield json.dumps(folder).encode()[:LONGEST]
        yield SHAPED + bytes((number,))


def one(data):
    try:
        read = json.loads(json_text(data, _FOLDERS, _KEYS))
    except (ValueError, RecursionError):
        return  # told with its place by who reads the file
    if not isinstance(read, dict):
        return
    held = {
        key: read[key] for key in ("config", "tokenizer", "adapter", "pooling_limit") if isinstance(read.get(key), dict)
    }
    names, modules = (
        [item for item in read[key] if isinstance(item, str)] if isinstance(read.get(key), list) else []
        for key in ("names", "modules")
    )
    found = Found("models/ours", frozenset(names), modules=tuple(modules), **held)
    facts = facts_of(found)
    for name in facts._fields:
        fact = getattr(facts, name)
        if isinstance(fact, Fact):
            assert fact.value is not None
            assert fact.source.model == "models/ours"
        assert not isinstance(fact, Unknown) or fact.reason
    classify(signals_of(found))
