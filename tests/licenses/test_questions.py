"""Questions to the licences: the verdicts, what the answers say, and what is not read or not known."""

from __future__ import annotations

import pytest

from checker.document.errors import InputError
from checker.licenses.circumstances import Circumstances, Revenue, UsersInMonth
from checker.licenses.duties import DUTIES
from checker.licenses.question.answer import Record, answer, as_lines
from checker.licenses.question.codes import of_need
from checker.licenses.question.judged import judge
from checker.licenses.question.question import Question, of_columns
from checker.licenses.question.remarks import Remarks, read
from checker.licenses.question.situation import assumed_month, situation
from checker.licenses.registry import load
from checker.licenses.terms import Needs
from tests.licenses.cases import answered, cases, questions

US = {"region": "US", "multimodal": "no"}


def ask(base: str, **columns: str) -> Record:
    return answer(of_columns({"base_licenses": base, **US, **columns}))


def tune(base: str, label: str, *, name: str = "", facts: str = "", **columns: str) -> Record:
    row = {"relation": "finetune", "use": "commercial", "distributed": "yes", **columns}
    return ask(base, derivative_license=label, derivative_name=name, extra_facts=facts, **row)


def codes(record: Record) -> list[str]:
    return [reason["code"] for reason in record["reasons"]]


@pytest.mark.parametrize(("row", "expected"), list(questions()))
def test_each_question_has_its_verdict(row: dict[str, str], expected: str) -> None:
    assert answer(of_columns(row))["verdict"] == expected, row


FILED_OTHERWISE = {
    "LC044": "use-restrictions-dropped", "LC050": "evaluation", "LC056": "evaluation", "LC069": "evaluation",
    "LC075": "notice+policy", "LC077": "notice+policy", "LC088": "community-relicensed",
    "LC092": "display+notice+policy", "LC103": "noncommercial-dropped", "LC109": "noncommercial-dropped",
    "LC125": "flowdown+policy", "LC131": "flowdown+documentation+policy", "LC134": "hosted-is-distribution",
    "LC166": "display+flowdown+policy", "LC171": "registration+display+notice+policy", "LC175": "noncommercial-dropped",
    "LC197": "display+flowdown+notice+policy", "LC203": "flowdown+notice+policy", "LC206": "display+notice+policy",
    "LC213": "use-policy", "LC215": "evaluation", "LC217": "no-derivatives",
}  # fmt: skip
"""Cases whose first code is not the reviewer's word: most of ours name more of the duties, or the broader reason."""


def test_the_words_of_reviewers_are_the_first_code_but_for_those_that_are_named() -> None:
    filed = {case.id: codes(answered(case))[0] for case in cases()}
    assert filed == {case.id: FILED_OTHERWISE.get(case.id, case.code) for case in cases()}


@pytest.mark.parametrize(("key", "yaml", "code"), [
    ("rules.license-use.assume_model_as_a_service", "", "business-model"), ("use.purpose", "", "purpose"),
    ("use.distribution", "", "distribution"), ("organisation.revenue", "", "revenue-threshold"),
    ("organisation.users", "", "mau-threshold"), ("use.monthly_active_users", "", "mau-threshold"),
    ("organisation.seat", "", "region"), ("use.regions", "", "region"), ("known.multimodal", "", "multimodal"),
    ("obligations", "obligations: [{duty: registration}]", "registration"),
    ("obligations", "obligations: [{duty: subscription}]", "permission"), ("use.risk", "", "not-stated"),
])  # fmt: skip
def test_what_is_not_stated_is_filed_under_what_it_is_about(key: str, yaml: str, code: str) -> None:
    assert of_need(Needs(key, "", yaml, "")) == code


def test_every_reason_names_the_step_and_every_duty_its_licence() -> None:
    for case in cases():
        record = answered(case)
        assert record["reasons"]
        assert all("a model under " in one["text"] or "in one whole" in one["text"] for one in record["reasons"])
        assert all(owed["license"] and owed["text"] for owed in record["obligations"])
        assert {owed["duty"] for owed in record["obligations"]} - DUTIES <= {
            "use-policy", "base-terms", "condition", "conduct", "output-training",
        }  # fmt: skip


def test_a_conflict_says_who_asks_for_what_and_why_it_reaches_the_model() -> None:
    record = tune("llama3.1", "apache-2.0", name="Acme-8B")
    assert record["verdict"] == "conflict"
    assert record["reasons"][0] == {
        "code": "community-relicensed",
        "clause": "1.b.i",
        "text": "a finetune of a model under llama3.1: llama3.1, section 1.b.i, asks that its agreement goes with every"
        " derivative and grants no right to relicense; Acme-8B is offered under Apache-2.0",
    }
    assert codes(record) == ["community-relicensed", "name-prefix"]


def test_a_conditional_answer_says_what_is_left_to_prove_and_what_was_not_stated() -> None:
    record = ask("stability-ai-community", relation="none", use="commercial", distributed="yes")
    assert record["verdict"] == "conditional"
    assert codes(record) == ["registration+display+notice+policy", "revenue-threshold", "registration"]
    assert "not stated: the revenue" in record["reasons"][1]["text"]


def test_an_ok_says_how_much_of_the_text_was_read() -> None:
    record = tune("mit", "apache-2.0")
    assert record["reasons"] == [
        {
            "code": "permissive-notice-only",
            "clause": "",
            "text": "a finetune of a model under MIT: no conflict found in what was read of MIT (standard text)",
        }
    ]
    assert [owed["duty"] for owed in record["obligations"]] == ["license-copy", "keep-notices"]


def test_users_without_a_month_are_taken_for_the_month_that_counts_and_it_is_said() -> None:
    record = ask("llama3.1", relation="none", use="commercial", distributed="yes", mau="700000001")
    assert record["verdict"] == "conflict"
    assert record["assumed"] == ["the users are those of 2024-06, the month that llama3.1 counts: no month is stated"]
    dated = ask("llama3.1", use="commercial", distributed="yes", mau="700000001", extra_facts="mau measured July 2024")
    assert (dated["verdict"], dated["assumed"]) == ("conditional", [])


def test_end_users_of_a_product_are_not_counted_by_the_cap_that_exempts_them() -> None:
    columns = {"use": "commercial", "distributed": "no", "mau": "800000000"}
    assert ask("llama3.1", **columns)["verdict"] == "conflict"
    assert ask("llama3.1", **columns, extra_facts="role=end_user_of_product")["verdict"] == "conditional"


# what is not known


@pytest.mark.parametrize("fact", ["registerd=yes", "planet=mars", "owned by nobody", "business=circus", "dau=many"])
def test_a_fact_that_is_not_read_is_named_and_leaves_nothing_but_a_conflict_certain(fact: str) -> None:
    record = tune("mit", "mit", facts=fact)
    assert record["verdict"] == "unknown"
    assert codes(record)[0] == "fact-not-read"
    assert record["not_read"][0].startswith(fact)
    assert tune("gemma", "mit", facts=fact)["verdict"] == "conflict"


def test_the_nearest_key_and_remark_are_offered() -> None:
    assert read(["registerd=yes", "safety guardrail removed"]).not_read == (
        "registerd=yes (did you mean `registered`?)",
        "safety guardrail removed (did you mean `safety guardrails removed`?)",
    )


def test_known_facts_are_read_whatever_their_case() -> None:
    written = ["MAU measured Sept. 2024", "DAU=1,000", "Own license includes Attachment A", "subscription=no"]
    assert read(written) == Remarks(
        measured="2024-09", daily_users=1000, own_terms_carry_limits=True, lacking=("subscription",)
    )


@pytest.mark.parametrize("base", ["", "other", "jamba-open-model", "acme-licence-1"])
def test_a_missing_or_unread_base_is_unknown_and_hides_no_conflict_beside_it(base: str) -> None:
    assert tune(base, "mit")["verdict"] == "unknown"
    beside = tune(f"llama3.1;{base or 'none'}", "mit", relation="merge")
    assert beside["verdict"] == "conflict"
    assert any(sentence.startswith("not judged: ") for sentence in beside["assumed"])


def test_a_family_is_settled_where_all_its_texts_agree() -> None:
    assert tune("bsd", "mit")["verdict"] == "ok"
    record = tune("openrail", "mit")
    assert record["verdict"] == "conflict"
    assert record["assumed"][0].endswith("differ in their terms; all come to conflict")
    unsettled = tune("cc", "mit")
    assert unsettled["verdict"] == "unknown"
    assert unsettled["reasons"][-1]["text"] == "the readings come to ok, conflict"


def test_a_named_model_or_an_exact_id_says_which_text_is_meant() -> None:
    assert tune("falcon-llm-license", "apache-2.0")["verdict"] == "unknown"
    assert tune("falcon-llm-license", "apache-2.0", facts="base=Falcon-3")["verdict"] == "conflict"
    assert ask("modified-mit", use="commercial", mau="5", extra_facts="base=Kimi-K2-Instruct")["verdict"] == "ok"
    assert ask("other", use="commercial", extra_facts="base=falcon-3")["verdict"] == "conditional"
    assert tune("gpl", "gpl-3.0")["verdict"] == "unknown"
    assert tune("gpl", "gpl-3.0", facts="spdx=GPL-3.0-only")["verdict"] == "conditional"
    assert tune("cc-by-nc", "mit", facts="spdx=CC-BY-NC-4.0")["verdict"] == "conflict"


@pytest.mark.parametrize(("base", "label", "verdict"), [
    ("MIT OR GPL-3.0-only", "Apache-2.0", "ok"),            # the chooser takes MIT
    ("MIT AND GPL-3.0-only", "Apache-2.0", "conflict"),     # both bind
    ("llama3.1 OR (MIT AND Apache-2.0)", "Apache-2.0", "ok"),
    ("GPL-2.0-or-later", "GPL-3.0-only", "conditional"),
    ("GPL-2.0+", "MIT", "conflict"),
    ("GPL-3.0-only WITH Classpath-exception-2.0", "GPL-3.0-only", "conditional"),
    ("GPL-3.0-only", "GPL-3.0-only OR MIT", "conflict"),    # recipients could take MIT
    ("GPL-3.0-only", "GPL-3.0-only AND MIT", "conditional"),
    ("MIT OR no-such-licence", "Apache-2.0", "ok"),         # nobody has to take the unknown one
    ("MIT AND no-such-licence", "Apache-2.0", "unknown"),
    ("MIT OR", "Apache-2.0", "unknown"),
    ("(MIT AND", "Apache-2.0", "unknown"),
    ("Apache 2.0 OR MIT", "Apache-2.0", "ok"),
])  # fmt: skip
def test_a_choice_serves_the_chooser_and_what_applies_together_binds(base: str, label: str, verdict: str) -> None:
    assert tune(base, label)["verdict"] == verdict


def test_the_choice_that_was_taken_is_said() -> None:
    assert tune("MIT OR GPL-3.0-only", "Apache-2.0")["assumed"] == [
        "of the licences that are offered for choice, MIT is taken"
    ]


def test_an_endless_expression_is_not_followed() -> None:
    assert tune(" OR ".join(["MIT"] * 200), "MIT")["verdict"] == "unknown"
    assert tune(";".join(["bsd"] * 12), "MIT", relation="merge")["verdict"] == "unknown"
    pairs = ("MIT OR ISC", "Zlib OR NCSA", "BSL-1.0 OR MS-PL", "WTFPL OR CC0-1.0", "AFL-3.0 OR ECL-2.0", "EPL-2.0 OR MPL-2.0",
             "Unlicense OR PostgreSQL")  # fmt: skip
    assert tune(" AND ".join(f"({pair})" for pair in pairs), "MIT")["verdict"] == "unknown"
    assert tune(" AND ".join(["(MIT OR ISC)"] * 12), "MIT")["verdict"] == "ok"


BAICHUAN = "a finetune of a model under baichuan2: "
KIMI = "a model under kimi-k3: "
SHOW_KIMI = 'to show "Kimi K3" in the user interface'
MAAS = "whether the licensee offers models as a service (business=maas or business=consumer_app)"


@pytest.mark.parametrize(("base", "columns", "reasons"), [
    ("baichuan2", {"derivative_license": "mit", "relation": "finetune", "distributed": "yes"}, [
        ("unsettled", "", f"{BAICHUAN}what baichuan2 asks of derivatives was not read"),
        ("left-to-prove", "README", f"{BAICHUAN}baichuan2, README, asks those with a product at or above 1 million daily"
                                    " active users to stay away from commercial use; nothing states them"),
        ("left-to-prove", "", f"{BAICHUAN}baichuan2 states no right to distribute"),
    ]),
    ("kimi-k3", {"distributed": "hosted"}, [
        ("business-model", "2",
         f"{KIMI}left to prove: those with a product above 100 million monthly active users {SHOW_KIMI}; those with a"
         f" product above 20 million USD of monthly revenue {SHOW_KIMI}; stating {MAAS}"),
        ("business-model", "2",
         f"{KIMI}kimi-k3, section 2, asks those in a model-as-a-service business with more than 20 million USD of revenue in"
         " 12 months to enter into a separate agreement with Moonshot AI before commercial use; nothing states whether the"
         f" organisation is among them; not stated: {MAAS}"),
    ]),
    ("llama3.2", {"distributed": "yes", "mau": "5", "multimodal": "", "region": "DE"}, [
        ("display+notice+policy", "1.b.i, 1.b.iv, Acceptable Use Policy",
         'a model under llama3.2: left to prove: to display "Built with Llama"; to keep to its acceptable-use policy; stating'
         " whether the model is multimodal"),
        ("multimodal", "Acceptable Use Policy",
         "a model under llama3.2: llama3.2, Acceptable Use Policy, grants nothing in its multimodal models to those with their"
         " seat in the European Union; not stated: whether the model is multimodal"),
    ]),
    ("llama3.1", {"distributed": "hosted", "mau": "800000000"}, [
        ("mau-threshold", "2",
         "a model under llama3.1: llama3.1, section 2, asks licensees above 700 million monthly active users at its release to"
         " request a licence from Meta; the users stated are 800 million for 2024-06"),
    ]),
    ("gemma", {"derivative_license": "mit", "relation": "none", "distributed": "yes"}, [
        ("use-restrictions-dropped", "3.1",
         "a copy of a model under gemma: gemma, section 3.1, asks that the terms of a derivative carry its use restrictions;"
         " the derivative is declared MIT; its base declares gemma; the stricter applies until reviewed"),
    ]),
    ("GPL-3.0-only;llama3.1", {"derivative_license": "GPL-3.0-only", "relation": "merge", "distributed": "yes"}, [
        ("community-relicensed", "1.b.i",
         "a merge of a model under llama3.1: llama3.1, section 1.b.i, asks that its agreement goes with every derivative and"
         " grants no right to relicense; the derivative is offered under GPL-3.0-only"),
        ("further-restrictions", "5(c)",
         "these in one whole: GPL-3.0-only, section 5(c), takes no further restrictions for the whole; llama3.1 brings its"
         " own"),
    ]),
    ("llama2", {"derivative_license": "apache-2.0", "relation": "distill", "distributed": "yes"}, [
        ("output-training", "1.b.v",
         "trained on outputs of a model under llama2: llama2, section 1.b.v, lets outputs improve no other model; the derivative"
         " was trained on them"),
    ]),
    ("bsd;cc", {"derivative_license": "mit", "relation": "merge", "distributed": "yes"}, [
        ("unknown", "", "`bsd` names no single licence: BSD-2-Clause, BSD-3-Clause, BSD-3-Clause-Clear differ in their terms"),
        ("unknown", "", "`cc` names no single licence: CC0-1.0, CC-BY-4.0, CC-BY-SA-4.0, CC-BY-ND-4.0, CC-BY-NC-4.0,"
                        " CC-BY-NC-SA-4.0, CC-BY-NC-ND-4.0 differ in their terms"),
        ("unknown", "", "the readings come to ok, conflict"),
    ]),
])  # fmt: skip
def test_the_reasons_are_whole_sentences_about_one_step_each(
    base: str, columns: dict[str, str], reasons: list[tuple[str, str, str]]
) -> None:
    record = ask(base, **{"use": "commercial", **columns})
    assert [(one["code"], one["clause"], one["text"]) for one in record["reasons"]] == reasons


@pytest.mark.parametrize(("relation", "label", "way"), [
    ("none", "", "a model under MIT"), ("finetune", "mit", "a finetune of a model under MIT"),
    ("adapter", "mit", "an adapter of a model under MIT"), ("merge", "mit", "a merge of a model under MIT"),
    ("quantized", "mit", "a quantised copy of a model under MIT"),
    ("", "mit", "made in an unstated way out of a model under MIT"), ("none", "isc", "a copy of a model under MIT"),
    ("distill", "mit", "trained on outputs of a model under MIT"),
])  # fmt: skip
def test_a_step_says_how_it_was_taken(relation: str, label: str, way: str) -> None:
    [reason] = ask("mit", relation=relation, derivative_license=label, use="commercial", distributed="yes")["reasons"]
    assert reason["text"].partition(": ")[0] == way


def test_weights_that_are_needed_at_run_time_are_said_in_the_way() -> None:
    [reason] = tune("mit", "mit", relation="adapter", facts="base weights needed at run time")["reasons"]
    assert reason["text"].startswith("an adapter of a model under MIT, whose weights are needed at run time: ")


def test_an_answer_is_told_in_lines() -> None:
    lines = list(
        as_lines(ask("llama3.1", use="commercial", distributed="hosted", mau="800000000", extra_facts="planet=mars"))
    )
    assert "".join(lines) == (
        "conflict\n"
        "  mau-threshold (2): a model under llama3.1: llama3.1, section 2, asks licensees above 700 million monthly active"
        " users at its release to request a licence from Meta; the users stated are 800 million for 2024-06\n"
        "obligations:\n"
        '  llama3.1, section 1.b.i, asks to display "Built with Llama"\n'
        "  llama3.1, section 1.b.iv, asks to keep to its acceptable-use policy\n"
        "taken to be so:\n"
        "  the users are those of 2024-06, the month that llama3.1 counts: no month is stated\n"
        "not read:\n"
        "  planet=mars\n"
    )


@pytest.mark.parametrize(("piece", "read_as"), [
    ("mau_at_release=5", Remarks(users_at_release=5)), ("MAU at release=1 000", Remarks(users_at_release=1000)),
    ("dau=7", Remarks(daily_users=7)), ("business=maas", Remarks(model_as_a_service=True)),
    ("business=model as a service", Remarks(model_as_a_service=True)),
    ("business=consumer_app", Remarks(model_as_a_service=False)),
    ("business=own-product", Remarks(model_as_a_service=False)), ("purpose=Military", Remarks(field_of_use="military")),
    ("purpose=education", Remarks(education=True)), ("purpose=educational", Remarks(education=True)),
    ("role=end user of product", Remarks(end_user=True)), ("role=end_user", Remarks(end_user=True)),
    ("hardware=RTX 4090", Remarks(hardware="RTX 4090")), ("spdx=MIT", Remarks(spdx="MIT")),
    ("base=Falcon-3", Remarks(family="Falcon-3")), ("student_base=mit", Remarks(student_base="mit")),
    ("teacher=gemma", Remarks(teacher="gemma")),
    *((f"student=a small {word}", Remarks(student="not-generative"))
      for word in ("embedding model", "classifier", "encoder", "reranker", "reward model", "retriever")), ("student=BERT encoder", Remarks(student="not-generative")),
    ("student=7B chat model", Remarks(student="generative")), ("registered=yes", Remarks(held=("registration",))),
    ("registered=False", Remarks(lacking=("registration",))), ("subscription=true", Remarks(held=("subscription",))),
    ("separate-licence=yes", Remarks(held=("separate-license",))),
    ("separate_license=no", Remarks(lacking=("separate-license",))),
    ("own license has no use restrictions.", Remarks(own_terms_carry_limits=False)),
    ("base weights needed at run time", Remarks(needs_base=True)), ("embedding model", Remarks(student="not-generative")),
    ("safety guardrails removed", Remarks(guardrails_removed=True)), ("mau measured January 2025", Remarks(measured="2025-01")),
    ("mau measured dec 2024", Remarks(measured="2024-12")), ("  ", Remarks()),
    ("mau measured frog 2025", Remarks(not_read=("mau measured frog 2025 (did you mean `mau measured`?)",))),
    ("registered=perhaps", Remarks(not_read=("registered=perhaps (no value that `registered` takes)",))),
    ("role=owner", Remarks(not_read=("role=owner (no value that `role` takes)",))),
    ("dau=" + "9" * 19, Remarks(not_read=(f"dau={'9' * 19} (no value that `dau` takes)",))),
    ("dau=" + "9" * 18, Remarks(daily_users=10**18 - 1)), ("hardware=", Remarks(not_read=("hardware= (no value that `hardware` takes)",))),
    ("purpose=fun", Remarks(not_read=("purpose=fun (no value that `purpose` takes)",))),
])  # fmt: skip
def test_each_kind_of_fact_is_read_or_named_as_not_read(piece: str, read_as: Remarks) -> None:
    assert read([piece]) == read_as


def test_facts_of_several_permissions_add_up() -> None:
    assert read(["registered=yes", "subscription=yes", "separate_licence=no"]) == Remarks(
        held=("registration", "subscription"), lacking=("separate-license",)
    )


# what puts no question


@pytest.mark.parametrize(("column", "value", "sentence", "hint"), [
    ("relation", "fintune", "`relation` is `fintune`", "did you mean `finetune`?"),
    ("use", "pleasure", "`use` is `pleasure`", ""),
    ("distributed", "hostd", "`distributed` is `hostd`", "did you mean `hosted`?"),
    ("mau", "many", "`mau` is `many`", ""),
    ("mau", "-1", "`mau` is `-1`", ""),
    ("mau", "9" * 30, f"`mau` is `{'9' * 30}`", ""),
    ("revenue_usd", "1.5", "`revenue_usd` is `1.5`", ""),
    ("revenue_period", "quarter", "`revenue_period` is `quarter`", ""),
    ("multimodal", "perhaps", "`multimodal` is `perhaps`", ""),
    ("derivativ_license", "mit", "unknown column `derivativ_license`", "did you mean `derivative_license`?"),
])  # fmt: skip
def test_a_value_that_its_column_does_not_take_is_refused(column: str, value: str, sentence: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        of_columns({"base_licenses": "mit", column: value}, "asked")
    [problem] = refused.value.problems
    assert (problem.sentence, problem.hint, problem.file) == (sentence, hint, "asked")


@pytest.mark.parametrize(("column", "expected"), [
    ("relation", "one of none, finetune, adapter, merge, quantized, distill"),
    ("use", "one of commercial, research, internal"), ("distributed", "one of yes, no, hosted"),
    ("mau", "a whole number such as 250000"), ("revenue_usd", "a whole number such as 250000"),
    ("revenue_period", "one of year, yearly, annual, 12 months, month, monthly"),
    ("multimodal", "one of yes, true, no, false"),
    ("planet", "one of base_licenses, relation, derivative_license, derivative_name, use, distributed, mau, revenue_usd,"
               " revenue_period, region, multimodal, extra_facts"),
])  # fmt: skip
def test_a_refusal_says_what_a_column_takes(column: str, expected: str) -> None:
    with pytest.raises(InputError) as refused:
        of_columns({"base_licenses": "mit", column: "mars"})
    assert [problem.expected for problem in refused.value.problems] == [expected]


@pytest.mark.parametrize(("columns", "question"), [
    ({"use": "Internal", "distributed": "hosted"}, {"use": "internal", "distributed": "hosted"}),
    ({"revenue_usd": "5", "revenue_period": "12 months"}, {"revenue_usd": 5, "period": "year"}),
    ({"revenue_usd": "5", "revenue_period": "monthly"}, {"revenue_usd": 5, "period": "month"}),
    ({"multimodal": "TRUE"}, {"multimodal": True}), ({"multimodal": "no"}, {"multimodal": False}),
    ({"derivative_license": "mit; isc ;"}, {"offered_as": ("mit", "isc"), "relation": "unstated"}),
    ({"derivative_name": "Foo"}, {"name": "Foo", "relation": "unstated"}), ({"mau": "9" * 18}, {"mau": 10**18 - 1}),
    ({"region": " EU "}, {"region": "EU"}), ({"source": "a paper", "case_id": "7"}, {}), ({"mau": ""}, {}),
    ({"base_licenses": "mit;isc"}, {"bases": ("mit", "isc")}), ({"base_licenses": " ; "}, {"bases": ("",)}),
])  # fmt: skip
def test_columns_make_a_question(columns: dict[str, str], question: dict[str, object]) -> None:
    assert of_columns({"base_licenses": "mit", **columns}) == Question(("mit",))._replace(**question)  # type: ignore[arg-type]


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as refused:
        of_columns({"base_licenses": "mit", "use": "x", "mau": "y"})
    assert len(refused.value.problems) == 2


def test_numbers_are_read_as_people_write_them() -> None:
    assert of_columns({"base_licenses": "mit", "mau": "1,000_000.0"}).mau == 1_000_000


def test_the_duties_of_a_merge_are_those_of_all_its_parents() -> None:
    record = tune("llama3.1;gemma;mit", "llama3.1;gemma", name="Llama-G", relation="merge")
    owed = {(one["license"], one["duty"]) for one in record["obligations"]}
    assert {("llama3.1", "display-text"), ("gemma", "use-restriction-flowdown"), ("MIT", "keep-notices")} <= owed
    assert len(record["obligations"]) == len({tuple(one.values()) for one in record["obligations"]})


@pytest.mark.parametrize(("label", "facts", "said"), [
    ("apahce-2.0", "", ["the terms of the label are not looked at: `apahce-2.0`: no licence of that name is known; the"
                        " nearest name is `Apache-2.0`"]),
    ("proprietary", "", []),
    ("other", "own licence has no use restrictions", []),
    ("apache-2.0", "", []),
])  # fmt: skip
def test_a_label_that_names_no_text_is_told_where_the_base_leaves_it_free(
    label: str, facts: str, said: list[str]
) -> None:
    record = tune("mit", label, facts=facts)
    assert (record["verdict"], record["assumed"]) == ("ok", said)


COUNTING = (load("llama3.1"), load("llama3.2"), load("llama3.3"))


@pytest.mark.parametrize(("question", "stated"), [
    (Question(("mit",)), Circumstances()),
    (Question(("mit",), use="internal"), Circumstances(purpose="commercial", distribution=("internal",))),
    (Question(("mit",), use="commercial"), Circumstances(purpose="commercial")),
    (Question(("mit",), use="research", distributed="no"), Circumstances(purpose="research", distribution=("internal",))),
    (Question(("mit",), use="internal", distributed="hosted"),
     Circumstances(purpose="commercial", distribution=("service",))),
    (Question(("mit",), distributed="yes"), Circumstances(distribution=("weights",))),
    (Question(("mit",), use="research", remarks=Remarks(education=True)), Circumstances(purpose="education")),
    (Question(("mit",), region="EU"), Circumstances(regions=("EU",), seat="EU")),
    (Question(("mit",), mau=5),
     Circumstances(product_users=5, group_users=tuple(UsersInMonth(month, 5) for month in ("2024-06", "2024-08", "2024-11")))),
    (Question(("mit",), mau=5, remarks=Remarks(measured="2024-07")),
     Circumstances(product_users=5, group_users=(UsersInMonth("2024-07", 5),))),
    (Question(("mit",), mau=5, remarks=Remarks(users_at_release=7)),
     Circumstances(product_users=5, group_users=tuple(UsersInMonth(month, 7) for month in ("2024-06", "2024-08", "2024-11")))),
    (Question(("mit",), revenue_usd=9), Circumstances(revenue=(Revenue(9),))),
    (Question(("mit",), revenue_usd=9, period="month"), Circumstances(revenue=(Revenue(9, period="month"),))),
    (Question(("mit",), multimodal=False, remarks=Remarks(
        daily_users=3, model_as_a_service=True, field_of_use="military", held=("registration",), lacking=("subscription",),
        end_user=True, guardrails_removed=True, hardware="RTX", family="cosmos",
    )), Circumstances(
        daily_users=3, multimodal=False, model_as_a_service=True, field_of_use="military", held=("registration",),
        lacking=("subscription",), end_user=True, guardrails_removed=True, hardware="RTX", family="cosmos",
    )),
])  # fmt: skip
def test_a_question_states_the_circumstances_of_a_use(question: Question, stated: Circumstances) -> None:
    assert situation(question, COUNTING) == stated


@pytest.mark.parametrize(("question", "assumed"), [
    (Question(("mit",)), False), (Question(("mit",), mau=0), True),
    (Question(("mit",), mau=5, remarks=Remarks(measured="2024-07")), False),
    (Question(("mit",), mau=5, remarks=Remarks(users_at_release=0)), False),
])  # fmt: skip
def test_a_month_is_assumed_where_users_are_stated_without_one(question: Question, assumed: bool) -> None:
    assert assumed_month(question) is assumed


@pytest.mark.parametrize(("facts", "steps"), [
    ("", ["trained on outputs of a model under llama2"]),
    ("student_base=mit", ["a finetune of a model under MIT", "trained on outputs of a model under llama2"]),
    # the base is what the student starts from, and the teacher is named apart
    ("student_base=llama2;teacher=gemma",
     ["a finetune of a model under llama2", "trained on outputs of a model under gemma"]),
    ("teacher=gemma", ["trained on outputs of a model under llama2", "trained on outputs of a model under gemma"]),
    ("teacher=llama2", ["trained on outputs of a model under llama2"]),
])  # fmt: skip
def test_a_student_comes_from_what_it_starts_from_and_from_its_teachers(facts: str, steps: list[str]) -> None:
    columns = {"relation": "distill", "derivative_license": "llama2", "extra_facts": facts}
    judged = judge(of_columns({"base_licenses": "llama2", "use": "commercial", "distributed": "yes", **columns}))
    assert [step.way for step in judged.steps] == steps


def test_an_exception_for_models_that_descend_from_the_teacher_looks_at_the_students_base() -> None:
    columns = {"relation": "distill", "derivative_license": "mit", "use": "commercial", "distributed": "yes"}
    asked = {"base_licenses": "llama2", **US, **columns}
    assert "output-training" in codes(answer(of_columns({**asked, "extra_facts": "student_base=mit"})))
    assert "output-training" not in codes(
        answer(of_columns({**asked, "extra_facts": "student_base=llama2;teacher=llama2"}))
    )
