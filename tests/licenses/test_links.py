"""The address beside `other` names a text where its publisher keeps that text there, and nowhere else."""

from __future__ import annotations

import pytest

from checker.licenses.links import license_at, normal
from checker.licenses.registry import Ambiguous, Resolved, Unrecognised, ids, resolve
from checker.licenses.spellings import records


@pytest.mark.parametrize(("address", "license_id"), [
    ("https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct/blob/main/LICENSE", "llama3.1"),
    ("https://huggingface.co/meta-llama/Meta-Llama-3-8B/blob/main/LICENSE", "llama3"),
    ("https://github.com/meta-llama/llama-models/blob/main/models/llama3_3/LICENSE", "llama3.3"),
    ("https://raw.githubusercontent.com/meta-llama/llama-models/refs/heads/main/models/llama4/LICENSE", "llama4"),
    ("https://llama.meta.com/llama3_1/license", "llama3.1"),
    ("https://llama.meta.com/llama3/license/", "llama3"),
    ("https://github.com/deepseek-ai/DeepSeek-V2/blob/main/LICENSE-MODEL", "deepseek-license"),
    ("https://huggingface.co/Qwen/Qwen2.5-3B/blob/main/LICENSE", "qwen-research"),
    ("https://huggingface.co/Qwen/Qwen2.5-72B-Instruct/resolve/main/LICENSE?download=true", "qwen"),
    ("https://falconllm.tii.ae/falcon-2-terms-and-conditions.html", "falcon-2-11b"),
    ("http://www.nvidia.com/en-us/agreements/enterprise-software/nvidia-open-model-license/", "nvidia-open-model"),
    ("https://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
])  # fmt: skip
def test_an_address_of_a_publisher_names_its_text(address: str, license_id: str) -> None:
    assert license_at(address) == license_id
    found = resolve("other", license_link=address)
    assert isinstance(found, Resolved)
    assert found.license.id == license_id


@pytest.mark.parametrize("address", [
    "LICENSE",
    "./LICENSE.md",
    "https://huggingface.co/acme/model/blob/main/LICENSE",
    "https://huggingface.co/meta-llama/Llama-3.9-8B/blob/main/LICENSE",
    "https://huggingface.co/Qwen/Qwen2.5-3B/blob/f3a1c0de/LICENSE",  # what stood there then may be another text
    "https://example.com/huggingface.co/Qwen/Qwen2.5-3B/blob/main/LICENSE",
    "https://huggingface.co/Qwen/Qwen2.5-3B/blob/main/LICENSE" + "x" * 600,
    "",
])  # fmt: skip
def test_any_other_address_names_nothing(address: str) -> None:
    assert license_at(address) is None
    assert isinstance(resolve("other", license_link=address), Unrecognised)


def test_an_address_settles_which_member_of_a_family_is_meant() -> None:
    link = "https://falconllm.tii.ae/falcon-2-terms-and-conditions.html"
    assert isinstance(resolve("other", license_name="falcon-llm-license"), Ambiguous)
    found = resolve("other", license_name="falcon-llm-license", license_link=link)
    assert isinstance(found, Resolved)
    assert found.license.id == "falcon-2-11b"


def test_an_address_outside_of_a_family_settles_nothing() -> None:
    link = "https://www.apache.org/licenses/LICENSE-2.0"
    found = resolve("other", license_name="falcon-llm-license", license_link=link)
    assert found == resolve("falcon-llm-license")


def test_a_name_and_an_address_that_contradict_each_other_name_nothing() -> None:
    link = "https://huggingface.co/Qwen/Qwen2.5-3B/blob/main/LICENSE"
    said = "its name says qwen, its `license_link` leads to qwen-research"
    found = resolve("other", license_name="qwen", license_link=link)
    assert found == Unrecognised("Qwen License Agreement", said)


def test_an_address_beside_a_name_that_is_not_known_is_offered_and_not_taken() -> None:
    link = "https://www.apache.org/licenses/LICENSE-2.0"
    found = resolve("other", license_name="acme-terms", license_link=link)
    assert found == Unrecognised("acme-terms", "no licence of that name is known", "Apache-2.0")


def test_an_address_does_not_make_an_unread_text_a_read_one() -> None:
    link = "https://www.apache.org/licenses/LICENSE-2.0"
    found = resolve("other", license_name="jamba-open-model-license", license_link=link)
    assert found == resolve("jamba-open-model-license")


@pytest.mark.parametrize("spelling", ["mit", "MIT OR isc"])
def test_an_address_beside_a_licence_that_names_itself_does_not_count(spelling: str) -> None:
    link = "https://huggingface.co/Qwen/Qwen2.5-3B/blob/main/LICENSE"
    assert resolve(spelling, license_link=link) == resolve(spelling)


def test_listed_addresses_are_written_as_they_are_compared() -> None:
    listed = [address for record in records().values() for address in record.get("links", ())]
    assert len(listed) == len(set(listed)) > 40
    for address in listed:
        assert normal(f"https://www.{address}") == address
        assert license_at(address.replace("*", "8b")) in ids()
