"""Several licences in one text: a choice is the chooser's, what is joined applies together, and neither is guessed."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.licenses.expressions import read
from checker.licenses.registry import (
    AllOf,
    Ambiguous,
    AnyOf,
    Resolution,
    Resolved,
    Unrecognised,
    canonical_id,
    resolve,
    resolve_all,
)

ROOT = Path(__file__).parents[2]


def shown(found: Resolution) -> object:
    """An answer as it is easy to compare: ids, `("any", …)`, `("all", …)`, `("one of", …)`, `("unread", …)`."""
    match found:
        case Resolved(text, or_later, exception):
            return text.id + "+" * or_later + (f" WITH {exception}" if exception else "")
        case AnyOf(choices=choices):
            return ("any", *map(shown, choices))
        case AllOf(parts=parts):
            return ("all", *map(shown, parts))
        case Ambiguous(candidates=candidates):
            return ("one of", *candidates)
        case Unrecognised(spelling=spelling, unread=unread):
            return ("unread", unread) if unread else ("unknown", spelling)


@pytest.mark.parametrize(("text", "expected"), [
    ("MIT OR Apache-2.0", ("any", "MIT", "Apache-2.0")),
    ("MIT AND Apache-2.0", ("all", "MIT", "Apache-2.0")),
    ("(MIT)", "MIT"),
    ("MIT OR mit", "MIT"),
    ("Apache 2.0 OR The MIT License", ("any", "Apache-2.0", "MIT")),
    ("Gemma and Llama 3.1", ("all", "gemma", "llama3.1")),
    ("apache-2.0 or mit", ("any", "Apache-2.0", "MIT")),
    ("MIT OR Apache-2.0 AND CC-BY-4.0", ("any", "MIT", ("all", "Apache-2.0", "CC-BY-4.0"))),
    ("(MIT OR Apache-2.0) AND CC-BY-4.0", ("all", ("any", "MIT", "Apache-2.0"), "CC-BY-4.0")),
    ("MIT OR (ISC OR Zlib)", ("any", "MIT", "ISC", "Zlib")),
    ("llama-3 OR MIT", ("any", ("one of", "llama3", "llama3.1", "llama3.2", "llama3.3"), "MIT")),
    ("MIT AND acme", ("all", "MIT", ("unknown", "acme"))),
    ("MIT OR LicenseRef-Acme", ("any", "MIT", ("unknown", "LicenseRef-Acme"))),
    ("mit AND jamba-open-model-license", ("all", "MIT", ("unread", "jamba-open-model"))),
])  # fmt: skip
def test_operators_are_read_as_spdx_means_them(text: str, expected: object) -> None:
    assert shown(resolve(text)) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("GPL-2.0-or-later", ("any", "GPL-2.0-only", "GPL-3.0-only+")),
    ("GPL-2.0+", ("any", "GPL-2.0-only", "GPL-3.0-only+")),
    ("GPLv2 or later", ("any", "GPL-2.0-only", "GPL-3.0-only+")),
    ("GPL-3.0-or-later", "GPL-3.0-only+"),
    ("GNU GPL v3 or any later version", "GPL-3.0-only+"),
    ("LGPL-2.1-or-later", ("any", "LGPL-2.1-only", "LGPL-3.0-only+")),
    ("AGPL-3.0-or-later", "AGPL-3.0-only+"),
    ("Apache-2.0+", "Apache-2.0+"),
    ("GPL-2.0-or-later AND MIT", ("all", ("any", "GPL-2.0-only", "GPL-3.0-only+"), "MIT")),
    ("gpl-or-later", ("one of", "GPL-2.0-only", "GPL-3.0-only")),
    ("openrail++", "openrail++"),
])  # fmt: skip
def test_a_version_and_those_after_it_is_a_choice_between_those_that_are_known(text: str, expected: object) -> None:
    assert shown(resolve(text)) == expected


@pytest.mark.parametrize("text", ["acme or later", "acme+", "acme-or-later", "no-such-text or any later version"])
def test_a_later_version_of_what_is_not_known_is_not_known_either(text: str) -> None:
    found = resolve(text)
    assert isinstance(found, Unrecognised)
    assert (found.spelling, found.reason) == (text, "no licence of that name is known")


def test_a_part_of_an_expression_is_called_by_the_whole() -> None:
    text = "MIT AND (ISC OR Zlib)"
    found = resolve(text)
    assert isinstance(found, AllOf)
    assert (found.spelling, found.parts[1].spelling) == (text, text)  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "expected"), [
    ("mit, , apache-2.0", ("all", "MIT", "Apache-2.0")), ("mit,", "MIT"), (", mit", "MIT"),
])  # fmt: skip
def test_an_empty_item_of_a_list_is_none(text: str, expected: object) -> None:
    assert shown(resolve(text)) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("GPL-2.0 WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ("Apache-2.0 with llvm-exception", "Apache-2.0 WITH LLVM-exception"),
    (
        "GPL-2.0-or-later WITH Classpath-exception-2.0",
        ("any", "GPL-2.0-only WITH Classpath-exception-2.0", "GPL-3.0-only+ WITH Classpath-exception-2.0"),
    ),
    ("gpl WITH Classpath-exception-2.0", ("one of", "GPL-2.0-only", "GPL-3.0-only")),
])  # fmt: skip
def test_an_exception_stays_with_its_licence(text: str, expected: object) -> None:
    assert shown(resolve(text)) == expected


def test_an_exception_that_spdx_does_not_list_is_not_taken() -> None:
    text = "MIT WITH acme-exception"
    assert resolve(text) == Unrecognised(text, "`acme-exception` is no exception that SPDX lists")


@pytest.mark.parametrize("text", [
    "MIT OR", "OR MIT", "MIT (Apache-2.0)", "MIT AND OR Apache-2.0", "(MIT OR isc", "MIT OR isc)", "MIT OR ()",
    "((MIT) GPL-3.0-only)", "((MIT) GPL-3.0-only OR ISC)", "MIT WITH (Classpath-exception-2.0)",
])  # fmt: skip
def test_operators_that_make_no_expression_are_said_to_make_none(text: str) -> None:
    reason = "its operators do not make an expression: `A OR B`, `A AND B`, `A WITH exception`"
    assert resolve(text) == Unrecognised(text, reason)


def test_every_order_of_words_and_brackets_is_an_expression_or_is_said_to_be_none() -> None:
    """No part is dropped where brackets stand side by side, and nothing comes out but an answer."""
    for length in range(1, 6):
        for words in product(("", "AND", "OR", "WITH", "(", ")"), repeat=length):
            names = iter(("MIT", "ISC", "Zlib", "0BSD", "Apache-2.0"))
            named = [word or next(names) for word in words]
            found = resolve(" ".join(named))
            assert isinstance(found, Unrecognised) or all(
                word in str(shown(found)) for word, kind in zip(named, words, strict=True) if not kind
            ), named


@pytest.mark.parametrize(("text", "expected"), [
    ("apache-2.0,mit", ("all", "Apache-2.0", "MIT")),
    ("llama3.3,gemma", ("all", "llama3.3", "gemma")),
    ("MIT; Apache 2.0", ("all", "MIT", "Apache-2.0")),
    ("MIT & Apache-2.0", ("all", "MIT", "Apache-2.0")),
    ("MIT / Apache-2.0", ("all", "MIT", "Apache-2.0")),
    ("MIT + Apache-2.0", ("all", "MIT", "Apache-2.0")),
    ("MIT/Apache-2.0", ("all", "MIT", "Apache-2.0")),
    ("meta-llama/Llama-2", ("unknown", "meta-llama/Llama-2")),
    ("qwen/qwen", ("unknown", "qwen/qwen")),
    ("mit-and-apache-2.0", ("all", "MIT", "Apache-2.0")),
    ("apache-2.0-or-mit", ("any", "Apache-2.0", "MIT")),
    ("apache-2.0,acme", ("unknown", "apache-2.0,acme")),
    ("mit and acme", ("unknown", "mit and acme")),
    ("mit-or-acme", ("unknown", "mit-or-acme")),
    ("a research-and-non-commercial-license", ("unknown", "a research-and-non-commercial-license")),
    (", ".join(["mit"] * 60), ("unknown", ", ".join(["mit"] * 60))),
    (" OR ".join(["mit"] * 60), ("unknown", " OR ".join(["mit"] * 60))),
    (" OR ".join(["mit"] * 600), ("unknown", " OR ".join(["mit"] * 600))),
    ("( )", ("unknown", "( )")),
])  # fmt: skip
def test_a_list_or_plain_words_join_licences_where_each_side_is_one(text: str, expected: object) -> None:
    assert shown(resolve(text)) == expected


@pytest.mark.parametrize(("spellings", "expected"), [
    (["apache-2.0"], "Apache-2.0"),
    (["llama3.1", "gemma"], ("all", "llama3.1", "gemma")),
    (["mit", "acme"], ("all", "MIT", ("unknown", "acme"))),
    (["mit", "MIT AND isc"], ("all", "MIT", "ISC")),
])  # fmt: skip
def test_the_items_of_a_list_all_apply(spellings: list[str], expected: object) -> None:
    assert shown(resolve_all(spellings)) == expected


def test_the_name_beside_other_may_be_an_expression() -> None:
    assert shown(resolve("other", license_name="mit-and-apache-2.0")) == ("all", "MIT", "Apache-2.0")


def test_no_expression_is_the_name_of_one_licence() -> None:
    assert canonical_id("MIT OR Apache-2.0") is None


@given(st.recursive(
    st.sampled_from(["MIT", "Apache-2.0", "llama3.1", "gpl", "acme", "GPL-2.0+"]),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR"]), inner),
    max_leaves=12,
))  # fmt: skip
def test_every_expression_of_spdx_is_read_and_nothing_nests_in_its_like(text: str) -> None:
    def check(found: Resolution) -> None:
        inner = found.choices if isinstance(found, AnyOf) else found.parts if isinstance(found, AllOf) else ()
        assert len(inner) != 1
        assert not any(type(one) is type(found) for one in inner)
        for one in inner:
            check(one)

    check(resolve(text))


PLAIN = [
    "apache-2.0",
    "Llama 3.1 Community License Agreement",
    "gpl",
    "other",
    "acme-license",
    "openrail++",
    "llama3.5",
]


@pytest.mark.parametrize(("texts", "loaded"), [
    (PLAIN, []),
    (["GPL-2.0-or-later", "apache-2.0,mit", "mit-and-apache-2.0"], []),
    (["MIT OR Apache-2.0"], ["license_expression"]),
])  # fmt: skip
def test_the_grammar_of_spdx_is_loaded_by_operators_alone(texts: list[str], loaded: list[str]) -> None:
    code = (
        f"import sys; from checker.licenses.registry import resolve; [resolve(text) for text in {texts!r}];"
        "print(sorted({'license_expression', 'difflib'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == f"{loaded}\n"


def test_or_later_is_said_once():
    """Each of many signs looked at anew took the square of their number, of every part of a list."""
    assert isinstance(resolve("GPL-2.0++"), Unrecognised)
    asked = []
    read(f"a/LICENSE-2&0{'+' * 200}", lambda part: asked.append(part) or Unrecognised(part, ""))
    assert len(asked) < 20
