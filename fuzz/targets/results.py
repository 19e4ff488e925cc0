"""A file of results of an evaluation, of any of the harnesses, or of our own format; what it says is reckoned with."""

import json
from datetime import date

from checker.baseline.comparison import compare
from checker.baseline.doubts import doubts
from checker.baseline.read import of_source
from fuzz.given import ODD, SHAPED, SIZES, json_text
from fuzz.target import source
from fuzz.yaml_words import words_of
from tests.baseline.files import MAJORITY, OLDER_MTEB, lighteval, mteb, newer, older

LONGEST = 256
_OURS = {
    "weighbridge_baseline": 1,
    "model": "a/b",
    "revision": "a" * 40,
    "subject": "model",
    "tasks": [
        {"task": "MMLU", "version": "1", "samples": 100, "scores": [{"metric": "loss", "value": 0.5, "stderr": 0.01}]}
    ],
}
_UNCOUNTED = older()
"""Two standard errors over an unknown number of questions, which imply one, and a metric that has no bounds."""
_UNCOUNTED["results"]["boolq"] |= {"acc_norm": 0.6, "acc_norm_stderr": 0.0086, "ppl": 3.5, "ppl_stderr": 0.1}
_FILES = (newer({"mmlu": 0.5, "gsm8k": 0.25}), _UNCOUNTED, lighteval(), mteb(), OLDER_MTEB, MAJORITY, _OURS)
_NUMBERS = (*ODD, *SIZES * 3)
_TODAY = date(2026, 11, 28)
_KEYS = tuple(dict.fromkeys(word for word in words_of("baseline") if word.isprintable()))
WORDS = tuple(f'"{key}"' for key in _KEYS)


def seeds():
    for number, results in enumerate(_FILES):
        yield json.dumps(results).encode()[:LONGEST]
        yield SHAPED + bytes((number,))


def one(data):
    read = of_source(source(json_text(data, _FILES, _KEYS, _NUMBERS), "results.json"), "results.json")
    assert read.path == "results.json"
    for task in read.tasks:
        assert task.name
        for score in task.scores:
            assert isinstance(score.value, float)
            assert score.value == score.value, "no number"
    for doubt in doubts(read, _TODAY):
        assert doubt.sentence
    for before, after in ((read, read), *((plain, read) for plain in _PLAIN if plain.format == read.format)):
        for found in compare(before, after).compared:
            assert found.stderr is None or 0 < found.stderr < float("inf")
            assert found.p_value is None or 0 <= found.p_value <= 1


_PLAIN = tuple(of_source(source(json.dumps(file).encode(), "plain.json"), "plain.json") for file in _FILES)
