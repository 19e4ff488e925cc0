"""Expressions: what is refused when the policy is loaded, where, and that no expression holds up or swells a check."""

from __future__ import annotations

import resource

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.custom.expression import Trouble, evaluate, mistakes, names_in
from checker.custom.limits import MAX_CHARACTERS
from checker.custom.variables import documented, variables
from tests.ending import that_ends

BOUND = {
    "model.id": "a" * 4096,
    "model.params": 7,
    "model.license": "MIT",
    "model.architectures": ["LlamaForCausalLM"] * 256,
    "model.gated": True,
    "known.params": True,
    "manifest.objective": "chat",
}


def said(text):
    return [(one.at, one.sentence, one.hint) for one in mistakes(text)]


def test_every_variable_can_be_used_with_its_type():
    assert len(variables()) > 250
    for name in variables():
        assert mistakes(f"{name} == {name}") == ()
        assert names_in(f"{name} == {name}") == (name,)


def test_every_variable_is_documented():
    assert [name for name, variable in documented().items() if not variable.meaning] == []


@pytest.mark.parametrize(
    ("text", "at", "sentence", "hint"),
    [
        ("model.licence == 'MIT'", 0, "no variable is called `model.licence`", "did you mean `model.license`?"),
        ("true || manifest.objectiv == 'chat'", 8, "no variable is called `manifest.objectiv`", "did you mean `manifest.objective`?"),
        ("model.id.startWith('x')", 9, "no function is called `startWith`", "did you mean `startsWith`?"),
        ("siz(model.id) > 3", 0, "no function is called `siz`", "did you mean `size`?"),
        ("model.params == 'x'", 13, "`==` between int and string", ""),
        ("model.scores['MMLU'] > 70", 21, "`>` between double and int", "a double is written with a point, such as `70.0`"),
        ("model.params", 0, "an expression of type int", ""),
        ("null", 0, "an expression of type null", ""),
        ("model.params > ", 14, "the expression ends before it is complete", ""),
        ("manifest.objective == 'chatt'", 22, '`manifest.objective` is never "chatt"', "did you mean `chat`?"),
        ("'chatt' != manifest.objective", 0, '`manifest.objective` is never "chatt"', "did you mean `chat`?"),
        ("manifest.objective in ['chat', 'rerank']", 31, '`manifest.objective` is never "rerank"', "did you mean `reranking`?"),
        ("model.license != 'apache 2.0'", 17, '`model.license` is never "apache 2.0"', "write `Apache-2.0`"),
        ("has(model.gated)", 0, "`has` in an expression", ""),
        ("dyn(model.gated)", 0, "`dyn` in an expression", ""),
        ("google.protobuf.BoolValue{value: true}", 0, "a message of type `google.protobuf.BoolValue`", ""),
        ("model.id.matches('(')", 17, "invalid regular expression: missing ): (", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_found_before_anything_is_judged(text, at, sentence, hint):
    assert said(text) == [(at, sentence, hint)]


@pytest.mark.parametrize(
    ("text", "bound", "result"),
    [
        ("model.params < 10", {"model.params": 9}, True),
        ("model.params < 10", {"model.params": 10}, False),
        ("model.params < 10 || model.gated", {"model.gated": True}, True),
        ("model.gated && model.params < 10", {"model.gated": False}, False),
        ("!known.params || model.params < 10", {"known.params": False}, True),
    ],
)
def test_a_side_that_decides_needs_no_other(text, bound, result):
    assert evaluate(text, bound) is result


@pytest.mark.parametrize(
    ("text", "bound", "unbound"),
    [
        ("model.params < 10", {}, True),
        ("model.params < 10 || model.gated", {"model.gated": False}, True),
        ("model.params / 0 == 1", {"model.params": 1}, False),
        ("model.architectures[3] == 'x'", {"model.architectures": []}, False),
        ("model.scores['MMLU'] > 1.0", {"model.scores": {}}, False),
        ("model.params * model.params > 0", {"model.params": 1 << 62}, False),
        ("model.params < 10", {"model.params": "seven"}, False),
        ("model.params < 10", {"model.params": 1 << 70}, False),
        ("model.params < 10", {"model.params": None}, False),
    ],
)
def test_an_error_is_neither_true_nor_false(text, bound, unbound):
    result = evaluate(text, bound)
    assert isinstance(result, Trouble)
    assert result.unbound is unbound


LIST = "[1,2,3,4,5,6,7,8,9,10]"
BOMBS = {
    "text that doubles": "['aaaaaaaa']" + ".map(x, x + x)" * 25 + "[0].matches('b')",
    "lists that double": "['a']" + ".map(x, [x, x])" * 22 + " == ['a']",
    "nested text": "['a'].exists(x, [x + x + x].exists(y, y.matches('b')))",
    "many comprehensions": "true" + " && [1].all(x, x > 0)" * 9,
    "parentheses": "(" * 900 + "true" + ")" * 900,
    "brackets": "[" * 900 + "]" * 900 + " == []",
    "a long sum": " + ".join("1" * 400) + " > 0",
    "a long chain": "model.id" + ".size()" * 200 + " == 1",
    "a long pattern": f"model.id.matches('{'(x+x+)+' * 40}')",
    "a large pattern": f"model.id.matches('{'a{0,1000}' * 20}b')",
    "nested repetitions": "model.id.matches('((a{1000}){1000}){1000}')",
    "a computed pattern": "model.id.matches(model.license)",
    "a computed pattern, called": "matches(model.id, model.license + '(')",
    "repetitions in a loop": "model.architectures.all(x, x.matches('a{40}'))",
    "too long": "true " + "|| true" * 300,
    "a message in a loop": "[1].all(x, google.protobuf.Int64Value{value: x} == 1)",
    "a map in a loop": "[1].all(x, {x: x} == {1: 1})",
    "a list in a loop": "[1].all(x, [x, x] == [1, 1])",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_what_could_swell_is_refused_when_the_policy_is_loaded(text):
    with that_ends():
        assert mistakes(text)


@pytest.mark.parametrize(
    ("pattern", "is_refused"),
    [("a{100}", False), ("a{101}", True), ("a{0,101}", True), ("(a{10}){10}", False), ("(a{10}){11}", True)],
)
def test_the_counts_of_a_pattern_multiply_to_a_hundred_at_most(pattern, is_refused):
    found = mistakes(f"model.id.matches('{pattern}')")
    assert bool(found) is is_refused
    assert all("a pattern with many repetitions" in str(one) for one in found)


ANY = "model.architectures.all(a, model.architectures.all(b, model.architectures.all(c, a != b || b != c || a == c)))"
HARMLESS = {
    "iterations": f"{LIST}.all(a, {LIST}.all(b, {LIST}.all(c, {LIST}.all(d, {LIST}.all(e, a > 0)))))",
    "iterations over facts": ANY,
    "a pattern that backtracks elsewhere": "model.id.matches('(a+)+$b') || true",
    "the largest pattern": f"model.id.matches('{'(a|b|c|d|e|f)?' * 12}a{{100}}b')",
    "a pattern with many states": f"model.id.matches('(a|b)*a{'(a|b)' * 30}c')",
    "a pattern in a loop": f"model.architectures.all(x, x.matches('(L|l)*L{'(a|b)' * 30}c'))",
    "negations": "!" * 1990 + "true",
    "alternatives": "true" + " || true" * 240,
    "a literal in a loop": "model.architectures.exists(x, x in ['LlamaForCausalLM', 'Qwen2ForCausalLM'])",
    "an item in a loop": "[0].all(x, model.architectures[x] == 'LlamaForCausalLM')",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_admitted_is_computed_at_once(text):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with that_ends():
        assert mistakes(text) == ()
        evaluate(text, BOUND)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


def test_too_many_steps_leave_no_answer():
    result = evaluate(HARMLESS["iterations"], {})
    assert result == Trouble("its comprehensions take more than 10,000 steps", unbound=False)


def test_a_null_is_no_answer():
    assert mistakes("{'a': null}['a'] == null") == ()
    assert evaluate("{'a': null}['a']", {}) == Trouble("it came to neither true nor false", unbound=False)


def test_the_longest_expression_is_admitted():
    text = "true || model.id == '"
    text += "x" * (MAX_CHARACTERS - len(text) - 1) + "'"
    assert mistakes(text) == ()
    assert [one.sentence for one in mistakes(f"{text} ")] == ["an expression of 2,001 characters"]


WORDS = st.sampled_from(
    [*BOUND, "model.nope", "true", "null", "1", "'a'", "[", "]", "(", ")", "{", "}", "&&", "||", "!", "==", "<", "+", "-",
     "/", "?", ":", ".", ",", "in", ".map(x, ", ".all(x, ", ".matches(", "size(", "x", "\n", "//", '"', "é", "1.5", "0u"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=25).map(" ".join), st.text(max_size=60)))
def test_any_text_is_told_or_computed(text):
    found = mistakes(text)
    if found:
        assert all(0 <= one.at <= max(len(text), 1) and one.width >= 0 and one.sentence for one in found)
    else:
        assert isinstance(evaluate(text, BOUND), (bool, Trouble))
        assert isinstance(evaluate(text, {}), (bool, Trouble))
