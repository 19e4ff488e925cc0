"""What the organisation says of itself in its policy: facts about the licensee, stated once by those who know."""

from typing import Annotated

from pydantic import Field

from checker.document.bind import Block
from checker.document.place import At
from checker.document.scalars import OneOrMany, Text, Whole


class MonthlyUsers(Block):
    """Users of the whole group in one month."""

    month: Annotated[At[Annotated[str, Text, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", examples=["2024-06"])]], Field()]
    """The calendar month, YYYY-MM."""
    value: At[Annotated[int, Whole, Field(ge=0)]]
    """Monthly active users of licensee and affiliates, all products together."""


class YearlyRevenue(Block):
    """Revenue of the whole group in one year."""

    year: At[Annotated[int, Whole, Field(ge=1900, le=2200)]]
    """The financial year."""
    value: At[Annotated[int, Whole, Field(ge=0)]]
    """Revenue in whole units of the currency."""
    currency: At[Annotated[str, Text, Field(pattern=r"^[A-Z]{3}$", examples=["USD"])]]
    """ISO 4217 code."""


class Organisation(Block):
    """Facts about the licensee."""

    seat: At[Annotated[str, Text, Field(examples=["US", "EU"])]] | None = None
    """Where the organisation has its seat, a country or region code."""
    users: OneOrMany[MonthlyUsers] = ()
    """Monthly active users of the whole group; Llama's cap counts them in the month before release."""
    revenue: OneOrMany[YearlyRevenue] = ()
    """Revenue of the whole group, by year."""
