"""The registry files: each is reviewable, says nothing outside the vocabulary, and agrees with itself and with SPDX."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from license_expression import get_spdx_licensing  # type: ignore[import-untyped]

import checker.licenses
from checker.licenses import license as types
from checker.licenses import spellings
from checker.licenses.duties import DUTIES, TRIGGERS
from checker.licenses.license import License
from checker.licenses.registry import digest, ids, load, spdx_or_ref
from checker.licenses.spelling import fold
from checker.licenses.terms import section

FOLDER = Path(checker.licenses.__file__).parent
RECORDS = spellings.records()
NEWER_THAN_THE_LIST = {"OpenMDW-1.0"}
"""On the SPDX list since 3.28; the list of `license-expression` is older."""


@pytest.fixture(params=sorted(RECORDS))
def license_id(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def text(license_id: str) -> License:
    return load(license_id)


def test_there_is_a_file_for_each_of_the_103_texts() -> None:
    assert len(RECORDS) == len(ids()) == 103


def test_a_file_is_named_after_its_licence(license_id: str) -> None:
    assert RECORDS[license_id]["id"] == license_id


def test_one_statement_is_one_line(license_id: str) -> None:
    written = (FOLDER / "registry" / f"{license_id}.json").read_text(encoding="utf-8")
    assert written == _one_statement_a_line(RECORDS[license_id])


def _one_statement_a_line(record: dict[str, Any]) -> str:
    statements = []
    for key, value in record.items():
        if isinstance(value, list) and value:
            items = ",\n".join(f"    {_json(item)}" for item in value)
            statements.append(f'  "{key}": [\n{items}\n  ]')
        else:
            statements.append(f'  "{key}": {_json(value)}')
    return "{\n" + ",\n".join(statements) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def test_no_two_claims_are_made_on_one_spelling() -> None:
    keys = [key for key, _ in spellings.claims()]
    assert sorted(keys) == sorted(set(keys))


def test_the_index_of_spellings_is_generated_from_the_files() -> None:
    hint = "run python -m checker.licenses.spellings"
    assert (FOLDER / "spellings.json").read_text(encoding="utf-8") == spellings.text(), hint


def test_the_digest_is_that_of_the_files() -> None:
    assert digest() == spellings.registry_digest()


def test_members_of_families_are_texts_that_are_known_by_name() -> None:
    unread = json.loads((FOLDER / "unread.json").read_text(encoding="utf-8"))
    families = json.loads((FOLDER / "families.json").read_text(encoding="utf-8"))
    named = {member for members in families.values() for member in members}
    assert named - set(RECORDS) - set(unread) == set()


def test_no_text_is_both_read_and_unread() -> None:
    unread = json.loads((FOLDER / "unread.json").read_text(encoding="utf-8"))
    assert set(unread) & set(RECORDS) == set()


def test_texts_that_nobody_read_are_not_shipped_as_known() -> None:
    hearsay = ["jamba-open-model", "falcon-llm-1.0", "falcon-180b", "ai2-impact-lr", "ai2-impact-mr"]
    unread = ["deepfloyd-if-license", "intel-research", "h-research", "apple-ascl"]
    assert set(RECORDS) & {*hearsay, *unread} == set()


def test_an_spdx_id_is_on_the_list_and_is_the_canonical_id(text: License) -> None:
    if text.spdx is None:
        assert text.id not in get_spdx_licensing().known_symbols
        return
    assert text.id == text.spdx
    if text.spdx not in NEWER_THAN_THE_LIST:
        assert get_spdx_licensing().validate(text.spdx).errors == []


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


def test_clauses_read_as_clauses(text: License) -> None:
    clauses = [text.derivative_terms.clause, text.output_training.clause]
    clauses += [one.clause for one in text.conditions] + [one.clause for one in text.territory]
    clauses += [one.clause for one in text.obligations]
    clauses += [text.use_policy.clause] if text.use_policy else []
    named = ("permission notice", "last paragraph", "README", "Acceptable Use Policy", "AUP", "C4AI AUP")
    for clause in filter(None, clauses):
        cited = section(clause)
        assert re.fullmatch(r"sections? [\dIVX][\w()., -]*( \([\w ]+\))?|Appendix: .+", cited) or clause in named, cited


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


def test_the_hub_ids_all_name_something() -> None:
    keys = {key for key, _ in spellings.claims()}
    hub = {fold(spelling) for spelling in HUB_IDS.split()}
    assert hub - keys == {"other", "unknown"}


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
