"""Answers that lie beside results of lm-evaluation-harness: they bear the results out, or a doubt says what they tell."""

import json

from checker.baseline.results import Score, TaskResult
from checker.baseline.samples import doubts_of
from fuzz.given import SHAPED, Given, shaped

LONGEST = 192
_KEYS = ("filter", "acc", "exact_match", "doc_hash", "prompt_hash", "target_hash", "doc_id")
WORDS = tuple(f'"{key}"' for key in _KEYS)
_ANSWERS = [
    {"doc_id": n, "filter": "none", "acc": n % 2, "doc_hash": f"d{n}", "prompt_hash": "p", "target_hash": "t"}
    for n in range(4)
]
_TASK = TaskResult("arc", (Score("acc", 0.5, filter="none"), Score("exact_match", 0.5)), samples=4, digest="0" * 64)


def seeds():
    yield SHAPED
    yield SHAPED + bytes((0, 1, 3))
    yield "\n".join(json.dumps(answer) for answer in _ANSWERS[:2]).encode()
    yield b'{"acc": 1e999}\n{"acc": -1e999}\n'


def one(data):
    if data.startswith(SHAPED):
        answers = shaped(Given(data[1:]), (_ANSWERS,), _KEYS)
        lines = answers if isinstance(answers, list) else [answers]
        data = "\n".join(map(json.dumps, lines)).encode()
    for doubt in doubts_of(_TASK, "samples_arc.jsonl", data):
        assert "samples_arc.jsonl" in doubt.sentence
        assert len(doubt.sentence) < 400
