"""What the Hub says is read whatever its shape, and nothing of a shape that we do not know is taken for a fact."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.facts.locked.entry import Gate, GgufFile, LockedFile, ScanIssue, SecurityScan
from checker.facts.model import Parent, Relation
from checker.hub.errors import HubError
from checker.hub.record import Answer, read_answer
from tests.hub.models import minilm, qwen

SHA = "a" * 40


def answer(**stated: Any) -> Answer:
    return read_answer({"id": "acme/small", "sha": SHA, **stated})


def test_a_record_as_the_hub_documents_it_is_read_whole() -> None:
    read = read_answer(qwen().answer("main"))
    assert (read.id, read.commit) == ("Qwen/Qwen2.5-0.5B-Instruct", qwen().commit)
    assert read.record.parameters_by_dtype == {"BF16": 494_032_768}
    assert (read.record.gate, read.record.private, read.record.disabled) == (Gate.NO, False, False)
    assert read.record.security == SecurityScan(True)
    assert read.record.chat_template is True
    assert read.card is not None
    assert (read.card.license, read.card.parents) == (
        "apache-2.0",
        (Parent("Qwen/Qwen2.5-0.5B", Relation.UNSTATED),),
    )
    assert sorted(read.names) == sorted(qwen().files)


def test_of_a_large_file_the_digest_of_its_content_is_kept_and_of_a_small_one_the_blob() -> None:
    files = {file.path: file for file in read_answer(minilm().answer("main")).files or ()}
    weights, config = files["model.safetensors"], files["config.json"]
    assert (weights.size, len(weights.sha256 or ""), weights.blob) == (90868376, 64, None)
    assert (config.sha256, len(config.blob or "")) == (None, 40)


@pytest.mark.parametrize(
    ("stated", "license_", "parents"),
    [
        ({"license": ["mit", "apache-2.0"]}, "mit AND apache-2.0", ()),
        ({"license": {"name": "mit"}}, "", ()),
        ({"license": None}, "", ()),
        ({}, "", ()),
        ({"license": "mit", "base_model": ["a/b", "c/d"]}, "mit", (("a/b", "merge"), ("c/d", "merge"))),
        ({"license": "mit", "base_model": {"relation": "adapter", "models": ["a/b"]}}, "mit", (("a/b", "adapter"),)),
        ({"base_model": "a/b", "base_model_relation": "quantized"}, "", (("a/b", "quantized"),)),
        ({"base_model": 7}, "", ()),
    ],
)
def test_a_card_is_read_in_each_shape_that_publishers_write(
    stated: dict[str, Any], license_: str, parents: tuple[tuple[str, str], ...]
) -> None:
    card = answer(cardData=stated).card
    assert card is not None
    assert (card.license, tuple((parent.model, str(parent.relation)) for parent in card.parents)) == (license_, parents)


def test_base_models_of_the_record_stand_in_where_the_card_names_none() -> None:
    card = answer(
        cardData={"license": "mit"}, baseModels={"relation": "finetune", "models": [{"id": "a/b"}, "c/d"]}
    ).card
    assert card is not None
    assert card.parents == (Parent("a/b", Relation.FINETUNE), Parent("c/d", Relation.FINETUNE))


@pytest.mark.parametrize(
    ("stated", "counted"),
    [
        ({"parameters": {"BF16": 7, "F32": 1}, "total": 8}, {"BF16": 7, "F32": 1}),
        ({"total": 8}, None),  # the library raises KeyError here
        ({"parameters": {"BF16": "many"}}, None),
        ({"parameters": {"BF16": -1}}, None),
        ({"parameters": {"BF16": 10**30}}, None),
        ([], None),
    ],
)
def test_parameters_are_counted_only_by_type(stated: object, counted: dict[str, int] | None) -> None:
    assert answer(safetensors=stated).record.parameters_by_dtype == counted


@pytest.mark.parametrize(
    ("stated", "gate"), [(False, Gate.NO), ("auto", Gate.AUTO), ("manual", Gate.MANUAL), (True, None), (None, None)]
)
def test_the_gate_is_known_in_the_three_words_of_the_hub(stated: object, gate: Gate | None) -> None:
    assert answer(gated=stated).record.gate is gate


def test_what_scanners_object_to_is_kept_by_file() -> None:
    status = {"scansDone": True, "filesWithIssues": [{"path": "model.pkl", "level": "unsafe"}, {"level": "?"}, 3]}
    assert answer(securityRepoStatus=status).record.security == SecurityScan(True, (ScanIssue("model.pkl", "unsafe"),))


def test_a_gguf_header_that_the_hub_read_belongs_to_a_file_of_the_model() -> None:
    names = [{"rfilename": name} for name in ("mmproj-f16.gguf", "small-Q4_K_M.gguf", "small-Q8_0.gguf")]
    stated = {"total": 8_030_261_248, "architecture": "llama", "context_length": 8192, "chat_template": "x"}
    record = answer(siblings=names, gguf=stated).record
    assert record.gguf == GgufFile("small-Q4_K_M.gguf", "llama", None, 8_030_261_248, 8192)
    assert record.chat_template is True


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "a/../b", "", 3, None])
def test_a_path_that_leads_elsewhere_is_no_file_of_the_model(path: object) -> None:
    assert answer(siblings=[{"rfilename": path}, {"rfilename": "a.txt", "size": -1}]).files == (LockedFile("a.txt"),)


@pytest.mark.parametrize(
    ("stated", "lacks"),
    [
        ({"sha": SHA}, "id"),
        ({"id": "a/b"}, "commit"),
        ({"id": "a/b", "sha": "main"}, "commit"),
        ({"id": 3}, "id"),
        ({"id": "../x", "sha": SHA}, "id"),
        ({"id": "a/b?c", "sha": SHA}, "id"),
    ],
)
def test_a_record_that_pins_nothing_is_refused(stated: dict[str, Any], lacks: str) -> None:
    with pytest.raises(HubError, match=f"the endpoint names no {lacks} of the model"):
        read_answer(stated)


words = st.sampled_from(
    ("", "a", "auto", "id", "license", "models", "parameters", "path", "rfilename", "scansDone", "\ud800")
)
anything = st.recursive(
    st.sampled_from((None, True, 0, -1, 7, 2**70, 0.5)) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
KEYS = ("tags", "cardData", "baseModels", "safetensors", "siblings", "gguf", "config", "gated", "securityRepoStatus")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, anything)))
def test_no_shape_of_any_field_stops_the_reading(stated: dict[str, Any]) -> None:
    assert answer(**stated).id == "acme/small"
