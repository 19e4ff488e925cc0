"""Which licence the facts of a model name, which lines state its use, and how a policy names licences."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from checker.document.bind import bind
from checker.document.place import Place, SourceFile
from checker.document.tree import Scalar, parse
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import Facts
from checker.licenses.circumstances import Assumptions, Circumstances, Revenue, UsersInMonth
from checker.licenses.declared import Declared, declared, label, takes_more_than_text, written_label
from checker.licenses.derivative import Offered, OwnTerms, Unstated
from checker.licenses.option import LicenseId
from checker.licenses.registry import Resolved, load
from checker.licenses.stated import circumstances, line_of
from checker.manifest.use import Use
from checker.rulebook.organisation import Organisation

PLACE = Place(SourceFile("policy.yaml", "allow:"), 1, 1)


def fact(value: Any, certainty: Certainty = Certainty.DECLARED) -> Fact[Any]:
    return Fact(value, certainty, Source(Origin.CATALOGUE, "hf-card", "acme/model"))


def facts(**known: object) -> Facts:
    found: Facts = Facts("acme/model", "acme/model")._replace(**{name: fact(value) for name, value in known.items()})  # type: ignore[arg-type]
    return found


def stated(**known: object) -> Declared:
    found = declared(facts(**known))
    assert isinstance(found, Declared)
    return found


def test_a_licence_that_no_source_states_is_unknown() -> None:
    assert declared(facts()) == Unknown("license")


def test_a_hub_id_names_its_text_and_rests_on_the_card() -> None:
    found = stated(license="apache-2.0")
    assert found == Declared("apache-2.0", Resolved(load("Apache-2.0")), (fact("apache-2.0"),))
    assert found.problem == ""


def test_other_is_read_with_the_name_beside_it() -> None:
    found = stated(license="other", license_name="tongyi-qianwen", license_note="see the file")
    assert found.resolution == Resolved(load("tongyi-qianwen"))
    assert found.evidence == (fact("other"), fact("tongyi-qianwen"), fact("see the file"))


@pytest.mark.parametrize(("known", "problem"), [
    ({"license": ""}, "the card declares no licence"),
    ({"license": "other"}, "`other` names no text, and no `license_name` says which it is"),
    ({"license": "llama-3"}, "`llama-3` names no single licence: llama3, llama3.1, llama3.2, llama3.3 differ in their terms"),
    ({"license": "apahce-2.0"}, "`apahce-2.0`: no licence of that name is known; the nearest name is `Apache-2.0`"),
    ({"license": "SSPL-1.0"}, "`SSPL-1.0`: no licence of that name is known"),
    ({"license": "other", "license_name": "jamba-open-model-license"},
     "`jamba-open-model-license`: the text of the Jamba Open Model License has not been read"),
    ({"license": "MIT OR isc OR Zlib"}, "`MIT OR isc OR Zlib` offers a choice of 3 licences: each has to be judged"),
    ({"license": "MIT AND isc"}, "`MIT AND isc` names 2 licences that all apply: each has to be judged"),
])  # fmt: skip
def test_what_names_no_single_text_says_what_it_could_be(known: dict[str, str], problem: str) -> None:
    assert stated(**known).problem == problem


@pytest.mark.parametrize(("known", "expected"), [
    ({"multimodal": True}, True),
    ({"multimodal": False}, False),
    ({"architectures": ("LlamaForCausalLM",), "pipeline_tag": "text-generation"}, False),
    ({"architectures": ("LlamaForCausalLM",)}, None),
    ({"pipeline_tag": "text-generation"}, None),
    ({"architectures": ("MllamaForConditionalGeneration",), "pipeline_tag": "text-generation"}, None),
    ({"multimodal": True, "architectures": ("LlamaForCausalLM",), "pipeline_tag": "text-generation"}, True),
])  # fmt: skip
def test_a_causal_model_listed_for_text_takes_text_alone(known: dict[str, object], expected: bool | None) -> None:
    assert takes_more_than_text(facts(**known)) is expected


def test_a_label_is_what_the_card_offers() -> None:
    assert label(stated(license="mit")) == Offered((load("MIT"),))
    assert label(stated(license="")) == Unstated("the card declares no licence")
    assert label(stated(license="other")) == Unstated("`other` names no text, and no `license_name` says which it is")
    assert label(Unknown("license")) == Unstated("no source states it")


def test_a_written_label_may_be_a_projects_own_terms() -> None:
    assert written_label("Proprietary") == OwnTerms()
    assert written_label("Apache 2.0") == Offered((load("Apache-2.0"),))
    assert written_label(None) == Unstated()
    assert written_label("LicenseRef-acme") == Unstated("`LicenseRef-acme`: no licence of that name is known")


@pytest.mark.parametrize(("written", "read"), [
    ("Apache 2.0", "Apache-2.0"), ("apache-2.0", "Apache-2.0"), ("Llama 3.1", "llama3.1"),
    ("LicenseRef-acme-1.0", "LicenseRef-acme-1.0"), ("jamba-open-model-license", "jamba-open-model-license"),
])  # fmt: skip
def test_a_policy_names_licences_in_any_spelling(written: str, read: str) -> None:
    assert LicenseId.read(Scalar(written, True, PLACE)) == read


@pytest.mark.parametrize(("written", "found", "expected", "hint"), [
    ("apahce-2.0", "is `apahce-2.0`", "a licence: an SPDX id, a Hub id or a name; `LicenseRef-…` for one of your own",
     "did you mean `Apache-2.0`?"),
    ("nonsense", "is `nonsense`", "a licence: an SPDX id, a Hub id or a name; `LicenseRef-…` for one of your own", ""),
    ("llama-3", "is `llama-3`, which names no single licence", "one of llama3, llama3.1, llama3.2, llama3.3", ""),
])  # fmt: skip
def test_a_policy_that_misspells_a_licence_is_told(written: str, found: str, expected: str, hint: str) -> None:
    with pytest.raises(PydanticCustomError) as error:
        LicenseId.read(Scalar(written, True, PLACE))
    assert error.value.context == {"found": found, "expected": expected, "hint": hint, "instead": ""}


def test_a_licence_option_is_a_string_in_the_schema() -> None:
    assert LicenseId.json_schema() == {"type": "string", "minLength": 1}


def use(text: str) -> Use:
    return bind(parse(SourceFile("model.yaml", text)), Use)


def organisation(text: str = "{}") -> Organisation:
    return bind(parse(SourceFile("policy.yaml", text)), Organisation)


def gathered(block: Use | None, said: str = "{}") -> Circumstances:
    return circumstances(block, organisation(said), multimodal=None, duties_shown=(), assumed=Assumptions())


def test_what_nobody_states_is_not_stated() -> None:
    assert gathered(None) == Circumstances()
    assert gathered(use("{intended: answers questions}")) == Circumstances()


def test_every_key_that_terms_can_ask_for_is_gathered() -> None:
    block = use("{purpose: research, distribution: [service, on-device], regions: EU, monthly_active_users: 5}")
    said = "{seat: US, users: [{month: 2024-06, value: 7}], revenue: [{year: 2025, value: 9, currency: EUR}]}"
    found = circumstances(
        block,
        organisation(said),
        multimodal=True,
        duties_shown=("registration", "built-with-llama"),
        assumed=Assumptions(users_below=100),
    )
    assert found == Circumstances(
        purpose="research",
        distribution=("service", "on-device"),
        regions=("EU",),
        product_users=5,
        group_users=(UsersInMonth("2024-06", 7),),
        revenue=(Revenue(9, "EUR", "year", 2025),),
        seat="US",
        multimodal=True,
        held=("registration",),
        assumed=Assumptions(users_below=100),
    )
    assert type(found.purpose) is str


def test_a_finding_points_at_the_line_that_states_the_use() -> None:
    block = use("purpose: research\nregions: [EU]\nmonthly_active_users: 5\n")
    assert line_of("use.purpose", block) == block.purpose.at  # type: ignore[union-attr]
    assert str(line_of("use.regions", block)) == "model.yaml:2:11"
    assert str(line_of("use.monthly_active_users", block)) == "model.yaml:3:23"
    assert line_of("use.distribution", block) is None
    assert line_of("organisation.users", block) is None
    assert line_of("use.purpose", None) is None


@pytest.mark.parametrize(("spelling", "choices", "texts"), [
    ("mit", [["MIT"]], ["MIT"]),
    ("MIT OR GPL-3.0-only", [["MIT"], ["GPL-3.0-only"]], ["MIT"]),
    ("CC-BY-NC-4.0 OR GPL-3.0-only", [["CC-BY-NC-4.0"], ["GPL-3.0-only"]], ["GPL-3.0-only"]),
    ("llama3.1 AND Apache-2.0", [["llama3.1", "Apache-2.0"]], ["llama3.1", "Apache-2.0"]),
    ("MIT OR acme-terms", [["MIT"]], ["MIT"]),  # nobody has to take the unknown one
    ("MIT AND acme-terms", [], []),
    ("bsd", [], []),
    ("acme-terms", [], []),
])  # fmt: skip
def test_a_choice_and_a_sum_of_licences_is_known_by_its_texts(
    spelling: str, choices: list[list[str]], texts: list[str]
) -> None:
    found = stated(license=spelling)
    assert [[text.id for text in way] for way in found.ways] == choices
    assert [text.id for text in found.texts] == texts


def test_a_label_is_what_recipients_may_take_at_its_freest() -> None:
    assert label(stated(license="GPL-3.0-only OR MIT")) == Offered((load("MIT"),))
    assert label(stated(license="GPL-3.0-only AND MIT")) == Offered((load("GPL-3.0-only"), load("MIT")))
