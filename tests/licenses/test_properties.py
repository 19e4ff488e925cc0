"""What a policy may want of a licence whatever its name, and how the lack of it is said."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from checker.licenses.kinds import broad_kind, kind_among
from checker.licenses.properties import NO_CAP, lacking, user_cap
from checker.licenses.registry import load


class Wants(NamedTuple):
    commercial_use: Any = None
    max_mau_cap: int | None = None
    patent_grant: Any = None
    output_training: Any = None
    osi_approved: bool = False


@pytest.mark.parametrize(("license_id", "wanted", "said"), [
    ("MIT", Wants("yes"), ()),
    ("llama3.1", Wants("yes"), ("grants commercial use under conditions",)),
    ("llama3.1", Wants("conditional"), ()),
    ("CC-BY-NC-4.0", Wants("conditional"), ("grants no commercial use",)),
    ("chatglm2-6b", Wants("conditional"), ("says nothing of commercial use",)),
    ("chatglm2-6b", Wants(), ()),
    ("llama3.1", Wants(max_mau_cap=700_000_000), ()),  # the cap may stand there
    ("llama3.1", Wants(max_mau_cap=700_000_001), ("has a cap at 700,000,000 users",)),
    ("MIT", Wants(max_mau_cap=NO_CAP), ()),
    ("stability-ai-community", Wants(max_mau_cap=NO_CAP), ()),  # it counts revenue and no users
    ("Apache-2.0", Wants(patent_grant="express"), ()),
    ("Apache-2.0", Wants(patent_grant="required"), ()),
    ("MIT", Wants(patent_grant="required"), ("grants no patents",)),
    ("llama3.1", Wants(patent_grant="required"), ()),
    ("llama3.1", Wants(patent_grant="express"),
     ("grants patents under a general clause alone (covered by general IP grant)",)),
    ("chatglm3-6b", Wants(output_training="allowed"), ("leaves training on outputs unstated",)),
    ("llama3.1", Wants(output_training="allowed"), ()),
    ("llama3", Wants(output_training="allowed"), ("leaves training on outputs prohibited",)),
    ("MIT", Wants(osi_approved=True), ()),
    ("gemma", Wants(osi_approved=True), ("is not listed by the Open Source Initiative",)),
    ("llama3", Wants("yes", 10**9, "express", "allowed", True), (
        "grants commercial use under conditions", "has a cap at 700,000,000 users",
        "grants patents under a general clause alone (covered by general IP grant)",
        "leaves training on outputs prohibited", "is not listed by the Open Source Initiative",
    )),
])  # fmt: skip
def test_what_is_lacking_is_said_in_the_order_of_the_wants(
    license_id: str, wanted: Wants, said: tuple[str, ...]
) -> None:
    assert lacking(load(license_id), wanted) == said


@pytest.mark.parametrize(("license_id", "cap"), [
    ("llama3.1", 700_000_000), ("baichuan2", 1_000_000), ("qwen", 100_000_000), ("MIT", None), ("lfm-1.0", None),
])  # fmt: skip
def test_a_cap_on_users_is_the_lowest_that_the_text_counts(license_id: str, cap: int | None) -> None:
    assert user_cap(load(license_id)) == cap


@pytest.mark.parametrize(("license_id", "broad"), [
    ("MIT", "permissive"), ("CC-BY-4.0", "permissive"), ("CC0-1.0", "permissive"), ("OpenMDW-1.0", "permissive"),
    ("CDLA-Permissive-2.0", "permissive"), ("GPL-3.0-only", "copyleft"), ("MPL-2.0", "copyleft"),
    ("CC-BY-SA-4.0", "copyleft"), ("CDLA-Sharing-1.0", "copyleft"), ("llama3.1", "source-available"),
    ("kimi-k2", "source-available"), ("CC-BY-ND-4.0", "source-available"), ("C-UDA-1.0", "source-available"),
    ("CC-BY-NC-4.0", "non-commercial"), ("mrl", "non-commercial"), ("creativeml-openrail-m", "responsible-use"),
])  # fmt: skip
def test_a_category_is_of_one_broad_kind(license_id: str, broad: str) -> None:
    assert broad_kind(load(license_id)) == broad


def test_the_first_kind_of_a_list_that_fits_is_named() -> None:
    assert kind_among(load("MPL-2.0"), ("permissive", "copyleft", "weak-copyleft")) == "copyleft"
    assert kind_among(load("MPL-2.0"), ("permissive", "weak-copyleft", "copyleft")) == "weak-copyleft"
    assert kind_among(load("MPL-2.0"), ("permissive", "community")) is None
