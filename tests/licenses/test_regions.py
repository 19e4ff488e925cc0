"""Whether a place lies in a region that licences single out."""

from __future__ import annotations

import pytest

from checker.licenses.regions import touches


@pytest.mark.parametrize(
    ("place", "regions"),
    [
        ("US", ()),
        ("jp", ()),
        ("US-CA", ()),
        ("DE", ("EU",)),
        ("de-by", ("EU",)),
        ("EL", ("EU",)),  # as the Union writes Greece
        ("RE", ("EU",)),  # Reunion has a code of its own and belongs to the Union
        ("NC", ()),  # New Caledonia does not
        ("GB-ENG", ("UK",)),
        ("South Korea", ("KR",)),
        ("korea", ("KR",)),
        ("KOR", ("KR",)),
        ("Republic of Korea", ("KR",)),
        ("Asia", ("KR",)),
        ("APAC", ("KR",)),
        ("European Union", ("EU",)),
        ("EEA", ("EU",)),
        ("EMEA", ("EU", "UK")),
        ("United Kingdom", ("UK",)),
        ("Great Britain", ("UK",)),
        ("great_britain", ("UK",)),
        ("global", ("EU", "UK", "KR")),
        ("World", ("EU", "UK", "KR")),
        ("all", ("EU", "UK", "KR")),
        ("international", ("EU", "UK", "KR")),
        ("EU", ("EU",)),
        ("UK", ("UK",)),
        ("GB", ("UK",)),
        ("KR", ("KR",)),
        ("Europe", ("EU", "UK")),
        ("world-wide", None),
        ("worldwide", ("EU", "UK", "KR")),
    ],
)
def test_a_place_lies_in_the_regions_that_hold_it(place, regions):
    found = [touches(place, region) for region in ("EU", "UK", "KR")]
    assert found == ([None] * 3 if regions is None else [region in regions for region in ("EU", "UK", "KR")])


@pytest.mark.parametrize("place", ["XX", "DD", "EN", "Germany", "North America", "XX-YY", "DE-BAVARIA", "DE-+", ""])
def test_what_is_no_code_of_a_place_is_not_taken_for_one_elsewhere(place):
    """Two wrong letters would else pass a licence that leaves the European Union out."""
    assert touches(place, "EU") is None
