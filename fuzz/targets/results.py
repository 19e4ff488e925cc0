"""A file of results of an evaluation, of any of the harnesses, or of our own format."""

import json

from checker.baseline.read import of_source
from fuzz.given import SHAPED, json_text
from fuzz.target import source
from fuzz.yaml_words import words_of
from tests.baseline.files import MAJORITY, OLDER_MTEB, lighteval, mteb, newer, older

LONGEST = 256
_OURS = {
    "weighbridge_baseline": 1,
    "model": "a/b",
    "revision": "a" * 40,
    "evaluated_on": "2026-10-03",
    "results": [{"benchmark": "MMLU", "metric": "accuracy", "score": 0.5, "samples": 100}],
}
_FILES = (newer({"mmlu": 0.5, "gsm8k": 0.25}), older(), lighteval(), mteb(), OLDER_MTEB, MAJORITY, _OURS)
_KEYS = tuple(dict.fromkeys(word for word in words_of("baseline") if word.isprintable()))
WORDS = tuple(f'"{key}"' for key in _KEYS)


def seeds():
    for number, results in enumerate(_FILES):
        yield json.dumps(results).encode()[:LONGEST]
        yield SHAPED + bytes((number,))


def one(data):
    read = of_source(source(json_text(data, _FILES, _KEYS), "results.json"), "results.json")
    assert read.path == "results.json"
    for task in read.tasks:
        assert task.name
        for score in task.scores:
            assert isinstance(score.value, float)
            assert score.value == score.value, "no number"
