"""What a model descends from, as far as anybody says."""

from __future__ import annotations

from checker.document.place import At, Place, SourceFile
from checker.facts.catalogue import Catalogue
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.lineage import CYCLE, Lineage, build
from checker.facts.model import Facts, Parent, Relation

HERE = Place(SourceFile("model.yaml", "models: []\n"), 9, 5)
NOT_ROOT = At(False, HERE)
ROOT = At(True, HERE)


def model(name: str, *parents: str, certainty: Certainty = Certainty.DECLARED, known: bool = True) -> Facts:
    descent = tuple(Parent(parent, Relation.FINETUNE) for parent in parents)
    fact = Fact(descent, certainty, Source(Origin.CATALOGUE, "hf-card", name))
    return Facts(name, name, parents=fact if known else Unknown("parents"))


def lineage_of(name: str, *models: Facts, derived_from: tuple[str, ...] = (), root: At[bool] = NOT_ROOT) -> Lineage:
    known = {facts.model: facts for facts in models}
    claimed = tuple(At(parent, HERE) for parent in derived_from)
    return build(known[name], claimed, root, known.get)


def test_a_source_names_the_parent_and_its_facts_are_there():
    base = model("acme/base")
    lineage = lineage_of("acme/chat", model("acme/chat", "acme/base"), base)
    (ancestor,) = lineage.parents
    assert ancestor.parent.value == Parent("acme/base", Relation.FINETUNE)
    assert ancestor.parent.certainty is Certainty.DECLARED
    assert ancestor.facts == base
    assert (lineage.root, lineage.unnamed) == (None, None)


def test_a_source_says_that_a_model_is_a_root():
    lineage = lineage_of("acme/base", model("acme/base", certainty=Certainty.INFERRED))
    assert lineage.parents == ()
    assert lineage.root is not None
    assert (lineage.root.value, lineage.root.certainty) == (True, Certainty.INFERRED)


def test_nobody_names_a_parent():
    lineage = lineage_of("acme/chat", model("acme/chat", known=False))
    assert lineage == Lineage(unnamed=Unknown("parents"))


def test_the_manifest_names_a_parent_that_no_source_names():
    lineage = lineage_of("./mine", model("./mine", known=False), model("acme/base"), derived_from=("acme/base",))
    (ancestor,) = lineage.parents
    assert ancestor.parent == Fact(
        Parent("acme/base", Relation.UNSTATED),
        Certainty.CLAIMED,
        Source(Origin.MANIFEST, "derived_from", "./mine", at=HERE),
    )
    assert lineage.unnamed is None


def test_parents_of_both_sources_stand_beside_each_other_once():
    lineage = lineage_of(
        "acme/chat",
        model("acme/chat", "acme/base"),
        model("acme/base"),
        model("acme/teacher"),
        derived_from=("acme/base", "acme/teacher"),
    )
    assert [ancestor.parent.value.model for ancestor in lineage.parents] == ["acme/base", "acme/teacher"]
    assert [ancestor.parent.certainty for ancestor in lineage.parents] == [Certainty.DECLARED, Certainty.CLAIMED]


def test_the_manifest_says_that_there_are_no_parents():
    lineage = lineage_of("./mine", model("./mine", known=False), root=ROOT)
    assert lineage.root is not None
    assert lineage.root.certainty is Certainty.CLAIMED
    assert lineage.root.source.at == HERE


def test_a_source_that_names_a_parent_is_surer_than_the_manifest():
    lineage = lineage_of("acme/chat", model("acme/chat", "acme/base"), model("acme/base"), root=ROOT)
    assert lineage.root is None
    assert [ancestor.parent.value.model for ancestor in lineage.parents] == ["acme/base"]


def test_a_parent_of_which_nothing_is_recorded_says_so():
    (ancestor,) = lineage_of("acme/chat", model("acme/chat", "acme/lost")).parents
    assert ancestor.facts == Unknown("facts", "nothing is recorded of acme/lost")
    assert ancestor.above == Lineage(unnamed=Unknown("parents", "nothing is recorded of acme/lost"))


def test_the_ancestry_is_followed_to_its_end():
    lineage = lineage_of(
        "acme/chat", model("acme/chat", "acme/code"), model("acme/code", "acme/base"), model("acme/base")
    )
    ways = [[step.parent.value.model for step in path] for path in lineage.paths()]
    assert ways == [["acme/code"], ["acme/code", "acme/base"]]
    (code,) = lineage.parents
    (base,) = code.above.parents
    assert base.above.root is not None


def test_two_ways_to_one_ancestor_are_both_told():
    lineage = lineage_of(
        "acme/merge",
        model("acme/merge", "acme/one", "acme/two"),
        model("acme/one", "acme/base"),
        model("acme/two", "acme/base"),
        model("acme/base"),
    )
    ways = ["/".join(step.parent.value.model.removeprefix("acme/") for step in path) for path in lineage.paths()]
    assert ways == ["one", "one/base", "two", "two/base"]


def test_an_ancestry_is_followed_to_a_depth_and_no_further():
    chain = [model(f"acme/m{number}", f"acme/m{number + 1}") for number in range(200)]
    *_, last = lineage_of("acme/m0", *chain).paths()
    assert len(last) == 65
    assert last[-1].above.unnamed == Unknown("parents", "the ancestry beyond acme/m65 is too large to be followed")


def test_an_ancestry_of_many_ways_is_followed_to_a_number_and_no_further():
    names = [(f"acme/a{number}", f"acme/b{number}") for number in range(30)]
    layers = [model(name, *names[index + 1]) for index in range(29) for name in names[index]]
    lineage = lineage_of("acme/a0", *layers)
    reasons = [path[-1].above.unnamed.reason for path in lineage.paths() if path[-1].above.unnamed]
    assert any(reason.endswith("is too large to be followed") for reason in reasons)
    assert sum(1 for _ in lineage.paths()) < 2 * 4096 + 100


def test_a_circle_ends_where_it_closes():
    lineage = lineage_of("acme/a", model("acme/a", "acme/b"), model("acme/b", "acme/a"))
    *_, last = lineage.paths()
    assert last[-1].above.unnamed == Unknown(CYCLE, "sources contradict each other: acme/a descends from itself")


def test_a_stricter_rule_loses_no_parent_and_is_told_which_is_doubtful():
    family = (model("acme/chat", "acme/base", certainty=Certainty.INFERRED), model("acme/base"))
    lineage = lineage_of("acme/chat", *family)
    assert lineage.at_least(Certainty.CLAIMED) is lineage
    assert lineage.at_least(Certainty.INFERRED) == lineage
    assert lineage.at_least(Certainty.DECLARED) == lineage._replace(
        unsure=(Unknown("parents", "it is only inferred (catalogue: hf-card); the rule asks for declared"),)
    )


def test_a_root_that_is_not_sure_enough_is_doubtful():
    lineage = lineage_of("acme/base", model("acme/base", certainty=Certainty.INFERRED))
    [unsure] = lineage.at_least(Certainty.DECLARED).unsure
    assert unsure.name == "parents"


def test_a_licence_of_an_ancestor_that_is_not_sure_enough_is_doubtful():
    licence = Fact("mit", Certainty.INFERRED, Source(Origin.CATALOGUE, "sibling", "acme/base"))
    base = model("acme/base")._replace(license=licence)
    seen = lineage_of("acme/chat", model("acme/chat", "acme/base", "acme/lost"), base).at_least(Certainty.DECLARED)
    assert [unsure.name for unsure in seen.unsure] == ["license"]


def test_a_parent_under_its_former_name_is_followed():
    """The card of Hermes 3 names Llama 3.1 as it was called then."""
    catalogue = Catalogue()
    facts = catalogue.find("NousResearch/Hermes-3-Llama-3.1-8B")
    assert facts is not None
    (parent,) = build(facts, (), NOT_ROOT, catalogue.find).parents
    assert parent.parent.value.model == "meta-llama/Meta-Llama-3.1-8B"
    assert isinstance(parent.facts, Facts)
    assert parent.facts.model == "meta-llama/Llama-3.1-8B"
