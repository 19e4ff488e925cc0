"""Which ancestors have a say in the licence of a model, through which kind of step, and where nobody knows."""

from __future__ import annotations

import pytest

from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.lineage import Ancestor, Lineage
from checker.facts.model import Facts, Parent, Relation
from checker.licenses.ancestry import Gap, Link, links

ROOT = Lineage(root=Fact(True, Certainty.DECLARED, Source(Origin.CATALOGUE, "card", "m")))
META = "meta-llama/Llama-3.1-8B"


def facts(model: str, license_id: str | None) -> Facts:
    known = (
        Fact(license_id, Certainty.DECLARED, Source(Origin.CATALOGUE, "card", model))
        if license_id is not None
        else None
    )
    return Facts(model, model, license=known or Unknown("license"))


def ancestor(
    model: str,
    license_id: str | None = "llama3.1",
    relation: Relation = Relation.FINETUNE,
    above: Lineage = ROOT,
    certainty: Certainty = Certainty.DECLARED,
) -> Ancestor:
    parent = Fact(Parent(model, relation), certainty, Source(Origin.CATALOGUE, "card", "child"))
    return Ancestor(parent, facts(model, license_id), above)


def found(child: str, *parents: Ancestor) -> list[Link | Gap]:
    return list(links(facts(child, "mit"), Lineage(parents)))


def relations(child: str, *parents: Ancestor) -> list[tuple[str, str]]:
    return [(one.model, one.relation) for one in found(child, *parents) if isinstance(one, Link)]


def test_a_root_has_no_links() -> None:
    assert list(links(facts("acme/m", "mit"), ROOT)) == []


def test_a_parent_is_a_link_with_its_licence_and_the_way_to_it() -> None:
    [link] = found("acme/m", ancestor(META))
    assert isinstance(link, Link)
    assert (link.model, link.license.id, link.relation, link.way) == (
        META,
        "llama3.1",
        "finetune",
        f"finetune of {META}",
    )
    assert [fact.value for fact in link.evidence] == [Parent(META, Relation.FINETUNE), "llama3.1"]


@pytest.mark.parametrize(("relation", "certainty", "way"), [
    (Relation.QUANTIZED, Certainty.INFERRED, f"quantized of {META} (inferred)"),
    (Relation.UNSTATED, Certainty.CLAIMED, f"made from {META} (claimed)"),
    (Relation.MERGE, Certainty.VERIFIED, f"merge of {META}"),
])  # fmt: skip
def test_a_step_that_is_not_sure_is_labelled_so(relation: Relation, certainty: Certainty, way: str) -> None:
    [link] = found("acme/m", ancestor(META, relation=relation, certainty=certainty))
    assert isinstance(link, Link)
    assert link.way == way


def test_what_the_licensor_made_of_it_comes_with_the_licensors_terms() -> None:
    base = ancestor("meta-llama/Llama-3.1-70B", "llama3.1")
    tuned = ancestor("meta-llama/Llama-3.3-70B-Instruct", "llama3.3", above=Lineage((base,)))
    assert relations("acme/m", tuned) == [("meta-llama/Llama-3.3-70B-Instruct", "finetune")]


def test_a_publishers_own_model_is_not_bound_by_its_own_licence() -> None:
    assert relations("Meta-Llama/other", ancestor(META)) == []


def test_a_folder_has_no_publisher() -> None:
    assert relations("./tuned", ancestor("./base", "llama3.1")) == [("./base", "finetune")]


def test_an_ancestor_further_up_has_a_say_too() -> None:
    tuned = ancestor("nous/Hermes", "mit", above=Lineage((ancestor(META),)))
    assert relations("acme/m", tuned) == [("nous/Hermes", "finetune"), (META, "finetune")]


@pytest.mark.parametrize(("first", "second", "together"), [
    (Relation.QUANTIZED, Relation.QUANTIZED, "quantized"),
    (Relation.QUANTIZED, Relation.FINETUNE, "finetune"),
    (Relation.QUANTIZED, Relation.ADAPTER, "finetune"),
    (Relation.UNSTATED, Relation.QUANTIZED, "unstated"),
    (Relation.MERGE, Relation.FINETUNE, "merge"),
    (Relation.FINETUNE, Relation.DISTILL, "distill"),
])  # fmt: skip
def test_steps_act_together(first: Relation, second: Relation, together: str) -> None:
    middle = ancestor("nous/m", "mit", relation=first, above=Lineage((ancestor(META, relation=second),)))
    assert relations("acme/m", middle)[1] == (META, together)


def test_an_unnamed_parent_is_a_gap() -> None:
    lineage = Lineage(unnamed=Unknown("parents"))
    assert list(links(facts("acme/m", "mit"), lineage)) == [
        Gap("what acme/m descends from is not known: no source states it")
    ]


def test_a_parent_of_which_nothing_is_recorded_is_a_gap() -> None:
    parent = Fact(Parent("acme/unheard-of", Relation.UNSTATED), Certainty.CLAIMED, Source(Origin.MANIFEST, "x", "m"))
    unknown = Unknown("facts", "nothing is recorded of acme/unheard-of")
    assert found("acme/m", Ancestor(parent, unknown, Lineage(unnamed=Unknown("parents")))) == [
        Gap("made from acme/unheard-of (claimed): nothing is recorded of acme/unheard-of")
    ]


@pytest.mark.parametrize(("license_id", "reason"), [
    (None, "the licence of meta-llama/Llama-3.1-8B is not known: no source states it"),
    ("", "the licence of meta-llama/Llama-3.1-8B is not known: the card declares no licence"),
    ("llama-3", "the licence of meta-llama/Llama-3.1-8B is not known: `llama-3` names no single licence: llama3, llama3.1,"
                " llama3.2, llama3.3 differ in their terms"),
])  # fmt: skip
def test_a_parent_whose_licence_is_not_known_is_a_gap(license_id: str | None, reason: str) -> None:
    assert found("acme/m", ancestor(META, license_id)) == [Gap(reason)]


def test_a_parent_whose_own_parents_are_not_known_is_a_link_and_a_gap() -> None:
    above = Lineage(unnamed=Unknown("parents"))
    gap, link = found("acme/m", ancestor(META, above=above))
    assert gap == Gap("what meta-llama/Llama-3.1-8B descends from is not known: no source states it")
    assert isinstance(link, Link)


def test_a_parent_under_two_licences_that_both_apply_is_two_links() -> None:
    both = found("acme/m", ancestor(META, "llama3.1 AND Apache-2.0"))
    assert [one.license.id for one in both if isinstance(one, Link)] == ["llama3.1", "Apache-2.0"]
    [one] = found("acme/m", ancestor(META, "llama3.1 OR Apache-2.0"))
    assert isinstance(one, Link)
    assert one.license.id == "Apache-2.0"
