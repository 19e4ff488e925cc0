"""The registry files: each is reviewable, says nothing outside the vocabulary, and agrees with itself and with SPDX."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from license_expression import get_license_index, get_spdx_licensing  # type: ignore[import-untyped]

import checker.licenses
from checker.licenses import license as types
from checker.licenses import spellings
from checker.licenses.duties import DUTIES, TRIGGERS
from checker.licenses.license import License
from checker.licenses.registry import digest, ids, load, spdx_or_ref
from checker.licenses.spelling import fold
from checker.licenses.terms import section
from tests.licenses import counts

FOLDER = Path(checker.licenses.__file__).parent
RECORDS = spellings.records()
NEWER_THAN_THE_LIST = {"OpenMDW-1.0"}
"""On the SPDX list since 3.28; the list of `license-expression` is older."""
NEWER_THAN_THE_DATABASE = {
    "gemma-tou-2025-03-24", "moonshot-ai-modified-mit-2025", "ms-research-license-terms", "openatom-model-1.0",
    "qwen-2024",
}  # fmt: skip
"""Keys of LicenseDB that the copy of it in `license-expression` lacks; scancode-toolkit 32.5.0 (PyPI) has their texts."""
NUMBERED = re.compile(r"sections? [\dIVX][\w()., -]*( \([\w ]+\))?|Appendix: .+|sections [\w()., -]*Exhibit A")
NAMED_CLAUSES = {
    "permission notice", "conditions", "attribution clause", "definitions", "preamble", "last paragraph",
    "second paragraph", "fourth paragraph", "sixth paragraph", "README", "Acceptable Use Policy", "AUP", "C4AI AUP",
    "Noncommercial Purposes", "Changes and New Works License", "Notices",
}  # fmt: skip
"""Parts of texts that number nothing."""
CLAUSE_NOT_KNOWN = {
    ("minimax-model-license", "output_training"),
    ("fair-noncommercial-research-license", "purpose"),
}
"""What was read and carried over without the number of its clause. A new statement has one."""


LICENSEDB = {entry["license_key"]: entry for entry in get_license_index()}
SPDX = get_spdx_licensing()


@pytest.fixture(params=sorted(RECORDS))
def license_id(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def text(license_id: str) -> License:
    return load(license_id)


def test_there_is_a_file_for_each_of_the_texts_that_were_read() -> None:
    assert set(RECORDS) == ids()


def test_a_file_is_named_after_its_licence(license_id: str) -> None:
    assert RECORDS[license_id]["id"] == license_id


def test_a_record_has_its_keys_in_their_order_and_one_statement_a_line(license_id: str) -> None:
    written = (FOLDER / "registry" / f"{license_id}.json").read_text(encoding="utf-8")
    assert written == spellings.formatted(RECORDS[license_id]), "run `python3 dev.py generate`"


def test_a_key_that_no_record_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a record has no remark$"):
        spellings.formatted({"id": "x", "remark": "…"})


def test_no_two_claims_are_made_on_one_spelling() -> None:
    keys = [key for key, _ in spellings.claims()]
    assert sorted(keys) == sorted(set(keys))


def test_the_index_of_spellings_is_generated_from_the_files() -> None:
    hint = "run `python3 dev.py generate`"
    assert (FOLDER / "spellings.json").read_text(encoding="utf-8") == spellings.text(), hint


def test_the_index_of_addresses_is_generated_from_the_files() -> None:
    hint = "run `python3 dev.py generate`"
    assert (FOLDER / "links.json").read_text(encoding="utf-8") == spellings.links_text(), hint


def test_the_digest_is_that_of_the_files() -> None:
    assert digest() == spellings.registry_digest()


def test_members_of_families_are_texts_that_are_known_by_name() -> None:
    unread = json.loads((FOLDER / "unread.json").read_text(encoding="utf-8"))
    families = json.loads((FOLDER / "families.json").read_text(encoding="utf-8"))
    named = {member for members in families.values() for member in members}
    assert named - set(RECORDS) - set(unread) == set()


def test_no_family_has_the_id_of_a_text() -> None:
    families = json.loads((FOLDER / "families.json").read_text(encoding="utf-8"))
    unread = json.loads((FOLDER / "unread.json").read_text(encoding="utf-8"))
    assert {fold(family) for family in families} & {fold(one) for one in (*RECORDS, *unread)} == set()


def test_no_text_is_both_read_and_unread() -> None:
    unread = json.loads((FOLDER / "unread.json").read_text(encoding="utf-8"))
    assert set(unread) & set(RECORDS) == set()


def test_texts_that_nobody_read_are_not_shipped_as_known() -> None:
    hearsay = ["jamba-open-model", "falcon-llm-1.0", "falcon-180b", "ai2-impact-lr", "ai2-impact-mr"]
    unread = ["deepfloyd-if-license", "intel-research", "h-research", "apple-ascl"]
    assert set(RECORDS) & {*hearsay, *unread} == set()


def test_an_spdx_id_is_on_the_list_and_is_the_canonical_id(text: License) -> None:
    if text.spdx is None:
        assert text.id not in SPDX.known_symbols
        return
    assert text.id == text.spdx
    if text.spdx not in NEWER_THAN_THE_LIST:
        assert SPDX.validate(text.spdx).errors == []


def test_what_spdx_does_not_list_has_a_reference_of_its_own(text: License) -> None:
    assert bool(text.spdx) is not bool(text.license_ref)
    references = [word for word in spdx_or_ref(text).split() if word.startswith("LicenseRef-")]
    assert all(re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", reference) for reference in references)


def test_every_word_is_of_the_vocabulary(text: License) -> None:
    assert text.category in get_args(types.Category)
    assert set(text.purposes) <= set(get_args(types.PurposeName))
    assert text.evidence.read in get_args(types.Read)
    assert text.evidence.confidence in ("high", "medium", "low")
    assert {one.metric for one in text.conditions} <= set(get_args(types.Metric))
    assert {one.effect for one in text.conditions} <= {"no-rights", "duty"}
    assert {one.op for one in text.conditions} <= {">", ">="}
    assert {one.permission for one in text.conditions} <= {None, *get_args(types.PermissionName)}
    assert {one.region for one in text.territory} <= {"EU", "UK", "KR"}
    assert {one.duty for one in text.obligations} <= DUTIES
    assert {one.trigger for one in text.obligations} <= set(TRIGGERS)
    assert text.output_training.value in get_args(get_type_hints(types.OutputTraining)["value"])
    assert text.distillation_is_derivative in ("yes", "no", "unstated")


def test_thresholds_are_whole_numbers_with_all_that_their_metric_needs(text: License) -> None:
    for condition in text.conditions:
        counts = condition.metric in ("group-users-at-release", "product-users", "daily-users")
        counts = counts or condition.metric in ("yearly-revenue", "monthly-revenue")
        assert (condition.limit > 0) is (counts or (condition.metric == "model-as-a-service" and condition.limit > 0))
        assert bool(condition.month) is (condition.metric == "group-users-at-release")
        assert bool(condition.permission) is (condition.metric == "permission")
        assert bool(condition.whom) is (condition.metric == "model-as-a-service")
        assert condition.says


def test_a_threshold_says_what_is_counted_whose_over_which_period_and_when(text: License) -> None:
    for condition in text.conditions:
        threshold = condition.threshold
        assert (threshold is not None) is (condition.limit > 0)
        if threshold is not None:
            assert (threshold.metric, threshold.op, threshold.value) == (
                condition.metric,
                condition.op,
                condition.limit,
            )
            assert threshold.whose
            assert threshold.measured.startswith("once, in 20") is (condition.metric == "group-users-at-release")


@pytest.mark.parametrize(("license_id", "expected"), [
    ("llama3.1", ("users", "month", "once, in 2024-06", "licensee and affiliates, all products and services")),
    ("qwen", ("users", "month", "at any time", "the product or service")),
    ("lfm-1.0", ("US dollars", "year", "at any time", "the legal entity")),
])  # fmt: skip
def test_a_cap_at_release_is_told_from_a_running_one(license_id: str, expected: tuple[str, ...]) -> None:
    threshold = load(license_id).conditions[0].threshold
    assert threshold is not None
    assert threshold[3:] == expected


def test_a_key_of_licensedb_is_one_that_it_has(text: License) -> None:
    for key in filter(None, (text.license_db, *(version.license_db for version in text.versions))):
        assert (key in LICENSEDB) is not (key in NEWER_THAN_THE_DATABASE)
    assert bool(text.license_db) is bool(text.license_db_category)


def test_the_id_that_licensedb_gives_is_the_one_that_the_record_has(text: License) -> None:
    entry = LICENSEDB.get(text.license_db)
    if entry is not None and text.id not in NEWER_THAN_THE_LIST:
        given = {entry["spdx_license_key"], *entry["other_spdx_license_keys"]}
        assert spdx_or_ref(text) in given | {f"{one}-only" for one in given}


def test_versions_are_dated_and_hold_the_one_that_is_told(text: License) -> None:
    dates = [version.dated for version in text.versions]
    assert dates == sorted(set(dates))
    assert not dates or text.dated in dates


def test_later_versions_are_texts_that_were_read(text: License) -> None:
    assert set(text.later) <= ids() - {text.id}


def test_hosting_that_is_distribution_is_shown_with_its_clause(text: License) -> None:
    assert bool(text.hosting_clause) is (text.hosting_is_distribution or bool(text.hosting_detail))
    asked_when_hosted = {one.trigger for one in text.obligations} & {"distribute-or-host", "share"}
    if asked_when_hosted and text.use_policy and text.use_policy.flows_down:
        assert text.hosting_is_distribution


def test_users_at_release_are_counted_in_the_month_before(text: License) -> None:
    for condition in text.conditions:
        if condition.month:
            released = date.fromisoformat(text.dated)
            before = date(released.year - (released.month == 1), (released.month - 2) % 12 + 1, 1)
            assert condition.month == f"{before:%Y-%m}"


def test_dates_are_plausible(text: License) -> None:
    if text.dated:
        assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text.dated)
        assert "2004" <= text.dated <= "2026-11-23"
        date.fromisoformat(f"{text.dated}-01-01"[:10])


def test_every_statement_names_its_clause(text: License) -> None:
    stated = [("derivative_terms", text.derivative_terms.clause, text.derivative_terms.rule.value != "unknown")]
    silent = text.output_training.value == "unstated" or "text says nothing" in text.output_training.detail
    stated.append(("output_training", text.output_training.clause, not silent))
    stated += [(one.metric, one.clause, True) for one in text.conditions]
    stated += [(one.duty, one.clause, True) for one in text.obligations]
    stated += [("territory", one.clause, True) for one in text.territory]
    policy = text.use_policy
    stated += [("use_policy", policy.clause, True)] if policy and policy.kind != "unstated" else []
    for what, clause, is_stated in stated:
        assert bool(clause) is (is_stated and (text.id, what) not in CLAUSE_NOT_KNOWN), (what, clause)
        assert not clause or clause in NAMED_CLAUSES or NUMBERED.fullmatch(section(clause)), clause


def test_a_text_without_commercial_use_says_for_what_it_grants_use(text: License) -> None:
    limited = "commercial" not in text.purposes
    assert limited is (text.commercial_use is types.CommercialUse.NO)
    assert limited is any(condition.metric == "purpose" for condition in text.conditions)


def test_conditional_commercial_use_has_a_condition_or_a_duty(text: License) -> None:
    if text.commercial_use is types.CommercialUse.CONDITIONAL:
        duties = [one for one in text.obligations if one.trigger == "commercial-use"]
        assert text.conditions or duties


def test_licences_named_by_terms_for_derivatives_exist(text: License) -> None:
    terms = text.derivative_terms
    assert {*terms.compatible, *terms.cannot_join} <= ids()
    assert text.id not in terms.compatible


def test_a_name_prefix_and_a_text_to_display_are_given(text: License) -> None:
    for obligation in text.obligations:
        if obligation.duty in ("name-prefix", "display-text"):
            assert obligation.value


def test_every_read_text_says_where_it_was_read(text: License) -> None:
    assert text.evidence.source
    assert text.what_was_read.startswith(("full text", "part of the text", "standard text"))


@pytest.mark.parametrize(("license_id", "read"), [
    ("llama3.1", "full text, 2024-07-23"),
    ("yi-2.1", "part of the text, 2023-11-23"),
    ("MIT", "standard text"),
])  # fmt: skip
def test_how_much_was_read_is_said_with_the_date_of_the_text(license_id: str, read: str) -> None:
    assert load(license_id).what_was_read == read


def test_changing_a_file_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "registry").mkdir()
    copy = tmp_path / "registry" / "MIT.json"
    copy.write_bytes((FOLDER / "registry" / "MIT.json").read_bytes())
    monkeypatch.setattr(spellings, "HERE", tmp_path)
    before = spellings.registry_digest()
    copy.write_bytes(copy.read_bytes().replace(b"\n", b"\r\n"))
    assert spellings.registry_digest() == before, "line ends do not count"
    copy.write_bytes(copy.read_bytes().replace(b"MIT License", b"MIT Licence"))
    assert spellings.registry_digest() != before


def test_every_id_of_the_hub_is_that_of_one_text_or_names_a_family() -> None:
    unread = json.loads((FOLDER / "unread.json").read_text(encoding="utf-8"))
    of_texts = [hub_id for record in (*RECORDS.values(), *unread.values()) for hub_id in record.get("hub_ids", ())]
    assert sorted(of_texts) == sorted(set(of_texts))
    assert set(of_texts) == set(HUB_IDS.split()) - FAMILIES_OF_THE_HUB - {"other", "unknown"}
    families = json.loads((FOLDER / "families.json").read_text(encoding="utf-8"))
    assert families.keys() >= FAMILIES_OF_THE_HUB


FAMILIES_OF_THE_HUB = {"openrail", "bsd", "cc", "gpl", "lgpl"}

HUB_IDS = """
apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m afl-3.0
artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0
cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0
cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0
epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc h-research
intel-research lppl-1.3c ms-pl apple-ascl apple-amlr mpl-2.0 odc-by odbl openmdw-1.0 openmdw-1.1 openrail++ osl-3.0
postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr deepfloyd-if-license fair-noncommercial-research-license llama2
llama3 llama3.1 llama3.2 llama3.3 llama4 grok2-community gemma unknown other
"""


def test_the_documentation_counts_what_there_is() -> None:
    page = (FOLDER.parents[1] / "docs" / "licenses.md").read_text(encoding="utf-8")
    assert counts.written(page) == page, "run `python3 dev.py generate`"
    assert f"the {NUMBERS[len(CLAUSE_NOT_KNOWN)]} that were taken over without one" in page


NUMBERS = {2: "two"}
