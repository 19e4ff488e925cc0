"""A refresh takes what the Hub says, keeps what people decided, and says both."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from checker.facts.catalogue import SHIPPED, Catalogue
from checker.facts.fact import Certainty
from checker.facts.locked.entry import LockedFacts, LockEntry, Stated
from checker.facts.model import ArchitectureClass, Dimensions, Parent, Relation, Variant
from checker.facts.refresh import Change, kinds_of, refresh, refreshed
from checker.facts.upkeep import digest_of
from checker.hub.errors import Failure, HubError

MODEL = "Qwen/Qwen2.5-7B-Instruct"
SHIPPED_DOCUMENT: dict[str, Any] = json.loads((SHIPPED / f"{MODEL}.json").read_text(encoding="utf-8"))
COMMIT = SHIPPED_DOCUMENT["revision"]["value"]
DECLARED, VERIFIED = Certainty.DECLARED, Certainty.VERIFIED


def entry(model: str = MODEL, commit: str = COMMIT, **facts: Any) -> LockEntry:
    stated = {name: Stated(value, VERIFIED, "config.json") for name, value in facts.items()}
    return LockEntry(model, None, commit, "2026-11-28T17:05:00Z", "https://huggingface.co", facts=LockedFacts(**stated))


def changed(document: dict[str, Any] | None = None, **facts: Any) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    made, changes = refreshed(document or SHIPPED_DOCUMENT, entry(**facts))
    return made, [tuple(change)[1:] for change in changes]


def test_what_is_as_it_was_leaves_every_line_as_it_was():
    made, changes = changed(
        license="Apache-2.0",
        model_type="qwen2",
        parameters=7615616512,
        dimensions=Dimensions(num_hidden_layers=28, hidden_size=3584),
        parents=(Parent("qwen/qwen2.5-7b", Relation.FINETUNE),),
        native_context=32768,
    )
    assert (made, changes) == (SHIPPED_DOCUMENT, [])


def test_what_the_hub_says_otherwise_is_taken_and_said():
    made, changes = changed(license="mit", library_name="sentence-transformers")
    assert changes == [
        ("license", "apache-2.0", "mit", ""),
        ("library_name", "transformers", "sentence-transformers", ""),
    ]
    assert made["facts"]["license"] == {"value": "mit", "certainty": "declared", "source": "hub"}
    assert made["benchmarks"] == SHIPPED_DOCUMENT["benchmarks"]
    assert made["facts"]["variant"] == SHIPPED_DOCUMENT["facts"]["variant"]


def test_another_commit_is_recorded():
    made, changes = refreshed(SHIPPED_DOCUMENT, entry(commit="b" * 40))
    assert changes == (Change(MODEL, "revision", COMMIT, "b" * 40),)
    assert made["revision"] == {"value": "b" * 40, "certainty": "declared", "source": "hub"}


def test_sizes_and_parents_that_only_the_catalogue_knows_are_not_lost():
    made, _ = changed(
        dimensions=Dimensions(num_hidden_layers=28, max_position_embeddings=32768),
        parents=(Parent("acme/other", Relation.MERGE),),
    )
    assert made["facts"]["dimensions"]["value"]["head_dim"] == 128
    assert made["facts"]["dimensions"]["value"]["max_position_embeddings"] == 32768
    assert made["facts"]["parents"]["value"] == [["Qwen/Qwen2.5-7B", "finetune"], ["acme/other", "merge"]]


def test_our_own_guess_is_no_reason_to_change_anything():
    guess = entry()._replace(facts=LockedFacts(parameters=Stated(5, Certainty.INFERRED, "counted")))
    assert refreshed(SHIPPED_DOCUMENT, guess) == (SHIPPED_DOCUMENT, ())


@pytest.mark.parametrize(
    ("document", "name", "value", "why"),
    [
        ({"corrected": {"license": "the card is wrong"}}, "license", "mit", "corrected by hand: the card is wrong"),
        ({"left_out": {"torch_dtype": "doubtful"}}, "torch_dtype", "float32", "left out by hand: doubtful"),
        ({}, "native_context", 131072, "of two contexts the smaller counts"),
        ({}, "parameters", 7700000000, "the dimensions make 7615616512; look at it by hand"),
    ],
)
def test_what_people_decided_is_kept_and_said(document, name, value, why):
    held = {**SHIPPED_DOCUMENT, **document}
    made, changes = changed(held, **{name: value})
    assert made == held
    before = held["facts"].get(name, {}).get("value")
    assert changes == [(name, before, value, why)]


def test_a_fact_from_a_source_that_somebody_chose_is_kept():
    facts = {**SHIPPED_DOCUMENT["facts"], "license": {"value": "mit", "certainty": "declared", "source": "page (x)"}}
    made, changes = changed({**SHIPPED_DOCUMENT, "facts": facts}, license="apache-2.0")
    assert made["facts"]["license"]["value"] == "mit"
    assert changes == [("license", "mit", "apache-2.0", "from page (x)")]


def test_a_smaller_context_is_taken():
    made, _ = changed(native_context=8192)
    assert made["facts"]["native_context"]["value"] == 8192


def test_a_total_that_no_formula_gives_is_left_to_people():
    _, changes = changed(parameters=5, model_type="unheard-of")
    assert changes[-1] == (
        "parameters",
        7615616512,
        5,
        "no formula gives a total from the dimensions; look at it by hand",
    )
    no_formula = {**SHIPPED_DOCUMENT, "arithmetic": "no formula"}
    assert changed(no_formula, parameters=5)[0]["facts"]["parameters"]["value"] == 5


NEW = "acme/new-model"


def new_entry() -> LockEntry:
    sizes = Dimensions(**SHIPPED_DOCUMENT["facts"]["dimensions"]["value"])
    made = entry(NEW, license="mit", model_type="qwen2", dimensions=sizes, parameters=7615616512)
    judged = {
        "architecture_class": Stated(ArchitectureClass.DECODER, Certainty.INFERRED, "a causal language model"),
        "variant": Stated(Variant.BASE, Certainty.INFERRED, "a name"),
    }
    return made._replace(facts=made.facts._replace(**judged))


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A catalogue of one model, in a folder with its sources."""
    folder = tmp_path / "catalogue"
    (folder / "Qwen").mkdir(parents=True)
    for name in ("about.json", "former_ids.json", f"{MODEL}.json"):
        (folder / name).write_bytes((SHIPPED / name).read_bytes())
    (tmp_path / "sources.json").write_bytes((SHIPPED.parent / "sources.json").read_bytes())
    return folder


def test_a_model_that_is_new_is_added_with_its_sources_explained(catalogue):
    entries = {NEW: new_entry(), MODEL: entry(license="mit")}
    changes = refresh([NEW, MODEL], lambda model: entries[model], catalogue)
    assert [change.name for change in changes if change.model == NEW] == [
        *("revision", "license", "model_type", "dimensions", "parameters", "architecture_class", "variant")
    ]
    facts = Catalogue(catalogue).find(NEW)
    assert facts is not None
    assert facts.parameters == facts.parameters._replace(value=7615616512, certainty=DECLARED)
    kinds = json.loads((catalogue.parent / "sources.json").read_text(encoding="utf-8"))
    assert {"hub", "judged"} <= set(kinds)
    assert list(kinds) == sorted(kinds)
    about = json.loads((catalogue / "about.json").read_text(encoding="utf-8"))
    assert about["sha256"] == digest_of(catalogue)


def test_a_refresh_in_which_nothing_differs_writes_nothing(catalogue):
    sources = (catalogue.parent / "sources.json").read_bytes()
    before = (catalogue / f"{MODEL}.json").read_bytes()
    assert refresh([MODEL], lambda _: entry(license="apache-2.0"), catalogue) == ()
    assert (catalogue / f"{MODEL}.json").read_bytes() == before
    assert (catalogue.parent / "sources.json").read_bytes() == sources


def test_the_kinds_of_a_source():
    assert kinds_of("hf-card + mteb (a (b) c) + computed (x + y)") == ["hf-card", "mteb", "computed"]


@pytest.fixture
def tool():
    path = Path(__file__).parents[2] / "tools" / "refresh_catalogue.py"
    spec = importlib.util.spec_from_file_location("refresh_catalogue", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_ids_come_from_arguments_files_and_the_catalogue(tool, tmp_path):
    (tmp_path / "ids.txt").write_text("# ids\na/b\n\n c/d \n")
    assert tool.ids_of(["x/y", str(tmp_path / "ids.txt"), "a/b"]) == ("x/y", "a/b", "c/d")
    assert len(tool.ids_of(["--all"])) == len(Catalogue().ids())


def test_one_that_cannot_be_resolved_takes_no_other_with_it(tool, catalogue, capsys):
    def resolve(model: str) -> LockEntry:
        if model == "a/gone":
            raise HubError(Failure.MISSING, "there is no a/gone", "look for its new name")
        return entry(license="mit")

    assert tool.run(["a/gone", MODEL], resolve, catalogue) == 3
    said = capsys.readouterr()
    assert said.out == f'{MODEL}: license: "apache-2.0" -> "mit"\n'
    assert said.err == "a/gone: there is no a/gone; look for its new name\n"
    assert tool.run([MODEL], resolve, catalogue) == 0


def test_a_call_without_ids_says_how_it_is_called(tool, capsys):
    assert tool.main([]) == 2
    assert "python3 dev.py catalogue" in capsys.readouterr().err
