"""A use held against the terms of a licence: what is met, what forbids it, what is asked, what has to be done."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.licenses.circumstances import Assumptions, Circumstances, Revenue, Sharing, UsersInMonth
from checker.licenses.registry import ids, load
from checker.licenses.terms import (
    Allowed,
    Assumed,
    Duty,
    Forbidden,
    Needs,
    TermResult,
    Unsettled,
    count,
    in_notes,
    section,
)
from checker.licenses.use import judge

NOTHING_STATED = Circumstances()
COMMERCIAL = Circumstances(purpose="commercial", distribution=("internal",))


def judged(license_id: str, stated: Circumstances, *, modified: bool = False) -> tuple[TermResult, ...]:
    return judge(load(license_id), stated, modified=modified)


def without_duties(license_id: str, stated: Circumstances) -> list[TermResult]:
    return [result for result in judged(license_id, stated) if not isinstance(result, Duty)]


def duties(license_id: str, stated: Circumstances, *, modified: bool = False) -> list[str]:
    return [result.sentence for result in judged(license_id, stated, modified=modified) if isinstance(result, Duty)]


def group(value: int, month: str = "2024-06") -> Circumstances:
    return Circumstances(group_users=(UsersInMonth(month, value),))


@pytest.mark.parametrize("license_id", ["Apache-2.0", "MIT", "BSD-3-Clause", "CC-BY-4.0", "GPL-3.0-only", "gemma"])
def test_a_licence_without_conditions_asks_nothing(license_id: str) -> None:
    assert without_duties(license_id, NOTHING_STATED) == []


LLAMA_CAP = (
    "llama3.1, section 2, asks licensees above 700 million monthly active users at its release"
    " to request a licence from Meta"
)


def test_users_of_the_group_above_the_limit_at_release_need_a_licence() -> None:
    [found] = without_duties("llama3.1", group(900_000_000))
    stated = "organisation.users states 900 million for 2024-06"
    assert found == Forbidden(LLAMA_CAP, stated, "organisation.users", "2", "mau-threshold")
    assert isinstance(found, Forbidden)
    assert found.sentence == f"{LLAMA_CAP}; organisation.users states 900 million for 2024-06"


@pytest.mark.parametrize(("users", "outcome"), [
    (699_999_999, Allowed),
    (700_000_000, Allowed),  # "greater than 700 million"
    (700_000_001, Forbidden),
])  # fmt: skip
def test_the_llama_limit_itself_is_allowed(users: int, outcome: type[TermResult]) -> None:
    [found] = without_duties("llama3.1", group(users))
    assert isinstance(found, outcome)


def test_users_of_another_month_do_not_answer() -> None:
    assert without_duties("llama3.1", group(900_000_000, "2024-07")) == [
        Needs(
            "organisation.users",
            LLAMA_CAP,
            "organisation:\n  users: [{month: 2024-06, value: <monthly active users of the group>}]",
            "2",
        )
    ]


def test_users_of_the_product_today_do_not_answer_for_the_group_at_release() -> None:
    [found] = without_duties("llama3.1", Circumstances(product_users=900_000_000))
    assert isinstance(found, Needs)
    assert found.key == "organisation.users"


@pytest.mark.parametrize(("license_id", "month"), [
    ("llama2", "2023-06"), ("llama3", "2024-03"), ("llama3.1", "2024-06"), ("llama3.3", "2024-11"),
    ("databricks-open-model", "2024-02"), ("tencent-hunyuan-large", "2024-10"), ("hyperclova-x-seed", "2025-03"),
])  # fmt: skip
def test_each_release_asks_for_its_own_month(license_id: str, month: str) -> None:
    asked = [result for result in judged(license_id, NOTHING_STATED) if isinstance(result, Needs)]
    assert any(f"month: {month}" in one.yaml for one in asked)


@pytest.mark.parametrize(("license_id", "assumed", "outcome"), [
    ("llama3.1", 100_000_000, Assumed),
    ("llama3.1", 700_000_000, Assumed),  # fewer than 700 million are not above 700 million
    ("llama3.1", 700_000_001, Needs),
    ("hyperclova-x-seed", 100_000_000, Needs),
    ("hyperclova-x-seed", 10_000_000, Assumed),
])  # fmt: skip
def test_an_assumed_bound_at_or_below_the_limit_meets_it(
    license_id: str, assumed: int, outcome: type[TermResult]
) -> None:
    [found] = without_duties(license_id, Circumstances(assumed=Assumptions(users_below=assumed)))
    assert isinstance(found, outcome)


def test_an_assumption_is_worded_as_one() -> None:
    [found] = without_duties("llama3.1", Circumstances(assumed=Assumptions(users_below=100_000_000)))
    assert found == Assumed(f"{LLAMA_CAP}; the policy assumes fewer than 100 million users", "2")


def test_what_is_stated_outweighs_what_is_assumed() -> None:
    stated = group(900_000_000)._replace(assumed=Assumptions(users_below=100_000_000))
    [found] = without_duties("llama3.1", stated)
    assert isinstance(found, Forbidden)


def test_a_recorded_separate_licence_answers_the_limit() -> None:
    [found] = without_duties("llama3.1", group(900_000_000)._replace(held=("separate-license",)))
    assert found == Allowed(f"{LLAMA_CAP}; a separate licence is recorded", "2")


QWEN_CAP = (
    "qwen, section 4, asks those with a product above 100 million monthly active users"
    " to request a licence from Alibaba Cloud"
)


@pytest.mark.parametrize(("users", "outcome"), [(100_000_000, Allowed), (100_000_001, Forbidden)])
def test_the_qwen_limit_is_a_running_test_on_the_product(users: int, outcome: type[TermResult]) -> None:
    [found] = without_duties("qwen", Circumstances(purpose="commercial", product_users=users))
    assert isinstance(found, outcome)


def test_the_qwen_limit_is_worded_with_the_key_that_states_the_users() -> None:
    [found] = without_duties("qwen", Circumstances(purpose="commercial", product_users=150_000_000))
    assert found == Forbidden(
        QWEN_CAP, "use.monthly_active_users is 150 million", "use.monthly_active_users", "4", "mau-threshold"
    )


@pytest.mark.parametrize("purpose", ["research", "personal"])
def test_a_condition_on_commercial_use_asks_nothing_of_other_uses(purpose: str) -> None:
    assert without_duties("qwen", Circumstances(purpose=purpose)) == []  # type: ignore[arg-type]


def test_a_condition_on_commercial_use_asks_for_the_purpose_first() -> None:
    assert without_duties("qwen", NOTHING_STATED) == [
        Needs(
            "use.purpose",
            "qwen, section 4, has a condition on commercial use",
            "use:\n  purpose: <commercial, research or personal>",
            "4",
        )
    ]


@pytest.mark.parametrize(("license_id", "term"), [
    ("CC-BY-NC-4.0", "CC-BY-NC-4.0, section 2(a)(1), grants non-commercial use alone"),
    ("mrl", "mrl, section 3.2, grants research purposes alone"),
    ("llama1", "llama1, section 2a, grants non-commercial research alone"),
])  # fmt: skip
def test_commercial_use_of_a_non_commercial_licence_is_forbidden(license_id: str, term: str) -> None:
    clause = term.split("section ")[1].split(",", maxsplit=1)[0]
    expected = Forbidden(term, "use.purpose is commercial", "use.purpose", clause, "noncommercial-use")
    assert expected in judged(license_id, COMMERCIAL)


def test_a_purpose_that_is_not_stated_is_asked_for() -> None:
    assert without_duties("CC-BY-NC-4.0", NOTHING_STATED) == [
        Needs(
            "use.purpose",
            "CC-BY-NC-4.0, section 2(a)(1), grants non-commercial use alone",
            "use:\n  purpose: <commercial, research or personal>",
            "2(a)(1)",
        )
    ]


@pytest.mark.parametrize(("license_id", "purpose", "allowed"), [
    ("CC-BY-NC-4.0", "personal", True),
    ("CC-BY-NC-4.0", "research", True),
    ("qwen-research", "research", True),
    ("qwen-research", "personal", False),
])  # fmt: skip
def test_a_research_licence_grants_no_personal_use(license_id: str, purpose: str, allowed: bool) -> None:
    stated = Circumstances(purpose=purpose, distribution=("no",))  # type: ignore[arg-type]
    assert (without_duties(license_id, stated) == []) is allowed


def revenue(value: int, period: str = "year", currency: str = "USD", year: int = 2025) -> Circumstances:
    row = Revenue(value, currency, period, year if period == "year" else 0)  # type: ignore[arg-type]
    return COMMERCIAL._replace(revenue=(row,), held=("registration",))


@pytest.mark.parametrize(("license_id", "stated", "outcome"), [
    ("stability-ai-community", revenue(1_000_000), Allowed),
    ("stability-ai-community", revenue(1_000_001), Forbidden),
    ("stability-ai-community", revenue(500_000, currency="EUR"), Needs),
    ("stability-ai-community", revenue(100_000, "month"), Needs),
    ("lfm-1.0", revenue(9_999_999), Allowed),
    ("lfm-1.0", revenue(10_000_000), Forbidden),  # the text says "or more" and "exceeding": the stricter applies
    ("lfm-1.0", revenue(10_000_001), Forbidden),
    ("mistral-modified-mit", revenue(20_000_000, "month"), Allowed),
    ("mistral-modified-mit", revenue(20_000_001, "month"), Forbidden),
    ("mistral-modified-mit", revenue(20_000_000), Allowed),  # a year that holds no month above it
    ("mistral-modified-mit", revenue(20_000_001), Needs),
    ("mistral-modified-mit", revenue(240_000_000), Needs),
    ("mistral-modified-mit", revenue(240_000_012), Forbidden),  # a year that holds a month above it
])  # fmt: skip
def test_revenue_is_held_against_the_limit_of_its_period(
    license_id: str, stated: Circumstances, outcome: type[TermResult]
) -> None:
    results = [result for result in without_duties(license_id, stated) if "revenue" in str(result)]
    assert [type(result) for result in results] == [outcome]


def test_a_figure_that_does_not_answer_is_named_beside_the_question() -> None:
    [found] = [one for one in judged("stability-ai-community", revenue(5, currency="EUR")) if isinstance(one, Needs)]
    assert found == Needs(
        "organisation.revenue",
        "stability-ai-community, section III, asks licensees above 1 million USD of yearly revenue to obtain an"
        " enterprise licence from Stability AI; organisation.revenue states 5 EUR for 2025",
        "organisation:\n  revenue: [{year: <year>, value: <revenue of the group>, currency: USD}]",
        "III",
    )


def test_a_year_that_leaves_the_month_open_says_so() -> None:
    [found] = [one for one in judged("mistral-modified-mit", revenue(30_000_000)) if isinstance(one, Needs)]
    assert found.why.endswith("; organisation.revenue states 30 million USD for 2025, which leaves the month open")


def test_the_latest_year_counts() -> None:
    rows = (Revenue(5_000_000, year=2023), Revenue(900_000, year=2025), Revenue(2_000_000, year=2024))
    stated = COMMERCIAL._replace(revenue=rows, held=("registration",))
    assert not any(isinstance(result, Forbidden) for result in judged("stability-ai-community", stated))


@pytest.mark.parametrize(("held", "lacking", "outcome"), [
    (("registration",), (), Allowed),
    ((), ("registration",), Forbidden),
    ((), (), Needs),
])  # fmt: skip
def test_a_registration_is_recorded_missing_or_asked_for(
    held: tuple[str, ...], lacking: tuple[str, ...], outcome: type[TermResult]
) -> None:
    stated = COMMERCIAL._replace(held=held, lacking=lacking)  # type: ignore[arg-type]
    [found] = without_duties("chatglm3-6b", stated)
    assert isinstance(found, outcome)


def test_a_missing_registration_is_asked_for_where_duties_are_shown() -> None:
    [found] = without_duties("chatglm3-6b", COMMERCIAL)
    assert found == Needs(
        "obligations",
        "chatglm3-6b, section 2, asks to register with Zhipu AI before commercial use",
        "obligations: [{duty: registration, where: <where it is shown>, checked_on: <date>, by: <who>}]",
        "2",
    )


@pytest.mark.parametrize(("multimodal", "seat", "outcome"), [
    (True, "EU", Forbidden),
    (True, "DE", Forbidden),
    (True, "US", None),
    (False, "EU", None),
    (False, None, None),
    (True, None, Needs),
    (None, "EU", Needs),
    (None, "US", None),
    (True, "Atlantis", Needs),
])  # fmt: skip
def test_llama_vision_models_grant_nothing_to_seats_in_the_eu(
    multimodal: bool | None, seat: str | None, outcome: type[TermResult] | None
) -> None:
    stated = group(1, "2024-08")._replace(multimodal=multimodal, seat=seat)
    found = [
        result for result in without_duties("llama3.2", stated) if "seat" in str(result) or "multimodal" in str(result)
    ]
    assert [type(result) for result in found] == ([outcome] if outcome else [])


def test_the_eu_limit_is_worded_with_the_policy_that_states_it() -> None:
    stated = group(1, "2024-08")._replace(multimodal=True, seat="EU")
    assert Forbidden(
        "llama3.2, Acceptable Use Policy, grants nothing in its multimodal models to those with their seat in the"
        " European Union",
        "organisation.seat is EU",
        "organisation.seat",
        "Acceptable Use Policy",
        "region-eu",
    ) in judged("llama3.2", stated)


def test_an_end_user_in_the_eu_is_exempt() -> None:
    stated = group(1, "2024-08")._replace(multimodal=True, seat="EU", end_user=True)
    assert not any(isinstance(result, Forbidden) for result in judged("llama3.2", stated))


@pytest.mark.parametrize(("regions", "outcome"), [
    (("US",), None),
    (("US", "FR"), Forbidden),
    (("UK",), Forbidden),
    (("south korea",), Forbidden),
    (("worldwide",), Forbidden),
    (("Atlantis",), Needs),
    (None, Needs),
])  # fmt: skip
def test_hunyuan_leaves_regions_out_of_its_territory(
    regions: tuple[str, ...] | None, outcome: type[TermResult] | None
) -> None:
    stated = group(1, "2025-05")._replace(regions=regions)
    found = {type(result) for result in without_duties("tencent-hunyuan-a13b", stated) if "territory" in str(result)}
    assert found == ({outcome} if outcome else set())


def test_the_older_hunyuan_text_leaves_out_the_eu_alone() -> None:
    stated = group(1, "2024-10")._replace(regions=("UK", "KR"))
    assert [type(result) for result in without_duties("tencent-hunyuan-large", stated)] == [Allowed]


def test_a_place_that_is_not_known_is_asked_for_by_its_name() -> None:
    stated = group(1, "2024-10")._replace(regions=("US", "Atlantis"))
    [found] = [result for result in judged("tencent-hunyuan-large", stated) if isinstance(result, Needs)]
    assert found.why == (
        "tencent-hunyuan-large, sections 1(l), 2, 5(c), leaves the European Union out of its territory;"
        " use.regions holds Atlantis, which is not a known place"
    )


@pytest.mark.parametrize(("distribution", "outcome"), [
    (("internal",), None), (("weights",), Forbidden), (("service",), Forbidden), (None, Needs),
])  # fmt: skip
def test_a_text_that_allows_no_distribution_forbids_it(
    distribution: tuple[Sharing, ...] | None, outcome: type[TermResult] | None
) -> None:
    stated = Circumstances(purpose="research", distribution=distribution)
    found = {type(result) for result in without_duties("ms-research", stated)}
    assert found == ({outcome} if outcome else set())


def test_a_text_whose_redistribution_was_not_read_leaves_it_unsettled() -> None:
    stated = Circumstances(purpose="research", distribution=("weights",))
    assert without_duties("internlm-weights-2023", stated) == [
        Unsettled("internlm-weights-2023 states no right to distribute", "", provable=True)
    ]


@pytest.mark.parametrize(("purpose", "outcome"), [
    ("commercial", [Unsettled]), (None, [Needs]), ("research", []),
])  # fmt: skip
def test_a_text_that_says_nothing_of_commercial_use_settles_nothing(
    purpose: str | None, outcome: list[type[TermResult]]
) -> None:
    stated = Circumstances(purpose=purpose)  # type: ignore[arg-type]
    assert [type(result) for result in without_duties("chatglm2-6b", stated)] == outcome


def maas(**changes: object) -> Circumstances:
    return Circumstances(purpose="commercial", distribution=("service",), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("stated", "outcome"), [
    (maas(), Needs),
    (maas(model_as_a_service=False), Allowed),
    (maas(assumed=Assumptions(model_as_a_service=False)), Assumed),
    (maas(model_as_a_service=True), Needs),
    (maas(model_as_a_service=True, revenue=(Revenue(20_000_000),)), Allowed),
    (maas(model_as_a_service=True, revenue=(Revenue(20_000_001),)), Forbidden),
    (maas(revenue=(Revenue(20_000_000),)), Allowed),
])  # fmt: skip
def test_a_model_service_business_above_the_limit_needs_an_agreement(
    stated: Circumstances, outcome: type[TermResult]
) -> None:
    found = [result for result in without_duties("kimi-k3", stated) if "separate agreement" in str(result)]
    assert [type(result) for result in found] == [outcome]


def test_a_model_service_business_of_any_size_needs_a_licence_from_qwen() -> None:
    [found] = [one for one in judged("qwen-community-1.0", maas(model_as_a_service=True)) if isinstance(one, Forbidden)]
    assert found.sentence == (
        "qwen-community-1.0, section 2, asks those in a model-as-a-service or AI-work-assistant business to obtain a"
        " separate licence from Qwen before commercial use; the licensee is"
    )


def test_internal_use_is_exempt_from_conditions_on_a_model_service_business() -> None:
    stated = COMMERCIAL._replace(model_as_a_service=True)
    assert without_duties("kimi-k3", stated) == []


@pytest.mark.parametrize(("stated", "sentences"), [
    (maas(), ["glm-5.3, section 2, asks those in a model-as-a-service business with more than 10 billion USD of revenue"
              " in 12 months to pass a security review by Z.AI before commercial use"]),
    (maas(model_as_a_service=True, revenue=(Revenue(20_000_000_000),)),
     ["glm-5.3, section 2, asks those in a model-as-a-service business with more than 10 billion USD of revenue in 12"
      " months to pass a security review by Z.AI before commercial use; organisation.revenue states 20 billion USD a"
      " year"]),
    (maas(revenue=(Revenue(5),)), []),
])  # fmt: skip
def test_a_review_is_a_duty_of_large_model_services(stated: Circumstances, sentences: list[str]) -> None:
    assert [sentence for sentence in duties("glm-5.3", stated) if "review" in sentence] == sentences


@pytest.mark.parametrize(("users", "certain"), [(100_000_001, True), (None, False)])
def test_a_display_duty_arises_above_its_threshold_and_may_where_users_are_not_stated(
    users: int | None, certain: bool
) -> None:
    stated = Circumstances(purpose="commercial", product_users=users, revenue=(Revenue(1),))
    [found] = [one for one in judged("kimi-k2", stated) if isinstance(one, Duty) and one.kind == "condition"]
    assert found.certain is certain
    assert found.sentence.startswith(
        'kimi-k2, last paragraph, asks those with a product above 100 million monthly active users to show "Kimi K2"'
    )


def test_below_every_threshold_nothing_is_to_be_displayed() -> None:
    stated = Circumstances(purpose="commercial", product_users=1000, revenue=(Revenue(100_000),))
    assert [type(result) for result in without_duties("minimax-m2", stated)] == [Allowed, Allowed]
    assert duties("minimax-m2", stated) == [
        "minimax-m2, permission notice, asks to pass on a copy of the licence, where copies are passed on"
    ]


@pytest.mark.parametrize(("stated", "outcome"), [
    ({"daily_users": 999_999}, Allowed),
    ({"daily_users": 1_000_000}, Forbidden),
    ({"product_users": 999_999}, Allowed),  # daily users are no more than monthly ones
    ({"product_users": 1_000_000}, Unsettled),
    ({}, Unsettled),
    ({"assumed": Assumptions(users_below=1_000_000)}, Assumed),
])  # fmt: skip
def test_daily_users_are_bounded_by_monthly_ones(stated: dict[str, Any], outcome: type[TermResult]) -> None:
    full = COMMERCIAL._replace(held=("registration",), **stated)
    found = [result for result in without_duties("baichuan2", full) if "daily" in str(result)]
    assert [type(result) for result in found] == [outcome]


def test_a_field_of_use_that_a_policy_bars_by_name_is_forbidden() -> None:
    stated = Circumstances(purpose="research", distribution=("no",), field_of_use="military")
    assert without_duties("chatglm2-6b", stated) == [
        Forbidden("chatglm2-6b, section 3, bars military use", "the use is military", "use", "3", "field-of-use")
    ]
    assert without_duties("Apache-2.0", stated) == []


def test_removing_guardrails_ends_the_nvidia_licence() -> None:
    [found] = without_duties("nvidia-open-model", Circumstances(guardrails_removed=True))
    assert found == Forbidden(
        "nvidia-open-model, section 2.1, ends when safety guardrails are bypassed or weakened",
        "they were removed",
        "fine_tuning",
        "2.1",
        "guardrail-removal",
    )
    assert without_duties("Apache-2.0", Circumstances(guardrails_removed=True)) == []


def test_inside_the_organisation_apache_leaves_no_duty() -> None:
    assert duties("Apache-2.0", COMMERCIAL) == []


def test_passing_on_changed_copies_adds_the_duty_to_say_so() -> None:
    stated = Circumstances(distribution=("weights",))
    assert "Apache-2.0, section 4(b), asks to say what was changed" not in duties("Apache-2.0", stated)
    assert "Apache-2.0, section 4(b), asks to say what was changed" in duties("Apache-2.0", stated, modified=True)


def test_a_duty_whose_circumstance_is_not_stated_names_it() -> None:
    assert duties("Apache-2.0", NOTHING_STATED) == [
        "Apache-2.0, section 4(a), asks to pass on a copy of the licence, where copies are passed on",
        "Apache-2.0, section 4(c), asks to keep its notices in place, where copies are passed on",
        "Apache-2.0, section 4(d), asks to pass on its NOTICE file, if there is one, where copies are passed on",
    ]


def test_a_llama_service_has_to_display_the_phrase() -> None:
    assert duties("llama3.1", Circumstances(distribution=("service",))) == [
        'llama3.1, section 1.b.i, asks to display "Built with Llama"',
        "llama3.1, section 1.b.iv, asks to keep to its acceptable-use policy",
    ]


@pytest.mark.parametrize(("license_id", "stated", "modified", "sentence"), [
    ("AGPL-3.0-only", Circumstances(distribution=("service",)), True,
     "AGPL-3.0-only, section 13, asks to offer the source to those who use it over a network"),
    ("qwen", Circumstances(purpose="research", distribution=("weights",)), True,
     'qwen, section 5b, asks to display "Built with Qwen" or "Improved using Qwen" in the product documentation'),
    ("gemma", Circumstances(distribution=("service",)), False,
     "gemma, section 3.1, asks to bind recipients to its use restrictions"),
    ("tencent-hunyuan-a13b", Circumstances(distribution=("service",)), False,
     'tencent-hunyuan-a13b, section 3c, encourages to display "Powered by Tencent Hunyuan"'),
    ("fair-noncommercial-research-license", Circumstances(purpose="research"), False,
     "fair-noncommercial-research-license, section 1.b.ii, asks to acknowledge the research materials in publications"),
    ("minimax-m2.1", Circumstances(purpose="commercial"), False,
     'minimax-m2.1, last paragraph, asks to display "MiniMax M2.1"'),
    ("nvidia-open-model", Circumstances(), False,
     'nvidia-open-model, section 3.2, asks to display "Built on NVIDIA Cosmos", where the model is one of NVIDIA Cosmos'),
    ("llama2", Circumstances(distribution=("weights",)), False,
     "llama2, section 1.b.iii, asks to add a notice file that names the Llama 2 Community License"),
    ("hyperclova-x-seed", Circumstances(distribution=("no",)), False,
     "hyperclova-x-seed, section 4, asks to obtain a separate licence from NAVER for what competes with a NAVER product"
     " or service"),
    ("bigscience-openrail-m", Circumstances(distribution=("no",)), False,
     "bigscience-openrail-m, section 5 and Attachment A, asks to keep to its use restrictions"),
])  # fmt: skip
def test_duties_arise_from_what_is_done(license_id: str, stated: Circumstances, modified: bool, sentence: str) -> None:
    assert sentence in duties(license_id, stated, modified=modified)


@pytest.mark.parametrize(("license_id", "stated", "modified", "kind"), [
    ("AGPL-3.0-only", Circumstances(distribution=("service",)), False, "network-source"),
    ("AGPL-3.0-only", Circumstances(distribution=("internal",)), True, "network-source"),
    ("llama3.1", Circumstances(distribution=("weights",)), False, "name-prefix"),
    ("fair-noncommercial-research-license", Circumstances(purpose="personal"), False, "publication-statement"),
    ("gemma", Circumstances(distribution=("service",)), False, "notice-file"),
])  # fmt: skip
def test_duties_do_not_arise_from_what_is_not_done(
    license_id: str, stated: Circumstances, modified: bool, kind: str
) -> None:
    assert kind not in {one.kind for one in judged(license_id, stated, modified=modified) if isinstance(one, Duty)}


def test_ordinary_duties_are_gathered_in_one_note_and_others_stand_alone() -> None:
    found = [one for one in judged("llama3.1", Circumstances(distribution=("weights",))) if isinstance(one, Duty)]
    assert in_notes(found) == (
        'llama3.1, section 1.b.i, asks to display "Built with Llama"',
        "llama3.1, section 1.b.iv, asks to keep to its acceptable-use policy",
        "llama3.1 asks to pass on a copy of the licence (1.b.i); to add a notice file that names the Llama 3.1 Community"
        " License (1.b.iii)",
    )


def test_a_gathered_note_says_when_its_duties_arise() -> None:
    assert in_notes(one for one in judged("ISC", NOTHING_STATED) if isinstance(one, Duty)) == (
        "ISC asks, where copies are passed on, to pass on a copy of the licence (permission notice); to keep its notices "
        "in place (permission notice)",
    )


@pytest.mark.parametrize(("number", "words"), [
    (700_000_000, "700 million"), (1_200_000, "1.2 million"), (10_000_000_000, "10 billion"), (250_000, "250,000"),
    (700_000_001, "700,000,001"), (1_000_000, "1 million"), (999, "999"), (0, "0"),
])  # fmt: skip
def test_counts_are_written_as_people_read_them(number: int, words: str) -> None:
    assert count(number) == words


@pytest.mark.parametrize(("clause", "words"), [
    ("2", "section 2"), ("1.1(e), 3.3", "sections 1.1(e), 3.3"), ("III", "section III"), ("IV.a", "section IV.a"),
    ("last paragraph", "last paragraph"), ("Acceptable Use Policy", "Acceptable Use Policy"),
])  # fmt: skip
def test_clauses_are_cited_as_people_cite_them(clause: str, words: str) -> None:
    assert section(clause) == words


REGISTERED = COMMERCIAL._replace(held=("registration",))
NVIDIA = "nvidia-ai-foundation-models-community"
SUBSCRIPTION = (
    f"{NVIDIA}, sections 1.1.2, 1.1.3, asks to hold an NVIDIA AI Enterprise subscription for production use, or to run it"
    " on PCs and workstations with NVIDIA RTX GPUs alone"
)
DAILY = (
    "baichuan2, README, asks those with a product at or above 1 million daily active users to stay away from commercial"
    " use"
)
MISTRAL_REVENUE = (
    "mistral-modified-mit, section 2, asks licensees above 20 million USD of monthly revenue to obtain a commercial"
    " licence from Mistral AI"
)
KIMI_BUSINESS = (
    "kimi-k3, section 2, asks those in a model-as-a-service business with more than 20 million USD of revenue in 12 months"
    " to enter into a separate agreement with Moonshot AI before commercial use"
)
REVENUE_YAML = "organisation:\n  revenue: [{year: <year>, value: <revenue of the group>, currency: USD}]"


@pytest.mark.parametrize(("license_id", "stated", "result"), [
    ("baichuan2", REGISTERED._replace(daily_users=1_000_000),
     Forbidden(DAILY, "daily_users is 1 million", "daily_users", "README", "mau-threshold")),
    ("baichuan2", REGISTERED._replace(product_users=1000),
     Allowed(f"{DAILY}; use.monthly_active_users is 1,000", "README")),
    ("baichuan2", REGISTERED, Unsettled(f"{DAILY}; nothing states them", "README", provable=True)),
    ("baichuan2", REGISTERED._replace(model_as_a_service=True),
     Forbidden("baichuan2, README, asks to keep it from software and cloud service providers' businesses",
               "the licensee offers models as a service", "use.distribution", "README", "business-model")),
    ("mistral-modified-mit", revenue(20_000_001, "month"),
     Forbidden(MISTRAL_REVENUE, "organisation.revenue states 20,000,001 USD a month", "organisation.revenue", "2",
               "revenue-threshold")),
    ("mistral-modified-mit", revenue(240_000_012),
     Forbidden(MISTRAL_REVENUE, "organisation.revenue states 240,000,012 USD for 2025, 20,000,001 in a mean month",
               "organisation.revenue", "2", "revenue-threshold")),
    ("mistral-modified-mit", revenue(5, currency="EUR"),
     Needs("organisation.revenue", f"{MISTRAL_REVENUE}; organisation.revenue states 5 EUR for 2025", REVENUE_YAML, "2")),
    ("lfm-1.0", revenue(10_000_000),
     Forbidden("lfm-1.0, section 5, asks licensees at or above 10 million USD of yearly revenue to obtain a commercial"
               " licence from Liquid AI",
               "organisation.revenue states 10 million USD for 2025, for which the text says two things: the stricter"
               " applies until reviewed", "organisation.revenue", "5", "revenue-threshold")),
    (NVIDIA, COMMERCIAL._replace(hardware="NVIDIA GeForce RTX 4090"),
     Allowed(f"{SUBSCRIPTION}; the hardware is NVIDIA GeForce RTX 4090", "1.1.2, 1.1.3")),
    (NVIDIA, COMMERCIAL._replace(held=("subscription",)), Allowed(f"{SUBSCRIPTION}; this is recorded", "1.1.2, 1.1.3")),
    (NVIDIA, COMMERCIAL._replace(lacking=("subscription",)),
     Forbidden(SUBSCRIPTION, "there is no subscription", "obligations", "1.1.2, 1.1.3", "production-use")),
    ("kimi-k3", maas(),
     Needs("rules.license-use.assume_model_as_a_service",
           f"{KIMI_BUSINESS}; nothing states whether the organisation is among them",
           "rules:\n  license-use:\n    assume_model_as_a_service: <true or false>", "2")),
    ("kimi-k3", maas(model_as_a_service=False), Allowed(f"{KIMI_BUSINESS}; the licensee is not", "2")),
    ("kimi-k3", maas(assumed=Assumptions(model_as_a_service=False)),
     Assumed(f"{KIMI_BUSINESS}; the policy assumes that the organisation is not", "2")),
    ("kimi-k3", maas(model_as_a_service=True), Needs("organisation.revenue", KIMI_BUSINESS, REVENUE_YAML, "2")),
    ("kimi-k3", maas(model_as_a_service=True, revenue=(Revenue(20_000_001),)),
     Forbidden(KIMI_BUSINESS, "organisation.revenue states 20,000,001 USD a year", "use.distribution", "2",
               "business-model")),
    ("kimi-k3", maas(revenue=(Revenue(20_000_000),)),
     Allowed(f"{KIMI_BUSINESS}; organisation.revenue states 20 million USD a year", "2")),
    ("llama3.1", group(900_000_000)._replace(end_user=True),
     Allowed("llama3.1, section 2, does not bind end users of a product that embeds it", "2")),
    ("ms-research", Circumstances(purpose="research", distribution=("service",)),
     Forbidden("ms-research, section 2(e), asks to offer no stand-alone hosting to others", "use.distribution is service",
               "use.distribution", "2(e)", "hosted-service")),
    ("ms-research", Circumstances(purpose="research"),
     Needs("use.distribution", "ms-research, section 2(e), asks to offer no stand-alone hosting to others",
           "use:\n  distribution: <service, internal, weights or on-device>", "2(e)")),
    ("ms-research", Circumstances(purpose="research"),
     Needs("use.distribution", "ms-research, sections 1c, 2e, allows no distribution",
           "use:\n  distribution: <service, internal, weights or on-device>", "1c, 2e")),
    ("ms-research", Circumstances(purpose="research", distribution=("weights", "internal", "on-device")),
     Forbidden("ms-research, sections 1c, 2e, allows no distribution", "use.distribution is weights, on-device",
               "use.distribution", "1c, 2e", "no-distribution")),
    ("chatglm2-6b", NOTHING_STATED,
     Needs("use.purpose", "chatglm2-6b says nothing of commercial use",
           "use:\n  purpose: <commercial, research or personal>", "")),
    ("chatglm2-6b", Circumstances(purpose="commercial"),
     Unsettled("chatglm2-6b says nothing of commercial use", "", provable=True)),
    ("llama3.2", group(1, "2024-08")._replace(multimodal=True, seat="Atlantis"),
     Needs("organisation.seat",
           "llama3.2, Acceptable Use Policy, grants nothing in its multimodal models to those with their seat in the"
           " European Union; organisation.seat is Atlantis, which is not a known place",
           "organisation:\n  seat: <country or region code>", "Acceptable Use Policy")),
    ("llama3.2", group(1, "2024-08")._replace(seat="EU"),
     Needs("known.multimodal",
           "llama3.2, Acceptable Use Policy, grants nothing in its multimodal models to those with their seat in the"
           " European Union",
           "known:\n  multimodal: {value: <true or false>, evidence: <where it is shown>}", "Acceptable Use Policy")),
    ("llama3.2", group(1, "2024-08")._replace(seat="EU", multimodal=True, end_user=True),
     Allowed("llama3.2, Acceptable Use Policy, grants nothing in its multimodal models to those with their seat in the"
             " European Union; end users of a product that embeds it are exempt", "Acceptable Use Policy")),
    ("tencent-hunyuan-a13b", group(1, "2025-05")._replace(regions=("US", "GB", "KR")),
     Forbidden("tencent-hunyuan-a13b, sections 1(l), 2, 5(c), leaves South Korea out of its territory", "use.regions holds KR",
               "use.regions", "1(l), 2, 5(c)", "region-excluded")),
    ("tencent-hunyuan-a13b", group(1, "2025-05"),
     Needs("use.regions", "tencent-hunyuan-a13b, sections 1(l), 2, 5(c), leaves the United Kingdom out of its territory",
           "use:\n  regions: [<country or region code>]", "1(l), 2, 5(c)")),
])  # fmt: skip
def test_a_term_is_worded_with_what_it_asks_and_with_what_is_stated(
    license_id: str, stated: Circumstances, result: TermResult
) -> None:
    assert result in without_duties(license_id, stated)


@pytest.mark.parametrize(("license_id", "stated", "asks", "certain"), [
    ("kimi-k2", COMMERCIAL, "above 100 million monthly active users", False),
    ("kimi-k2", COMMERCIAL, "above 20 million USD of monthly revenue", False),
    ("kimi-k2", revenue(30_000_000, "month"),
     "above 20 million USD of monthly revenue; organisation.revenue states 30 million USD a month", True),
    ("minimax-m2", COMMERCIAL, "above 30 million USD of yearly revenue", False),
    ("minimax-m2", revenue(2_500_000, "month"), "above 30 million USD of yearly revenue", False),
    # twelve such months are more than a year may bring
    ("minimax-m2", revenue(2_500_001, "month"),
     "above 30 million USD of yearly revenue; organisation.revenue states 2,500,001 USD a month", True),
])  # fmt: skip
def test_a_display_duty_says_what_is_counted_and_whether_it_has_come_about(
    license_id: str, stated: Circumstances, asks: str, certain: bool
) -> None:
    bound, _, found = asks.partition("; ")
    show = {"kimi-k2": '"Kimi K2"', "minimax-m2": '"MiniMax M2"'}[license_id]
    words = f"those with a product {bound} to show {show} in the user interface{f'; {found}' if found else ''}"
    assert Duty("condition", license_id, words, "last paragraph", certain=certain) in judged(license_id, stated)


@pytest.mark.parametrize(("stated", "result"), [
    (revenue(1_000_000, "month"), Needs),  # a year of such months is above the limit, and one of them is not
    (revenue(1_000_001, "month"), Forbidden),
])  # fmt: skip
def test_a_month_above_a_yearly_limit_settles_the_year(stated: Circumstances, result: type[TermResult]) -> None:
    [found] = [one for one in without_duties("stability-ai-community", stated) if "revenue" in str(one)]
    assert isinstance(found, result)


@pytest.mark.parametrize(("users", "beside"), [
    (700_000_000, ""), (700_000_001, "; use.monthly_active_users is 700,000,001 today"),
])  # fmt: skip
def test_a_product_beyond_the_limit_today_makes_the_question_about_the_group_a_real_one(
    users: int, beside: str
) -> None:
    [found] = without_duties("llama3.1", Circumstances(product_users=users))
    assert isinstance(found, Needs)
    assert found.why == f"{LLAMA_CAP}{beside}"


@pytest.mark.parametrize(("hardware", "outcome"), [
    ("NVIDIA GeForce RTX 4090", Allowed), ("rtx-4090", Allowed), ("RTX PRO 6000 Blackwell Server Edition", Needs),
    ("NVIDIA RTXA", Needs), ("H100", Needs), ("", Needs),
])  # fmt: skip
def test_hardware_is_exempt_where_the_word_stands_in_its_name_and_it_is_no_server(
    hardware: str, outcome: type[TermResult]
) -> None:
    [found] = [one for one in without_duties(NVIDIA, COMMERCIAL._replace(hardware=hardware)) if "RTX" in str(one)]
    assert isinstance(found, outcome)


@pytest.mark.parametrize(("distribution", "modified", "kinds"), [
    (("no",), False, set()),
    (("internal",), True, set()),
    (("on-device",), False, {"license-copy", "keep-notices", "keep-notice-file"}),
    (("weights",), True, {"license-copy", "keep-notices", "keep-notice-file", "state-changes"}),
    (("service",), True, set()),
])  # fmt: skip
def test_notices_of_apache_go_with_copies(distribution: tuple[Sharing, ...], modified: bool, kinds: set[str]) -> None:
    results = judged("Apache-2.0", Circumstances(distribution=distribution), modified=modified)
    assert {one.kind for one in results if isinstance(one, Duty)} == kinds


@pytest.mark.parametrize(("family", "distribution", "displayed"), [
    ("nvidia/Cosmos-1.0", ("service",), True), ("nvidia/Cosmos-1.0", ("no",), False),
    ("nvidia/Nemotron", ("service",), False), ("", ("service",), True), ("", ("no",), False), ("", None, True),
    ("nvidia/cosmos-1.0", None, True),
])  # fmt: skip
def test_a_display_duty_of_one_family_is_left_open_where_no_family_is_stated(
    family: str, distribution: tuple[Sharing, ...] | None, displayed: bool
) -> None:
    stated = Circumstances(distribution=distribution, family=family)
    assert any('"Built on NVIDIA Cosmos"' in sentence for sentence in duties("nvidia-open-model", stated)) is displayed


@pytest.mark.parametrize(("distribution", "only_if"), [
    (("weights",), ""), (("service",), ""), (("no",), None),
    (None, "where a model made with it is offered to others"),
])  # fmt: skip
def test_a_model_made_with_llama_is_named_after_it_where_it_is_offered(
    distribution: tuple[Sharing, ...] | None, only_if: str | None
) -> None:
    results = judged("llama3.1", Circumstances(distribution=distribution), modified=True)
    named = [one.only_if for one in results if isinstance(one, Duty) and one.kind == "name-prefix"]
    assert named == ([] if only_if is None else [only_if])


@pytest.mark.parametrize(("license_id", "purpose", "only_if"), [
    ("fair-noncommercial-research-license", None, "where research with it is published"),
    ("fair-noncommercial-research-license", "research", ""),
    ("minimax-m2.1", None, "where the use is commercial"),
    ("minimax-m2.1", "commercial", ""),
])  # fmt: skip
def test_a_duty_of_one_purpose_waits_for_the_purpose(license_id: str, purpose: str | None, only_if: str) -> None:
    kind = "publication-statement" if license_id.startswith("fair") else "display-text"
    results = judged(license_id, Circumstances(purpose=purpose))  # type: ignore[arg-type]
    [found] = [one for one in results if isinstance(one, Duty) and one.kind == kind]
    assert found.only_if == only_if


_users = st.none() | st.integers(0, 10**10)
_circumstances = st.builds(
    Circumstances,
    purpose=st.sampled_from([None, "commercial", "research", "personal"]),
    distribution=st.none()
    | st.lists(st.sampled_from(["service", "internal", "weights", "on-device"]), min_size=1).map(tuple),
    regions=st.none() | st.lists(st.sampled_from(["EU", "US", "KR", "GB", "worldwide"]), min_size=1).map(tuple),
    product_users=_users,
    revenue=st.none() | st.builds(Revenue, st.integers(0, 10**11)).map(lambda row: (row,)),
    seat=st.sampled_from([None, "US", "EU", "KR"]),
    multimodal=st.sampled_from([None, True, False]),
)


@given(st.sampled_from(sorted(ids())), _circumstances)
def test_stating_more_never_asks_for_what_was_stated(license_id: str, stated: Circumstances) -> None:
    asked = {result.key for result in judged(license_id, stated) if isinstance(result, Needs)}
    assert not (stated.purpose and "use.purpose" in asked)
    assert not (stated.distribution and "use.distribution" in asked)
    assert not (stated.regions and "use.regions" in asked)
    assert not (stated.product_users is not None and "use.monthly_active_users" in asked)


@given(st.sampled_from(sorted(ids())), _circumstances)
def test_a_purpose_that_is_not_stated_is_never_a_pass_for_a_limited_licence(
    license_id: str, stated: Circumstances
) -> None:
    results = judged(license_id, stated._replace(purpose=None))
    if "commercial" not in load(license_id).purposes:
        assert any(isinstance(result, Needs) and result.key == "use.purpose" for result in results)
