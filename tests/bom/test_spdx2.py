"""SPDX 2.3, read back by the parser of spdx-tools."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from spdx_tools.spdx.model import RelationshipType, SpdxNoAssertion
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from checker.bom import spdx2
from checker.bom.identity import reference, spdx_id
from checker.command_line import main
from checker.console import Console
from tests.bom.conftest import MANIFEST


@pytest.fixture
def raw(bom):
    return bom("spdx-2.3")


@pytest.fixture
def document(raw, tmp_path):
    path = tmp_path / "bom.spdx.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    return parse_file(str(path))


def package(document, name):
    return next(one for one in document.packages if one.spdx_id == f"SPDXRef-{name}")


def test_it_is_valid_when_it_is_read_back(document):
    assert validate_full_spdx_document(document, "SPDX-2.3") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ancestor", "acme/one-two"), ("ancestor", "acme-one/two")),
        (("file", "bot", "7b-x.gguf"), ("file", "bot-7b", "x.gguf")),
        (("file", "a:b", "c"), ("file", "a", "b:c")),
    ],
)
def test_names_that_look_alike_stay_apart(one, other):
    assert spdx_id(*one) != spdx_id(*other)
    assert reference(*one) != reference(*other)


def test_the_validator_sees_all_of_the_document(project, monkeypatch):
    judged = []
    monkeypatch.setattr(spdx2, "validate_full_spdx_document", lambda part, _: judged.append(part) or [])
    written = []
    monkeypatch.setattr(spdx2, "_as_json", lambda whole: written.append(whole) or "")
    project({"model.yaml": MANIFEST})
    monkeypatch.chdir(project({"own/config.json": "{}"}))
    assert (
        main(("bom", "--format", "spdx-2.3"), Console(StringIO(), StringIO(), StringIO(), {}, date(2026, 11, 2))) == 0
    )
    (whole,) = written
    assert {one.spdx_id for part in judged for one in part.packages} == {one.spdx_id for one in whole.packages}
    related = [str(one) for part in judged for one in part.relationships]
    assert set(related) == {str(one) for one in whole.relationships}
    assert [one for part in judged for one in part.annotations] == whole.annotations


def test_a_model_is_a_package_with_its_package_url(document):
    assistant = package(document, "model-assistant")
    assert assistant.supplier.name == "meta-llama"
    (reference,) = assistant.external_references
    assert reference.locator == f"pkg:huggingface/meta-llama/Llama-3.1-8B-Instruct@{assistant.version}"


def test_the_category_of_package_urls_is_spelled_as_the_schema_has_it(raw):
    spelled = {ref["referenceCategory"] for one in raw["packages"] for ref in one.get("externalRefs", ())}
    assert spelled == {"PACKAGE-MANAGER"}


def test_descent_is_a_relationship(document):
    descents = {
        (one.spdx_element_id, one.related_spdx_element_id): one.comment
        for one in document.relationships
        if one.relationship_type is RelationshipType.DESCENDANT_OF
    }
    parents = [spdx_id("ancestor", parent) for parent in ("meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B")]
    assert descents[("SPDXRef-model-assistant", parents[0])] == "finetune (declared)"
    assert descents[("SPDXRef-model-own", parents[1])] == "unstated (claimed)"


def test_a_licence_that_spdx_does_not_list_is_described(document):
    described = {one.license_id: one for one in document.extracted_licensing_info}
    assert str(package(document, "model-assistant").license_declared) in described
    assert described["LicenseRef-scancode-llama-3.1-license-2024"].license_name == "Llama 3.1 Community License"


def test_a_licence_that_names_no_text_is_not_asserted(document):
    (odd,) = [one for one in document.packages if one.name == "none-such"]
    assert isinstance(odd.license_declared, SpdxNoAssertion)
    assert odd.license_comment == "declared as `other`, which names no text"


def test_the_verdict_is_a_review(document):
    said = {one.spdx_id: one.annotation_comment for one in document.annotations}
    assert "license-allowed: fail (hard-mandatory) Expected" in said["SPDXRef-model-searcher"]


def test_times_are_in_utc_without_fractions(raw):
    assert raw["creationInfo"]["created"] == "2026-11-02T00:00:00Z"


def test_the_same_inputs_and_time_give_the_same_bytes(bom):
    assert bom("spdx-2.3") == bom("spdx-2.3")
