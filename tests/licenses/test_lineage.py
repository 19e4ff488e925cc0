"""A derivative held against the terms of what it was made from."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.licenses.circumstances import Circumstances, Sharing, UsersInMonth
from checker.licenses.derivative import (
    Conflict,
    Derivative,
    Judgement,
    Label,
    Offered,
    OwnTerms,
    RelationName,
    Unstated,
    Verdict,
    as_judgement,
)
from checker.licenses.license import DerivativeRule, DerivativeTerms, License
from checker.licenses.lineage import judge, judge_joined, judge_label, judge_made, judge_travelling, may_be_shared
from checker.licenses.outputs import judge_outputs
from checker.licenses.registry import ids, load
from checker.licenses.terms import Duty, Needs, Unsettled, says

COMMERCIAL = Circumstances(purpose="commercial", distribution=("weights",))
RESEARCH = COMMERCIAL._replace(purpose="research")


def under(*license_ids: str) -> Offered:
    return Offered(tuple(load(license_id) for license_id in license_ids))


def labelled(
    base: str, label: Label, *, relation: RelationName = "finetune", name: str = "", shared: Sharing = "weights"
) -> Judgement:
    return judge_label(load(base), Derivative(label, relation, name=name, shared=shared))


def codes(judgement: Judgement) -> list[str]:
    return [conflict.code for conflict in judgement.conflicts]


def test_an_apache_fine_tune_of_a_llama_base_names_both() -> None:
    found = labelled("llama3.1", under("Apache-2.0"), name="Llama-Foo-8B")
    assert found == Judgement(
        conflicts=(
            Conflict(
                "community-relicensed",
                "llama3.1, section 1.b.i, asks that its agreement goes with every derivative and grants no right to"
                " relicense",
                "Llama-Foo-8B is offered under Apache-2.0",
                "1.b.i",
            ),
        )
    )
    assert found.verdict == "conflict"
    assert found.conflicts[0].sentence.endswith("relicense; Llama-Foo-8B is offered under Apache-2.0")


def test_a_llama_fine_tune_under_its_own_licence_has_duties_left() -> None:
    derivative = Derivative(under("llama3.1"), name="Llama-3.1-Foo-8B")
    stated = COMMERCIAL._replace(group_users=(UsersInMonth("2024-06", 5),))
    found = judge(load("llama3.1"), derivative, stated)
    assert found.verdict == "conditional"
    assert [duty.kind for duty in found.duties if not duty.ordinary] == ["display-text", "use-policy"]


@pytest.mark.parametrize(("base", "name", "begins"), [
    ("llama3.1", "Llama-3.1-Foo", True), ("llama3.1", "llama_foo", True), ("llama3.1", "Hermes-3-Llama-3.1-8B", False),
    ("llama3.1", "Meta-Llama-3.1-8B", False), ("llama3", "Llama-3-Foo", True), ("llama3", "Llama3-Foo", True),
    ("llama3", "Llama 3 MyModel 8B", True), ("llama3", "Llama-30B", False), ("llama3", "Llama-Foo", False),
    ("exaone-1.1-nc", "EXAONE-Foo-7.8B", True), ("exaone-1.1-nc", "Foo-EXAONE", False),
    ("hyperclova-x-seed", "HyperCLOVAX-Foo", True), ("hyperclova-x-seed", "HyperCLOVA X Foo 3B", True),
    ("gemma", "Anything", True),
])  # fmt: skip
def test_a_name_begins_as_the_base_asks(base: str, name: str, begins: bool) -> None:
    assert (codes(labelled(base, under(base), name=name)) == []) is begins


def test_a_wrong_name_is_quoted() -> None:
    [conflict] = labelled("llama3.1", under("llama3.1"), name="Hermes-3").conflicts
    assert conflict == Conflict(
        "name-prefix",
        'llama3.1, section 1.b.i, asks to begin the name of a model made with it with "Llama"',
        "the name is Hermes-3",
        "1.b.i",
    )


@pytest.mark.parametrize("relation", ["quantized", "unstated"])
def test_a_copy_in_another_format_may_keep_its_name(relation: RelationName) -> None:
    assert codes(labelled("llama3.1", under("llama3.1"), relation=relation, name="Meta-Llama-3.1-8B-AWQ")) == []


def test_a_name_that_nobody_gave_yet_leaves_the_duty() -> None:
    found = judge(load("llama3.1"), Derivative(under("llama3.1")), COMMERCIAL)
    assert "name-prefix" in {duty.kind for duty in found.duties}


def test_another_version_of_the_same_family_is_another_agreement() -> None:
    assert codes(labelled("llama3.1", under("llama3"))) == ["community-relicensed"]


@pytest.mark.parametrize(("base", "label", "expected"), [
    # own terms
    ("MIT", under("Apache-2.0"), []),
    ("MIT", OwnTerms(), []),
    ("Apache-2.0", Unstated(), []),
    ("OpenMDW-1.0", under("GPL-3.0-only"), []),
    # own terms, base stays
    ("qwen", under("Apache-2.0"), []),
    ("nvidia-open-model", OwnTerms(), []),
    # non-commercial
    ("CC-BY-NC-4.0", under("MIT"), ["noncommercial-dropped"]),
    ("CC-BY-NC-4.0", under("llama3.1"), ["noncommercial-dropped"]),
    ("CC-BY-NC-4.0", under("CC-BY-NC-SA-4.0"), []),
    ("CC-BY-NC-4.0", OwnTerms(), []),
    ("qwen-research", under("Apache-2.0"), ["noncommercial-dropped"]),
    ("mrl", under("CC-BY-NC-4.0", "MIT"), []),
    # use restrictions
    ("gemma", under("MIT"), ["use-restrictions-dropped"]),
    ("gemma", under("gemma"), []),
    ("gemma", under("gemma", "CC-BY-NC-4.0"), []),
    ("gemma", OwnTerms(), []),
    ("gemma", OwnTerms(carry_restrictions=False), ["use-restrictions-dropped"]),
    ("gemma", OwnTerms(carry_restrictions=True), []),
    ("creativeml-openrail-m", under("openrail++"), []),
    ("creativeml-openrail-m", under("CC-BY-NC-4.0"), ["use-restrictions-dropped"]),
    # base agreement
    ("stability-ai-community", under("MIT"), ["community-relicensed"]),
    ("llama2", OwnTerms(), ["community-relicensed"]),
    # same licence
    ("GPL-3.0-only", under("Apache-2.0"), ["copyleft-relicensed"]),
    ("GPL-3.0-only", under("GPL-3.0-only"), []),
    ("GPL-3.0-only", under("GPL-3.0-only", "CC-BY-NC-4.0"), ["further-restrictions"]),
    ("GPL-3.0-only", OwnTerms(), ["copyleft-relicensed"]),
    ("GPL-2.0-only", under("GPL-3.0-only"), ["copyleft-relicensed"]),
    ("MPL-2.0", under("Apache-2.0"), ["copyleft-relicensed"]),
    ("MPL-2.0", under("GPL-3.0-only"), []),
    ("CC-BY-SA-4.0", under("GPL-3.0-only"), []),
    ("CC-BY-SA-4.0", under("CC-BY-4.0"), ["copyleft-relicensed"]),
    ("CC-BY-NC-SA-4.0", under("CC-BY-SA-4.0"), ["noncommercial-dropped"]),
    ("CC-BY-NC-SA-4.0", under("CC-BY-NC-4.0"), ["copyleft-relicensed"]),
    ("fair-noncommercial-research-license", under("CC-BY-NC-4.0"), ["same-license-required"]),
    # notices and caps
    ("kimi-k2", under("MIT"), []),
    ("kimi-k2", under("kimi-k2"), []),
    ("mistral-modified-mit", under("MIT"), ["cap-dropped"]),
    ("mistral-modified-mit", under("mistral-modified-mit"), []),
    ("lfm-1.0", OwnTerms(), []),
    # same terms
    ("llama1", under("Apache-2.0"), ["noncommercial-dropped"]),
    ("llama1", under("llama1"), []),
    ("nvidia-ai-foundation-models-community", under("MIT"), ["community-relicensed"]),
    ("nvidia-ai-foundation-models-community", OwnTerms(), ["community-relicensed"]),
    # none
    ("CC-BY-ND-4.0", under("CC-BY-ND-4.0"), ["no-derivatives"]),
    ("ms-research", Unstated(), ["no-derivatives"]),
    ("gemma", under("llama3.1"), ["use-restrictions-dropped"]),  # it has others
    ("llama1", under("CC-BY-NC-4.0"), ["community-relicensed"]),  # it grants more than research
    ("Apache-2.0", under("GPL-2.0-only"), ["incompatible-copyleft"]),
    ("Apache-2.0", under("GPL-3.0-only"), []),
])  # fmt: skip
def test_a_label_is_judged_by_the_rule_of_the_base(base: str, label: Label, expected: list[str]) -> None:
    assert codes(labelled(base, label)) == expected


@pytest.mark.parametrize(("base", "label", "reason"), [
    ("llama3.1", Unstated(),
     "llama3.1, section 1.b.i, asks that its agreement goes with every derivative and grants no right to relicense;"
     " the derivative: its licence is not stated"),
    ("baichuan2", under("MIT"), "what baichuan2 asks of derivatives was not read"),
])  # fmt: skip
def test_what_the_texts_leave_open_is_unknown(base: str, label: Label, reason: str) -> None:
    found = labelled(base, label)
    assert [one.reason for one in found.unsettled] == [reason]
    assert found.verdict == "unknown"


GEMMA_LIMITS = "gemma, section 3.1, asks that the terms of a derivative carry its use restrictions"
ND = "CC-BY-ND-4.0, section 2(a)(1)(B), lets nobody share what is made from it"


@pytest.mark.parametrize(("base", "derivative", "found"), [
    ("CC-BY-NC-4.0", Derivative(under("MIT")),
     Conflict("noncommercial-dropped", "CC-BY-NC-4.0, section 2(a)(1), keeps its limit to non-commercial use for derivatives",
              "the derivative is offered under MIT, which grants commercial use", "2(a)(1)")),
    ("qwen-research", Derivative(under("CC-BY-NC-4.0")),
     Duty("base-terms", "qwen-research",
          "its limit to research or evaluation, which is narrower than that of CC-BY-NC-4.0", "3d", verb="keeps")),
    ("mrl", Derivative(OwnTerms()),
     Duty("base-terms", "mrl", "its limit on purposes for derivatives, which their own terms have to carry", "2.3, 4.3",
          verb="keeps")),
    ("gemma", Derivative(under("MIT")),
     Conflict("use-restrictions-dropped", GEMMA_LIMITS, "the derivative is offered under MIT, which has none", "3.1")),
    # one text with restrictions of its own is enough for them to be looked at
    ("gemma", Derivative(under("MIT", "llama3.1")),
     Conflict("use-restrictions-dropped", GEMMA_LIMITS,
              "the derivative is offered under MIT and llama3.1, which has others: the stricter apply until reviewed", "3.1")),
    ("gemma", Derivative(OwnTerms(carry_restrictions=False)),
     Conflict("use-restrictions-dropped", GEMMA_LIMITS, "the derivative is offered under terms of its own", "3.1")),
    ("llama3.1", Derivative(OwnTerms(), shared="service"),
     Duty("base-terms", "llama3.1", "that its agreement goes with the model, beside terms of one's own", "1.b.i")),
    ("llama3.1", Derivative(Unstated(), shared="service"),
     Duty("base-terms", "llama3.1", "of the terms of a service what it asks of those of a derivative", "1.b.i")),
    ("GPL-3.0-only", Derivative(under("Apache-2.0")),
     Conflict("copyleft-relicensed", "GPL-3.0-only, section 5(c), asks that what is made from it carries the same licence",
              "the derivative is offered under Apache-2.0", "5(c)")),
    ("GPL-3.0-only", Derivative(under("GPL-3.0-only", "CC-BY-NC-4.0")),
     Conflict("further-restrictions", "GPL-3.0-only, section 5(c), takes no further restrictions",
              "the derivative is offered under CC-BY-NC-4.0 too", "5(c)")),
    ("MPL-2.0", Derivative(under("MIT"), "adapter"),
     Duty("base-terms", "MPL-2.0", "an adapter its own terms, and keeps the base that it needs under its own", "3.1",
          verb="leaves")),
    ("mistral-modified-mit", Derivative(under("MIT")),
     Conflict("cap-dropped", "mistral-modified-mit, section 2, keeps its revenue limit for derivatives",
              "the derivative is offered under MIT, which has none", "2")),
    ("mistral-modified-mit", Derivative(Unstated()),
     Unsettled("mistral-modified-mit, section 2, keeps its revenue limit for derivatives; the derivative: its licence is"
               " not stated", "2")),
    ("llama1", Derivative(under("Apache-2.0")),
     Conflict("noncommercial-dropped", "llama1, section 2d, takes no terms that are inconsistent with it",
              "the derivative is offered under Apache-2.0", "2d")),
    ("CC-BY-ND-4.0", Derivative(under("MIT"), name="Foo"), Conflict("no-derivatives", ND, "Foo is shared", "2(a)(1)(B)")),
    ("CC-BY-ND-4.0", Derivative(under("MIT"), shared="service"),
     Unsettled(f"{ND}; a service is not named", "2(a)(1)(B)", provable=True)),
    ("Apache-2.0", Derivative(under("GPL-2.0-only")),
     Conflict("incompatible-copyleft", "GPL-2.0-only, section 2(b), takes no further restrictions for the whole",
              "Apache-2.0 brings its own", "2(b)")),
    # what is joined is judged as one whole
    ("Apache-2.0", Derivative(under("GPL-2.0-only"), "merge"),
     Duty("source-disclosure", "GPL-2.0-only", "to offer the complete corresponding source", "3")),
    ("MIT", Derivative(under("GPL-3.0-only")),
     Duty("source-disclosure", "GPL-3.0-only", "to offer the complete corresponding source", "6")),
    ("baichuan2", Derivative(OwnTerms()), Unsettled("what baichuan2 asks of derivatives was not read", "")),
    ("creativeml-openrail-m", Derivative(under("openrail++")),
     Duty("base-terms", "creativeml-openrail-m", "that the terms of a derivative carry its use restrictions", "4a")),
])  # fmt: skip
def test_what_a_label_comes_to_is_said_with_the_clause_it_rests_on(
    base: str, derivative: Derivative, found: Conflict | Unsettled | Duty
) -> None:
    assert judge_label(load(base), derivative) == as_judgement(found)


@pytest.mark.parametrize(("base", "derivative"), [
    ("Apache-2.0", Derivative(under("GPL-2.0-only"), shared="service")),  # running a service joins nothing
    ("MPL-2.0", Derivative(under("MPL-2.0"), "adapter")),
    ("mistral-modified-mit", Derivative(under("MIT", "mistral-modified-mit"))),
    ("mrl", Derivative(under("mrl"))),
    ("mrl", Derivative(under("llama1"))),  # it grants no purpose that the base does not
])  # fmt: skip
def test_a_label_that_fits_owes_nothing(base: str, derivative: Derivative) -> None:
    assert judge_label(load(base), derivative) == Judgement()


def test_nobody_passes_on_more_than_was_given_even_where_the_rule_was_not_read() -> None:
    base = load("CC-BY-NC-4.0")._replace(derivative_terms=DerivativeTerms(DerivativeRule.UNKNOWN, "2"))
    assert judge_label(base, Derivative(under("MIT"))) == as_judgement(
        Conflict(
            "noncommercial-dropped",
            "CC-BY-NC-4.0 grants non-commercial use alone, and nobody can pass on more than was given",
            "the derivative is offered under MIT, which grants commercial use",
            "2",
        )
    )
    [open_still] = judge_label(base, Derivative(under("CC-BY-NC-SA-4.0"))).unsettled
    assert open_still == Unsettled("what CC-BY-NC-4.0 asks of derivatives was not read", "2")


@pytest.mark.parametrize(("base", "words"), [
    ("MIT", "MIT, permission notice, lets a derivative be shared under any terms, with the notices kept"),
    ("qwen", "qwen, section 3d, lets a derivative be shared under terms of its own, while qwen stays in force for the"
             " base's part"),
    ("CC-BY-NC-4.0", "CC-BY-NC-4.0, section 2(a)(1), lets a derivative be shared under terms of its own that keep the"
                     " limit to non-commercial use"),
    ("gemma", "gemma, section 3.1, lets a derivative be shared under terms of its own that carry the use restrictions"),
    ("llama3.1", "llama3.1, section 1.b.i, lets a derivative be shared under llama3.1 alone, whose agreement goes with it"),
    ("GPL-3.0-only", "GPL-3.0-only, section 5(c), lets a derivative be shared under GPL-3.0-only or AGPL-3.0-only alone"),
    ("MPL-2.0", "MPL-2.0, section 3.1, lets a derivative be shared with what was modified under MPL-2.0 or {also}"),
    ("kimi-k2", "kimi-k2, last paragraph, lets a derivative be shared under terms of its own, with the notice and the"
                " conditions in it kept"),
    ("lfm-1.0", "lfm-1.0, section 5(b), lets a derivative be shared under lfm-1.0, or terms of its own that keep the"
                " revenue limit"),
    ("llama1", "llama1, section 2d, lets a derivative be shared under llama1, or terms that are consistent with it"),
    ("CC-BY-ND-4.0", "CC-BY-ND-4.0, section 2(a)(1)(B), lets a derivative be shared under no terms"),
    ("baichuan2", "baichuan2 lets a derivative be shared under baichuan2; what else it lets was not read"),
])  # fmt: skip
def test_it_is_said_under_which_terms_a_derivative_may_be_shared(base: str, words: str) -> None:
    assert may_be_shared(load(base)) == words.format(also=", ".join(load(base).derivative_terms.compatible))


def test_a_copy_with_another_label_than_its_base_is_worded_as_to_be_reviewed() -> None:
    [found] = judge_label(load("gemma"), Derivative(under("Apache-2.0"), "quantized", name="gemma-awq")).conflicts
    assert found.found == (
        "gemma-awq is declared Apache-2.0; its base declares gemma; the stricter applies until reviewed"
    )


def test_a_text_whose_rule_was_not_read_may_keep_its_own_licence() -> None:
    assert labelled("baichuan2", under("baichuan2")) == Judgement()


@pytest.mark.parametrize(("base", "label", "duty"), [
    ("qwen", under("Apache-2.0"), "qwen, section 3d, leaves its terms in force for the part that comes from it"),
    ("CC-BY-NC-4.0", OwnTerms(),
     "CC-BY-NC-4.0, section 2(a)(1), keeps its limit on purposes for derivatives, which their own terms have to carry"),
    ("gemma", OwnTerms(), "gemma, section 3.1, asks that the terms of a derivative carry its use restrictions"),
    ("kimi-k2", under("MIT"), "kimi-k2, last paragraph, asks that its notice, with the conditions in it, stays in every copy"),
    ("lfm-1.0", OwnTerms(),
     "lfm-1.0, section 5(b), keeps its revenue limit for derivatives, which their own terms have to carry"),
    ("CC-BY-SA-4.0", under("GPL-3.0-only"), "GPL-3.0-only, section 6, asks to offer the complete corresponding source"),
])  # fmt: skip
def test_what_a_fitting_label_still_owes_is_a_duty(base: str, label: Label, duty: str) -> None:
    found = labelled(base, label)
    assert [one.sentence for one in found.duties] == [duty]
    assert found.verdict == "conditional"


@pytest.mark.parametrize("shared", ["no", "internal"])
@pytest.mark.parametrize("base", ["llama3.1", "gemma", "GPL-3.0-only", "CC-BY-ND-4.0", "mrl"])
def test_a_derivative_that_stays_inside_may_carry_any_label(base: str, shared: Sharing) -> None:
    assert labelled(base, under("MIT"), name="Foo", shared=shared) == Judgement()


@pytest.mark.parametrize(("base", "expected"), [
    ("GPL-3.0-only", []),  # running a service conveys nothing
    ("AGPL-3.0-only", ["copyleft-relicensed"]),
    ("gemma", ["use-restrictions-dropped"]),  # a hosted service is a distribution
    ("databricks-open-model", []),
    ("llama3.1", ["community-relicensed"]),
    ("ms-research", ["no-derivatives"]),
])  # fmt: skip
def test_a_service_is_reached_by_some_texts_alone(base: str, expected: list[str]) -> None:
    assert codes(labelled(base, under("MIT"), shared="service")) == expected


def test_own_terms_of_a_service_stand_beside_the_agreement() -> None:
    assert labelled("llama3.1", OwnTerms(), shared="service").verdict == "conditional"


def test_whether_a_no_derivatives_text_reaches_a_service_is_open() -> None:
    [found] = labelled("CC-BY-ND-4.0", under("MIT"), shared="service").unsettled
    assert found.reason == (
        "CC-BY-ND-4.0, section 2(a)(1)(B), lets nobody share what is made from it; a service is not named"
    )


# models trained on outputs


def distilled(
    teacher: str, label: Label, *, name: str = "", started_from: tuple[License, ...] | None = None
) -> Judgement:
    return judge_label(load(teacher), Derivative(label, "distill", name=name, started_from=started_from))


@pytest.mark.parametrize(("teacher", "label", "expected"), [
    ("MIT", under("Apache-2.0"), []),
    ("llama2", under("Apache-2.0"), ["output-training"]),
    ("llama2", under("llama2"), []),
    ("llama3.1", under("Apache-2.0"), []),
    ("gemma", under("MIT"), ["distillation-is-derivative"]),  # a model made to act alike is a derivative
    ("gemma", under("gemma"), []),
    ("tongyi-qianwen", under("Apache-2.0"), ["output-training"]),
    ("tencent-hunyuan-a13b", under("Apache-2.0"), ["output-training", "distillation-is-derivative"]),
    ("exaone-1.1-nc", under("exaone-1.1-nc"), ["output-training"]),  # no exception for its own family
    ("cohere-cc-by-nc-4.0-c4ai", under("Apache-2.0"), ["output-training"]),
    ("cohere-cc-by-nc-4.0-c4ai", under("CC-BY-NC-4.0"), []),
    ("mrl", under("MIT"), ["output-training"]),
    ("chatglm3-6b", under("MIT"), []),  # a full text that says nothing of outputs
])  # fmt: skip
def test_training_on_outputs_is_judged_by_what_the_text_says_of_outputs(
    teacher: str, label: Label, expected: list[str]
) -> None:
    assert codes(distilled(teacher, label)) == expected


def test_an_exception_for_the_own_family_looks_at_what_the_student_started_from() -> None:
    assert codes(distilled("llama2", under("llama2"), started_from=(load("Apache-2.0"),))) == ["output-training"]
    assert codes(distilled("llama2", under("Apache-2.0"), started_from=(load("llama2"),))) == []


def test_a_student_of_llama_outputs_begins_its_name_with_llama() -> None:
    assert codes(distilled("llama3.1", under("MIT"), name="Foo-8B")) == ["name-prefix"]
    assert codes(distilled("llama3.1", under("MIT"), name="Llama-Foo")) == []


def test_a_teacher_whose_text_names_materials_alone_asks_no_name_of_students() -> None:
    assert codes(distilled("llama3", under("llama3"), name="Foo-8B")) == []


@pytest.mark.parametrize(("teacher", "reason"), [
    ("exaone-1.2-nc",
     "exaone-1.2-nc, section 3.1, lets outputs improve no model that competes with the licensor; nothing states whether"
     " the derivative does"),
    ("fair-noncommercial-research-license",
     "what fair-noncommercial-research-license says of outputs was not read"),
])  # fmt: skip
def test_what_a_text_leaves_open_on_outputs_is_unknown(teacher: str, reason: str) -> None:
    assert [one.reason for one in distilled(teacher, under(teacher)).unsettled] == [reason]


NOT_ALIKE = Derivative(under("Apache-2.0"), "distill", name="Foo", student="not-generative")


@pytest.mark.parametrize(("teacher", "student", "found"), [
    ("llama3", Derivative(under("Apache-2.0"), "distill", name="Foo"),
     Conflict("output-training", "llama3, section 1.b.v, lets outputs improve no other model", "Foo was trained on them",
              "1.b.v")),
    ("llama3", NOT_ALIKE,
     Duty("output-training", "llama3",
          "outputs improve no other language or generative model; that Foo is none is to be shown", "1.b.v", verb="lets")),
    ("llama3", Derivative(under("llama3"), "distill", name="Foo"),
     Duty("output-training", "llama3", "outputs improve models that descend from it alone", "1.b.v", verb="lets")),
    ("exaone-1.2-nc", Derivative(under("exaone-1.2-nc"), "distill", name="EXAONE-Foo"),
     Unsettled("exaone-1.2-nc, section 3.1, lets outputs improve no model that competes with the licensor; nothing states"
               " whether EXAONE-Foo does", "3.1", provable=True)),
    ("cohere-cc-by-nc-4.0-c4ai", Derivative(under("Apache-2.0"), "distill", name="Foo"),
     Conflict("output-training", "{outputs} keeps its limit to {purposes} for outputs", "Foo was trained on them", "{clause}")),
    ("cohere-cc-by-nc-4.0-c4ai", Derivative(under("CC-BY-NC-4.0"), "distill", name="Foo"),
     Duty("output-training", "cohere-cc-by-nc-4.0-c4ai", "its limit to {purposes} for outputs", "{clause}", verb="keeps")),
    ("fair-noncommercial-research-license", Derivative(OwnTerms(), "distill"),
     Unsettled("what fair-noncommercial-research-license says of outputs was not read", "")),
])  # fmt: skip
def test_what_a_text_says_of_outputs_is_said_with_its_clause(
    teacher: str, student: Derivative, found: Conflict | Unsettled | Duty
) -> None:
    clause = load(teacher).output_training.clause
    filled = [
        part.format(outputs=says(load(teacher), clause), purposes="non-commercial use", clause=clause)
        if isinstance(part, str)
        else part
        for part in found
    ]
    assert judge_outputs(load(teacher), student) == type(found)(*filled)


def test_a_student_owes_no_notices_of_its_teacher() -> None:
    derivative = Derivative(under("Apache-2.0"), "distill")
    assert judge(load("MIT"), derivative, COMMERCIAL) == Judgement()


def test_using_a_non_commercial_teacher_for_a_product_is_a_conflict() -> None:
    [conflict] = judge(load("CC-BY-NC-4.0"), Derivative(under("CC-BY-NC-4.0"), "distill"), COMMERCIAL).conflicts
    assert conflict == Conflict(
        "noncommercial-use",
        "CC-BY-NC-4.0, section 2(a)(1), grants non-commercial use alone",
        "use.purpose is commercial",
        "2(a)(1)",
        "use.purpose",
    )


# terms of use that travel, merges, and what a licensee makes


def test_the_terms_of_the_base_are_held_against_the_use_of_the_derivative() -> None:
    derivative = Derivative(under("MIT"))
    assert judge(load("CC-BY-NC-4.0"), derivative, RESEARCH).verdict == "conflict"  # the label
    assert judge_travelling(load("CC-BY-NC-4.0"), derivative, RESEARCH).verdict == "ok"
    assert judge_travelling(load("CC-BY-NC-4.0"), derivative, COMMERCIAL).verdict == "conflict"


def test_what_the_base_asks_for_is_asked_of_the_derivative() -> None:
    found = judge_travelling(load("qwen"), Derivative(under("MIT")), COMMERCIAL)
    assert [one.key for one in found.needs] == ["use.monthly_active_users"]
    assert found.verdict == "unknown"


@pytest.mark.parametrize(("bases", "expected"), [
    (("Apache-2.0", "GPL-2.0-only"), [("GPL-2.0-only", "Apache-2.0")]),
    (("Apache-2.0", "GPL-3.0-only"), []),
    (("MIT", "GPL-2.0-only"), []),
])  # fmt: skip
def test_works_that_cannot_be_joined_are_named_in_pairs(
    bases: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    texts = [load(base) for base in bases]
    found = judge_joined(texts, Derivative(under("GPL-2.0-only"), "merge")).conflicts
    assert [(one.term.split(",")[0], one.found.split()[0]) for one in found] == expected
    assert judge_joined(texts, Derivative(Unstated(), "merge", shared="no")) == Judgement()


@pytest.mark.parametrize(("bases", "expected"), [
    (("GPL-3.0-only", "qwen"), ["further-restrictions"]),
    (("GPL-3.0-only", "nvidia-open-model"), ["further-restrictions"]),
    (("GPL-3.0-only", "kimi-k2"), []),
    (("GPL-3.0-only", "CC-BY-4.0"), []),
    (("CC-BY-NC-SA-4.0", "CC-BY-NC-4.0"), []),
    (("CC-BY-NC-SA-4.0", "qwen-research"), ["further-restrictions"]),
    (("CC-BY-NC-4.0", "qwen"), []),
])  # fmt: skip
def test_copyleft_takes_in_nothing_that_restricts_use_further(bases: tuple[str, ...], expected: list[str]) -> None:
    texts = [load(base) for base in bases]
    assert codes(judge_joined(texts, Derivative(under(bases[0]), "merge"))) == expected


@pytest.mark.parametrize(("bases", "expected"), [
    (("GPL-2.0-only", "Apache-2.0"), []),
    (("AGPL-3.0-only", "GPL-2.0-only"), ["incompatible-copyleft"]),
])  # fmt: skip
def test_a_hosted_whole_is_bound_by_terms_that_reach_services_alone(
    bases: tuple[str, ...], expected: list[str]
) -> None:
    texts = [load(base) for base in bases]
    assert codes(judge_joined(texts, Derivative(Unstated(), "merge", shared="service"))) == expected


def test_what_a_licensee_makes_is_not_asked_for_the_use_again() -> None:
    found = judge_made(load("CC-BY-NC-4.0"), Derivative(under("CC-BY-NC-4.0")), COMMERCIAL)
    assert found.conflicts == ()
    assert found.needs == ()
    assert found.verdict == "ok"


def test_sharing_what_may_not_be_distributed_is_a_conflict_with_the_sharing() -> None:
    found = judge_made(load("ms-research"), Derivative(under("ms-research"), shared="service"), RESEARCH)
    assert [(one.code, one.key) for one in found.conflicts] == [
        ("no-derivatives", ""),
        ("hosted-service", "use.distribution"),
    ]


@pytest.mark.parametrize(("judgement", "expected"), [
    (Judgement(), "ok"),
    (Judgement(duties=(Duty("license-copy", "MIT", "to …", ""),)), "ok"),
    (Judgement(duties=(Duty("display-text", "qwen", "to …", "", certain=False),)), "ok"),
    (Judgement(duties=(Duty("display-text", "qwen", "to …", ""),)), "conditional"),
    (Judgement(duties=(Duty("display-text", "qwen", "to …", ""),), needs=(Needs("use", "", "", ""),)), "unknown"),
    (Judgement(unsettled=(Unsettled("", ""),)), "unknown"),
    (Judgement(conflicts=(Conflict("", "", "", ""),), unsettled=(Unsettled("", ""),)), "conflict"),
])  # fmt: skip
def test_the_worst_part_is_the_verdict(judgement: Judgement, expected: Verdict) -> None:
    assert judgement.verdict == expected


_labels = st.one_of(st.just(OwnTerms()), st.just(Unstated()), st.sampled_from(sorted(ids())).map(under))


@given(
    st.sampled_from(sorted(ids())), _labels, st.sampled_from(["finetune", "adapter", "merge", "quantized", "distill"])
)
def test_every_base_judges_every_label(base: str, label: Label, relation: RelationName) -> None:
    found = judge(load(base), Derivative(label, relation, name="Foo-8B"), COMMERCIAL)
    assert found.verdict in ("ok", "conditional", "conflict", "unknown")
    assert all(load(base).id in conflict.term for conflict in found.conflicts)


def test_a_derivative_under_its_bases_licence_never_conflicts_by_its_label() -> None:
    shareable = [one for one in ids() if load(one).derivative_terms.rule.value != "none"]
    for base, relation in product(shareable, ("finetune", "quantized")):
        assert labelled(base, under(base), relation=relation).conflicts == ()  # type: ignore[arg-type]
