"""Questions to the licences: the verdicts, what the answers say, and what is not read or not known."""

from __future__ import annotations

import pytest

from checker.document.errors import InputError
from checker.licenses.duties import DUTIES
from checker.licenses.question.answer import Record, answer
from checker.licenses.question.question import of_columns
from checker.licenses.question.remarks import Remarks, read
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


def test_the_words_of_reviewers_are_the_first_code_of_most_answers() -> None:
    same = [case.id for case in cases() if codes(answered(case))[0] == case.code]
    assert len(same) >= 90


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
