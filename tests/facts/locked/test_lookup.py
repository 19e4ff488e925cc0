"""Which source counts: the organisation's facts at the commit, the project's lock, then what was recorded elsewhere."""

from __future__ import annotations

import pytest

from checker.document.place import NOWHERE
from checker.facts.catalogue import Catalogue
from checker.facts.fact import Certainty, Fact, NotRead, Origin, Unknown
from checker.facts.lineage import build
from checker.facts.locked.entry import RECORD, Gate, LockedFacts, ScanIssue, SecurityScan, Stated
from checker.facts.locked.lock import Lock, lock_of
from checker.facts.locked.lookup import Known, Locks, look_up, look_up_ancestor
from checker.facts.model import ArchitectureClass, Dimensions, LicenseFile, Parent, Relation
from checker.manifest.model import At
from tests.facts.locked.entries import AT, DECLARED, ELSEWHERE, INFERRED, QWEN, SIZES, VERIFIED, entry

FIND = Catalogue().find
NOBODY = {}.get


def known(project=None, organisation=None, revision=None, find=FIND) -> Known:
    locks = Locks(
        lock_of(project) if project is not None else None, (lock_of(organisation),) if organisation is not None else ()
    )
    return look_up(QWEN, revision, locks, find)


def test_a_projects_lock_is_no_surer_than_declared():
    found = known([entry()], find=NOBODY).facts
    assert isinstance(found.dimensions, Fact)
    assert (found.dimensions.certainty, found.dimensions.source.origin) == (DECLARED, Origin.LOCK)
    assert (found.dimensions.source.detail, found.dimensions.source.revision) == ("config.json", AT)
    assert isinstance(found.gated, Fact)
    assert (found.gated.value, found.gated.certainty) == (False, DECLARED)
    assert found.weight_formats == found.weight_formats._replace(value=("safetensors",), certainty=DECLARED)


def test_the_organisations_facts_count_as_verified_at_the_pinned_commit():
    found = known(organisation=[entry()], revision=AT)
    assert found.origin is Origin.ORGANISATION
    assert isinstance(found.facts.license, Fact)
    assert found.facts.license.certainty is VERIFIED
    assert isinstance(found.facts.weight_formats, Fact)
    assert found.state.approved == entry()


def test_what_is_our_judgement_stays_inferred_whatever_a_project_writes():
    judged = entry(architecture_class=Stated(ArchitectureClass.ENCODER, VERIFIED, "by hand"))
    found = known([judged], find=NOBODY).facts.architecture_class
    assert isinstance(found, Fact)
    assert found.certainty is INFERRED
    held = known([judged]).facts.architecture_class
    assert isinstance(held, Fact)
    assert (held.value, held.source.origin) == (ArchitectureClass.DECODER, Origin.CATALOGUE)


@pytest.mark.parametrize("revision", [None, ELSEWHERE])
def test_at_another_commit_the_organisations_facts_fill_gaps_and_tell_nothing_of_files(revision):
    found = known(organisation=[entry()], revision=revision)
    assert found.origin is Origin.ORGANISATION
    assert isinstance(found.facts.license, Fact)
    assert found.facts.license.certainty is DECLARED
    assert isinstance(found.facts.weight_formats, NotRead)


def test_what_the_lock_leaves_out_is_filled_by_the_catalogue():
    found = known([entry(license=None)]).facts
    assert isinstance(found.license, Fact)
    assert found.license.source.origin is Origin.CATALOGUE
    assert found.benchmarks
    assert isinstance(found.dimensions, Fact)
    assert found.dimensions.value.head_dim == 128


def test_the_catalogue_counts_where_a_lock_contradicts_it_at_the_same_commit():
    found = known([entry(license=Stated("mit", VERIFIED, "README.md"))])
    assert isinstance(found.facts.license, Fact)
    assert found.facts.license.value == "apache-2.0"
    [one] = found.state.disagreements
    assert (one.name, one.taken.value, one.other.value) == ("license", "apache-2.0", "mit")


def test_a_lock_of_another_commit_counts_and_the_difference_is_said():
    found = known([entry(commit=ELSEWHERE, license=Stated("mit", DECLARED, "README.md"))])
    assert isinstance(found.facts.license, Fact)
    assert found.facts.license.value == "mit"
    assert found.state.disagreements == ()
    assert found.facts.conflicts == (f"license is mit (lock at {ELSEWHERE[:12]}) and apache-2.0 (catalogue)",)


def test_the_organisations_facts_outrank_lock_and_catalogue():
    signed = entry(license=Stated("mit", DECLARED, "README.md"))
    found = known([entry()], [signed], revision=AT)
    assert isinstance(found.facts.license, Fact)
    assert (found.facts.license.value, found.facts.license.certainty) == ("mit", VERIFIED)
    assert [one.other.value for one in found.state.disagreements] == ["apache-2.0"]
    assert found.facts.conflicts == (f"license is mit (organisation at {AT[:12]}) and apache-2.0 (catalogue)",)


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"dimensions": Stated(SIZES._replace(num_hidden_layers=27), VERIFIED, "config.json")}, "dimensions"),
        ({"parameters": Stated(3_000_000_000, VERIFIED, RECORD)}, "parameters"),
        ({"model_type": Stated("llama", VERIFIED, "config.json")}, "model_type"),
        ({"architectures": Stated(("LlamaForCausalLM",), VERIFIED, "config.json")}, "architectures"),
        ({"native_context": Stated(1_000_000, DECLARED, "config.json")}, "native_context"),
        ({"license": Stated("", DECLARED, "README.md")}, "license"),
    ],
)
def test_what_contradicts_the_catalogue(changed, name):
    assert [one.name for one in known([entry(**changed)]).state.disagreements] == [name]


@pytest.mark.parametrize(
    "changed",
    [
        {"dimensions": Stated(SIZES._replace(sliding_window=131072), VERIFIED, "config.json")},
        {"parameters": Stated(7_700_000_000, VERIFIED, RECORD)},
        {"native_context": Stated(131072, DECLARED, "config.json")},
        {"license": Stated("Apache-2.0", DECLARED, "README.md")},
        {"pipeline_tag": Stated("text2text-generation", DECLARED, RECORD)},
    ],
)
def test_what_two_honest_sources_may_say_differently(changed):
    assert known([entry(**changed)]).state.disagreements == ()


def test_of_two_contexts_the_smaller_counts():
    found = known([entry(native_context=Stated(131072, DECLARED, "config.json"))]).facts.native_context
    assert isinstance(found, Fact)
    assert (found.value, found.source.origin) == (32768, Origin.CATALOGUE)


def test_a_lock_cannot_take_a_parent_away():
    found = known([entry(parents=Stated((), DECLARED, "README.md"))]).facts.parents
    assert isinstance(found, Fact)
    assert found.value == (Parent("Qwen/Qwen2.5-7B", Relation.FINETUNE),)
    added = entry(
        parents=Stated(
            (Parent("a/b", Relation.MERGE), Parent("qwen/qwen2.5-7b", Relation.UNSTATED)), DECLARED, "README.md"
        )
    )
    both = known([added]).facts.parents
    assert isinstance(both, Fact)
    assert both.value == (Parent("a/b", Relation.MERGE), Parent("qwen/qwen2.5-7b", Relation.FINETUNE))


def test_an_entry_is_found_by_the_commit_that_the_manifest_writes_down():
    assert known([entry()], revision=AT).state.entry == entry()


def test_an_entry_of_another_revision_is_not_taken_and_is_named():
    found = known([entry("main"), entry(ELSEWHERE, ELSEWHERE)], revision="v2", find=NOBODY)
    assert (found.origin, found.state.entry, found.state.others) == (None, None, (ELSEWHERE, "main"))
    assert found.facts.license == Unknown("license")


def test_an_entry_without_facts_leaves_them_to_other_sources():
    gated = entry()._replace(facts=LockedFacts(), notes=("gated, and no token was there",))
    found = known([gated])
    assert (found.origin, found.state.entry) == (Origin.CATALOGUE, gated)


def test_a_model_that_was_renamed_is_found_in_the_catalogue_by_its_name_of_today():
    locks = Locks(lock_of([entry()._replace(model="old/name", now_called=QWEN)]))
    found = look_up("old/name", None, locks, FIND).facts
    assert (found.model, found.found_as) == (QWEN, "old/name")
    assert found.benchmarks


def test_what_is_in_no_lock_comes_from_the_catalogue_alone():
    found = known([])
    assert (found.origin, found.state.file, found.state.entry) == (Origin.CATALOGUE, "model.lock", None)
    assert found.facts == FIND(QWEN)


def test_a_gate_and_scans_are_facts():
    held = entry(
        gate=Stated(Gate.AUTO, VERIFIED, RECORD),
        security=Stated(SecurityScan(True, (ScanIssue("x.bin", "unsafe"),)), VERIFIED, RECORD),
    )
    found = known([held]).facts
    assert isinstance(found.gated, Fact)
    assert found.gated.value is True
    assert isinstance(found.unsafe_files, Fact)
    assert found.unsafe_files.value == ("x.bin: unsafe",)


def test_scans_that_have_not_ended_say_nothing():
    scan = Stated(SecurityScan(False), VERIFIED, RECORD)
    assert known([entry(security=scan)]).facts.unsafe_files == Unknown(
        "unsafe_files", "the files that the lock lists do not tell"
    )


def test_files_that_nobody_listed_tell_nothing():
    assert isinstance(known([entry(remote_code=None)._replace(files=())]).facts.remote_code, NotRead)
    assert isinstance(known([entry(remote_code=None)]).facts.remote_code, Unknown)


def test_of_a_gated_model_whose_files_nobody_read_the_lock_tells_nothing_of_them():
    gate = Stated(Gate.MANUAL, VERIFIED, RECORD)
    unread = known([entry(gate=gate, remote_code=None, model_type=None)]).facts.remote_code
    assert unread == NotRead("remote_code", "the model is gated, and whoever wrote the lock could not read its files")
    assert isinstance(known([entry(gate=gate, remote_code=None)]).facts.remote_code, Unknown)


def test_an_ancestor_is_known_from_the_lock_at_its_own_commit():
    base = entry()._replace(model="acme/base", commit=ELSEWHERE, revision=None)
    found = look_up_ancestor("acme/base", Locks(lock_of([base])), NOBODY)
    assert found is not None
    assert (found.model, found.revision) == ("acme/base", ELSEWHERE)
    assert look_up_ancestor("acme/other", Locks(lock_of([base])), NOBODY) is None


def test_an_ancestor_of_the_organisations_facts_is_verified_and_a_contradiction_is_said():
    found = look_up_ancestor(QWEN, Locks(None, (lock_of([entry()]),)), FIND)
    assert found is not None
    assert isinstance(found.license, Fact)
    assert found.license.certainty is Certainty.VERIFIED
    other = entry(license=Stated("mit", DECLARED, "README.md"))
    said = look_up_ancestor(QWEN, Locks(lock_of([other])), FIND)
    assert said is not None
    assert said.conflicts == (f"license is apache-2.0 (catalogue) and mit (lock at {AT[:12]})",)


def test_the_lineage_goes_through_the_lock():
    locks = Locks(
        lock_of(
            [
                entry()._replace(model="acme/tuned"),
                entry(parents=Stated((Parent("acme/root", Relation.FINETUNE),), DECLARED, "README.md"))._replace(
                    model="Qwen/Qwen2.5-7B"
                ),
            ]
        )
    )
    tuned = look_up("acme/tuned", None, locks, FIND).facts
    lineage = build(tuned, (), At(False, NOWHERE), lambda name: look_up_ancestor(name, locks, FIND))
    assert [[step.parent.value.model for step in path] for path in lineage.paths()] == [
        ["Qwen/Qwen2.5-7B"],
        ["Qwen/Qwen2.5-7B", "acme/root"],
    ]


LATER = "2026-11-22T09:00:00Z"


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        (
            entry("main", ELSEWHERE)._replace(resolved_at=LATER),
            f"saw the model move from {AT[:12]} to {ELSEWHERE[:12]}",
        ),
        (
            entry("main", license_files=Stated((LicenseFile("LICENSE", "f" * 64),), VERIFIED, "LICENSE"))._replace(
                resolved_at=LATER
            ),
            "hold other licence files at the same commit",
        ),
        (entry("main", ELSEWHERE), ""),
        (entry("v1", ELSEWHERE)._replace(resolved_at=LATER), ""),
        (entry("main")._replace(resolved_at=LATER), ""),
    ],
)
def test_drift_is_what_a_later_lock_of_the_organisation_saw(theirs, words):
    own = entry("main", license_files=Stated((LicenseFile("LICENSE", "e" * 64),), VERIFIED, "LICENSE"))
    if not words:
        theirs = theirs._replace(facts=own.facts)
    drift = known([own], [theirs], revision="main").state.drift
    assert (words in drift, bool(drift)) == (True, bool(words))


def test_what_the_catalogue_only_infers_contradicts_nothing():
    reranker = "BAAI/bge-reranker-v2-m3"
    recorded = FIND(reranker)
    assert recorded is not None
    assert isinstance(recorded.model_type, Fact)
    assert recorded.model_type.certainty is INFERRED
    own = entry(commit=recorded.revision, model_type=Stated("other", VERIFIED, "config.json"))
    own = own._replace(model=reranker, facts=LockedFacts(model_type=own.facts.model_type))
    found = look_up(reranker, None, Locks(lock_of([own])), FIND)
    assert isinstance(found.facts.model_type, Fact)
    assert (found.facts.model_type.value, found.state.disagreements) == ("other", ())


def test_sizes_that_a_configuration_leaves_out_are_not_lost():
    lock = Lock((entry(dimensions=Stated(Dimensions(num_hidden_layers=28), VERIFIED, "config.json")),))
    found = look_up(QWEN, None, Locks(lock), FIND).facts.dimensions
    assert isinstance(found, Fact)
    assert (found.value.num_key_value_heads, found.value.hidden_size) == (4, 3584)


def test_a_lock_that_says_what_the_catalogue_says_contradicts_nothing_and_changes_no_value():
    catalogue = Catalogue()
    different = {}
    for model in catalogue.ids():
        recorded = catalogue.find(model)
        if recorded is None or recorded.revision is None:
            continue
        stated = {
            name: Stated(fact.value, fact.certainty, fact.source.detail)
            for name in LockedFacts._fields
            if isinstance(fact := getattr(recorded, name, None), Fact)
        }
        own = entry(commit=recorded.revision)._replace(model=model, facts=LockedFacts(**stated))
        found = look_up(model, None, Locks(lock_of([own])), catalogue.find)
        values = {name: getattr(found.facts, name).value for name in stated}
        if found.state.disagreements or values != {name: one.value for name, one in stated.items()}:
            different[model] = found.state.disagreements
    assert different == {}
