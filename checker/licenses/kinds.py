"""The kinds of licence that a policy names: broad ones, each of several categories of the registry, and these."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from checker.licenses.license import Category, License

Broad: TypeAlias = Literal["permissive", "copyleft", "source-available", "non-commercial", "responsible-use"]
Kind: TypeAlias = Literal[Broad, Category]
"""A kind as a policy spells it. `permissive` and `copyleft` are both: they mean the broad kind."""

_BROAD: dict[Category, Broad] = {
    "permissive": "permissive",
    "permissive-content": "permissive",
    "permissive-model": "permissive",
    "public-domain": "permissive",
    "data-permissive": "permissive",
    "copyleft": "copyleft",
    "weak-copyleft": "copyleft",
    "share-alike": "copyleft",
    "data-share-alike": "copyleft",
    "community": "source-available",
    "modified-mit": "source-available",
    "no-derivatives": "source-available",
    "data-use-limited": "source-available",
    "noncommercial": "non-commercial",
    "research": "non-commercial",
    "rail": "responsible-use",
}


def broad_kind(text: License) -> Broad:
    """The broad kind of a licence."""
    return _BROAD[text.category]


def kind_among(text: License, kinds: Iterable[Kind]) -> Kind | None:
    """The first of the kinds that the licence is of; None where it is of none."""
    return next((kind for kind in kinds if kind in (text.category, broad_kind(text))), None)
