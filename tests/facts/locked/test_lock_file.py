"""A lock is written in one order, read whole or refused with its place, and its digest finds an accidental edit."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import jsonschema
import pytest

from checker.document.errors import InputError, render_problem
from checker.document.place import SourceFile
from checker.facts.fact import Certainty
from checker.facts.locked.entry import RECORD, Gate, LockedFacts, LockedFile, LockEntry, Stated
from checker.facts.locked.file import as_text, lock_schema, parse, read, write
from checker.facts.locked.held import HeldLock, hold
from checker.facts.locked.lock import Lock, digest_of, lock_of
from checker.facts.model import ArchitectureClass, Dimensions, LicenseFile, Parent, Relation

DECLARED, VERIFIED = Certainty.DECLARED, Certainty.VERIFIED
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
TEXT = "f" * 64
ENTRY = LockEntry(
    model="Qwen/Qwen2.5-7B-Instruct",
    revision=None,
    commit=COMMIT,
    resolved_at="2026-11-28T17:05:00Z",
    resolved_from="https://huggingface.co",
    notes=("a note",),
    facts=LockedFacts(
        license=Stated("apache-2.0", DECLARED, "README.md"),
        license_files=Stated((LicenseFile("LICENSE", TEXT, "Apache-2.0"),), VERIFIED, "LICENSE"),
        parents=Stated((Parent("Qwen/Qwen2.5-7B", Relation.FINETUNE),), DECLARED, "README.md"),
        architecture_class=Stated(ArchitectureClass.DECODER, Certainty.INFERRED, "a causal language model"),
        parameters_by_dtype=Stated({"BF16": 7615616512}, VERIFIED, RECORD),
        dimensions=Stated(Dimensions(num_hidden_layers=28, tie_word_embeddings=False), VERIFIED, "config.json"),
        build=Stated({"layer_types": ("full_attention",), "expand": 0.5, "use_qk_norm": True}, VERIFIED, "config.json"),
        gate=Stated(Gate.NO, VERIFIED, RECORD, "0" * 40),
    ),
    files=(LockedFile("config.json", 663, blob="b" * 40), LockedFile("model.safetensors", 15, sha256="c" * 64)),
)
LOCK = lock_of([ENTRY, ENTRY._replace(revision="main")], {TEXT: ("Apache License", "Version 2.0"), "e" * 64: ()})


def held(text: str) -> HeldLock:
    with TemporaryDirectory() as folder:
        (Path(folder) / "model.lock").write_text(text, newline="")
        return hold(Path(folder) / "model.lock", "model.lock")


def problem(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(SourceFile("model.lock", text))
    return "\n".join(render_problem(one) for one in caught.value.problems)


def test_what_was_written_is_read_again(tmp_path):
    write(tmp_path / "model.lock", LOCK)
    found = read(tmp_path / "model.lock", "model.lock")
    assert (found.entries, found.texts) == (LOCK.entries, LOCK.texts)
    assert found.sha256 == json.loads((tmp_path / "model.lock").read_text())["sha256"]


def test_the_published_schema_takes_what_is_written():
    jsonschema.Draft202012Validator(lock_schema()).validate(json.loads(as_text(LOCK)))


def test_a_fact_and_a_file_take_one_line_each():
    lines = as_text(lock_of([ENTRY])).splitlines()
    assert '    "license": {"value": "apache-2.0", "certainty": "declared", "source": "README.md"},' in lines
    assert f'    {{"path": "config.json", "size": 663, "blob": "{"b" * 40}"}},' in lines


def test_the_order_of_entries_and_files_does_not_matter():
    turned = ENTRY._replace(files=ENTRY.files[::-1])
    assert as_text(lock_of([turned._replace(revision="main"), turned], LOCK.texts)) == as_text(LOCK)


def test_of_two_entries_with_one_key_the_last_counts():
    assert lock_of([ENTRY, ENTRY._replace(notes=())]).entries[0].notes == ()


def test_a_text_that_no_entry_names_is_dropped():
    assert list(LOCK.texts) == [TEXT]


def test_characters_that_a_reviewer_would_not_see_are_escaped():
    text = as_text(lock_of([ENTRY._replace(notes=("\u202egnp.exe \x1b[0m é 😀 \U000e0041",))]))
    assert r'"notes": ["\u202egnp.exe \u001b[0m é 😀 \udb40\udc41"]' in text


def test_an_entry_is_found_by_what_the_manifest_writes():
    assert LOCK.find("Qwen/Qwen2.5-7B-Instruct", "main") == ENTRY._replace(revision="main")
    assert LOCK.find("Qwen/Qwen2.5-7B-Instruct", "v1") is None


def test_entries_of_a_model_are_found_by_any_of_its_names():
    renamed = ENTRY._replace(now_called="Qwen/New")
    assert Lock((renamed,)).of_model("qwen/new") == (renamed,)
    assert renamed.id == "Qwen/New"
    assert Lock((renamed,)).of_model("Qwen/Other") == ()


def test_line_ends_do_not_change_the_digest():
    text = as_text(LOCK).replace("\n", "\r\n")
    assert parse(SourceFile("model.lock", text)).entries == LOCK.entries


def edited(old: str, new: str) -> str:
    text = as_text(LOCK)
    assert old in text
    return text.replace(old, new, 1)


def test_an_edit_is_noticed_by_the_digest():
    assert problem(edited('"size": 663', '"size": 664')).startswith(
        "model.lock:3:12: error: the digest does not fit the content: the lock was edited or merged by hand\n"
    )


def test_a_newer_format_asks_for_a_newer_version():
    assert problem(edited('"weighbridge_lock": 1', '"weighbridge_lock": 2')) == (
        "model.lock:2:22: error: the lock has format 2: a newer weighbridge is needed\n"
        '    2 |  "weighbridge_lock": 2,\n'
        "      |                      ^ expected 1, the format that this version reads; update weighbridge"
    )


def test_an_unknown_key_is_refused_with_its_place_and_the_nearest():
    said = problem(edited('"resolved_from"', '"resolve_from"'))
    assert said.startswith("model.lock:9:4: error: unknown key `resolve_from` in `models[0]`\n")
    assert "did you mean `resolved_from`?" in said


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"certainty": "declared"', '"certainty": "declard"', '`models[0].facts.license.certainty` is `"declard"`'),
        ('"size": 663', '"size": -1', "`models[0].files[0].size` is `-1`"),
        ('"size": 663', '"size": 663.5', "`models[0].files[0].size` is `663.5`"),
        ('"size": 663', '"size": 99999999999999999999', "`models[0].files[0].size` is `99999999999999999999`"),
        (f'"commit": "{COMMIT}"', '"commit": "main"', '`models[0].commit` is `"main"`'),
        ("17:05:00Z", "17:05", '`models[0].resolved_at` is `"2026-11-28T17:05"`'),
        ("2026-11-28T", "2026-02-31T", '`models[0].resolved_at` is `"2026-02-31T17:05:00Z"`'),
        ("2026-11-28T", "\u0662026-11-28T", "`models[0].resolved_at` is"),
        ('"notes": ["a note"]', '"notes": "a note"', '`models[0].notes` is `"a note"`'),
        ('"notes": ["a note"]', '"notes": [7]', "`models[0].notes[0]` is `7`"),
        ('{"BF16": 7615616512}', "[]", "`models[0].facts.parameters_by_dtype.value` is `[]`"),
        ('"use_qk_norm": true', '"use_qk_norm": null', "`models[0].facts.build.value.use_qk_norm` is `null`"),
        ('"expand": 0.5', '"expand": 1e999', "`models[0].facts.build.value.expand` is `Infinity`"),
        (f'{{"path": "config.json", "size": 663, "blob": "{"b" * 40}"}}', "7", "`models[0].files[0]` is `7`"),
        ('"path": "config.json", ', "", "`models[0].files[0]` has no `path`"),
        ('"sha256": "', '"sha256": "x', "`sha256` is `"),
    ],
)
def test_a_value_of_another_kind_is_refused(old, new, sentence):
    assert f"error: {sentence}" in problem(edited(old, new))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "this is no JSON (Expecting value)"),
        ("[" * 100_000, "this is no JSON that can be read"),
        ('{"weighbridge_lock": NaN}', "this is no JSON that can be read"),
        ('{"weighbridge_lock": ' + "9" * 5000 + "}", "this is no JSON that can be read"),
        ("[]", "this is no lock of Weighbridge: it has no key `weighbridge_lock`"),
        ('{"lockfileVersion": 3}', "this is no lock of Weighbridge: it has no key `weighbridge_lock`"),
        ('{"weighbridge_lock": true}', "`weighbridge_lock` is no format"),
        ('{"weighbridge_lock": 2, "weighbridge_lock": 1}', "the key `weighbridge_lock` stands here twice"),
        ('{"weighbridge_lock": "1"}', "`weighbridge_lock` is no format"),
        ('{"weighbridge_lock": 1}', "the document has no `sha256`"),
    ],
)
def test_what_is_no_lock_is_refused(text, sentence):
    assert f"error: {sentence}" in problem(text)


def test_the_marks_of_a_merge_are_named():
    text = as_text(LOCK).replace(
        ' "models"', '<<<<<<< ours\n "models"\n=======\n "models"\n>>>>>>> theirs\n "models"', 1
    )
    assert "a merge left its marks here; run `weighbridge lock`" in problem(text)


def test_two_entries_of_one_model_and_revision_are_refused():
    text = as_text(Lock((ENTRY, ENTRY)))
    assert "error: Qwen/Qwen2.5-7B-Instruct stands here twice at the same revision" in problem(text)
    with pytest.raises(InputError, match="stands here twice"):
        held(text)


def test_a_lock_larger_than_the_limit_is_not_read(tmp_path):
    (tmp_path / "model.lock").write_bytes(b" " * (8 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match="larger than 8 MiB"):
        read(tmp_path / "model.lock", "model.lock")


@pytest.mark.parametrize("of", [lambda: LOCK, lambda: held(as_text(LOCK))], ids=["whole", "held"])
def test_a_lock_that_is_held_answers_as_one_that_was_read_whole(of):
    lock = of()
    assert lock.find("Qwen/Qwen2.5-7B-Instruct", "main") == ENTRY._replace(revision="main")
    assert lock.find("Qwen/Qwen2.5-7B-Instruct", "v1") is None
    assert lock.of_model("qwen/qwen2.5-7B-instruct") == LOCK.entries
    assert lock.of_model("Qwen/Other") == ()
    assert lock.file == "model.lock"


def resigned(text: str) -> str:
    """A text with the digest that it would have: an edit by somebody who means it."""
    stated = text.partition('"sha256": "')[2][:64]
    return text.replace(stated, digest_of(text, stated), 1)


def test_an_odd_entry_of_a_held_lock_is_refused_when_it_is_asked_for():
    odd = resigned(edited('"certainty": "declared"', '"certainty": "declard"'))
    lock = held(odd)
    assert lock.of_model("Qwen/Other") == ()
    with pytest.raises(InputError) as caught:
        lock.find("Qwen/Qwen2.5-7B-Instruct", None)
    assert "models[0].facts.license.certainty" in caught.value.problems[0].sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"size": 663', '"size": 664', "the digest does not fit the content"),
        ('"weighbridge_lock": 1', '"weighbridge_lock": 2', "a newer weighbridge is needed"),
        ('"sha256": "', '"sha265": "', "unknown key `sha265`"),
        ('"model": "Qwen/Qwen2.5-7B-Instruct"', '"model": 7', "`models[0].model` is `7`"),
        ('"revision": "main"', '"revision": []', "`models[1].revision` is `[]`"),
        ('"models": [', '"models": {}, "more": [', "`models` is `{}`"),
    ],
)
def test_what_is_odd_in_the_whole_of_a_held_lock_is_refused_at_once(old, new, sentence):
    with pytest.raises(InputError) as caught:
        held(edited(old, new))
    assert sentence in str(caught.value)
