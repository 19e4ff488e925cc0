"""A manifest is loaded whole or refused with everything that is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.document.errors import InputError, NoInputError, render_problem
from checker.document.read import from_text
from checker.document.tree import c_events, parse, pure_events
from checker.manifest.load import load
from tests.ending import that_ends

GOOD = """\
# A manifest of some length.
weighbridge: 1
project: support-bot
use: {purpose: commercial, distribution: [service], regions: EU, monthly_active_users: 250000}
hardware: {gpu: L40S, count: 1}
models:
  - name: assistant
    model: meta-llama/Llama-3.1-8B-Instruct
    revision: 0e9e39f249a16976918f6564b8830bc894c89659
    objective: chat
    fine_tuning:
      goal: output-format
      method: qlora
      sequence_length: 4096
      data:
        - {name: "tickets", personal_data: true}
    deployment:
      context_window: 32768
    known:
      native_context: {value: 131072, evidence: https://example.org/config.json}
    measured: {training_peak: 21.4 GiB}
  - model: BAAI/bge-m3
    objective: similarity
"""


def test_windows_text_is_a_manifest_like_any_other():
    content = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    loaded = load(from_text("model.yaml", content))
    assert str(loaded.models[1].objective.at) == "model.yaml:23:16"


def test_a_newer_format_is_told_alone(refusal):
    assert refusal("weighbridge: 2\nnew_key: x\nmodels: 3\n") == "\n".join(
        [
            "model.yaml:1:14: error: manifest format 2: a newer weighbridge is needed",
            "    1 | weighbridge: 2",
            "      |              ^ expected `weighbridge: 1`",
        ]
    )


@pytest.mark.parametrize("number", ["2", "17", "9" * 30, "002"])
def test_every_higher_number_is_a_newer_format(refusal, number):
    assert f"manifest format {number[:9]}: a newer weighbridge is needed" in refusal(
        f"weighbridge: {number}\nmodels: []"
    )


@pytest.mark.parametrize("number", ["1.5", "two", "-2", "[2]", "²"])
def test_what_is_no_number_is_no_format(refusal, number):
    assert "a newer weighbridge" not in refusal(f"weighbridge: {number}\nmodels: [{{model: a/b, objective: chat}}]")


@pytest.mark.parametrize("text", ["weighbridge: 1\n", "weighbridge: 1\nmodels: []\n"])
def test_a_manifest_without_models_is_no_input(manifest, text):
    with pytest.raises(NoInputError):
        manifest(text)


@pytest.mark.parametrize("text", ["weighbridge: 1\n", "weighbridge: 1\nmodels: []\n"])
def test_a_manifest_without_models_is_fine_where_that_was_allowed(manifest, text):
    assert manifest(text, allow_empty=True).models == ()


def test_a_manifest_without_models_is_an_error_like_others_where_more_is_wrong(manifest):
    with pytest.raises(InputError) as caught:
        manifest("weighbridge: 1\nownr: x\n")
    assert ([problem.sentence for problem in caught.value.problems], type(caught.value)) == (
        ["unknown key `ownr`", "the key `models` is missing"],
        InputError,
    )


def test_contradictions_of_several_blocks_are_told_at_once(manifest):
    with pytest.raises(InputError) as caught:
        manifest(
            "weighbridge: 1\nhardware: {}\nmodels:\n  - model: a/b\n    objective: other\n    terms: x\n"
            "    fine_tuning: {method: full, rank: 3, target_modules: [all-linear, a-b]}\n"
        )
    assert [f"{problem.at} {problem.sentence}" for problem in caught.value.problems] == [
        "model.yaml:2:11 the hardware is not said",
        "model.yaml:7:39 `rank` is given, and `method: full` trains no adapters",
        "model.yaml:7:59 `all-linear` stands in a list of modules",
        "model.yaml:7:71 `a-b` names no module",
    ]


@pytest.mark.parametrize("path", ["./a/../../x", "../x", "./../x/.."])
def test_a_path_may_leave_the_folder_and_stay_in_the_repository(repository, manifest, path):
    manifest(f"weighbridge: 1\nmodels: [{{model: {path}, objective: chat}}]")


@pytest.mark.parametrize("path", ["../../x", "./a/../../../x", "../../shop-2/x", "../.."])
def test_a_path_that_leaves_the_repository_is_refused(repository, refusal, path):
    told = refusal(f"weighbridge: 1\nmodels:\n- model: a/b\n  objective: chat\n  derived_from: [{path}]")
    assert told.startswith(f"model.yaml:5:18: error: `{path}` leads out of the repository\n")


def test_without_a_repository_a_path_stays_in_the_folder(tmp_path, monkeypatch, refusal):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("checker.manifest.load.repository_root", lambda folder: None)
    told = refusal("weighbridge: 1\nmodels: [{model: a/b, objective: chat, baseline: ../x}]")
    assert told.startswith("model.yaml:2:50: error: `../x` leads out of the manifest's folder\n")


IDS = {
    "gpt2": True,
    "Qwen/Qwen2.5-7B-Instruct": True,
    "a/b.c_d-e": True,
    "123/456": True,
    "./models/ours": True,
    "./модель": True,
    "a/b/c": False,
    "/models/ours": False,
    "~/models/ours": False,
    "C:/models/ours": False,
    "a\\b": False,
    ".\\a": False,
    "./a\\b": False,
    "./": True,
    "a..b": False,
    "-a/b": False,
    "a/": False,
    "a b": False,
    "модель": False,
    "a/b:latest": False,
    "file:///models": False,
    "x" * 97: False,
    '"./a\\nb"': False,
}


@pytest.mark.parametrize("written", IDS)
def test_a_model_is_named_by_an_id_or_a_relative_path(repository, written):
    text = f"weighbridge: 1\nmodels:\n- objective: chat\n  model: {written}\n"
    try:
        load(from_text("model.yaml", text))
    except InputError as error:
        assert (IDS[written], len(error.problems)) == (False, 1)  # noqa: PT017
    else:
        assert IDS[written]


HINTS = {
    "https://huggingface.co/Qwen/Qwen3-8B/tree/main": "did you mean `Qwen/Qwen3-8B`?",
    "hf.co/Qwen/Qwen3-8B": "did you mean `Qwen/Qwen3-8B`?",
    "Qwen/Qwen3-8B@main": "write `Qwen/Qwen3-8B` here and what follows the @ as `revision`",
    ".\\models\\ours": "did you mean `./models/ours`?",
    "D:\\models\\ours": "",
    "a/b/c": "",
}


@pytest.mark.parametrize("written", HINTS)
def test_a_model_that_is_named_otherwise_gets_a_hint(written):
    with pytest.raises(InputError) as caught:
        load(from_text("m.yaml", f"weighbridge: 1\nmodels:\n- objective: chat\n  model: {written}\n"))
    assert caught.value.problems[0].hint == HINTS[written]


def test_a_manifest_of_thousands_of_models_is_read_without_taking_the_square_of_it():
    entry = "  - {name: n%d, model: a/b, objective: chat, deployment: {context_window: 8192}}\n"
    text = "weighbridge: 1\nmodels:\n" + "".join(entry % number for number in range(10_000))
    with that_ends():
        load(from_text("m.yaml", text))


FRAGMENTS = [
    *"abé中:-?[]{},'\"#|>&*!%@`~\\=/.0",
    *(
        "\n",
        "\n  ",
        "  ",
        "\t",
        "\r\n",
        ": ",
        "- ",
        " #",
        "---\n",
        "...\n",
        "\x85",
        "\ufeff",
        "\0",
        "null",
        "<<: ",
        "../",
    ),
    *(
        "other",
        "api",
        "root: true\n    ",
        "rank: 3\n      ",
        "all-linear",
        "[key]",
        "99999999999999999999",
        "-1",
        ".nan",
    ),
]


@st.composite
def mutated_manifests(draw):
    """A good manifest with a few pieces cut out, put in or moved."""
    text = GOOD
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(start + draw(st.integers(0, 30)), len(text))
        text = text[:start] + draw(st.one_of(st.sampled_from(FRAGMENTS), st.just(""), st.text(max_size=3))) + text[end:]
    return text


def outcome(text, events=c_events):
    """Everything that is told of a text; nothing where it is a manifest."""
    try:
        source = from_text("model.yaml", text)
        parse(source, events)
        load(source)
    except InputError as error:
        return [(render_problem(problem), problem.at is None) for problem in error.problems]
    return []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(mutated_manifests(), st.text()))
def test_any_text_is_a_manifest_or_is_refused_with_places(text):
    assert [told for told, without_place in outcome(text) if without_place] == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated_manifests())
def test_both_parsers_tell_the_same_of_a_mutated_manifest(text):
    assert outcome(text, c_events) == outcome(text, pure_events)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_manifest_or_are_refused(content):
    assert isinstance(outcome(content), list)
