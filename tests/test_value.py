"""Our named tuples do what those of `typing` do."""

from __future__ import annotations

import copy
import pickle
import sys
import typing
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import pytest

from checker import value

T = TypeVar("T")


class Ours(value.NamedTuple):
    """A class of ours."""

    line: int
    text: str = "x"
    both: tuple[int, ...] = ()

    @property
    def next_line(self) -> int:
        return self.line + 1


class Theirs(typing.NamedTuple):
    """The same with the library's."""

    line: int
    text: str = "x"
    both: tuple[int, ...] = ()

    @property
    def next_line(self) -> int:
        return self.line + 1


class Held(value.NamedTuple, Generic[T]):
    """One that is generic, with a single field."""

    value: T


class Nothing(value.NamedTuple):
    """One without fields."""


@pytest.mark.parametrize(
    "look",
    [
        lambda kind: repr(kind(1)).removeprefix(kind.__name__),
        lambda kind: tuple(kind(1, text="y", both=(2,))),
        lambda kind: kind(both=(3,), line=2)._asdict(),
        lambda kind: kind(1)._replace(text="z") == (1, "z", ()),
        lambda kind: tuple(kind._make((1, "a", ()))),
        lambda kind: kind._fields,
        lambda kind: kind._field_defaults,
        lambda kind: kind.__match_args__,
        lambda kind: kind.__doc__ is not None and kind.__module__ == __name__,
        lambda kind: (kind(1).line, kind(1).text, kind(1).next_line),
        lambda kind: hash(kind(1)) == hash((1, "x", ())),
        lambda kind: hasattr(kind(1), "__dict__"),
        lambda kind: type(pickle.loads(pickle.dumps(kind(1)))) is kind,
        lambda kind: copy.deepcopy(kind(1, both=(1,))) == kind(1, both=(1,)),
    ],
)
def test_it_is_what_the_library_makes(look: Callable[[Any], object]) -> None:
    assert look(Ours) == look(Theirs)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda kind: kind(), TypeError),
        (lambda kind: kind(1, "a", (), 4), TypeError),
        (lambda kind: kind(1, colour="red"), TypeError),
        (lambda kind: kind._make((1, "a", (), 4)), TypeError),
        (lambda kind: setattr(kind(1), "line", 2), AttributeError),
        (lambda kind: setattr(kind(1), "colour", "red"), AttributeError),
    ],
)
def test_it_refuses_what_the_library_refuses(wrong: Callable[[Any], object], error: type[Exception]) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(error):
            wrong(kind)


def test_a_field_that_does_not_exist_cannot_be_replaced() -> None:
    with pytest.raises((TypeError, ValueError), match="colour"):
        Ours(1)._replace(colour="red")


def test_a_missing_field_is_named() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'line'"):
        Ours(text="y")


def test_a_generic_one_can_be_subscribed() -> None:
    assert (Held[int](1).value, Held(value="a")) == (1, ("a",))


def test_one_without_fields_is_an_empty_tuple() -> None:
    assert (Nothing(), Nothing._fields) == ((), ())


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python 3.14 gives `typing.NamedTuple` itself")
def test_classes_of_one_length_share_their_compiled_code() -> None:
    one, other = Ours.__new__.__code__, Held.__new__.__code__
    assert (one.co_varnames, other.co_varnames) == (("_cls", "line", "text", "both"), ("_cls", "value"))
    assert value._constructor(3).co_code == one.co_code
