"""What a rule sees of facts that are not sure enough for it."""

from __future__ import annotations

import pytest

from checker.facts.catalogue import Catalogue
from checker.facts.certain import at_least
from checker.facts.fact import Certainty, Fact, NotRead, Origin, Source, Unknown
from checker.facts.model import Benchmark, Facts


def stated(value: object, certainty: Certainty) -> Fact:
    return Fact(value, certainty, Source(Origin.CATALOGUE, "name", "acme/model"))


def facts(certainty: Certainty) -> Facts:
    return Facts("acme/model", "acme/model", native_context=stated(8192, certainty))


@pytest.mark.parametrize("certainty", Certainty)
@pytest.mark.parametrize("minimum", Certainty)
def test_a_fact_is_kept_where_it_is_at_least_as_sure_as_the_rule_asks(certainty, minimum):
    seen = at_least(facts(certainty), minimum).native_context
    order = ["verified", "declared", "inferred", "claimed"]
    kept = order.index(certainty) <= order.index(minimum)
    assert isinstance(seen, Fact) is kept


def test_the_reason_names_the_certainty_the_source_and_what_is_asked():
    assert at_least(facts(Certainty.INFERRED), Certainty.DECLARED).native_context == Unknown(
        "native_context", "it is only inferred (catalogue: name); the rule asks for declared"
    )


def test_scores_are_kept_or_dropped_one_by_one():
    sure, unsure = (
        stated(Benchmark("MMLU", score, "5-shot", True), certainty)
        for score, certainty in ((60.0, Certainty.DECLARED), (70.0, Certainty.INFERRED))
    )
    seen = at_least(Facts("acme/model", "acme/model", benchmarks=(sure, unsure)), Certainty.DECLARED)
    assert seen.benchmarks == (sure,)


def test_what_is_unknown_or_was_not_read_stays_so():
    seen = at_least(Facts("acme/model", "acme/model"), Certainty.VERIFIED)
    assert seen.license == Unknown("license")
    assert seen.gated == NotRead("gated")


def test_a_rule_that_takes_claims_gets_the_facts_as_they_are():
    whole = Catalogue().find("Qwen/Qwen2.5-7B-Instruct")
    assert whole is not None
    assert at_least(whole, Certainty.CLAIMED) is whole
