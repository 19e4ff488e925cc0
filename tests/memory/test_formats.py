"""The table of formats: no word, mark or configuration means two of them, and a row is all that a format needs."""

from __future__ import annotations

from collections import Counter

import pytest

from checker.manifest.deployment import Quantization
from checker.memory.formats import DECLARED, FORMATS, GGUF, PLAIN_WORDS
from checker.memory.weights import canonical, format_in_name


@pytest.mark.parametrize("field", ["words", "server_words", "configured"])
def test_nothing_names_two_formats(field):
    named = Counter(one for stored in FORMATS.values() for one in getattr(stored, field))
    assert {one: times for one, times in named.items() if times > 1} == {}


def test_each_mark_of_a_name_has_a_place_of_its_own_in_the_order():
    places = sorted(place for stored in FORMATS.values() for place, _ in stored.in_names)
    assert places == sorted(set(places))


def test_a_manifest_may_say_every_format_and_two_words_for_none():
    assert tuple(Quantization) == DECLARED
    assert set(DECLARED) == {*FORMATS, *PLAIN_WORDS}
    assert {canonical(word) for word in PLAIN_WORDS} == {"none"}


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("acme/Model-7B-GPTQ-Int8", "gptq-int8"),
        ("acme/Model-7B-GPTQ", "gptq-int4"),
        ("acme/model-7b-quantized.w8a8", "int8"),
        ("acme/Model-7B-AWQ-w4a16", "awq-int4"),
        ("acme/Model-7B-FP8-w8a8", "int8"),
        ("acme/Model-7B", None),
    ],
)
def test_the_first_mark_in_the_order_decides(name, stored):
    assert format_in_name(name) == stored


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_row_says_how_its_bits_are_known(name):
    stored = FORMATS[name]
    assert 1 < stored.bits <= 32
    assert "bits" in stored.formula
    assert stored.whole == (name in GGUF or name == "none")
