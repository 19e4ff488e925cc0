"""What the lists of a policy say of a licence: denied, to be reviewed, allowed, or not to be told."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from checker.licenses.listed import Named, Ruling, Standing, is_listed, rule
from checker.licenses.registry import resolve


class Wanting(NamedTuple):
    commercial_use: Any = None
    max_mau_cap: int | None = None
    patent_grant: Any = None
    output_training: Any = None
    osi_approved: bool = False

    def __str__(self) -> str:
        return "the properties"


class Holding(NamedTuple):
    deny: Any = ()
    deny_categories: Any = ()
    require: Any = None
    review: Any = ()
    review_categories: Any = ()
    review_unless: Any = None
    allow: Any = None
    allow_categories: Any = ()
    allow_if: Any = None


OSI = Wanting(osi_approved=True)
NOT_LISTED = "is not listed by the Open Source Initiative"


@pytest.mark.parametrize(("spelling", "lists", "ruling"), [
    ("mit", Holding(), Ruling(Standing.ALLOWED, name="MIT")),
    ("mit", Holding(deny=("mit",)),
     Ruling(Standing.DENIED, "deny", "MIT", "a licence that the policy does not deny", "MIT")),
    ("mit", Holding(deny=("MIT",), allow=("MIT",), review=("MIT",)),
     Ruling(Standing.DENIED, "deny", "MIT", "a licence that the policy does not deny", "MIT")),
    ("mit", Holding(deny_categories=("rail", "permissive"), allow=("MIT",)),
     Ruling(Standing.DENIED, "deny_categories", "MIT, which is permissive", "a licence of none of these kinds: rail, permissive", "MIT")),
    ("gemma", Holding(require=OSI, allow=("gemma",)),
     Ruling(Standing.DENIED, "require", f"gemma, which {NOT_LISTED}", "a licence with the properties", "gemma")),
    ("mit", Holding(require=OSI), Ruling(Standing.ALLOWED, name="MIT")),
    ("mit", Holding(review=("MIT",), allow=("MIT",)),
     Ruling(Standing.REVIEW, "review", "`MIT` is to be reviewed by name", "", "MIT")),
    ("mit", Holding(review_categories=("permissive",)),
     Ruling(Standing.REVIEW, "review_categories", "`MIT` is permissive, and such licences are to be reviewed", "", "MIT")),
    ("gemma", Holding(review_unless=OSI),
     Ruling(Standing.REVIEW, "review_unless", f"`gemma` {NOT_LISTED}, and such licences are to be reviewed", "", "gemma")),
    ("mit", Holding(review_unless=OSI), Ruling(Standing.ALLOWED, name="MIT")),
    ("mit", Holding(review_categories=("permissive",), allow=("MIT",)), Ruling(Standing.ALLOWED, "allow", name="MIT")),
    ("mit", Holding(allow=("isc", "zlib")), Ruling(Standing.DENIED, "allow", "MIT", "one of isc, zlib", "MIT")),
    ("mit", Holding(allow=()), Ruling(Standing.DENIED, "allow", "MIT", "one of ", "MIT")),
    ("mit", Holding(allow_categories=("permissive",)), Ruling(Standing.ALLOWED, name="MIT")),
    ("gemma", Holding(allow_categories=("permissive", "copyleft")),
     Ruling(Standing.DENIED, "allow", "gemma", "a licence that is permissive or copyleft", "gemma")),
    ("mit", Holding(allow_if=OSI), Ruling(Standing.ALLOWED, name="MIT")),
    ("gemma", Holding(allow_if=OSI), Ruling(Standing.DENIED, "allow", "gemma", "a licence with the properties", "gemma")),
    ("gemma", Holding(allow=("mit",), allow_categories=("copyleft",), allow_if=OSI),
     Ruling(Standing.DENIED, "allow", "gemma",
            "one of mit, or a licence that is copyleft, or a licence with the properties", "gemma")),
    ("acme-terms", Holding(allow=("mit",)), Ruling(Standing.OPEN, name="acme-terms")),
    ("acme-terms", Holding(deny=("ACME terms",)),
     Ruling(Standing.DENIED, "deny", "acme-terms", "a licence that the policy does not deny", "acme-terms")),
    ("MIT OR gemma", Holding(deny=("gemma",)), Ruling(Standing.ALLOWED, name="MIT")),
    ("MIT AND gemma", Holding(review=("gemma",)),
     Ruling(Standing.REVIEW, "review", "`gemma` is to be reviewed by name", "", "gemma")),
    ("MIT AND acme-terms", Holding(), Ruling(Standing.OPEN, name="acme-terms")),
])  # fmt: skip
def test_lists_are_held_against_a_licence_in_their_order(spelling: str, lists: Holding, ruling: Ruling) -> None:
    assert rule(resolve(spelling), (Named(lists),)) == ruling


def test_lists_of_one_use_add_to_those_of_every_use_and_decide_under_their_own_name() -> None:
    general, one_use = Named(Holding(allow=("mit",))), Named(Holding(allow=("gemma",)), "contexts")
    assert rule(resolve("gemma"), (general, one_use)) == Ruling(Standing.ALLOWED, "contexts", name="gemma")
    assert rule(resolve("isc"), (general, one_use)).expected == "one of mit, gemma"
    # what one use allows by name restricts nothing where every use allows all
    assert rule(resolve("isc"), (Named(Holding()), one_use)).standing is Standing.ALLOWED
    denied = rule(resolve("mit"), (general, Named(Holding(deny=("mit",)), "contexts")))
    assert (denied.standing, denied.setting) == (Standing.DENIED, "contexts")


def test_a_list_names_a_licence_in_any_spelling() -> None:
    assert is_listed("Apache 2.0", ("MIT", "apache-2.0"))
    assert not is_listed("Apache 2.0", ("MIT",))
