"""`license identify` reads files and folders; its code says whether every licence is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.in_process import weighbridge

__all__ = ["weighbridge"]

ROOT = Path(__file__).resolve().parents[2]
APACHE = (ROOT / "LICENSE").read_text(encoding="utf-8")
POLICY = "Llama 3.1 Acceptable Use Policy\n\nYou agree you will not use it to break the law.\n"


@pytest.fixture
def model(tmp_path):
    (tmp_path / "LICENSE").write_text(APACHE, encoding="utf-8")
    (tmp_path / "USE_POLICY.md").write_text(POLICY, encoding="utf-8")
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "license.json").write_text("{}", encoding="utf-8")
    return tmp_path


def test_a_file_is_named_with_what_was_compared(weighbridge, model):
    run = weighbridge("license", "identify", str(model / "LICENSE"))
    assert (run.code, run.out) == (0, f"{model / 'LICENSE'}: Apache-2.0, by every passage\n")


def test_in_a_folder_the_files_named_like_licences_are_read_and_a_use_policy_leaves_nothing_open(weighbridge, model):
    run = weighbridge("license", "identify", str(model))
    assert run.code == 0
    assert run.out.splitlines() == [
        f"{model / 'LICENSE'}: Apache-2.0, by every passage",
        f"{model / 'USE_POLICY.md'}: unrecognised: it is the use policy that belongs to llama3.1, which is no licence",
    ]


def test_a_use_policy_alone_is_no_licence(weighbridge, model):
    assert weighbridge("license", "identify", str(model / "USE_POLICY.md")).code == 3


def test_a_changed_text_is_never_the_licence(weighbridge, model):
    file = model / "LICENSE"
    file.write_text(f"{APACHE}\nNo military use.\n", encoding="utf-8")
    run = weighbridge("license", "identify", str(file))
    said = 'unrecognised, looks like Apache-2.0: it adds "no military use"'
    assert (run.code, run.out) == (3, f"{file}: {said}\n")


def test_programs_get_one_object_a_file(weighbridge, model):
    run = weighbridge("license", "identify", "--json", str(model))
    first, second = map(json.loads, run.out.splitlines())
    assert first == {
        "file": (model / "LICENSE").as_posix(), "verdict": "identified", "license": "Apache-2.0", "version": "",
        "by": "every passage", "with_policy": "",
    }  # fmt: skip
    assert (second["verdict"], second["holds"], second["is_use_policy"]) == ("unrecognised", ["llama3.1"], True)


def test_other_bytes_than_text_are_no_licence(weighbridge, tmp_path):
    file = tmp_path / "LICENSE"
    file.write_bytes(b"\x00\x01\x02")
    assert weighbridge("license", "identify", str(file)).code == 3
    file.write_bytes(APACHE.replace("Copyright [yyyy]", "Copyright Jos\xe9").encode("latin-1"))
    assert weighbridge("license", "identify", str(file)).code == 0


@pytest.mark.parametrize(("name", "said"), [
    ("absent", "there is no such file"), ("empty", "the folder holds no licence file"), ("large", "larger than 4 MiB"),
])  # fmt: skip
def test_what_cannot_be_read_is_bad_input(weighbridge, tmp_path, name, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "large").write_bytes(b"x" * (4 * 2**20 + 1))
    run = weighbridge("license", "identify", str(tmp_path / name))
    assert run.code == 2
    assert said in run.err


def test_unused_entries_are_listed_with_their_line(weighbridge, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_text(
        "policy: acme\nversion: 1\nrules:\n  license-allowed:\n    enforcement: advisory\n"
        "    allow: [Apache-2.0, MIT]\n    contexts: {internal: {deny: [gemma]}}\n",
        encoding="utf-8",
    )
    (tmp_path / "model.yaml").write_text(
        "weighbridge: 1\nmodels:\n  - {model: Qwen/Qwen2.5-7B-Instruct, objective: chat}\n", encoding="utf-8"
    )
    run = weighbridge("license", "unused", "--policy", "policy.yaml")
    assert (run.code, run.out) == (
        0,
        "policy.yaml:6:5: allow: no model here is under MIT\n"
        "policy.yaml:7:5: contexts.internal.deny: no model here is under gemma\n",
    )
    assert json.loads(weighbridge("license", "unused", "--policy", "policy.yaml", "--json").out.splitlines()[0]) == {
        "list": "allow", "license": "MIT", "at": "policy.yaml:6:5",
    }  # fmt: skip
