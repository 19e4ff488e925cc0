"""Rules that rest on a lock: each outcome, judged with a real lock beside the manifest."""

from __future__ import annotations

from datetime import date

import pytest

from checker.facts.locked.entry import RECORD, Gate, LockedFile, ScanIssue, SecurityScan, Stated
from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from checker.facts.model import LicenseFile
from checker.verdict import Evaluation, Verdict
from tests.facts.locked.entries import AT, DECLARED, ELSEWHERE, QWEN, VERIFIED, entry
from tests.rules.judged import TODAY, judged

PASS, FAIL, UNKNOWN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.NOT_EVALUATED, Verdict.NOT_APPLICABLE
LICENSES = "license_files"


@pytest.fixture
def evaluation(tmp_path):
    """Judge one entry by one rule, with the lock's entries and those of the policy's `facts:`."""

    def judge(rule, entries=None, line="", settings="", approved=None, today=TODAY, model=QWEN) -> Evaluation:
        if entries is not None:
            (tmp_path / "model.lock").write_text(as_text(lock_of(entries)))
        facts = ""
        if approved is not None:
            (tmp_path / "approved.lock").write_text(as_text(lock_of(approved)))
            facts = "facts: approved.lock\n"
        manifest = (
            f"weighbridge: 1\nowner: example\nmodels:\n  - {{model: {model}, objective: chat{line and ', '}{line}}}\n"
        )
        level = f"{{enforcement: hard-mandatory{settings and ', '}{settings}}}"
        policy = f"policy: example\nversion: 1\n{facts}rules:\n  {rule}: {level}\n"
        [found] = judged(tmp_path, manifest, policy, today)
        return found

    return judge


def said(found: Evaluation) -> str:
    """All that is said about an outcome."""
    parts = [found.reason, found.margin, *found.notes, *(missing.reason for missing in found.missing)]
    for detail in found.findings:
        parts += [detail.expected, detail.found, *detail.lines, detail.remedy]
    return " | ".join(filter(None, parts))


FOLDER = entry()._replace(resolved_from="folder")
CACHED = entry()._replace(resolved_from="cache")


@pytest.mark.parametrize(
    ("entries", "line", "settings", "verdict", "words"),
    [
        ([entry()], "", "", PASS, "resolved 3 days ago"),
        ([entry()], "", "max_age_days: 30", PASS, "resolved 3 days ago, 27 left"),
        ([entry()], "", "max_age_days: 3", PASS, "resolved 3 days ago, 0 left"),
        ([entry()], "", "max_age_days: 2", FAIL, "an entry of at most 2 days | resolved 3 days ago"),
        ([entry()], f"revision: {AT}", "", PASS, "resolved 3 days ago"),
        ([entry("main")], "", "", FAIL, f"an entry for {QWEN} at no revision | model.lock holds it at main"),
        ([entry()], "revision: v2", "", FAIL, f"an entry for {QWEN} at v2 | model.lock holds it at {AT}"),
        ([], "", "", FAIL, "model.lock does not hold it"),
        (None, "", "", NONE, "no model.lock lies beside the manifest"),
        ([entry()], "access: api", "", NONE, "nothing of it is locked"),
        ([FOLDER], "", "", PASS, "its facts are from folder: no server was asked"),
        ([entry()], "", "", PASS, "model.lock does not hold its ancestors Qwen/Qwen2.5-7B"),
        (
            [entry(license=Stated("mit", DECLARED, "README.md"))],
            "",
            "",
            FAIL,
            "license apache-2.0, as the catalogue has it at the same commit | license mit in the lock",
        ),
    ],
)
def test_lock_fresh(evaluation, entries, line, settings, verdict, words):
    found = evaluation("lock-fresh", entries, line, settings)
    assert (found.verdict, words in said(found)) == (verdict, True), said(found)


def test_a_contradiction_in_the_dimensions_shows_both(evaluation):
    from tests.facts.locked.entries import SIZES

    other = entry(dimensions=Stated(SIZES._replace(num_hidden_layers=20), VERIFIED, "config.json"))
    found = evaluation("lock-fresh", [other])
    assert found.verdict is FAIL
    assert "dimensions num_hidden_layers 28, hidden_size 3584" in found.findings[0].expected
    assert "dimensions num_hidden_layers 20, hidden_size 3584" in found.findings[0].found
    assert len(found.findings[0].evidence) == 2


def test_a_lock_from_after_the_day_that_is_judged_is_said_and_too_new_for_a_limit(evaluation):
    before = date(2026, 11, 1)
    found = evaluation("lock-fresh", [entry()], today=before)
    assert (found.verdict, found.notes[0]) == (PASS, "model.lock was resolved later than the day that is judged")
    late = evaluation("lock-fresh", [entry()], settings="max_age_days: 30", today=before)
    assert (late.verdict, late.findings[0].found) == (FAIL, "resolved on 2026-11-20, after 2026-11-01")


def test_known_drift_fails(evaluation):
    later = entry("main", ELSEWHERE)._replace(resolved_at="2026-11-22T09:00:00Z")
    found = evaluation("lock-fresh", [entry("main")], "revision: main", approved=[later])
    assert found.verdict is FAIL
    assert "the organisation's facts of 2026-11-22 saw the model move" in said(found)


def test_a_local_folder_needs_no_lock(evaluation, tmp_path):
    (tmp_path / "local").mkdir()
    assert evaluation("lock-fresh", [], model="./local").verdict is NONE
    assert evaluation("required-blocks", settings="blocks: lock", model="./local").verdict is PASS


NO_DIGEST = (LockedFile("model.safetensors", 15), LockedFile("config.json", 5, blob="c" * 40))


@pytest.mark.parametrize(
    ("entries", "line", "verdict", "words"),
    [
        ([entry()], "", PASS, f"model.lock holds {AT} with digests of 1 files of weights"),
        ([entry()], "revision: main", FAIL, "`main`, which can be moved"),
        ([entry("main")], "revision: main", FAIL, "`main`, which can be moved"),
        ([entry()._replace(files=NO_DIGEST)], "", FAIL, "model.lock holds no digest of model.safetensors"),
        ([entry()._replace(files=NO_DIGEST[1:])], "", FAIL, "model.lock lists no file of weights"),
        ([entry(commit=None)], "", FAIL, "model.lock holds no commit of it"),
        ([], "", FAIL, "no revision"),
    ],
)
def test_revision_pinned(evaluation, entries, line, verdict, words):
    found = evaluation("revision-pinned", entries, line)
    assert (found.verdict, words in said(found)) == (verdict, True), said(found)


@pytest.mark.parametrize(
    ("entries", "line", "verdict", "words"),
    [
        ([entry()], "", PASS, ""),
        ([], "", FAIL, "model.lock does not hold this model at this revision"),
        (None, "", FAIL, "no model.lock"),
        (None, "access: api", PASS, ""),
    ],
)
def test_a_required_lock(evaluation, entries, line, verdict, words):
    found = evaluation("required-blocks", entries, line, "blocks: [lock]")
    assert (found.verdict, words in said(found)) == (verdict, True), said(found)


SCANNED = Stated(SecurityScan(True, (ScanIssue("x.bin", "unsafe"),)), VERIFIED, RECORD)


@pytest.mark.parametrize(
    ("rule", "changed", "verdict", "words"),
    [
        ("weights-format", {}, PASS, ""),
        ("weights-format", {"weight_formats": Stated(("pickle",), VERIFIED, "names of files")}, FAIL, "only pickle"),
        ("weights-format", {"weight_formats": None}, UNKNOWN, "the files that the lock lists do not tell"),
        ("weights-format", {"security": SCANNED}, PASS, "the Hub's scanners object to x.bin: unsafe (lock)"),
        ("remote-code", {}, PASS, ""),
        ("remote-code", {"remote_code": Stated(True, VERIFIED, "`auto_map` in config.json")}, FAIL, "names code"),
        ("gated-access", {}, PASS, ""),
        ("gated-access", {"gate": Stated(Gate.MANUAL, VERIFIED, RECORD)}, FAIL, "is gated"),
    ],
)
def test_what_only_files_tell_is_judged_from_the_lock(evaluation, rule, changed, verdict, words):
    found = evaluation(rule, [entry(**changed)])
    assert (found.verdict, words in said(found)) == (verdict, True), said(found)


def test_what_is_gated_is_judged_by_the_names_of_its_files_and_by_nothing_inside_them(evaluation):
    gate = Stated(Gate.MANUAL, VERIFIED, RECORD)
    closed = entry(gate=gate, model_type=None, weight_formats=None, remote_code=None)
    assert evaluation("weights-format", [closed]).verdict is UNKNOWN
    assert evaluation("remote-code", [closed]).verdict is NONE


def test_a_verified_fact_comes_from_the_organisation_alone(evaluation):
    strict = "min_certainty: verified"
    assert evaluation("remote-code", [entry()], f"revision: {AT}", strict).verdict is UNKNOWN
    assert evaluation("remote-code", [entry()], f"revision: {AT}", strict, approved=[entry()]).verdict is PASS


def test_a_publishers_name_is_the_one_that_the_server_answered_with(evaluation):
    assert "https://huggingface.co answered for Qwen/Qwen2.5-7B-Instruct on 2026-11-20" in said(
        evaluation("publisher-allowed", [entry()], settings="allow: [Qwen]")
    )
    moved = entry()._replace(model="Qwen/old", now_called="stranger/new")
    found = evaluation("publisher-allowed", [moved], settings="allow: [Qwen]", model="Qwen/old")
    assert (found.verdict, "`stranger`" in said(found)) == (FAIL, True)
    assert evaluation("publisher-allowed", [CACHED], settings="allow: [Qwen]").margin == ""


FROM_FACTS = "from_facts: true"


@pytest.mark.parametrize(
    ("approved", "line", "settings", "verdict", "words"),
    [
        ([entry()], f"revision: {AT}", FROM_FACTS, PASS, f"approved at {AT} on 2026-11-20"),
        ([entry()], f"revision: {ELSEWHERE}", FROM_FACTS, FAIL, f"{QWEN} at {ELSEWHERE} is not there"),
        ([entry()], "", FROM_FACTS, FAIL, f"{QWEN} is not there"),
        ([entry()._replace(ancestor_only=True)], f"revision: {AT}", FROM_FACTS, FAIL, "is not there"),
        ([], f"revision: {AT}", FROM_FACTS, FAIL, "a model in the organisation's facts"),
        (None, f"revision: {AT}", FROM_FACTS, UNKNOWN, "approved models are those of `facts:`"),
        ([entry()], f"revision: {AT}", f"{FROM_FACTS}, models: [BAAI/*]", FAIL, "is not on it"),
        ([entry()], f"revision: {AT}", f"{FROM_FACTS}, models: [Qwen/*]", PASS, "approved as `Qwen/*`"),
        ([], f"revision: {AT}", f"{FROM_FACTS}, models: [Qwen/*]", FAIL, "is not there"),
    ],
)
def test_approved_models_can_be_those_of_the_organisations_facts(evaluation, approved, line, settings, verdict, words):
    found = evaluation("model-approved", None, line, settings, approved)
    assert (found.verdict, words in said(found)) == (verdict, True), said(found)


def test_the_commit_in_the_lock_is_the_one_that_is_approved(evaluation):
    assert evaluation("model-approved", [entry()], "", FROM_FACTS, [entry()]).verdict is PASS
    assert evaluation("model-approved", [entry()], "", f"models: ['{QWEN}@{AT}']").verdict is PASS


def licences(*names: str | None) -> Stated[tuple[LicenseFile, ...]]:
    return Stated(
        tuple(LicenseFile(f"LICENSE{i}", "e" * 64, name) for i, name in enumerate(names)), VERIFIED, "LICENSE"
    )


@pytest.mark.parametrize(
    ("line", "changed", "verdict", "words"),
    [
        ("license: MIT", {"license": None, "license_tag": None}, FAIL, "Apache-2.0, which is what"),
        ("license: Apache 2.0", {"license_files": licences("Apache-2.0")}, PASS, ""),
        ("license: Apache 2.0", {"license_files": licences(None)}, PASS, ""),
        ("license: Apache 2.0", {"license_files": licences("llama3.1-use-policy")}, PASS, ""),
        ("license: Apache 2.0", {"license_files": licences("MIT", "Apache-2.0")}, PASS, ""),
        (
            "license: Apache 2.0",
            {"license_files": licences("MIT")},
            FAIL,
            "the card declares Apache-2.0 | MIT by the file LICENSE0 | the manifest: Apache 2.0 | the card: Apache-2.0"
            " | the Hub's tag: Apache-2.0 | the file LICENSE0: MIT",
        ),
        ("", {"license_tag": Stated("mit", DECLARED, RECORD)}, FAIL, "MIT by the Hub's tag"),
        (
            "",
            {"license_tag": Stated("mit", DECLARED, RECORD), "license_files": licences("gemma")},
            FAIL,
            "MIT by the Hub's tag, gemma by the file LICENSE0",
        ),
        ("", {"license_tag": Stated("other", DECLARED, RECORD)}, NONE, "the manifest declares no licence"),
        ("", {}, PASS, ""),
        ("license: MIT", {}, FAIL, "the card: Apache-2.0 | the Hub's tag: Apache-2.0"),
    ],
)
def test_all_sources_of_a_licence_are_compared(evaluation, line, changed, verdict, words):
    found = evaluation("license-declared", [entry(commit=ELSEWHERE, **changed)], line)
    assert (found.verdict, words in said(found)) == (verdict, True), said(found)


def test_of_several_licences_that_all_apply_a_tag_may_name_one(evaluation):
    both = entry(commit=ELSEWHERE, license=Stated("apache-2.0 AND mit", DECLARED, "README.md"))
    assert evaluation("license-declared", [both]).verdict is PASS
