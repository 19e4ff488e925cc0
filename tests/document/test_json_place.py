"""Places of values in a JSON text, for messages about them."""

import json

import pytest

from checker.baseline.read import of_source
from checker.document import json_place
from checker.document.errors import InputError
from checker.document.json_place import Places, place_in
from checker.document.place import SourceFile
from checker.facts.locked.file import parse

TEXT = '{\n "a": {"b": [1, {"c": "x,]:}"}, 3]},\n "d": true\n}\n'


@pytest.mark.parametrize(
    ("path", "of_key", "place"),
    [
        ((), False, "f:1:1"),
        (("a",), False, "f:2:7"),
        (("a",), True, "f:2:2"),
        (("a", "b", 0), False, "f:2:14"),
        (("a", "b", 1, "c"), False, "f:2:23"),
        (("a", "b", 1, "c"), True, "f:2:18"),
        (("a", "b", 2), False, "f:2:33"),
        (("a", "b", 2), True, "f:2:33"),
        (("d",), False, "f:3:7"),
        (("d", "x"), False, "f:3:7"),
        (("a", "absent"), False, "f:2:7"),
        (("a", "b", 9), False, "f:2:13"),
    ],
)
def test_a_path_leads_to_its_value_or_as_far_as_it_goes(path, of_key, place):
    assert str(place_in(SourceFile("f", TEXT), path, of_key=of_key)) == place


def test_the_key_is_as_wide_as_it_is_written():
    assert place_in(SourceFile("f", TEXT), ("a",), of_key=True).width == 3


class Counting(json.JSONDecoder):
    """Counts the values that are read."""

    read = 0

    def raw_decode(self, *arguments):
        self.read += 1
        return super().raw_decode(*arguments)


@pytest.fixture
def counted(monkeypatch):
    """What reads values for their places."""
    decoder = Counting()
    monkeypatch.setattr(json_place, "_DECODER", decoder)
    return decoder


def test_places_may_be_asked_for_in_any_order():
    places = Places(SourceFile("f", TEXT))
    asked = [("d",), ("a", "b", 2), ("a",), ("a", "b", 0), ("d",), ("a", "b", 9)]
    assert [str(places.of(path)) for path in asked] == ["f:3:7", "f:2:33", "f:2:7", "f:2:14", "f:3:7", "f:2:13"]


def test_the_second_of_two_members_of_a_name_is_found_after_the_first():
    places = Places(SourceFile("f", '{"a": 1, "b": 2, "a": 3}'))
    assert [places.of(("a",), again=again).column for again in (False, True, False)] == [7, 23, 7]


def test_a_text_is_gone_through_once_for_all_that_is_wrong_in_results(counted):
    results = {f"task{number}": {"acc": 0.5} for number in range(500)} | {f"z{n}": {"acc": "?"} for n in range(30)}
    text = json.dumps({"results": results, "config": {"model": "hf"}, "versions": {}})
    with pytest.raises(InputError) as caught:
        of_source(SourceFile("r.json", text), "r.json")
    assert len({str(problem.at) for problem in caught.value.problems}) == 20
    assert counted.read < 2 * 530 + 100


def test_a_text_is_gone_through_once_for_all_that_is_odd_in_a_lock(counted):
    text = json.dumps({"weighbridge_lock": 1, "models": [None] * 500})
    with pytest.raises(InputError) as caught:
        parse(SourceFile("model.lock", text))
    assert len(caught.value.problems) == 20
    assert counted.read < 100


def test_what_lies_behind_a_place_is_not_read(counted):
    text = "[" * 30 + "1" + "]" * 30
    assert place_in(SourceFile("f", text), (0,) * 30).column == 31
    assert counted.read == 0
