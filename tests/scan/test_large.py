"""A file that is too large to be read counts as unread where it holds a word of its reader, and else not."""

from __future__ import annotations

import base64
import random
import tracemalloc

import pytest

from checker.facts.catalogue import Catalogue
from checker.scan import large, words
from checker.scan.find import MAX_BYTES, MAX_NOTEBOOK_BYTES, scan
from checker.scan.programs import PROGRAMS, TRAINED
from checker.scan.walk import kind_of
from tests.scan.judged_cases import cases

MIB = 1 << 20
KINDS = [
    ("a.py", "SentenceTransformer"),
    ("a.ipynb", "vllm serve"),
    ("a.yaml", "HuggingFace"),
    ("a.sh", "ollama"),
    ("a.ps1", "hf download"),
    ("Makefile", "--model-name-or-path"),
    ("Procfile", "text-generation-launcher"),
    ("Dockerfile", "ghcr.io/ggml-org/llama.cpp"),
    (".env", "MODEL"),
]


def padded(name, text=""):
    """As many bytes as no reader takes, with a text in the middle of them."""
    half = b"#" * ((MAX_NOTEBOOK_BYTES if name.endswith(".ipynb") else MAX_BYTES) // 2)
    return half + b"\n" + text.encode() + b"\n" + half


@pytest.mark.parametrize(("name", "word"), KINDS)
def test_a_large_file_is_named_where_it_holds_a_word_of_its_reader(tmp_path, name, word):
    (tmp_path / name).write_bytes(padded(name, word))
    assert [one.file.rpartition("/")[2] for one in scan(tmp_path).unread] == [name]
    (tmp_path / name).write_bytes(padded(name))
    found = scan(tmp_path)
    assert (found.unread, found.files_read) == ((), 1)


def test_a_damaged_notebook_that_is_not_large_is_named_without_a_word(tmp_path):
    (tmp_path / "a.ipynb").write_text('{"cells": [' + " " * 2 * MIB)
    assert [one.why for one in scan(tmp_path).unread] == ["no JSON"]


def test_two_letters_are_no_word_of_a_program():
    assert not words.SCRIPT.are_in("shfmt -w .; hf\n")


@pytest.mark.parametrize("kind", ["Modelfile", "adapter_config.json"])
def test_a_large_file_that_uses_a_model_by_what_it_is_is_always_named(tmp_path, kind):
    (tmp_path / kind).write_bytes(padded(kind))
    assert len(scan(tmp_path).unread) == 1


@pytest.mark.parametrize("size", [300 << 10, MAX_NOTEBOOK_BYTES + 1])
def test_large_json_is_data_of_whatever_size_and_an_adapter_s_is_not(tmp_path, size):
    for name in ("results.json", "adapter_config.json"):
        (tmp_path / name).write_text(f'{{"model": "vllm", "x": "{"x" * size}"}}')
    assert [one.file.rpartition("/")[2] for one in scan(tmp_path).unread] == ["adapter_config.json"]


def test_a_list_of_packages_is_no_configuration(tmp_path):
    (tmp_path / "pnpm-lock.yaml").write_bytes(padded("a.yaml", "'@huggingface/inference@1.0': {}"))
    assert scan(tmp_path).unread == ()


@pytest.mark.parametrize("cut", range(16))
def test_a_word_is_seen_wherever_a_part_ends(cut):
    text = b"from_pretrained"
    assert words.PYTHON.are_in_parts([b"# ", text[:cut], text[cut:]])
    assert words.PYTHON.are_in_parts([b"x" * 1000 + text[:cut], text[cut:] + b"x" * 1000])


@pytest.mark.parametrize("cut", range(1, 6))
def test_the_longest_word_is_seen_wherever_a_part_ends(cut):
    assert words.Words(("vllm", "ollama")).are_in_parts([b"####" + b"ollama"[:cut], b"ollama"[cut:]])


def test_a_word_is_seen_over_many_parts():
    assert words.PYTHON.are_in_parts(bytes([one]) for one in b"x = from_pretrained")
    assert not words.PYTHON.are_in_parts(bytes([one]) for one in b"x = from_pretraine")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-8-sig"])
def test_a_word_is_seen_in_other_encodings(encoding):
    assert words.SETTINGS.are_in_parts(["Model: x".encode(encoding)])


def test_three_letters_in_a_picture_are_no_word():
    picture = base64.b64encode(random.Random(1).randbytes(6 * MIB))
    assert b"LLM" in picture
    assert not words.PYTHON.are_in_parts([picture])
    assert words.PYTHON.are_in_parts([picture, b"\nx = LLM(", picture])
    assert words.PYTHON.are_in_parts([picture, b"\nLLMs", picture])
    assert words.PYTHON.are_in_parts([picture, b"\nx = AsyncLLM(", picture])


def test_a_file_beyond_all_measure_is_named_without_being_looked_through(tmp_path, monkeypatch):
    with (tmp_path / "a.py").open("wb") as file:
        file.truncate(large.MOST + 1)
    monkeypatch.setattr(large, "_parts", lambda _: pytest.fail("it was read"))
    [unread] = scan(tmp_path).unread
    assert "larger than 1 MiB" in unread.why


def test_a_large_file_is_never_held_whole(tmp_path):
    with (tmp_path / "a.py").open("wb") as file:
        for _ in range(24):
            file.write(b"#" * MIB)
    tracemalloc.start()
    try:
        assert large.is_without(tmp_path / "a.py", words.PYTHON, MAX_BYTES)
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


def test_a_file_that_is_gone_is_left_to_its_reader(tmp_path):
    assert not large.is_without(tmp_path / "gone.py", words.PYTHON, 0)
    (tmp_path / "a.py").mkdir()
    assert not large.is_without(tmp_path / "a.py", words.PYTHON, 0)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.family}: {case.name}")
def test_no_file_that_a_model_is_found_in_lacks_the_words_of_its_kind(tmp_path, case):
    for name, content in case.files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for use in scan(tmp_path, catalogue=Catalogue()).uses:
        sought = words.of(kind_of(use.at.file.name.rpartition("/")[2]) or "")
        assert sought is None or sought.are_in(use.at.file.text)


@pytest.mark.parametrize("command", [*PROGRAMS, *(f"train.py --{flag.replace('_', '-')} a/b" for flag in TRAINED)])
def test_every_program_that_a_reader_knows_has_its_word(command):
    assert words.SCRIPT.are_in(f"{command} a/b")
    assert words.SETTINGS.are_in_parts([f"run: {command} a/b".encode()])


@pytest.mark.parametrize(
    ("script", "model"),
    [("hf download Qwen/Qwen3-8B", "Qwen/Qwen3-8B"), ("python -c \"CrossEncoder('a/b')\"", "a/b")],
)
def test_settings_that_say_nothing_but_a_command_are_read_for_it(tmp_path, script, model):
    (tmp_path / "w.yaml").write_text(f"steps:\n  - run: {script}\n")
    assert [use.model for use in scan(tmp_path).uses] == [model]


@pytest.mark.parametrize("content", ["", " \n", '{"cells": [{"cell_type": "code", "source": "x <- ("}]}'])
def test_a_notebook_that_is_empty_or_in_another_language_uses_none(tmp_path, content):
    (tmp_path / "a.ipynb").write_text(content)
    found = scan(tmp_path)
    assert (found.unread, found.unresolved, found.files_read) == ((), (), 1)
