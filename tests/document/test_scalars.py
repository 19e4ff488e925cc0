"""The type of a field decides how a scalar is read, and a scalar of another kind is refused with what belongs there."""

from __future__ import annotations

import pickle
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from checker.document.bind import Block, bind
from checker.document.errors import InputError
from checker.document.place import NOWHERE, At, Place
from checker.document.read import from_text
from checker.document.scalars import (
    Amount,
    Count,
    Day,
    Listed,
    Memory,
    Number,
    OneOrMany,
    Share,
    Text,
    Whole,
    Word,
    YesNo,
)
from checker.document.tree import parse


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"
    NO = "no"


class Fields(Block):
    text: Annotated[str, Text] = ""
    whole: Annotated[int, Whole] = 0
    bounded: Annotated[int, Whole, Field(ge=1, le=10)] = 1
    count: Annotated[int, Count] = 1
    number: Annotated[float, Number] = 0.0
    between: Annotated[float, Number, Field(gt=0, lt=1)] = 0.5
    yes: Annotated[bool, YesNo] = False
    share: Annotated[float, Share] = 0.0
    day: Annotated[date | None, Day] = None
    memory: Annotated[int, Memory] = 0
    word: Annotated[Colour, Word] = Colour.RED
    choice: Annotated[Literal["a", "b"], Word] = "a"
    month: Annotated[str, Text, Field(pattern=r"^\d{4}-\d{2}$")] = "2026-01"
    words: OneOrMany[Annotated[Colour, Word]] = ()
    listed: Listed[At[Annotated[Colour, Word]]] = ()
    placed: At[Annotated[int, Whole, Field(ge=1)]] | None = None
    outside: Annotated[int, Whole] = Field(default=1, ge=1, le=9)
    some: OneOrMany[Annotated[str, Text]] = Field(default=("a",), min_length=1)
    weights: dict[Annotated[Colour, Word], Annotated[float, Share]] = {}


def read(text):
    return bind(parse(from_text("m.yaml", text)), Fields)


def refusal(text):
    with pytest.raises(InputError) as caught:
        read(text)
    return [
        "; ".join(
            part
            for part in (problem.sentence, problem.expected and f"expected {problem.expected}", problem.hint)
            if part
        )
        for problem in caught.value.problems
    ]


GOOD = {
    "text: 2026.10": "2026.10",
    "text: NO": "NO",
    "text: on": "on",
    "text: 0123": "0123",
    "text: 1e3": "1e3",
    "text: 0x1F": "0x1F",
    "text: .nan": ".nan",
    "text: 2026-11-02": "2026-11-02",
    "text: 12345678901234567890123456789012345678": "12345678901234567890123456789012345678",
    "text: true": "true",
    "text: '~'": "~",
    "text: 'null'": "null",
    'text: " a "': " a ",
    "whole: 0": 0,
    "whole: -5": -5,
    "whole: 9223372036854775807": 2**63 - 1,
    "bounded: 10": 10,
    "count: 2147483648": 2**31,
    "number: 2": 2.0,
    "number: -0.25": -0.25,
    "between: 0.5": 0.5,
    "yes: true": True,
    "yes: false": False,
    "share: 10%": 0.1,
    "share: 10 %": 0.1,
    "share: 0.1": 0.1,
    "share: 1": 1.0,
    "share: 100%": 1.0,
    "share: '12.5%'": 0.125,
    "day: 2026-11-02": date(2026, 11, 2),
    "day: '2024-02-29'": date(2024, 2, 29),
    "memory: 24 GiB": 24 * 2**30,
    "memory: 24GB": 24 * 10**9,
    "memory: 21.4 GiB": 22978075033,
    "memory: 512 MiB": 512 * 2**20,
    "memory: 1 TB": 10**12,
    "memory: '80 GB'": 80 * 10**9,
    "word: green": Colour.GREEN,
    "word: 'green'": Colour.GREEN,
    "word: no": Colour.NO,
    "choice: b": "b",
    "month: 2026-11": "2026-11",
    "words: red": (Colour.RED,),
    "words: [red, no]": (Colour.RED, Colour.NO),
    "words: []": (),
    "words:\n- red\n": (Colour.RED,),
    "weights: {red: 10%, no: 1}": {Colour.RED: 0.1, Colour.NO: 1.0},
}


@pytest.mark.parametrize("text", GOOD)
def test_a_scalar_is_read_as_its_field_says(text):
    assert getattr(read(text), text.partition(":")[0]) == GOOD[text]


WHOLE = "expected a whole number, digits only"
NUMBER = "expected a number such as 2 or 0.5"
YES_NO = "expected true or false"
MEMORY = "expected an amount of memory with its unit, such as 24 GiB"
A_SHARE = "expected a share such as 10% or 0.1, between 0 and 1"
A_DAY = "expected a day as YYYY-MM-DD"
COLOURS = "expected one of red, green, no"
BAD = {
    "text:": "`text` has no value; expected a text",
    "text: ~": "`text` has no value; expected a text",
    "text: null": "`text` has no value; expected a text",
    "text: ''": "`text` has no value; expected a text",
    "text: '  '": "`text` has no value; expected a text",
    "text: [a]": "`text` is a list; expected a text",
    "text: {a: b}": "`text` is a mapping; expected a text",
    "whole: 1_000": f"`whole` is `1_000`; {WHOLE}",
    "whole: 0x10": f"`whole` is `0x10`; {WHOLE}",
    "whole: 0o17": f"`whole` is `0o17`; {WHOLE}",
    "whole: 0123": f"`whole` is `0123`; {WHOLE}",
    "whole: 1e3": f"`whole` is `1e3`; {WHOLE}",
    "whole: 1.0": f"`whole` is `1.0`; {WHOLE}",
    "whole: +1": f"`whole` is `+1`; {WHOLE}",
    "whole: .inf": f"`whole` is `.inf`; {WHOLE}",
    "whole: .nan": f"`whole` is `.nan`; {WHOLE}",
    "whole: true": f"`whole` is `true`; {WHOLE}",
    "whole: ١٢": f"`whole` is `١٢`; {WHOLE}",
    "whole: 8k": f"`whole` is `8k`; {WHOLE}",
    "whole: '5'": f'`whole` is `"5"`; {WHOLE}; write it without quotes',
    "whole: 9223372036854775808": "`whole` is `9223372036854775808`; expected a whole number of at most 9223372036854775807",
    "whole: " + "9" * 100_000: "`whole` is `" + "9" * 60 + "…`; expected a whole number of at most 9223372036854775807",
    "whole:": f"`whole` has no value; {WHOLE}",
    "bounded: 0": "`bounded` is `0`; expected at least 1",
    "bounded: 11": "`bounded` is `11`; expected at most 10",
    "count: 0": "`count` is `0`; expected a whole number from 1 to 2147483648",
    "count: -1": "`count` is `-1`; expected a whole number from 1 to 2147483648",
    "count: 2147483649": "`count` is `2147483649`; expected a whole number from 1 to 2147483648",
    "number: .nan": f"`number` is `.nan`; {NUMBER}",
    "number: -.inf": f"`number` is `-.inf`; {NUMBER}",
    "number: 1e999": f"`number` is `1e999`; {NUMBER}",
    "number: 1_0.0": f"`number` is `1_0.0`; {NUMBER}",
    "number: .5": f"`number` is `.5`; {NUMBER}",
    "number: '2'": f'`number` is `"2"`; {NUMBER}; write it without quotes',
    "number: 9223372036854775809.5": "`number` is `9223372036854775809.5`; expected a number of at most 9223372036854775807",
    "number: 0." + "1" * 100: "`number` is `0." + "1" * 58 + "…`; expected a number of at most 9223372036854775807",
    "between: 0": "`between` is `0`; expected more than 0",
    "between: 1": "`between` is `1`; expected less than 1",
    "yes: on": f"`yes` is `on`; {YES_NO}; did you mean `true`?",
    "yes: No": f"`yes` is `No`; {YES_NO}; did you mean `false`?",
    "yes: True": f"`yes` is `True`; {YES_NO}; did you mean `true`?",
    "yes: 1": f"`yes` is `1`; {YES_NO}",
    "yes: 'true'": f'`yes` is `"true"`; {YES_NO}; write it without quotes',
    "share: 101%": f"`share` is `101%`; {A_SHARE}",
    "share: -0.1": f"`share` is `-0.1`; {A_SHARE}",
    "share: 10": f"`share` is `10`; {A_SHARE}",
    "share: '0.1'": f'`share` is `"0.1"`; {A_SHARE}',
    "share: .nan": f"`share` is `.nan`; {A_SHARE}",
    "share: ten": f"`share` is `ten`; {A_SHARE}",
    "share: 0." + "1" * 100: "`share` is `0." + "1" * 58 + f"…`; {A_SHARE}",
    "day: 2026-02-30": "`day` is `2026-02-30`; expected a day of the calendar, as YYYY-MM-DD",
    "day: 20261102": f"`day` is `20261102`; {A_DAY}",
    "day: 2026-11-02T10:00:00Z": f"`day` is `2026-11-02T10:00:00Z`; {A_DAY}",
    "day: 0000-01-01": "`day` is `0000-01-01`; expected a day of the calendar, as YYYY-MM-DD",
    "memory: 24": f"`memory` is `24`; {MEMORY}; did you mean `24 GiB`?",
    "memory: 24 gb": f"`memory` is `24 gb`; {MEMORY}; did you mean `24 GB`?",
    "memory: 24gb": f"`memory` is `24gb`; {MEMORY}; did you mean `24 GB`?",
    "memory: 24 G": f"`memory` is `24 G`; {MEMORY}; did you mean `24 GB`?",
    "memory: 24G": f"`memory` is `24G`; {MEMORY}; did you mean `24 GB`?",
    "memory: 24Gi": f"`memory` is `24Gi`; {MEMORY}; did you mean `24 GiB`?",
    "memory: 512 mib": f"`memory` is `512 mib`; {MEMORY}; did you mean `512 MiB`?",
    "memory: 24 quarts": f"`memory` is `24 quarts`; {MEMORY}",
    "memory: 0 GiB": f"`memory` is `0 GiB`; {MEMORY}",
    "memory: -1 GiB": f"`memory` is `-1 GiB`; {MEMORY}",
    "memory: 999999999 TB": f"`memory` is `999999999 TB`; {MEMORY}",
    "memory: 1e9 GiB": f"`memory` is `1e9 GiB`; {MEMORY}",
    "word: gren": f"`word` is `gren`; {COLOURS}; did you mean `green`?",
    "word: Red": f"`word` is `Red`; {COLOURS}; did you mean `red`?",
    "word: '7'": f'`word` is `"7"`; {COLOURS}',
    "word: " + "r" * 1000: "`word` is `" + "r" * 60 + f"…`; {COLOURS}",
    "word:": f"`word` has no value; {COLOURS}",
    "word: [red]": f"`word` is a list; {COLOURS}",
    "choice: c": "`choice` is `c`; expected one of a, b",
    "month: 2026-1": "`month` is `2026-1`; expected a text of the form ^\\d{4}-\\d{2}$",
    "words: [red, blue]": f"`words[1]` is `blue`; {COLOURS}",
    "words: blue": f"`words` is `blue`; {COLOURS}",
    "words:": "`words` has no value; expected one value, or a list",
    "words: [red, ]\nwhole: x": f"`whole` is `x`; {WHOLE}",
    "words: {red: 1}": f"`words` is a mapping; {COLOURS}",
    "placed: 0": "`placed` is `0`; expected at least 1",
    "outside: 0": "`outside` is `0`; expected at least 1",
    "outside: 10": "`outside` is `10`; expected at most 9",
    "outside: '3'": f'`outside` is `"3"`; {WHOLE}; write it without quotes',
    "some: []": "`some` is empty; expected a list of at least 1",
    "weights: {blue: 1}": f"a key of `weights` is `blue`; {COLOURS}",
    "weights: {gren: 1}": f"a key of `weights` is `gren`; {COLOURS}; did you mean `green`?",
    "weights: {red: 2}": f"`weights.red` is `2`; {A_SHARE}",
    "weights: [red]": "`weights` is a list; expected a mapping (`key: value` lines)",
}  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:40])
def test_a_scalar_of_another_kind_is_refused(text):
    assert refusal(text) == [BAD[text]]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("listed: red,  green", (9, 15)),
        ("listed: 'red, green'", (10, 15)),
        ("listed: [red, green]", (10, 15)),
        ("listed: red", (9,)),
    ],
)
def test_a_list_may_be_one_text_with_commas_and_each_item_knows_its_place(text, columns):
    found = read(text).listed
    assert tuple(each.at.column for each in found) == columns
    assert tuple(each.value for each in found) == (Colour.RED, Colour.GREEN)[: len(columns)]


def test_what_is_wrong_between_commas_is_told_by_itself():
    assert refusal("listed: red, blue") == [f"`listed` is `blue`; {COLOURS}"]
    assert refusal("listed: red,, green") == [
        "`listed` is `red,, green`; expected names with one comma between two of them"
    ]


def test_an_amount_keeps_its_unit_through_pickle():
    amount = read("memory: 24 GB").memory
    copied = pickle.loads(pickle.dumps(amount))
    assert (amount, amount.unit, copied, copied.unit) == (24 * 10**9, "GB", 24 * 10**9, "GB")
    assert type(copied) is Amount


def test_a_placed_value_knows_where_it_stands():
    source = from_text("m.yaml", "placed: 12")
    assert bind(parse(source), Fields).placed == At(12, Place(source, 1, 9, 2))


def test_values_made_in_code_are_taken_as_they_are():
    made = Fields(
        text="a", whole=3, yes=True, share=0.5, day=date(2026, 1, 1), word="green", placed=4, weights={"no": 0.5}
    )
    assert (made.text, made.word, made.placed, made.weights) == ("a", Colour.GREEN, At(4, NOWHERE), {Colour.NO: 0.5})


def test_a_value_of_another_type_made_in_code_is_refused():
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        Fields(whole="3")


def test_a_word_that_names_no_choices_is_a_mistake_of_ours():
    class Odd(Block):
        word: Annotated[str, Word]

    with pytest.raises(TypeError, match="`Word` needs a StrEnum or a Literal"):
        Odd.model_rebuild()


@given(st.integers(1, 10**9), st.sampled_from([("GiB", 2**30), ("GB", 10**9), ("MiB", 2**20), ("MB", 10**6)]))
def test_an_amount_of_memory_is_its_number_times_its_unit(amount, unit):
    assert (
        read(f"memory: {amount if amount < 10**9 else 1} {unit[0]}").memory
        == (amount if amount < 10**9 else 1) * unit[1]
    )


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_every_whole_number_within_the_limit_is_read_back(number):
    assert read(f"whole: {number}").whole == number
