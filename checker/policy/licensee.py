"""What several policy files say of the licensee and of providers, put together: facts add up and must not disagree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from checker.document.errors import InputError, Problem
from checker.document.place import At
from checker.rulebook.licensee import NothingSaid, Providers

if TYPE_CHECKING:
    from checker.rulebook.organisation import Organisation


def together(said: Iterable[Organisation | NothingSaid]) -> Organisation | NothingSaid:
    """The facts of all files.

    Raises:
        InputError: two lines give different values for the seat, one month or one year.
    """
    stated = [one for one in said if not isinstance(one, NothingSaid)]
    if not stated:
        return NothingSaid()
    problems: list[Problem] = []
    seats = [one.seat for one in stated if one.seat]
    users = [month for one in stated for month in one.users]
    revenue = [year for one in stated for year in one.revenue]
    _refuse_contradictions("seat", [("", seat) for seat in seats], problems)
    _refuse_contradictions("users", [(month.month.value, month.value) for month in users], problems)
    _refuse_contradictions(
        "revenue", [(f"{year.year.value} in {year.currency.value}", year.value) for year in revenue], problems
    )
    if problems:
        raise InputError(tuple(problems))
    return type(stated[0]).model_construct(seat=seats[0] if seats else None, users=tuple(users), revenue=tuple(revenue))


def narrowed(above: Iterable[Providers], own: Providers, stated: Iterable[At[str]]) -> Providers:
    """The providers that all files accept.

    Raises:
        InputError: a file accepts a provider that a file above it does not.
    """
    lists = [providers.allowed for providers in above if providers.allowed is not None]
    if not lists:
        return own
    common = tuple(name for name in lists[0] if all(name in one for one in lists))
    if own.allowed is None:
        return Providers(common)
    wide = [name for name in stated if name.value not in common]
    if wide:
        expected = f"only providers of the files above: {', '.join(common)}"
        raise InputError(
            tuple(Problem(f"api.providers adds `{name.value}`", expected=expected, at=name.at) for name in wide)
        )
    return own


def _refuse_contradictions(key: str, values: list[tuple[str, At[Any]]], problems: list[Problem]) -> None:
    first: dict[str, At[Any]] = {}
    for name, value in values:
        other = first.setdefault(name, value)
        if other.value != value.value:
            which = f" for {name}" if name else ""
            problems.append(
                Problem(
                    f"organisation.{key} is {value.value}{which}, and {other.value} in another line",
                    expected="one value, stated once",
                    at=value.at,
                    also=other.at,
                )
            )
