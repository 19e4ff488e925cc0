"""The shipped catalogue: its lookup, and a guard for each kind of mistake that a fact could be shipped with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.facts.catalogue import SHIPPED, Catalogue
from checker.facts.fact import Certainty, Fact, NotRead, Origin, Source, Unknown
from checker.facts.model import ArchitectureClass, Benchmark, Dimensions, Facts, Head, Parent, Relation, Variant
from checker.facts.parameters.decoder import DECODERS
from checker.facts.parameters.total import active, total
from checker.facts.upkeep import digest_of, formatted, upkeep
from tests.facts.besides import BESIDES

KINDS: dict[str, dict[str, str]] = json.loads((SHIPPED.parent / "sources.json").read_text(encoding="utf-8"))
DOCUMENTS: dict[str, dict[str, Any]] = {
    f"{file.parent.name}/{file.stem}": json.loads(file.read_text(encoding="utf-8")) for file in SHIPPED.glob("*/*.json")
}
NOT_DERIVED = {
    "ai21labs/AI21-Jamba-1.5-Large": "published only rounded",
    "ai21labs/AI21-Jamba-1.5-Mini": "published only rounded",
    "deepseek-ai/DeepSeek-V4-Flash": "its attention has no formula here",
    "google/gemma-3n-E2B-it": "nested models and embeddings a layer",
    "google/gemma-3n-E4B-it": "nested models and embeddings a layer",
    "google/gemma-4-26B-A4B-it": "published total less the head that the file stores twice",
    "google/gemma-4-31B-it": "published total less the head that the file stores twice",
    "google/recurrentgemma-2b-it": "no dimensions are known",
    "google/t5gemma-2b-2b-ul2-it": "no dimensions are known",
    "microsoft/Phi-4-multimodal-instruct": "parts for speech and images, and adapters",
    "mistralai/Pixtral-12B-2409": "published only rounded",
    "moonshotai/Kimi-Linear-48B-A3B-Instruct": "its linear attention has no formula here",
    "nvidia/Llama-3_3-Nemotron-Super-49B-v1": "each layer has sizes of its own",
}
VALUES: dict[str, type | tuple[type, ...]] = {
    "license": str,
    "license_name": str,
    "license_link": str,
    "license_note": str,
    "parents": tuple,
    "also_serves": tuple,
    "architecture_class": ArchitectureClass,
    "multimodal": bool,
    "state_space": bool,
    "variant": Variant,
    "head": Head,
    "model_type": str,
    "architectures": tuple,
    "pipeline_tag": str,
    "library_name": str,
    "parameters": int,
    "active_parameters": int,
    "dimensions": Dimensions,
    "torch_dtype": str,
    "native_context": int,
    "release_date": str,
    "hub_status": str,
}


def of_every_model(check: Callable[[str], None]) -> Callable[[], None]:
    """One test of all models: it names each that fails, and takes a tenth of the time of one test a model."""

    def test() -> None:
        wrong: dict[str, str] = {}
        for model in sorted(DOCUMENTS):
            try:
                check(model)
            except AssertionError as error:
                wrong[model] = str(error)
        assert not wrong

    return test


def shipped(model: str) -> Facts:
    facts = Catalogue().find(model)
    assert facts is not None
    return facts


def known(facts: Facts) -> Iterator[tuple[str, Fact[Any]]]:
    for name, fact in zip(Facts._fields, facts, strict=True):
        if isinstance(fact, Fact):
            yield name, fact
    for score in facts.benchmarks:
        yield "benchmarks", score


def kinds_of(source: str) -> list[str]:
    """The kinds that a source is made of: `kind (detail)`, several joined by ` + ` outside brackets."""
    outside = source
    while "(" in outside:
        outside = re.sub(r" ?\([^()]*\)", "", outside)
    return outside.split(" + ")


def value_of(model: str, name: str) -> Any:
    stated = DOCUMENTS[model]["facts"].get(name)
    return stated["value"] if stated else None


# --- lookup ---


def test_a_model_is_found_by_its_id():
    facts = shipped("Qwen/Qwen2.5-7B-Instruct")
    assert (facts.model, facts.found_as) == ("Qwen/Qwen2.5-7B-Instruct", "Qwen/Qwen2.5-7B-Instruct")
    assert facts.license == Fact(
        "apache-2.0",
        Certainty.DECLARED,
        Source(Origin.CATALOGUE, "hf-card + llmfit", "Qwen/Qwen2.5-7B-Instruct"),
    )
    assert isinstance(facts.parents, Fact)
    assert facts.parents.value == (Parent("Qwen/Qwen2.5-7B", Relation.FINETUNE),)
    assert isinstance(facts.dimensions, Fact)
    assert (facts.dimensions.value.num_hidden_layers, facts.dimensions.value.num_key_value_heads) == (28, 4)


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("gpt2", "openai-community/gpt2"),
        ("bert-base-uncased", "google-bert/bert-base-uncased"),
        ("roberta-base", "FacebookAI/roberta-base"),
        ("meta-llama/Meta-Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B-Instruct"),
        ("CohereForAI/aya-23-8B", "CohereLabs/aya-23-8B"),
        ("THUDM/GLM-4-9B-0414", "zai-org/GLM-4-9B-0414"),
        ("dunzhang/stella_en_1.5B_v5", "NovaSearch/stella_en_1.5B_v5"),
    ],
)
def test_a_former_id_leads_to_the_model_and_both_are_said(former, today):
    facts = shipped(former)
    assert (facts.model, facts.found_as) == (today, former)


@pytest.mark.parametrize(
    "model",
    [
        "acme/unheard-of",
        "unheard-of",
        "../facts/sources",
        "../..",
        "Qwen/../Qwen/Qwen2.5-7B-Instruct",
        "/etc/passwd",
        "Qwen/Qwen2.5-7B-Instruct/",
        "Qwen/" + "x" * 300,
        "Qwen/Qwen2.5-7B-Instruct\0",
        "",
        "about",
    ],
)
def test_any_other_text_finds_nothing_and_leaves_the_folder_alone(model):
    assert Catalogue().find(model) is None


def test_case_counts_where_the_file_system_does_not(tmp_path: Path):
    """On such a system `acme/Model` opens the file of `acme/model`; the id inside decides."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "Model.json").write_text('{"id": "acme/model", "facts": {}}', encoding="utf-8")
    (tmp_path / "former_ids.json").write_text("{}", encoding="utf-8")
    assert Catalogue(tmp_path).find("acme/Model") is None


def test_a_fact_that_was_left_out_is_unknown_and_says_why():
    facts = shipped("mistralai/Mistral-Large-Instruct-2411")
    assert facts.native_context == Unknown(
        "native_context",
        "the catalogue leaves it out: litgpt gives 32768, while its predecessor 2407 has 131072; unconfirmed",
    )


def test_what_only_files_can_tell_was_not_read():
    facts = shipped("Qwen/Qwen2.5-7B-Instruct")
    for fact in (facts.weight_formats, facts.remote_code, facts.gated):
        assert isinstance(fact, NotRead)


def test_identity_and_dimensions_hold_at_the_recorded_commit_and_a_licence_names_none():
    facts = shipped("meta-llama/Llama-3.1-8B-Instruct")
    assert facts.revision == "0e9e39f249a16976918f6564b8830bc894c89659"
    for fact in (facts.architecture_class, facts.parameters, facts.dimensions, facts.native_context):
        assert isinstance(fact, Fact)
        assert fact.source.revision == facts.revision
    for fact in (facts.license, facts.parents, *facts.benchmarks):
        assert isinstance(fact, Fact)
        assert fact.source.revision is None


def test_a_card_that_declares_no_licence_is_not_the_same_as_no_card():
    read, not_read = shipped("ProsusAI/finbert").license, shipped("castorini/monot5-base-msmarco").license
    assert isinstance(read, Fact)
    assert read.value == ""
    assert isinstance(not_read, Unknown)


def test_all_ids_are_listed_for_the_nearest_name():
    ids = Catalogue().ids()
    assert set(ids) == set(DOCUMENTS)
    assert list(ids) == sorted(ids, key=str.casefold)


def test_the_catalogue_says_how_old_it_is_and_what_it_holds():
    catalogue = Catalogue()
    assert catalogue.recorded == date(2026, 11, 23)
    assert catalogue.digest() == digest_of(SHIPPED), "run `python3 dev.py generate`"


# --- upkeep ---


def test_the_digest_changes_with_any_file_and_not_with_line_ends(tmp_path: Path):
    (tmp_path / "acme").mkdir()
    file = tmp_path / "acme" / "model.json"
    file.write_bytes(b'{\n "id": "acme/model"\n}\n')
    before = digest_of(tmp_path)
    file.write_bytes(b'{\r\n "id": "acme/model"\r\n}\r\n')
    assert digest_of(tmp_path) == before
    file.write_bytes(b'{\n "id": "acme/other"\n}\n')
    assert digest_of(tmp_path) != before


def test_upkeep_brings_an_edited_catalogue_into_form(tmp_path: Path):
    (tmp_path / "acme").mkdir()
    file = tmp_path / "acme" / "model.json"
    stated = {"value": {"vocab_size": 9, "hidden_size": 4}, "certainty": "declared", "source": "hf-config"}
    licence = {"value": "mit", "certainty": "declared", "source": "hf-card"}
    document = {"notes": ["a note"], "facts": {"dimensions": stated, "license": licence}, "id": "acme/model"}
    file.write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "about.json").write_text('{"recorded": "2026-01-02", "sha256": ""}', encoding="utf-8")
    upkeep(tmp_path)
    assert file.read_text(encoding="utf-8") == (
        "{\n"
        ' "id": "acme/model",\n'
        ' "facts": {\n'
        '  "license": {"value": "mit", "certainty": "declared", "source": "hf-card"},\n'
        '  "dimensions": {"value": {"hidden_size": 4, "vocab_size": 9}, "certainty": "declared", "source": "hf-config"}\n'
        " },\n"
        ' "notes": [\n'
        '  "a note"\n'
        " ]\n"
        "}\n"
    )
    assert Catalogue(tmp_path).digest() == digest_of(tmp_path)
    assert Catalogue(tmp_path).recorded == date(2026, 1, 2)


def test_upkeep_refuses_a_fact_that_does_not_exist():
    with pytest.raises(ValueError, match=r"^the catalogue knows no colour$"):
        formatted({"id": "acme/model", "facts": {"colour": {}}})


# --- every file ---


def test_the_catalogue_is_there():
    assert len(DOCUMENTS) == 589


def test_no_two_files_collide_where_case_does_not_count():
    names = [str(path.relative_to(SHIPPED)).casefold() for path in SHIPPED.rglob("*")]
    assert len(names) == len(set(names))


def test_every_name_is_one_that_windows_takes():
    reserved = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
    for path in SHIPPED.rglob("*"):
        assert re.fullmatch(r"[\w.-]+", path.name, re.ASCII)
        assert not path.name.endswith(".")
        assert path.name.split(".")[0].casefold() not in reserved


@of_every_model
def test_file_is_in_its_form(model: str):
    text = (SHIPPED / f"{model}.json").read_text(encoding="utf-8")
    assert text == formatted(DOCUMENTS[model]), "run `python3 dev.py generate`"


@of_every_model
def test_file_loads_with_values_of_the_right_kind(model: str):
    facts = shipped(model)
    assert facts.model == model
    for name, fact in known(facts):
        if name == "benchmarks":
            assert isinstance(fact.value, Benchmark)
            continue
        assert isinstance(fact.value, VALUES[name]), name
        if name in ("parameters", "active_parameters", "native_context"):
            assert fact.value > 0
        if name not in ("license", "parents", "multimodal", "state_space"):
            assert fact.value, name
    assert facts.revision is None or re.fullmatch(r"[0-9a-f]{40}", facts.revision)


@of_every_model
def test_each_fact_has_sources_that_are_explained_and_is_no_surer_than_the_least_of_them(model: str):
    document = DOCUMENTS[model]
    stated = [*document["facts"].values(), *document.get("benchmarks", ())]
    if "revision" in document:
        stated.append(document["revision"])
    for fact in stated:
        allowed = max((Certainty(KINDS[kind]["certainty"]) for kind in kinds_of(fact["source"])), key=lambda c: c.rank)
        certainty = Certainty(fact["certainty"])
        assert certainty in (Certainty.DECLARED, Certainty.INFERRED), "nothing here was read from bytes"
        assert allowed.reaches(certainty), fact


def test_every_kind_of_source_is_used():
    used = {
        kind
        for document in DOCUMENTS.values()
        for fact in (*document["facts"].values(), *document.get("benchmarks", ()), document.get("revision"))
        if fact
        for kind in kinds_of(fact["source"])
    }
    assert used == set(KINDS)


@of_every_model
def test_total_is_what_the_dimensions_give(model: str):
    parameters, arithmetic = value_of(model, "parameters"), DOCUMENTS[model].get("arithmetic", {})
    if parameters is None:
        return
    assert isinstance(arithmetic, str) == (model in NOT_DERIVED)
    if isinstance(arithmetic, str):
        return
    traits = dict(arithmetic)
    family, besides = traits.pop("family", value_of(model, "model_type")), traits.pop("besides", {})
    derived = total(family, Dimensions(**value_of(model, "dimensions")), traits)
    assert derived is not None
    assert derived + sum(besides.values()) == parameters
    assert sum(besides.values()) == BESIDES.get(model, 0)


@of_every_model
def test_active_parameters_are_what_the_dimensions_give(model: str):
    stated, arithmetic = DOCUMENTS[model]["facts"].get("active_parameters"), DOCUMENTS[model].get("arithmetic", {})
    if stated is None:
        return
    assert stated["value"] < value_of(model, "parameters")
    if stated["source"].startswith("computed"):
        traits = {key: value for key, value in arithmetic.items() if key not in ("family", "besides")}
        family = arithmetic.get("family", value_of(model, "model_type"))
        assert active(family, Dimensions(**value_of(model, "dimensions")), traits) == stated["value"]


@of_every_model
def test_dimensions_do_not_contradict_each_other(model: str):
    dims = Dimensions(**(value_of(model, "dimensions") or {}))
    for name, size in dims._asdict().items():
        assert size is None or isinstance(size, bool) == (name == "tie_word_embeddings"), name
        assert size is None or isinstance(size, bool) or size > 0, name
    if dims.num_attention_heads and dims.num_key_value_heads:
        assert dims.num_attention_heads % dims.num_key_value_heads == 0
    if dims.num_experts:
        assert dims.experts_per_tok
        assert dims.experts_per_tok <= dims.num_experts
    if dims.kv_lora_rank:
        assert dims.head_dim is None, "one number does not say what latent attention keeps"
    family = DECODERS.get(value_of(model, "model_type"))
    if family is not None and family.tied is not None and dims.tie_word_embeddings is not None:
        arithmetic = DOCUMENTS[model].get("arithmetic", {})
        assert dims.tie_word_embeddings == arithmetic.get("tied", family.tied)


@of_every_model
def test_what_is_left_out_is_left_out(model: str):
    document = DOCUMENTS[model]
    assert not document.get("left_out", {}).keys() & document["facts"].keys()
    assert document.get("corrected", {}).keys() <= document["facts"].keys()


@of_every_model
def test_a_day_of_release_is_a_day_that_has_been(model: str):
    day = value_of(model, "release_date")
    assert day is None or date(2018, 1, 1) < date.fromisoformat(day) <= Catalogue().recorded


@of_every_model
def test_parents_lead_upwards_and_never_back(model: str):
    catalogue = Catalogue()
    folded = {name.casefold() for name in DOCUMENTS}

    def follow(name: str, seen: tuple[str, ...]) -> None:
        facts = catalogue.find(name)
        if facts is None:
            assert name.casefold() not in folded, "the same id in another case"
            return
        assert facts.model not in seen
        if isinstance(facts.parents, Fact):
            for parent in facts.parents.value:
                follow(parent.model, (*seen, facts.model))

    follow(model, ())


@of_every_model
def test_a_class_is_always_stated_as_a_judgement(model: str):
    facts = shipped(model)
    for fact in (facts.architecture_class, facts.variant):
        assert isinstance(fact, Fact)
        assert fact.certainty is Certainty.INFERRED
    assert isinstance(facts.head, Unknown) or (isinstance(facts.variant, Fact) and facts.variant.value == "classifier")


def test_former_ids_lead_to_models_and_hide_none():
    text = (SHIPPED / "former_ids.json").read_text(encoding="utf-8")
    former: dict[str, dict[str, str]] = json.loads(text)
    assert len(text.splitlines()) == len(former) + 2, "one a line"
    assert list(former) == sorted(former, key=str.casefold)
    for old, line in former.items():
        assert old not in DOCUMENTS
        assert line["now"] in DOCUMENTS
        assert line["source"]
