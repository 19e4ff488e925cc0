"""`weighbridge fit --serve` as a user runs it: what fits, start commands, several models, and how context costs."""

from __future__ import annotations

import json
import shlex

import jsonschema
import pytest
from ruamel.yaml import YAML

from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from checker.published import SCHEMAS
from tests.facts.locked.entries import QWEN, entry
from tests.in_process import weighbridge
from tests.sizing.test_answer import LLAMA

__all__ = ["weighbridge"]

MODEL = "Qwen/Qwen2.5-0.5B-Instruct"
SERVE = ("fit", MODEL, "--serve", "--context-window", "4096", "--parallel-requests", "4")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SCHEMA = jsonschema.Draft202012Validator(SCHEMAS["fit"]())

SHARED = f"""\
weighbridge: 1
owner: me@example.com
hardware: {{gpu: GPU, count: 1}}
models:
  - name: small
    model: {MODEL}
    revision: {COMMIT}
    objective: chat
    deployment: {{context_window: 4096}}
  - name: embedder
    model: BAAI/bge-m3
    objective: similarity
    deployment: {{context_window: 512}}
"""


def valid(text):
    record = json.loads(text)
    SCHEMA.validate(record)
    return record


def test_a_deployment_is_told_what_fits_in_tables(weighbridge):
    run = weighbridge(*SERVE, "--gpu", "L4")
    assert run.code == 0
    assert "\nwhat fits: by how the weights are stored (* the plan), " in run.out
    assert "\n  16 bits * " in run.out
    for cache in ("fp16", "fp8"):
        assert f"\nKV cache in {cache}; context_window down, parallel_requests across; " in run.out
    assert "how memory grows" not in run.out


def test_the_context_is_the_users_and_the_table_answers_to_it(weighbridge):
    ladders = valid(weighbridge(*SERVE[:4], "5000", "--gpu", "L4", "--json").out)["ladders"]
    assert all(5000 in each["ladder"]["rows"] for each in ladders)
    assert 5000 not in valid(weighbridge(*SERVE, "--gpu", "L4", "--json").out)["ladder"]["rows"]


def test_programs_read_what_people_do(weighbridge):
    record = valid(weighbridge(*SERVE, "--gpu", "L4", "--explain", "--command", "vllm", "--json").out)
    [choice] = [choice for choice in record["choices"] if choice["planned"]]
    assert (choice["needed_bytes"], choice["fits"]) == (record["needed_bytes"], record["fits"])
    assert choice["left_bytes"] == record["hardware"]["limit_bytes"] - record["needed_bytes"]
    assert [each["kv_cache"] for each in record["ladders"]] == ["fp16", "fp8"]
    own = record["ladders"][0]["ladder"]
    cell = own["cells"][own["rows"].index(4096)][own["columns"].index(4)]
    assert (cell["needed_bytes"], cell["left_bytes"]) == (record["needed_bytes"], choice["left_bytes"])
    assert record["context_cost"]["token_bytes"] == 2 * 24 * 2 * 64 * 2
    assert record["context_cost"]["measured"]
    flags = {flag["flag"]: flag for flag in record["command"]["flags"]}
    assert flags["--max-model-len"]["value"] == "4096"
    assert all(flag["source"].startswith("https://") for flag in flags.values())


def test_markdown_has_the_same_tables(weighbridge):
    run = weighbridge(*SERVE, "--gpu", "L4", "--explain", "--command", "vllm", "--markdown")
    assert run.code == 0
    for part in (
        "### What fits\n",
        "| weights | GPUs | each needs |",
        "| 4096 | ",
        "### How memory grows",
        "```\nvllm serve",
    ):
        assert part in run.out
    assert run.out.count("| --- | ---: |") >= 4
    assert "https://docs.vllm.ai/" in run.out


def test_an_explanation_says_how_memory_grows_and_how_far_off(weighbridge):
    run = weighbridge(*SERVE, "--explain")
    assert run.code == 0
    for part in (
        "\nhow memory grows with context and users, on one GPU:\n",
        "\n  grouped-query attention: 14 query heads share 2 key-value heads",
        "\n  one more token of one request: 12.0 KiB\n",
        "\n  measured of vllm (public logs and tables of makers, ",
        "\n    weights: 9 figures, median ",
    ):
        assert part in run.out


def command_of(text):
    """The words of the command between its comments."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return shlex.split("\n".join(lines).replace(" \\\n", " "))


@pytest.mark.parametrize(
    ("model", "target", "program"),
    [
        (MODEL, "vllm", ["vllm", "serve", MODEL, "--revision", COMMIT]),
        (MODEL, "tgi", ["text-generation-launcher", "--model-id", MODEL, "--revision", COMMIT]),
        (MODEL, "llama.cpp", ["llama-server", "-m", "FILE.gguf", "-c", "8192"]),
        ("BAAI/bge-m3", "tei", ["text-embeddings-router", "--model-id", "BAAI/bge-m3", "--revision", COMMIT]),
    ],
)
def test_a_start_command_is_printed_alone_with_its_sources(weighbridge, model, target, program):
    run = weighbridge("fit", model, "--serve", "--gpu", "L4", "--command", target, "--revision", COMMIT)
    assert (run.code, run.err) == (0, "")
    assert command_of(run.out)[: len(program)] == program
    assert "; https://" in run.out


def test_what_does_not_fit_is_not_started(weighbridge):
    run = weighbridge("fit", "Qwen/Qwen3-8B", "--serve", "--gpu", "T4", "--command", "vllm")
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("Qwen/Qwen3-8B: does not fit: needs ")
    assert run.err.endswith(": no command is printed\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--command", "vllm", "--runtime", "tgi"), "`--command vllm` beside runtime tgi"),
        (("--command", "tei"), "TEI embeds and classifies texts, it generates none"),
        (("--command", "kubernetes", "--image", "vllm:latest"), "expected NAME@sha256: and 64 hexadecimal digits"),
        (("--command", "vllm", "--revision=--x"), "`--revision` is `--x`"),
        (("--command", "vllm", "--image", f"a@sha256:{'0' * 64}"), "--image without --command kubernetes"),
        (("--json", "--markdown"), "--json beside --markdown"),
    ],
)
def test_contradictions_are_refused(weighbridge, arguments, told):
    run = weighbridge("fit", MODEL, "--serve", "--gpu", "L4", *arguments)
    assert (run.code, run.out) == (2, "")
    assert told in run.err


@pytest.mark.parametrize("option", [("--command", "vllm"), ("--explain",)])
def test_options_of_serving_need_it(weighbridge, option):
    run = weighbridge("fit", MODEL, *option)
    assert run.code == 2
    assert f"{option[0]} without --serve" in run.err


def test_a_cluster_is_told_with_the_image_that_somebody_pinned(weighbridge):
    image = f"vllm/vllm-openai@sha256:{'ab' * 32}"
    run = weighbridge(*SERVE, "--gpu", "L4", "--command", "kubernetes", "--image", image)
    deployment, service = YAML(typ="safe").load_all(run.out)
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == image
    assert service["kind"] == "Service"


def test_several_models_share_a_gpu(weighbridge):
    run = weighbridge("fit", MODEL, "BAAI/bge-m3", "--serve", "--gpu", "L4")
    assert run.code == 0
    assert f"{MODEL}, deployment\n" in run.out
    assert "\ntogether on L4: fits: needs " in run.out
    record = valid(weighbridge("fit", MODEL, "BAAI/bge-m3", "--serve", "--gpu", "L4", "--json").out)
    assert record["manifest"] is None
    assert record["together"]["entries"] == [MODEL, "BAAI/bge-m3"]
    assert record["together"]["needed_bytes"] == sum(each["needed_bytes"] for each in record["answers"])
    assert f" {record['together']['shares'][0]:.3f}"[:-1] in record["answers"][0]["start"][0]
    assert "may take" in weighbridge("fit", MODEL, "BAAI/bge-m3", "--serve", "--gpu", "L4", "--markdown").out


def test_models_that_fit_alone_and_not_together_end_with_one(weighbridge):
    both = ("fit", "Qwen/Qwen3-8B", "Qwen/Qwen2.5-7B-Instruct", "--serve", "--gpu", "4090")
    run = weighbridge(*both)
    assert run.code == 1
    assert run.out.count("\nfits: needs ") == 2
    assert "\ntogether on RTX 4090: does not fit: needs " in run.out
    command = weighbridge(*both, "--command", "vllm")
    assert (command.code, command.out) == (1, "")
    assert "together on RTX 4090: does not fit" in command.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Qwen/Qwen3-8B",), "several models beside 2 models"),
        (("Qwen/Qwen3-8B", "--serve", "--explain"), "--explain beside 2 models"),
        ((MODEL, "--serve"), "a model is named twice"),
    ],
)
def test_several_models_are_served_with_one_plan(weighbridge, arguments, told):
    run = weighbridge("fit", MODEL, *arguments)
    assert run.code == 2
    assert told in run.err


def test_one_unknown_model_leaves_the_sum_unknown(weighbridge):
    run = weighbridge("fit", MODEL, "nobody/nothing", "--serve", "--gpu", "L4")
    assert run.code == 3
    assert "unknown: `nobody/nothing` is not in the catalogue" in run.out
    assert "together" not in run.out


def test_a_manifests_models_share_its_hardware(weighbridge, project):
    project({"model.yaml": SHARED.replace("GPU", "L4")})
    run = weighbridge("fit", "model.yaml")
    assert run.code == 0
    assert "\ntogether on L4: fits: needs " in run.out
    assert f"--revision {COMMIT}" in run.out
    cluster = weighbridge("fit", "model.yaml", "--command", "kubernetes")
    kinds = [document["kind"] for document in YAML(typ="safe").load_all(cluster.out)]
    assert kinds == ["Deployment", "Service"] * 2
    assert "a cluster gives a GPU to one pod" in cluster.out


def test_a_manifest_whose_models_fit_alone_only_ends_with_one(weighbridge, project):
    shared = SHARED.replace("gpu: GPU", "vram: 5 GiB")
    project({"model.yaml": shared})
    run = weighbridge("fit", "model.yaml", "--json")
    record = valid(run.out)
    assert [each["fits"] for each in record["answers"]].count("does not fit") == 0
    assert (run.code, record["together"]["fits"], record["together"]["shares"]) == (1, "does not fit", None)


def test_a_manifest_without_a_deployment_starts_nothing(weighbridge, project):
    plan = "    fine_tuning: {method: lora, sequence_length: 512}\n"
    text = f"weighbridge: 1\nowner: me@example.com\nmodels:\n  - model: {MODEL}\n    objective: chat\n{plan}"
    project({"model.yaml": text})
    run = weighbridge("fit", "model.yaml", "--command", "vllm")
    assert run.code == 2
    assert "`--command` starts a server, and no entry is served" in run.err


def test_an_encoder_on_vllm_has_no_pool(weighbridge):
    run = weighbridge("fit", "BAAI/bge-m3", "--serve", "--runtime", "vllm", "--gpu", "T4")
    assert run.code == 0
    assert "'s cache: " not in run.out
    assert "--runner pooling" in run.out


def test_a_manifests_commands_are_those_of_the_runtime_that_is_asked_for(weighbridge, project):
    project({"model.yaml": SHARED.replace("GPU", "L4")})
    run = weighbridge("fit", "model.yaml", "--command", "tei")
    assert command_of(run.out)[:3] == ["text-embeddings-router", "--model-id", "BAAI/bge-m3"]
    assert "vllm" not in run.out
    none = weighbridge("fit", "model.yaml", "--command", "tgi")
    assert (none.code, none.out) == (2, "")
    assert "no entry is served by it: expected --command tei or vllm" in none.err
    record = valid(weighbridge("fit", "model.yaml", "--command", "tei", "--json").out)
    assert ["command" in each for each in record["answers"]] == [False, True]


def test_the_commit_of_the_lock_is_started(weighbridge, project):
    text = SHARED.replace("GPU", "L40S").replace(f"    revision: {COMMIT}\n", "").replace(MODEL, QWEN)
    project({"model.yaml": text, "model.lock": as_text(lock_of([entry(commit="f" * 40)]))})
    run = weighbridge("fit", "model.yaml", "--command", "vllm")
    assert f"--revision {'f' * 40}: the revision that is loaded, by model.lock; " in run.out


def test_an_encoder_decoder_says_why_context_is_not_explained(weighbridge):
    asked = ("fit", "google/flan-t5-base", "--serve", "--gpu", "T4", "--explain")
    assert "\nhow memory grows is not explained: encoder-decoders have " in weighbridge(*asked).out
    assert valid(weighbridge(*asked, "--json").out)["context_cost"] is None
    assert "How memory grows is not explained" in weighbridge(*asked, "--markdown").out


@pytest.mark.parametrize(("written", "loaded"), [("config.json", "./"), ("mine/config.json", "./mine")])
def test_a_described_folder_is_started_as_one(weighbridge, project, written, loaded):
    project({written: json.dumps(LLAMA)})
    run = weighbridge("fit", written, "--serve", "--command", "vllm", "--context-window", "4096")
    assert command_of(run.out)[:3] == ["vllm", "serve", loaded]


def test_a_described_model_of_the_hub_is_pinned(weighbridge, project):
    project({"config.json": json.dumps(LLAMA)})
    named = ("fit", "me/x", "--config", "config.json", "--serve", "--context-window", "4096")
    run = weighbridge(*named, "--command", "vllm", "--revision", COMMIT)
    assert command_of(run.out)[:5] == ["vllm", "serve", "me/x", "--revision", COMMIT]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--context-window", "32k"), "--context-window without --serve"),
        (("--method", "lora", "--sequence-length", "2k", "--runtime", "vllm"), "--runtime without --serve"),
        (("--serve", "--context-window", "8k", "--method", "lora"), "--method beside --serve"),
    ],
)
def test_a_key_of_the_other_kind_of_plan_is_not_left_aside_in_silence(weighbridge, options, said):
    run = weighbridge("fit", "Qwen/Qwen2.5-7B-Instruct", *options, "--gpu", "L40S")
    assert run.code == 2
    assert said in run.err
