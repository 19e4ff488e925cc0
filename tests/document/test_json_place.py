"""Places of values in a JSON text, for messages about them."""

import pytest

from checker.document.json_place import place_in
from checker.document.place import SourceFile

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
