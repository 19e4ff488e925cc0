"""A model resolved without a network: from a folder as publishers fill it, and from a cache as the Hub's client lays it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.facts.fact import Certainty
from checker.facts.locked.entry import LockedFile, Stated
from checker.facts.locked.file import as_text, parse
from checker.facts.locked.from_disk import entry_from_cache, entry_from_folder
from checker.facts.locked.lock import lock_of
from checker.facts.locked.resolve import Entered
from checker.facts.model import LicenseFile
from tests.facts.headers import gguf, safetensors
from tests.facts.locked.test_resolve import QWEN, TOTAL

VERIFIED = Certainty.VERIFIED
NOW = "2026-11-28T17:05:00Z"
COMMIT = "a" * 40
CARD = "---\nlicense: apache-2.0\nbase_model: Qwen/Qwen2.5-0.5B\n---\n"
LICENSE = "Apache License\n"
FILES: dict[str, Any] = {"config.json": json.dumps(QWEN), "README.md": CARD, "LICENSE": LICENSE}


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def from_folder(folder: Path, **options: Any) -> Entered:
    return entry_from_folder(folder, **{"model": "acme/tuned", "revision": None, "commit": None, "at": NOW, **options})


def test_a_folder_without_weights_is_fine(tmp_path):
    made = from_folder(write(tmp_path / "m", FILES), identify=lambda text: "Apache-2.0" if "Apache" in text else None)
    facts, digest = made.entry.facts, hashlib.sha256(LICENSE.encode()).hexdigest()
    assert (made.entry.resolved_from, made.entry.commit, made.entry.now_called) == ("folder", None, None)
    assert facts.license == Stated("apache-2.0", Certainty.DECLARED, "README.md")
    assert facts.license_files == Stated((LicenseFile("LICENSE", digest, "Apache-2.0"),), VERIFIED, "LICENSE")
    assert facts.weight_formats is None
    assert facts.parameters == Stated(TOTAL, Certainty.INFERRED, "config.json, counted from the dimensions")
    assert made.texts == {digest: ("Apache License", "")}


def test_small_files_have_the_blob_id_that_git_gives_them(tmp_path):
    made = from_folder(write(tmp_path / "m", {"config.json": "{}\n"}))
    assert made.entry.files == (LockedFile("config.json", 3, blob="0967ef424bce6791893e9a57bb952f80fd536e93"),)


WEIGHTS = safetensors({"a": ("BF16", [TOTAL])})


def test_weights_are_hashed_only_where_that_is_asked_for(tmp_path):
    folder = write(tmp_path / "m", {**FILES, "model.safetensors": WEIGHTS})
    told: list[tuple[str, int, int]] = []
    plain = from_folder(folder, progress=lambda *one: told.append(one))
    assert plain.entry.files[-1] == LockedFile("model.safetensors", len(WEIGHTS))
    assert told == []
    hashed = from_folder(folder, hash_weights=True, progress=lambda *one: told.append(one))
    assert hashed.entry.files[-1].sha256 == hashlib.sha256(WEIGHTS).hexdigest()
    assert told == [("model.safetensors", len(WEIGHTS), len(WEIGHTS))]


def test_the_headers_of_weights_give_the_exact_total(tmp_path):
    half = safetensors({"a": ("BF16", [TOTAL // 2])})
    files = {"model-00001-of-00002.safetensors": half, "model-00002-of-00002.safetensors": half}
    facts = from_folder(write(tmp_path / "m", {**FILES, **files})).entry.facts
    assert facts.parameters == Stated(TOTAL, VERIFIED, "safetensors headers")
    assert facts.weight_formats == Stated(("safetensors",), VERIFIED, "names of files")


def test_a_gguf_file_alone_is_a_model(tmp_path):
    header = {"general.architecture": "llama", "llama.context_length": 8192, "tokenizer.ggml.tokens": ["a", "b"]}
    facts = from_folder(write(tmp_path / "m", {"q.gguf": gguf(header, {"a": [4, 4]})})).entry.facts
    assert facts.parameters == Stated(16, VERIFIED, "q.gguf")
    assert facts.native_context == Stated(8192, Certainty.DECLARED, "q.gguf")
    assert facts.dimensions is not None
    assert facts.dimensions.value.vocab_size == 2


def test_what_was_read_is_written_and_read_again(tmp_path):
    made = from_folder(write(tmp_path / "m", {**FILES, "model.safetensors": WEIGHTS}), hash_weights=True, commit=COMMIT)
    lock = lock_of([made.entry], made.texts)
    assert parse(SourceFile("model.lock", as_text(lock))).entries == lock.entries


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"config.json": "{"}, "this is no JSON"),
        ({"model.safetensors": "x"}, "the header of safetensors cannot be read"),
        ({"q.gguf": "x"}, "the header of q.gguf cannot be read"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_place(tmp_path, files, words):
    with pytest.raises(InputError, match=words):
        from_folder(write(tmp_path / "m", files))


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        from_folder(tmp_path / "absent")


POSIX = pytest.mark.skipif(os.name != "posix", reason="links as here exist on POSIX only")


@POSIX
def test_links_out_of_the_folder_are_not_followed(tmp_path):
    folder = write(tmp_path / "m", {"config.json": "{}"})
    (tmp_path / "secret").write_text("secret")
    (folder / "LICENSE").symlink_to(tmp_path / "secret")
    (folder / "model.bin").symlink_to(tmp_path / "absent")
    made = from_folder(folder)
    assert made.texts == {}
    assert [file.path for file in made.entry.files] == ["LICENSE", "config.json"]
    (folder / "README.md").symlink_to(tmp_path / "secret")
    assert from_folder(folder).entry.facts.license is None


def cached(tmp_path: Path, files: dict[str, str | bytes], reference: str = "main") -> Path:
    """A cache of the Hub's client with one model: blobs by their digest, links to them, and a branch."""
    cache = tmp_path / "cache"
    repository = cache / "models--acme--tuned"
    snapshot = repository / "snapshots" / COMMIT
    for folder in (repository / "blobs", repository / "refs", snapshot):
        folder.mkdir(parents=True)
    (repository / "refs" / reference).write_text(COMMIT)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        large = name.endswith(".safetensors")
        digest = hashlib.sha256(data) if large else hashlib.sha1(b"blob %d\0" % len(data) + data)
        (repository / "blobs" / digest.hexdigest()).write_bytes(data)
        (snapshot / name).symlink_to(repository / "blobs" / digest.hexdigest())
    return cache


@POSIX
@pytest.mark.parametrize("revision", [None, "main", COMMIT])
def test_a_model_in_the_local_cache_is_found_by_branch_and_commit(tmp_path, revision):
    cache = cached(tmp_path, {**FILES, "model.safetensors": WEIGHTS})
    made = entry_from_cache(cache, model="acme/tuned", revision=revision, at=NOW)
    assert made is not None
    entry = made.entry
    assert (entry.commit, entry.revision, entry.resolved_from, entry.now_called) == (COMMIT, revision, "cache", None)
    assert entry.facts.parameters == Stated(TOTAL, VERIFIED, "safetensors headers")
    weights = next(file for file in entry.files if file.path == "model.safetensors")
    assert (weights.sha256, weights.blob) == (hashlib.sha256(WEIGHTS).hexdigest(), None)
    config = next(file for file in entry.files if file.path == "config.json")
    assert (config.sha256, len(config.blob or "")) == (None, 40)
    assert entry.notes == ("the local cache held 4 files of this commit; others were not seen",)
    assert list(made.texts.values()) == [("Apache License", "")]


@POSIX
@pytest.mark.parametrize(("model", "revision"), [("acme/other", None), ("acme/tuned", "v1"), ("acme/tuned", "b" * 40)])
def test_what_the_cache_does_not_hold_is_not_found(tmp_path, model, revision):
    assert entry_from_cache(cached(tmp_path, FILES), model=model, revision=revision, at=NOW) is None


def test_without_a_cache_nothing_is_found(tmp_path):
    assert entry_from_cache(tmp_path / "absent", model="acme/tuned", revision=None, at=NOW) is None
    (tmp_path / "file").write_text("")
    assert entry_from_cache(tmp_path / "file", model="acme/tuned", revision=None, at=NOW) is None


@POSIX
def test_a_cache_that_cannot_be_looked_into_is_no_empty_one(tmp_path):
    with pytest.raises(InputError) as caught:
        entry_from_cache(tmp_path / ("c" * 300), model="acme/tuned", revision=None, at=NOW)
    assert caught.value.problems[0].sentence == "the cache cannot be read (File name too long)"


@POSIX
def test_a_snapshot_of_the_cache_can_be_named_as_a_folder(tmp_path):
    snapshot = cached(tmp_path, FILES) / "models--acme--tuned" / "snapshots" / COMMIT
    assert from_folder(snapshot, commit=COMMIT).entry.facts.license == Stated(
        "apache-2.0", Certainty.DECLARED, "README.md"
    )
