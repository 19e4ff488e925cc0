"""`weighbridge init` by options alone: what it writes, what it refuses, and what it returns."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from checker import hardware
from checker.document.place import SourceFile
from checker.document.quote import quoted
from checker.document.tree import parse
from checker.facts.catalogue import Catalogue
from checker.guidance.guidance import guidance
from checker.hardware import Device, Machine, System, Vendor
from checker.memory.units import GIB
from checker.scan import walk

SERVED = {
    "objective": "chat",
    "context-window": "16k",
    "gpu": "RTX 4090",
    "size-class": "general",
    "purpose": "commercial",
    "distribution": "service",
}
TUNED = {**SERVED, "goal": "tone", "method": "qlora", "sequence-length": "2k", "baseline": "later", "gpu": "L40S"}
QWEN = """\
# Written by `weighbridge init` from the five steps of the checklist. `weighbridge check` judges it.
weighbridge: 1
# owner: team@example.com   # who answers for this manifest
use: {purpose: commercial, distribution: [service]}
hardware: {gpu: RTX 4090}
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: a09a35458c702b33eeacc393d103063234e8bc28
    license: apache-2.0
    objective: chat
    size_class: general
    deployment: {context_window: 16384, parallel_requests: 1}
"""


def options(answers: dict[str, str]) -> list[str]:
    return [f"--{key}={value}" for key, value in answers.items()]


def test_the_manifest_is_written_and_check_accepts_it(few, inside, tmp_path):
    run = inside("init", *options(SERVED), "--model", "Qwen2.5-7B-Instruct")
    assert (run.code, run.out) == (0, QWEN)
    assert (tmp_path / "model.yaml").read_text() == QWEN
    assert "weighbridge check: nothing blocks (code 0)\n" in run.err
    assert inside("check").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["model.yaml"]


def test_each_answer_says_how_many_models_it_leaves(few, inside):
    lines = inside("init", *options(SERVED), "--model", "Qwen2.5-7B-Instruct", COLUMNS="200").err.splitlines()
    assert [line.strip() for line in lines if "remain" in line] == [
        "-> 7 of 10 models remain; the answer rules out 3: architecture-objective 3",
        "-> 5 of 10 models remain; the answer rules out 2: base-or-instruct 2",
        "-> 5 of 10 models remain; the answer rules out none",
        "-> 4 of 10 models remain; the answer rules out 1: serving-fits 1",
        "-> 4 of 10 models remain; the answer rules out none",
        "-> 3 of 10 models remain; the answer rules out 1: license-allowed 1",
        "-> 3 of 10 models remain; the answer rules out none",
    ]


@pytest.mark.parametrize("more", [{}, {"goal": "new-language", "method": "qlora", "sequence-length": "2048"}], ids=len)
def test_the_candidates_are_those_of_select(inside, monkeypatch, more):
    some = (*Catalogue().ids()[::8], "Qwen/Qwen2.5-7B-Instruct")
    monkeypatch.setattr(Catalogue, "ids", lambda self: some)
    asked = {**SERVED, **more, "context-window": "16384"}
    run = inside("init", *options(asked), "--baseline", "later", COLUMNS="200")
    select = inside("select", *options(asked), "--json")
    fitting = [
        one
        for one in json.loads(select.out)["models"]
        if one["group"] == "passes" and one["criteria"]["size"] != 0  # `init` leaves no model of another class
    ]
    assert re.search(rf"^{len(fitting)} pass(es)? every rule", run.err, re.M), run.err
    assert fitting


def test_without_a_terminal_every_missing_answer_is_named(inside, tmp_path):
    run = inside("init")
    assert run.code == 2
    named = [line.partition(":")[0] for line in run.err.splitlines()]
    assert named == [
        *("--objective", "--context-window", "--gpu", "--size-class", "--purpose", "--distribution", "--model")
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_fine_tuning_asks_for_its_method_samples_and_baseline(inside):
    run = inside("init", *options({**SERVED, "goal": "tone"}))
    named = [line.partition(":")[0] for line in run.err.splitlines()]
    assert (run.code, named) == (2, ["--method", "--sequence-length", "--baseline", "--model"])


def test_without_a_model_the_candidates_are_listed(few, inside, tmp_path):
    run = inside("init", *options(SERVED))
    assert run.code == 2
    assert " 1 ibm-granite/granite-3.3-8b-instruct: MMLU " in run.err
    assert "--model: error: no model is chosen: expected one of those that pass: ibm-granite" in run.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"region": ","}, "`,` names nothing"),
        ({"gpu": "2 x L40S", "count": "3"}, "counts twice"),
        ({"objective": "chatt"}, "--objective: error: `chatt` is no answer to --objective: expected one of chat, "),
        ({"objective": "chatt"}, "did you mean `chat`?"),
        ({"distribution": "service, onn-device"}, "did you mean `on-device`?"),
        ({"gpu": "RTX 4900"}, "--gpu: error: `RTX 4900` is no GPU of the list: expected "),
        ({"gpu": "A100"}, "--gpu: error: `A100` names several GPUs: `A100 40 GB`, `A100 80 GB`: expected "),
        ({"gpu": "0 x L4"}, "--gpu: error: `0 x L4` counts no device"),
        ({"gpu": "detected"}, "--gpu: error: no GPU was detected here"),
        ({"context-window": "many"}, "--context-window: error: --context-window is `many`: expected a whole number"),
        ({"count": "two"}, "--count: error: `two` is no count"),
        ({"vram": "24 GiB"}, "--vram: error: --gpu and --vram are both given"),
        ({"quantization": "awq"}, "did you mean `awq-int4`?"),
        ({"model": "Qwen2.5-7B-Instrukt"}, "did you mean `Qwen/Qwen2.5-7B-Instruct`?"),
        ({"policy": "weighbridge:enterprize"}, "enterprize"),
    ],
)
def test_a_wrong_answer_is_refused_with_what_would_do(few, inside, tmp_path, monkeypatch, answer, said):
    monkeypatch.setattr(hardware, "detect", lambda: Machine((), (), System(None, None)))
    run = inside("init", *options({**SERVED, "model": "Qwen2.5-7B-Instruct", **answer}))
    assert run.code == 2
    assert said in run.err
    assert list(tmp_path.iterdir()) == []


def test_all_wrong_answers_are_told_at_once(inside):
    run = inside("init", *options({**SERVED, "objective": "chatt", "purpose": "profit"}))
    assert [line.partition(":")[0] for line in run.err.splitlines()] == ["--objective", "--purpose"]


def test_a_model_that_does_not_pass_is_not_written(few, inside, tmp_path):
    run = inside("init", *options(SERVED), "--model", "google/gemma-2-9b-it", COLUMNS="200")
    assert run.code == 1
    assert "google/gemma-2-9b-it does not pass with these answers (stopped); nothing was written." in run.err
    assert "  license-allowed: gemma; expected one of Apache-2.0" in run.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_unknown_of_the_model_has_a_code_of_its_own(inside, few):
    answers = {**SERVED, "gpu": "8 x H100 80GB", "size-class": "any"}
    run = inside("init", *options(answers), "--model", "meta-llama/Llama-4-Scout-17B-16E-Instruct")
    assert run.code == 3
    assert "organisation.seat is unknown" in run.err


def test_where_no_model_passes_nothing_is_written(few, inside, tmp_path):
    run = inside("init", *options({**SERVED, "vram": "2 GiB", "gpu": None} | {"gpu": "T4", "size-class": "expert"}))
    assert run.code == 2  # --gpu and --vram
    run = inside("init", *options({**SERVED, "gpu": "2 GiB"}))
    assert run.code == 1
    assert "No model passes with these answers; nothing was written.\n" in run.err
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_that_is_there_is_replaced_by_force_alone(few, inside, tmp_path):
    there = tmp_path / "model.yaml"
    there.write_text("weighbridge: 1\n")
    run = inside("init", *options(SERVED), "--model", "Qwen2.5-7B-Instruct")
    assert run.code == 2
    assert run.err.startswith("model.yaml: error: it is there already: expected `--force` to replace it; ")
    assert there.read_text() == "weighbridge: 1\n"
    assert inside("init", *options(SERVED), "--model", "Qwen2.5-7B-Instruct", "--force").code == 0
    assert there.read_text() == QWEN


def test_a_link_that_leads_nowhere_counts_as_a_file(inside, tmp_path):
    (tmp_path / "model.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert inside("init", *options(SERVED)).err.startswith("model.yaml: error: it is there already")


def test_printing_writes_no_file_and_minds_none(few, inside, tmp_path):
    (tmp_path / "model.yaml").write_text("weighbridge: 1\n")
    run = inside("init", *options(SERVED), "--model", "Qwen2.5-7B-Instruct", "--print")
    assert (run.code, run.out) == (0, QWEN)
    assert (tmp_path / "model.yaml").read_text() == "weighbridge: 1\n"


def test_another_folder_has_to_be_there(few, inside, tmp_path):
    (tmp_path / "services").mkdir()
    assert inside("init", "services", *options(SERVED), "--model", "Qwen2.5-7B-Instruct").code == 0
    assert (tmp_path / "services" / "model.yaml").read_text() == QWEN
    assert inside("init", "service", *options(SERVED)).err.startswith("service: error: there is no such folder")


def test_a_folder_called_model_yaml_is_never_replaced(inside, tmp_path):
    (tmp_path / "model.yaml").mkdir()
    assert inside("init", "--force", *options(SERVED)).err.startswith("model.yaml: error: it is a folder")


def test_a_fine_tuning_is_written_with_its_baseline(few, inside, tmp_path):
    (tmp_path / "baseline.json").write_text('{"results": {"mmlu": {}}, "config": {}}')
    run = inside("init", *options({**TUNED, "baseline": "baseline.json", "model": "Qwen2.5-7B-Instruct"}))
    assert run.code == 0
    assert (
        "    baseline: baseline.json\n    fine_tuning: {goal: tone, method: qlora, sequence_length: 2048}\n" in run.out
    )


def test_a_baseline_that_comes_later_is_asked_for_in_a_comment(few, inside):
    run = inside("init", *options({**TUNED, "model": "Qwen2.5-7B-Instruct"}))
    assert run.code == 0
    assert run.out.endswith("# baseline: evals/baseline.json   # later: results of the model before fine-tuning\n")
    assert "advice: " in run.err


def test_every_further_key_reaches_the_manifest(few, inside):
    more = {
        "owner": "team: platform, #1",
        "project": "bot",
        "name": "assistant",
        "runtime": "vllm",
        "quantization": "fp8",
        "monthly-active-users": "2000",
        "region": "EU, NO",
        "documents": "long-form",
        "context-window": "32k",
        "count": "2",
    }
    run = inside("init", *options({**SERVED, **more, "model": "Qwen2.5-7B-Instruct"}))
    assert run.code == 0
    assert run.out.splitlines()[1:] == [
        "weighbridge: 1",
        "project: bot",
        'owner: "team: platform, #1"',
        'use: {purpose: commercial, distribution: [service], regions: [EU, "NO"], monthly_active_users: 2000}',
        "hardware: {gpu: RTX 4090, count: 2}",
        "models:",
        "  - model: Qwen/Qwen2.5-7B-Instruct",
        "    revision: a09a35458c702b33eeacc393d103063234e8bc28",
        "    name: assistant",
        "    license: apache-2.0",
        "    objective: chat",
        "    size_class: general",
        "    documents: long-form",
        "    deployment: {runtime: vllm, quantization: fp8, context_window: 32768, parallel_requests: 1}",
    ]


def test_another_task_is_written_with_its_name(few, inside):
    answers = {**SERVED, "objective": "other", "task": "speech-recognition", "gpu": "none", "context-window": "none"}
    run = inside("init", *options({**answers, "model": "Qwen2.5-7B-Instruct"}))
    assert run.code == 0
    assert "    objective: other\n    task: speech-recognition\n" in run.out
    assert "hardware" not in run.out


def test_another_task_has_to_be_named(inside):
    assert inside("init", *options({**SERVED, "objective": "other"})).err.startswith("--task: error: not answered: ")


def test_what_has_to_change_for_a_model_is_written_with_it(few, inside):
    run = inside("init", *options({**SERVED, "context-window": "64k", "model": "Qwen2.5-7B-Instruct", "gpu": "L40S"}))
    assert run.code == 0
    assert "context_window: 32768" in run.out


def test_what_is_detected_is_an_answer(few, inside, monkeypatch):
    card = Device(Vendor.NVIDIA, "NVIDIA GeForce RTX 4090", 24564 * 2**20, gpu="RTX 4090")
    monkeypatch.setattr(hardware, "detect", lambda: Machine((card, card), (), System(64 * GIB, 64 * GIB)))
    run = inside("init", *options({**SERVED, "gpu": "detected", "model": "Qwen2.5-7B-Instruct"}))
    assert run.code == 0
    assert "hardware: {gpu: RTX 4090, count: 2}\n" in run.out


@pytest.mark.parametrize("option", ["--gpu", "--instance"])
def test_a_cloud_instance_stands_for_its_gpus(few, inside, option):
    answers = {key: value for key, value in SERVED.items() if key != "gpu"}
    run = inside("init", *options(answers), option, "g5.xlarge", "--model", "Qwen2.5-7B-Instruct", "--no-scan")
    assert run.code == 0
    assert "hardware: {instance: g5.xlarge}\n" in run.out
    assert "  hardware: g5.xlarge (--instance)\n" in run.err


def test_a_count_counts_something(inside):
    answers = {key: value for key, value in SERVED.items() if key != "gpu"}
    assert "--count: error: --count without what is counted" in inside("init", *options(answers), "--count", "2").err


def test_several_kinds_of_gpu_are_all_shown(few, inside, monkeypatch):
    cards = [Device(Vendor.NVIDIA, f"NVIDIA {name}", 23 * GIB, gpu=name) for name in ("L4", "A10")]
    monkeypatch.setattr(hardware, "detect", lambda: Machine(tuple(cards), (), System(64 * GIB, 64 * GIB)))
    answers = {key: value for key, value in SERVED.items() if key != "gpu"}
    run = inside(
        "init",
        *options(answers),
        "--model",
        "Qwen2.5-7B-Instruct",
        "--documents=none",
        "--goal=none",
        "--parallel-requests=1",
        "--region=none",
        stdin="\n",
    )
    assert run.code == 0
    assert "  this machine has 1 x NVIDIA L4: {gpu: L4, count: 1}\n" in run.err
    assert "  a plan runs on equal GPUs: the first kind is taken\n" in run.err
    assert "hardware: {gpu: L4, count: 1}\n" in run.out


def test_a_lock_that_the_policy_requires_is_named(few, inside, tmp_path):
    (tmp_path / "acme.yaml").write_text(
        "policy: acme\nversion: 1\nextends: [weighbridge:enterprise]\nrequire: [lock]\n"
    )
    run = inside("init", *options(SERVED), "--model", "Qwen2.5-7B-Instruct", "--policy", "acme.yaml")
    assert run.code == inside("check", "--policy", "acme.yaml").code == 1
    assert "  blocks: " in run.err


def test_models_in_use_come_first_and_the_others_are_named(few, inside, tmp_path):
    (tmp_path / "app.py").write_text(
        "from transformers import AutoModelForCausalLM as A\nfrom sentence_transformers import SentenceTransformer\n"
        'A.from_pretrained("meta-llama/Llama-3.1-8B-Instruct")\nSentenceTransformer("BAAI/bge-m3")\n'
    )
    run = inside("init", *options(SERVED), "--model", "Llama-3.1-8B-Instruct", COLUMNS="300")
    assert run.code == 0
    listed = [line for line in run.err.splitlines() if line.startswith("   1 ")]
    assert listed[0].startswith("   1 meta-llama/Llama-3.1-8B-Instruct: ")
    assert "; in use: loaded at app.py:3:19\n" in run.err.replace("\n       ", " ")
    assert "In use and not declared by this: BAAI/bge-m3; `weighbridge scan` judges them.\n" in run.err
    silent = inside("init", *options(SERVED), "--model", "Llama-3.1-8B-Instruct", "--no-scan", "--force")
    assert "in use" not in silent.err.casefold()


PLANS = [
    *itertools.product(
        [objective.name for objective in guidance().objectives],
        ["8 GiB"],
        ["commercial"],
    ),
    ("chat", "RTX 4090", "research"),
]


@pytest.mark.parametrize(("objective", "gpu", "purpose"), PLANS)
def test_what_is_listed_is_what_check_accepts(few, inside, objective, gpu, purpose):
    answers = {**SERVED, "objective": objective, "context-window": "512", "gpu": gpu, "size-class": "any"}
    answers["purpose"] = purpose
    run = inside("init", *options(answers))
    if run.code == 1:
        assert "No model passes with these answers" in run.err
        return
    ids = run.err.rpartition("expected one of those that pass: ")[2].strip().split(", ")
    assert ids
    for model in ids:
        assert inside("init", *options(answers), "--model", model, "--force").code == 0
        assert inside("check", "model.yaml").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "NO",
        "1e3",
        "a: b",
        "# x",
        "RTX 4090",
        "24 GiB",
        "a, b",
        "{x}",
        "'",
        '"',
        "é",
        "-",
        "a #b",
        "[",
        "x:",
        "0x1f",
        "@a",
        "1.5 GiB",
    ],
)
def test_any_value_is_read_back_as_it_was(text):
    block = parse(SourceFile("m", f"a: {quoted(text)}\nb: {{c: {quoted(text)}, d: [{quoted(text)}]}}\n"))
    assert block.items["a"].value.text == text
    inner = block.items["b"].value.items
    assert (inner["c"].value.text, inner["d"].value.items[0].text) == (text, text)


def test_a_commit_that_only_a_lock_can_find_is_left_to_it(inside, monkeypatch):
    monkeypatch.setattr(Catalogue, "ids", lambda self: ("EuroBERT/EuroBERT-210m", "FacebookAI/roberta-base"))
    answers = {**SERVED, "objective": "multi-class-classification", "context-window": "512", "size-class": "edge"}
    run = inside("init", *options(answers), "--model", "EuroBERT-210m", COLUMNS="200")
    assert run.code == inside("check").code == 1
    assert "revision" not in run.out
    assert "  blocks: revision-pinned: no revision; expected a commit of 40 hexadecimal digits" in run.err
    assert "Next: `weighbridge lock` " in run.err


def test_a_folder_that_cannot_be_scanned_says_how_to_go_on(few, inside, tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("")
    monkeypatch.setattr(walk, "MAX_FILES", 0)
    run = inside("init", *options(SERVED), "--model", "Qwen2.5-7B-Instruct")
    assert (run.code, run.err.splitlines()[-1]) == (2, ".: error: more than 0 files: expected `--no-scan`")
    assert inside("init", *options(SERVED), "--model", "Qwen2.5-7B-Instruct", "--no-scan").code == 0


@pytest.mark.parametrize(
    ("answer", "hardware"),
    [
        ("24gib", "{vram: 24 GiB}"),
        ("16 Gb", "{vram: 16 GB}"),
        ("2x 24 GiB", "{vram: 24 GiB, count: 2}"),
        ("RTX 4090 x 2", "{gpu: RTX 4090, count: 2}"),
        ("4*L4", "{gpu: L4, count: 4}"),
        ("NVIDIA GeForce RTX 4090", "{gpu: NVIDIA GeForce RTX 4090}"),
    ],
)
def test_hardware_is_taken_as_people_write_it(few, inside, answer, hardware):
    answers = {**SERVED, "context-window": "2k", "gpu": answer, "size-class": "any", "quantization": "fp8"}
    run = inside("init", *options(answers), "--model", "Qwen2.5-7B-Instruct", "--print", "--no-scan")
    assert run.code == 0
    assert f"\nhardware: {hardware}\n" in run.out


@pytest.mark.parametrize("regions", ["EU,US", "EU, US,", "EU,EU,US"])
def test_regions_with_commas_are_several(few, inside, regions):
    run = inside("init", *options({**SERVED, "model": "Qwen/Qwen2.5-7B-Instruct", "region": regions}), "--print")
    assert "regions: [EU, US]" in run.out


def test_a_policy_that_the_project_chose_is_said_before_anything_is_asked(few, inside, project):
    policy = "policy: acme\nversion: 1\nrules: {license-known: advisory}\n"
    project({"acme.yaml": policy, "pyproject.toml": '[tool.weighbridge]\npolicy = "acme.yaml"\n'})
    run = inside("init", *options(SERVED), "--model", "Qwen2.5-7B-Instruct", COLUMNS="200")
    assert run.err.splitlines()[1] == "relaxed: the project chose its policy in pyproject.toml"
    assert "relaxed: " not in inside("init", "--force", *options(SERVED), "--policy", "acme.yaml", "--no-input").err
