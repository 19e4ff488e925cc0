"""A card's front matter as the Hub gives it decoded: values of every kind that publishers write."""

import pytest

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.facts.card import card_of, front_matter, parents_by_tags, read_card
from checker.facts.model import Parent, Relation


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("a/b", (Parent("a/b", Relation.UNSTATED),)),
        (["a/b", "c/d"], (Parent("a/b", Relation.MERGE), Parent("c/d", Relation.MERGE))),
        ({"relation": "quantized", "models": ["a/b"]}, (Parent("a/b", Relation.QUANTIZED),)),
        ({"relation": "adapter", "models": "a/b"}, (Parent("a/b", Relation.ADAPTER),)),
        ({"model": "a/b"}, (Parent("a/b", Relation.UNSTATED),)),
        ("https://huggingface.co/a/b/", (Parent("a/b", Relation.UNSTATED),)),
        ([None, 7, ""], ()),
        (7, ()),
        ({}, ()),
    ],
)
def test_the_parents(stated, expected):
    assert card_of({"base_model": stated}).parents == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("mit", "mit"), (["mit", "apache-2.0"], "mit AND apache-2.0"), (None, ""), ({"id": "mit"}, ""), ([], "")],
)
def test_the_licence(stated, expected):
    assert card_of({"license": stated}).license == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_has_lines_as_yaml_has_them(end):
    front = front_matter(SourceFile("README.md", end.join(("---", "license: mit", "---", "text"))))
    assert read_card(front).license == "mit"


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_what_others_read_as_a_comment_is_not_a_line_of_its_own(odd):
    front = front_matter(SourceFile("README.md", f"---\ntags: [a] # {odd}license: mit\n---\n"))
    with pytest.raises(InputError, match="printable text"):
        read_card(front)


def test_tags_say_how_a_model_descends():
    parents = (Parent("a/b", Relation.MERGE), Parent("c/d", Relation.UNSTATED))
    tags = ("base_model:a/b", "base_model:finetune:a/b", "base_model:c/d", "base_model:distil:c/d", "license:mit")
    assert parents_by_tags(parents, tags) == (Parent("a/b", Relation.FINETUNE), Parent("c/d", Relation.UNSTATED))


def test_parents_that_only_tags_name_are_added():
    assert parents_by_tags((), ("base_model:a/b", "base_model:adapter:c/d")) == (
        Parent("c/d", Relation.ADAPTER),
        Parent("a/b", Relation.UNSTATED),
    )


def test_a_parent_in_other_capitals_is_the_same():
    parents = (Parent("A/b", Relation.UNSTATED),)
    assert parents_by_tags(parents, ("base_model:a/B",)) == parents
    assert parents_by_tags(parents, ("base_model:merge:a/B",)) == (Parent("A/b", Relation.MERGE),)
