"""A tree is bound to a model, and everything that is wrong with it is told at once, in order, in our words."""

from __future__ import annotations

import subprocess
import sys
from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, field_validator, model_validator

from checker.document.bind import MAX_PROBLEMS, Block, Later, bind, refuse
from checker.document.errors import InputError, Problem, render_problem
from checker.document.place import NOWHERE, At
from checker.document.read import from_text
from checker.document.scalars import OneOrMany, Text, Whole, Word
from checker.document.tree import Entry, Mapping, Scalar, parse
from tests.ending import that_ends


class Kind(StrEnum):
    CHAT = "chat"
    RERANKING = "reranking"


class Wheel(Block):
    size: Annotated[int, Whole, Field(ge=1)]
    kind: Annotated[Kind, Word] = Kind.CHAT


class Engine(Block):
    power: Annotated[int, Whole]
    from_: Annotated[str, Text] = Field(default="", alias="from")


class Car(Block):
    name: At[Annotated[str, Text]]
    license: Annotated[str, Text] | None = None
    engine: Engine | None = None
    wheels: OneOrMany[Wheel] = ()
    spare: tuple[Wheel, ...] = ()
    notes: list[Annotated[str, Text]] = []
    by_name: dict[str, Wheel] = {}
    later: Annotated[Any, Later("tests_document_later", "Boat")] = None
    anything: Any = None

    @model_validator(mode="after")
    def _named_after_nobody(self):
        if self.name.value == "nobody":
            raise refuse(Problem("`nobody` is no name", at=self.name.at))
        return self


class Boat(Block):
    mast: Annotated[int, Whole, Field(le=9)]


@pytest.fixture(autouse=True)
def later_module(monkeypatch):
    monkeypatch.setitem(sys.modules, "tests_document_later", sys.modules[__name__])


def read(text, model=Car, **more):
    return bind(parse(from_text("m.yaml", text)), model, **more)


def refusal(text, model=Car, **more):
    with pytest.raises(InputError) as caught:
        read(text, model, **more)
    return "\n".join(render_problem(problem) for problem in caught.value.problems)


def test_a_block_knows_where_it_stands():
    car = read("name: a\nengine:\n  power: 3\nwheels:\n  - {size: 1}\n")
    assert [str(block.at) for block in (car, car.engine, car.wheels[0])] == ["m.yaml:1:1", "m.yaml:3:3", "m.yaml:5:5"]


def test_a_block_made_in_code_stands_nowhere():
    assert Engine(power=1).at == NOWHERE


def test_a_copy_of_a_block_stands_where_the_block_did():
    engine = read("name: a\nengine: {power: 3}\n").engine
    assert engine.model_copy(update={"power": 4}).at == engine.at


def test_a_placed_value_says_what_and_where_it_is():
    assert repr(read("name: a").name) == "At('a', m.yaml:1:7)"


def test_placed_values_are_equal_by_value_and_place():
    name = read("name: a").name
    assert {name, At("a", name.at), At("a", NOWHERE)} == {name, At("a", NOWHERE)}


def test_a_block_cannot_be_changed():
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        read("name: a").name = "b"


def test_a_key_may_be_a_word_of_python():
    assert read("power: 1\nfrom: here", Engine).from_ == "here"


def test_what_was_given_can_be_told_from_what_is_assumed():
    assert read("size: 1", Wheel).model_fields_set == {"size"}


def test_a_field_for_anything_takes_anything():
    assert set(read("name: a\nanything: {b: [c]}").anything) == {"b"}


def test_a_block_that_is_built_later_is_read_where_it_stands():
    assert str(read("name: a\nlater: {mast: 3}").later.at) == "m.yaml:2:8"


def test_a_model_of_another_kind_is_bound_too():
    class Plain(BaseModel):
        size: Annotated[int, Whole]

    assert read("size: 3", Plain).size == 3


REFUSED = {
    "an unknown key": (
        "name: a\nnam: b\n",
        ["m.yaml:2:1: error: unknown key `nam`", "    2 | nam: b", "      | ^^^ expected one of name, license, engine, …; did you mean `name`?"],
    ),
    "a British spelling": (
        "name: a\nlicence: mit\n",
        ["m.yaml:2:1: error: unknown key `licence`", "    2 | licence: mit", "      | ^^^^^^^ expected one of name, license, engine, …; did you mean `license`?"],
    ),
    "an unknown key in a list": (
        "name: a\nwheels:\n  - size: 1\n  - size: 2\n    rim: 3\n",
        ["m.yaml:5:5: error: unknown key `rim` in wheels[1]", "    5 |     rim: 3", "      |     ^^^ expected one of size, kind"],
    ),
    "an unknown key in the one block of a list": (
        "name: a\nwheels: {size: 1, siz: 2}\n",
        ["m.yaml:2:19: error: unknown key `siz` in wheels", "    2 | wheels: {size: 1, siz: 2}", "      |                   ^^^ expected one of size, kind; did you mean `size`?"],
    ),
    "an unknown key in a block that is built later": (
        "name: a\nlater: {mast: 1, mats: 2}\n",
        ["m.yaml:2:18: error: unknown key `mats` in later", "    2 | later: {mast: 1, mats: 2}", "      |                  ^^^^ expected one of mast; did you mean `mast`?"],
    ),
    "a wrong value in a block that is built later": (
        "name: a\nlater: {mast: 10}\n",
        ["m.yaml:2:15: error: `later.mast` is `10`", "    2 | later: {mast: 10}", "      |               ^^ expected at most 9"],
    ),
    "an alias under its python name": (
        "power: 1\nfrom_: here\n",
        ["m.yaml:1:1: error: the key `name` is missing", "    1 | power: 1", "      | ^^^^^ expected a text",
         "m.yaml:1:1: error: unknown key `power`", "    1 | power: 1", "      | ^^^^^ expected one of name, license, engine, wheels, spare, notes, by_name, later, anything",
         "m.yaml:2:1: error: unknown key `from_`", "    2 | from_: here", "      | ^^^^^ expected one of name, license, engine, wheels, spare, notes, by_name, later, anything"],
    ),
    "a missing key": (
        "name: a\nengine: {from: b}\n",
        ["m.yaml:2:9: error: the key `power` is missing in engine", "    2 | engine: {from: b}", "      |         ^ expected a whole number, digits only"],
    ),
    "a scalar for a block": (
        "name: a\nengine: strong\n",
        ["m.yaml:2:9: error: `engine` is `strong`", "    2 | engine: strong", "      |         ^^^^^^ expected a mapping (`key: value` lines)"],
    ),
    "a list for a block": (
        "name: a\nengine: [power]\n",
        ["m.yaml:2:9: error: `engine` is a list", "    2 | engine: [power]", "      |         ^ expected a mapping (`key: value` lines)"],
    ),
    "an empty list for a block": (
        "name: a\nengine: []\n",
        ["m.yaml:2:9: error: `engine` is empty", "    2 | engine: []", "      |         ^ expected a mapping (`key: value` lines)"],
    ),
    "nothing for a block": (
        "name: a\nengine:\n",
        ["m.yaml:2:1: error: `engine` has no value", "    2 | engine:", "      | ^^^^^^ expected a mapping (`key: value` lines)"],
    ),
    "a mapping for a list": (
        "name: a\nspare: {size: 1}\n",
        ["m.yaml:2:8: error: `spare` is a mapping", "    2 | spare: {size: 1}", "      |        ^ expected a list (`- …` lines, or brackets)"],
    ),
    "a text for a list": (
        "name: a\nnotes: b\n",
        ["m.yaml:2:8: error: `notes` is `b`", "    2 | notes: b", "      |        ^ expected a list (`- …` lines, or brackets)"],
    ),
    "a wrong value deep inside": (
        "name: a\nby_name: {left: {size: 0}}\n",
        ["m.yaml:2:24: error: `by_name.left.size` is `0`", "    2 | by_name: {left: {size: 0}}", "      |                        ^ expected at least 1"],
    ),
    "a contradiction": (
        "name: nobody\n",
        ["m.yaml:1:7: error: `nobody` is no name", "    1 | name: nobody", "      |       ^^^^^^"],
    ),
    "a list at the top": (
        "- name: a\n",
        ["m.yaml:1:1: error: the file is a list", "    1 | - name: a", "      | ^ expected a mapping (`key: value` lines)"],
    ),
    "a text at the top": (
        "name\n",
        ["m.yaml:1:1: error: the file is `name`", "    1 | name", "      | ^^^^ expected a mapping (`key: value` lines)"],
    ),
    "nothing at the top": (
        "{}\n",
        ["m.yaml:1:1: error: the key `name` is missing", "    1 | {}", "      | ^ expected a text"],
    ),
    "a key that pydantic uses as a mark": (
        "name: a\n'[key]': b\n",
        ["m.yaml:2:1: error: unknown key `[key]`", "    2 | '[key]': b", "      | ^^^^^^^ expected one of name, license, engine, wheels, spare, notes, by_name, later, anything"],
    ),
    "a key that would paint the terminal": (
        'name: a\n"\\e[31m": b\n',
        ["m.yaml:2:1: error: unknown key `\\x1b[31m`", '    2 | "\\e[31m": b', "      | ^^^^^^^^ expected one of name, license, engine, wheels, spare, notes, by_name, later, anything"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_told_with_its_place(text, expected):
    assert refusal(text) == "\n".join(expected)


class Needs(Block):
    kind: At[Annotated[Kind, Word]]
    version: Annotated[int, Whole] = Field(examples=[3])
    wheel: Wheel
    notes: OneOrMany[Annotated[str, Text]]


def test_a_missing_key_is_told_with_what_belongs_there():
    with pytest.raises(InputError) as caught:
        read("{}", Needs)
    assert [f"{problem.sentence}: {problem.expected}" for problem in caught.value.problems] == [
        "the key `kind` is missing: one of chat, reranking",
        "the key `version` is missing: `version: 3`",
        "the key `wheel` is missing: ",
        "the key `notes` is missing: a text",
    ]


def test_a_key_missing_in_a_model_of_another_kind_is_told_without():
    class Inner(BaseModel):
        size: Annotated[int, Whole]

    class Outer(BaseModel):
        inner: Inner

    assert refusal("inner: {}", Outer) == "\n".join(
        ["m.yaml:1:8: error: the key `size` is missing in inner", "    1 | inner: {}", "      |        ^"]
    )


def test_everything_is_told_at_once_in_the_order_of_the_file():
    text = "wheels: [{size: 0}, {kind: chatt}]\nnam: b\nengine: {power: x}\n"
    with pytest.raises(InputError) as caught:
        read(text)
    assert [f"{problem.at} {problem.sentence}" for problem in caught.value.problems] == [
        "m.yaml:1:1 the key `name` is missing",
        "m.yaml:1:17 `wheels[0].size` is `0`",
        "m.yaml:1:21 the key `size` is missing in wheels[1]",
        "m.yaml:1:28 `wheels[1].kind` is `chatt`",
        "m.yaml:2:1 unknown key `nam`",
        "m.yaml:3:17 `engine.power` is `x`",
    ]


def test_the_path_of_a_part_stands_before_its_keys():
    assert refusal("siz: 1", Wheel, path="rules.tyres").startswith(
        "m.yaml:1:1: error: the key `size` is missing in rules.tyres\n"
    )


def test_a_part_that_is_wrong_itself_is_named_by_its_path():
    assert refusal("a", Wheel, path="rules.tyres").startswith("m.yaml:1:1: error: `rules.tyres` is `a`\n")


def test_keys_that_were_taken_out_before_are_known():
    assert refusal("size: 1\nenforcemnt: x", Wheel, also_known=("enforcement",)).endswith(
        "expected one of enforcement, size, kind; did you mean `enforcement`?"
    )


def test_keys_that_were_taken_out_before_are_unknown_further_down():
    text = "name: a\nengine: {power: 1, enforcement: x}"
    assert refusal(text, also_known=("enforcement",)).endswith("expected one of power, from")


def test_a_known_key_of_a_model_of_another_kind_is_offered():
    class Plain(BaseModel, extra="forbid"):
        size: Annotated[int, Whole] = 0

    assert refusal("siez: 3", Plain).endswith("expected one of size; did you mean `size`?")


def test_a_hundred_problems_are_told_and_the_others_counted():
    text = "name: a\n" + "".join(f"key{number}: 1\n" for number in range(MAX_PROBLEMS + 50))
    with pytest.raises(InputError) as caught:
        read(text)
    assert (len(caught.value.problems), caught.value.problems[-1].sentence) == (MAX_PROBLEMS + 1, "50 more problems")


def test_a_mebibyte_of_unknown_keys_is_refused_without_taking_the_square_of_it():
    text = "".join(f"key{number}: 1\n" for number in range(80_000))
    with that_ends(seconds=60):
        refusal(text)


def test_a_long_key_is_cut():
    assert refusal(f"name: a\n{'k' * 500}: 1").startswith(f"m.yaml:2:1: error: unknown key `{'k' * 60}…`\n")


def test_an_error_that_we_have_no_words_for_is_a_mistake_of_ours():
    class Odd(Block):
        size: int

    with pytest.raises(TypeError, match="size: no wording for int_type"):
        read("size: 3", Odd)


def test_a_validator_of_a_model_may_say_several_things():
    class Pair(Block):
        a: At[Annotated[str, Text]]
        b: At[Annotated[str, Text]]

        @field_validator("b")
        @classmethod
        def _never(cls, value):
            raise refuse(Problem("second", at=value.at), Problem("first", at=value.at._replace(line=1)))

    with pytest.raises(InputError) as caught:
        read("a: x\nb: y", Pair)
    assert [problem.sentence for problem in caught.value.problems] == ["first", "second"]


def test_a_tree_put_together_by_hand_is_bound():
    source = from_text("m.yaml", "size: 7")
    whole = parse(source)
    part = Mapping({"size": Entry(whole.at, Scalar("7", True, whole.at))}, whole.at)
    assert bind(part, Wheel).size == 7


PLUGINS = """
import sys
from checker.document.bind import Block, bind
from checker.document.read import from_text
from checker.document.tree import parse
class Empty(Block): pass
before = "pydantic.plugin._loader" in sys.modules
bind(parse(from_text("m", "{}")), Empty)
print(before, "pydantic.plugin._loader" in sys.modules, "importlib.metadata" in sys.modules)
class Other(Block): pass
Other.model_rebuild()
class Third(Block): pass
bind(parse(from_text("m", "{}")), Third)
print("pydantic.plugin._loader" in sys.modules)
"""


def test_building_a_validator_reads_no_metadata_of_packages_and_leaves_pydantic_as_it_was():
    from pathlib import Path

    done = subprocess.run(
        [sys.executable, "-c", PLUGINS], capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=60
    )
    assert (done.stdout, done.stderr) == ("False False False\nTrue\n", "")
