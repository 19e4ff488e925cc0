"""CycloneDX: valid by the strict schema, and it says what is known of each model, how surely, and what is missing."""

from __future__ import annotations

import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

VERSIONS = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}


@pytest.fixture
def document(bom):
    return bom("cyclonedx-1.6")


def model(document, name):
    return next(one for one in document["components"] if one["bom-ref"].startswith(f"model:{name}"))


def properties(component):
    return {one["name"].removeprefix("weighbridge:"): one["value"] for one in component["properties"]}


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_valid_by_the_strict_schema(bom, version):
    document = bom(f"cyclonedx-{version}")
    assert document["specVersion"] == version
    assert JsonStrictValidator(VERSIONS[version]).validate_str(json.dumps(document)) is None


def test_the_validator_would_notice_a_mistake(document):
    document["components"][0]["modelCard"]["taks"] = "chat"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document)) is not None


def test_a_model_is_identified_by_commit_and_package_url(document):
    assistant = model(document, "assistant")
    commit = "0e9e39f249a16976918f6564b8830bc894c89659"
    assert (assistant["group"], assistant["name"]) == ("meta-llama", "Llama-3.1-8B-Instruct")
    assert assistant["version"] == commit
    assert assistant["purl"] == f"pkg:huggingface/meta-llama/Llama-3.1-8B-Instruct@{commit}"


def test_a_model_that_nobody_pins_has_no_version_and_says_so(document):
    searcher = model(document, "searcher")
    assert "version" not in searcher
    assert searcher["purl"] == "pkg:huggingface/nvidia/NV-Embed-v2"
    missing = [one["value"] for one in searcher["properties"] if one["name"] == "weighbridge:missing"]
    assert "the commit that is used: neither the manifest nor a lock pins one" in missing


def test_licences_are_acknowledged_as_declared(document):
    licenses = {one["name"]: one["licenses"][0]["license"] for one in document["components"] if "licenses" in one}
    assert licenses["NV-Embed-v2"] == {"id": "CC-BY-NC-4.0", "acknowledgement": "declared"}
    assert licenses["Llama-3.1-8B-Instruct"]["name"] == "LicenseRef-scancode-llama-3.1-license-2024"
    assert licenses["public set"] == {"id": "CC-BY-4.0", "acknowledgement": "declared"}


def test_ancestors_are_the_pedigree(document):
    names = [one["purl"].partition("@")[0] for one in model(document, "assistant")["pedigree"]["ancestors"]]
    assert names == ["pkg:huggingface/meta-llama/Llama-3.1-8B"]
    own = model(document, "own")["pedigree"]
    assert own["ancestors"][0]["name"] == "Qwen2.5-7B"
    assert "(unstated, claimed)" in own["notes"]


def test_each_fact_carries_its_certainty_and_source(document):
    found = properties(model(document, "assistant"))
    assert found["fact:license"] == "llama3.1"
    assert found["fact:license:certainty"] == "declared"
    assert found["fact:license:source"].startswith("catalogue: ")
    assert properties(model(document, "odd"))["fact:license:certainty"] == "claimed"


def test_data_of_a_fine_tuning_is_listed(document):
    datasets = model(document, "assistant")["modelCard"]["modelParameters"]["datasets"]
    listed = {one["bom-ref"]: one for one in document["components"] if one["type"] == "data"}
    assert {one["ref"] for one in datasets} == set(listed)
    assert [one["data"][0].get("sensitiveData") for one in listed.values()] == [["personal data"], None]


def test_a_model_behind_an_api_says_whose_service_it_is(document):
    assert properties(model(document, "drafts"))["access"] == "api: acme-gateway"


def test_every_rule_is_a_requirement_and_every_evaluation_a_claim(document):
    references = {one["bom-ref"] for one in document["definitions"]["standards"][0]["requirements"]}
    declared = document["declarations"]
    claims = {one["bom-ref"]: one for one in declared["claims"]}
    evidence = {one["bom-ref"] for one in declared["evidence"]}
    mapped = declared["attestations"][0]["map"]
    assert {one["requirement"] for one in mapped} == references
    assert {claim for one in mapped for claim in [*one.get("claims", ()), *one.get("counterClaims", ())]} == set(claims)
    assert all(set(claim["evidence"]) <= evidence for claim in claims.values())
    against = next(one for one in mapped if one.get("counterClaims") == ["claim:searcher:license-allowed"])
    assert against["conformance"]["score"] == 0
    assert "CC-BY-NC-4.0" in against["conformance"]["rationale"]


def test_what_was_not_evaluated_has_no_score(document):
    mapped = document["declarations"]["attestations"][0]["map"]
    open_ones = [one for one in mapped if one["conformance"]["rationale"].startswith("not-evaluated")]
    assert open_ones
    assert all("score" not in one["conformance"] for one in open_ones)


def test_all_references_are_unique_and_lead_somewhere(document):
    held = []

    def walk(value):
        if isinstance(value, dict):
            held.extend([value["bom-ref"]] if "bom-ref" in value else [])
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)

    walk(document)
    assert len(held) == len(set(held))
    used = {one["ref"] for one in document["dependencies"]}
    used |= {ref for one in document["dependencies"] for ref in one["dependsOn"]}
    assert used <= set(held)


def test_the_same_inputs_and_time_give_the_same_bytes(bom):
    assert bom("cyclonedx-1.6") == bom("cyclonedx-1.6")
    assert bom("cyclonedx-1.6")["serialNumber"] != bom("cyclonedx-1.7")["serialNumber"]
