"""What every format of a bill of materials takes from the facts in the same way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checker.bom.inventory import release_day
from checker.facts.fact import Certainty, Fact, Origin, Source
from checker.facts.model import Facts


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2024-07-23", datetime(2024, 7, 23, tzinfo=UTC)),
        ("2024-07", None),
        ("2024-99-99", None),
        ("some day..", None),
        (None, None),
    ],
)
def test_a_release_that_is_no_day_is_left_out(stated: str | None, day: datetime | None) -> None:
    facts = Facts("acme/one", "acme/one")
    if stated is not None:
        source = Source(Origin.LOCK, "README.md", "acme/one")
        facts = facts._replace(release_date=Fact(stated, Certainty.DECLARED, source))
    assert release_day(facts) == day
