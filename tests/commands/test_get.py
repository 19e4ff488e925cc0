"""`get` and `checker.pin`: what code takes from the manifest, at the commit that it or its lock pins."""

from __future__ import annotations

import subprocess
import sys

import pytest

import checker
from checker import pins
from checker.document.errors import InputError
from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from tests.facts.locked.entries import AT, QWEN, entry
from tests.in_process import weighbridge

__all__ = ["weighbridge"]

COMMIT = "0e9e39f249a16976918f6564b8830bc894c89659"
MANIFEST = f"""\
weighbridge: 1
models:
  - name: assistant
    model: meta-llama/Llama-3.1-8B-Instruct
    revision: {COMMIT}
    license: llama3.1
    objective: chat
    deployment:
      runtime: vllm
      context_window: 32768
      weights: {{model: hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4, revision: {COMMIT}}}
  - {{model: {QWEN}, objective: chat}}
  - {{name: own, model: ./models/own, objective: similarity}}
  - {{name: drafts, model: acme/big, objective: chat, access: api, provider: acme-gateway}}
"""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("assistant.model", "meta-llama/Llama-3.1-8B-Instruct"),
        ("assistant.revision", COMMIT),
        ("assistant.license", "llama3.1"),
        ("assistant.context_window", "32768"),
        ("assistant.runtime", "vllm"),
        ("assistant.weights.model", "hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4"),
        ("Qwen2.5-7B-Instruct.model", QWEN),
        ("drafts.provider", "acme-gateway"),
    ],
)
def test_a_value_is_printed_alone(project, asked, found):
    assert pins.value(asked, project({"model.yaml": MANIFEST})) == found


def test_the_command_prints_it_on_a_line(project, weighbridge):
    project({"a/model.yaml": MANIFEST})
    assert weighbridge("get", "assistant.revision", "a") == (0, f"{COMMIT}\n", "")
    assert weighbridge("get", "assistant.revision", "a/model.yaml") == (0, f"{COMMIT}\n", "")


def test_a_commit_comes_from_the_lock_where_the_manifest_names_none(project):
    folder = project({"model.yaml": MANIFEST, "model.lock": as_text(lock_of([entry()]))})
    assert pins.value("Qwen2.5-7B-Instruct.revision", folder) == AT
    assert checker.pin("Qwen2.5-7B-Instruct", folder).revision == AT


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("asistant.model", "did you mean `assistant`?"),
        ("assistant.licence", "did you mean `license`?"),
        ("assistant", "`assistant` names no key: expected NAME.KEY"),
        ("assistant", "did you mean `assistant.model`?"),
        ("Qwen2.5-7B-Instruct", "`Qwen2.5-7B-Instruct` names no key"),
        ("nobody", "`nobody` names no key"),
        ("revision", "`revision` names no model: expected NAME.KEY"),
        ("revision", "the names are assistant, Qwen2.5-7B-Instruct, own, drafts"),
        ("Qwen2.5-7B-Instruct.revision", "no commit is pinned"),
        ("Qwen2.5-7B-Instruct.license", "states no license"),
        ("own.revision", "states no revision"),
    ],
)
def test_what_is_not_there_ends_with_two(project, weighbridge, asked, said):
    project({"model.yaml": MANIFEST})
    run = weighbridge("get", asked)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_a_key_without_a_name_is_told_the_only_name(project, weighbridge):
    project({"model.yaml": "weighbridge: 1\nmodels: [{name: assistant, model: acme/big, objective: chat}]\n"})
    assert "did you mean `assistant.revision`?" in weighbridge("get", "revision").err


def test_a_tag_that_no_lock_holds_is_no_pin(project):
    folder = project({"model.yaml": MANIFEST.replace(COMMIT, "main", 1)})
    with pytest.raises(InputError, match="its revision is `main`, which moves"):
        checker.pin("assistant", folder)


def test_a_pin_hands_over_the_keywords_of_the_libraries(project):
    pin = checker.pin("assistant", project({"model.yaml": MANIFEST}))
    model = "meta-llama/Llama-3.1-8B-Instruct"
    assert pin.pretrained == {"pretrained_model_name_or_path": model, "revision": COMMIT}
    assert pin.repository == {"repo_id": model, "revision": COMMIT}
    assert (pin.context_window, pin.license) == (32768, "llama3.1")


def test_a_local_model_and_a_service_have_no_commit(project):
    folder = project({"model.yaml": MANIFEST})
    assert checker.pin("own", folder).pretrained == {"pretrained_model_name_or_path": "./models/own"}
    assert checker.pin("drafts", folder).revision == ""


@pytest.mark.parametrize("text", ["weighbridge: 1\n", "models: []\n", "- 1\n", "weighbridge: 1\nmodels: 3\n"])
def test_what_is_no_manifest_is_refused(project, text):
    with pytest.raises(InputError):
        checker.pin("assistant", project({"model.yaml": text}))


def test_a_folder_without_manifest_is_refused(tmp_path):
    with pytest.raises(InputError, match="no manifest is here"):
        checker.pin("assistant", tmp_path)


def test_two_models_of_one_name_are_refused(project):
    doubled = MANIFEST.replace("name: own", "name: assistant")
    with pytest.raises(InputError, match="2 models are called `assistant`"):
        checker.pin("assistant", project({"model.yaml": doubled}))


def test_names_are_listed_in_order(project):
    listed = pins.names(project({"model.yaml": MANIFEST}))
    assert listed == ("assistant", "Qwen2.5-7B-Instruct", "own", "drafts")


def test_a_pin_imports_nothing_heavy(project):
    folder = project({"model.yaml": MANIFEST})
    code = f"import sys, checker; checker.pin('assistant', {str(folder)!r}); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "checker.pins" in loaded
    assert not loaded & {"pydantic", "checker.manifest.model", "huggingface_hub", "transformers", "argparse"}


def test_a_wrong_name_tells_a_program_the_nearest(project):
    with pytest.raises(InputError, match=r"model\.yaml: no model is called `asistant`: .*did you mean `assistant`\?"):
        checker.pin("asistant", project({"model.yaml": MANIFEST}))


@pytest.mark.parametrize(
    "arguments", [(None,), (["assistant"],), ("assistant", 5), ("assistant", None), ("assistant", b"a")]
)
def test_an_argument_of_another_type_is_refused(arguments):
    with pytest.raises(TypeError, match=r"`(name|manifest)` .*: expected text"):
        checker.pin(*arguments)


@pytest.mark.parametrize("manifest", ["a" * 300, "model\ud800.yaml", "model\0.yaml", "missing.yaml"])
def test_a_path_that_no_file_can_have_is_bad_input(manifest):
    with pytest.raises(InputError):
        checker.pin("assistant", manifest)
