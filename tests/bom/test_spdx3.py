"""SPDX 3.0.1, read back by the deserialiser of spdx-python-model."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from spdx_python_model import v3_0_1 as spdx


@pytest.fixture
def objects(bom):
    found = spdx.SHACLObjectSet()
    spdx.JSONLDDeserializer().read(BytesIO(json.dumps(bom("spdx-3.0")).encode()), found)
    return found


def models(objects):
    return {one.name: one for one in objects.foreach_type(spdx.ai_AIPackage)}


def related(objects, kind):
    return {
        (one.from_.name, target.name)
        for one in objects.foreach_type(spdx.Relationship)
        if one.relationshipType == kind
        for target in one.to
    }


def test_it_is_one_document_that_leads_to_the_models(objects):
    (document,) = objects.foreach_type(spdx.SpdxDocument)
    (sbom,) = document.rootElement
    assert [one.name for one in sbom.rootElement] == ["support-bot"]
    assert spdx.ProfileIdentifierType.ai in document.profileConformance


def test_a_model_carries_what_the_profile_requires(objects):
    assistant = models(objects)["meta-llama/Llama-3.1-8B-Instruct"]
    assert assistant.suppliedBy.name == "meta-llama"
    assert assistant.software_packageVersion == "0e9e39f249a16976918f6564b8830bc894c89659"
    assert assistant.software_primaryPurpose == spdx.software_SoftwarePurpose.model
    assert assistant.releaseTime.date().isoformat() == "2024-07-23"
    assert "AI profile" not in assistant.ai_limitation


def test_a_required_field_that_nobody_states_is_said(objects):
    said = models(objects)["acme/none-such"].ai_limitation
    for what in ("its version, the commit", "the time of its release"):
        assert f"not stated, though the AI profile requires it: {what}" in said
    assert "its supplier" not in said


def test_descent_data_and_licences_are_relationships(objects):
    kinds = spdx.RelationshipType
    assert ("./own", "Qwen/Qwen2.5-7B") in related(objects, kinds.descendantOf)
    assert ("meta-llama/Llama-3.1-8B-Instruct", "tickets 2025") in related(objects, kinds.trainedOn)
    expressions = {
        one.simplelicensing_licenseExpression for one in objects.foreach_type(spdx.simplelicensing_LicenseExpression)
    }
    assert {"CC-BY-NC-4.0", "LicenseRef-scancode-llama-3.1-license-2024", "MIT"} <= expressions


def test_personal_data_is_said(objects):
    said = {
        one.name: one.dataset_hasSensitivePersonalInformation
        for one in objects.foreach_type(spdx.dataset_DatasetPackage)
    }
    assert said == {"tickets 2025": spdx.PresenceType.yes, "public set": spdx.PresenceType.no}


def test_evaluations_are_reviews(objects):
    said = [one.statement for one in objects.foreach_type(spdx.Annotation) if one.subject.name == "nvidia/NV-Embed-v2"]
    assert any(one.startswith("license-allowed: fail (hard-mandatory)") for one in said)


def test_the_same_inputs_and_time_give_the_same_bytes(bom):
    assert bom("spdx-3.0") == bom("spdx-3.0")
