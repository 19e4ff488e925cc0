"""A line of `classify --batch`: what is known of a model; it is answered, by a class or by what is wrong with it."""

import json
from io import BytesIO

from checker.facts.kind.answer import answers
from checker.facts.kind.record import KEYS
from fuzz.given import SHAPED, json_text

LONGEST = 256
WORDS = tuple(f'"{key}"' for key in KEYS)
_RECORDS = (
    {
        "id": "acme/one",
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "pipeline_tag": "text-generation",
        "library_name": "transformers",
        "tags": ["chat", "conversational"],
        "chat_template": "yes",
        "relation": "finetune",
        "base_model": "acme/base",
        "files": ["config.json"],
        "card": "an instruct model",
        "notes": "num_labels=2, a=b; c",
    },
    {
        "id": "a/b",
        "architectures": "BertModel (guessed)",
        "tags": "sentence-similarity, x",
        "files": "modules.json; 1_Pooling",
    },
)


def seeds():
    for number, record in enumerate(_RECORDS):
        yield json.dumps(record).encode()[:LONGEST]
        yield SHAPED + bytes((number,))


def one(data):
    line = json_text(data, _RECORDS, KEYS).replace(b"\n", b" ").replace(b"\r", b" ")
    found = list(answers(BytesIO(line + b"\n"), "records.jsonl"))
    assert len(found) == bool(line.strip()), "one answer a line"
    for answer in found:
        assert not answer.bug, answer.text
        assert answer.text.isascii()
        assert answer.text.count("\n") == 1
        json.loads(answer.text)
