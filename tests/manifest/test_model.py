"""What a manifest says, what it leaves to defaults, and that both can be told apart."""

from __future__ import annotations

from datetime import date

import pytest

from checker.document.place import NOWHERE, At
from checker.facts.model import Dimensions, Facts
from checker.manifest.fine_tuning import Optimizer, Shared, Stack, TargetPreset
from checker.manifest.known import DimensionClaims, Known
from checker.manifest.model import (
    Access,
    Documents,
    Goal,
    KvCache,
    Method,
    Objective,
    Quantization,
    Runtime,
    SizeClass,
    Status,
)

HEAD = "weighbridge: 1\nmodels:\n  - model: Qwen/Qwen2.5-7B-Instruct\n    objective: chat\n"


@pytest.fixture
def entry(manifest):
    """The one entry of a manifest, with further lines."""
    return lambda lines="": manifest(HEAD + "".join(f"    {line}\n" for line in lines.splitlines())).models[0]


def test_six_lines_are_a_manifest(manifest):
    loaded = manifest(
        "weighbridge: 1\nowner: support-platform\nmodels:\n  - model: Qwen/Qwen2.5-7B-Instruct\n    objective: chat\n"
        "    deployment: {context_window: 8192, hardware: {gpu: L4}}\n"
    )
    assert (
        loaded.owner.value,
        loaded.models[0].model.value,
        loaded.models[0].deployment.context_window.value,
        loaded.models[0].deployment.hardware.gpu.value,
    ) == ("support-platform", "Qwen/Qwen2.5-7B-Instruct", 8192, "L4")


def test_what_a_manifest_leaves_out_is_absent(manifest):
    loaded = manifest(HEAD)
    assert (loaded.project, loaded.owner, loaded.status, loaded.use, loaded.hardware) == (None,) * 5


def test_the_head_of_a_manifest_is_read(manifest):
    loaded = manifest(
        "weighbridge: 1\nproject: support-bot\nstatus: live\nhardware: {gpu: L40S, count: 2}\n"
        "use:\n  purpose: commercial\n  distribution: [service, on-device]\n  regions: [EU, US]\n"
        "  monthly_active_users: 250000\n  intended: answers customers' questions\n"
        "  risk: {class: not-assessed, assessment: https://x.example, by: legal, on: 2026-11-02}\n" + HEAD[15:]
    )
    use, risk = loaded.use, loaded.use.risk
    assert (
        loaded.project.value,
        loaded.status.value,
        (loaded.hardware.gpu.value, loaded.hardware.count.value),
        use.purpose.value,
        [place.value for place in use.distribution],
        [place.value for place in use.regions],
        use.monthly_active_users.value,
        use.intended.value,
        (risk.class_.value, risk.assessment.value, risk.by.value, risk.on.value),
    ) == (
        "support-bot",
        Status.LIVE,
        ("L40S", 2),
        "commercial",
        ["service", "on-device"],
        ["EU", "US"],
        250000,
        "answers customers' questions",
        ("not-assessed", "https://x.example", "legal", date(2026, 11, 2)),
    )


def test_an_entry_has_the_defaults_of_the_design(entry):
    assert {
        name: getattr(entry(), name) for name in type(entry()).model_fields if name not in ("model", "objective")
    } == {
        "name": None,
        "revision": None,
        "license": None,
        "task": None,
        "size_class": None,
        "access": At(Access.WEIGHTS, NOWHERE),
        "provider": None,
        "terms": None,
        "fine_tuning": None,
        "deployment": None,
        "documents": None,
        "baseline": None,
        "baseline_run": None,
        "derived_from": (),
        "root": At(False, NOWHERE),
        "known": None,
        "measured": None,
        "obligations": (),
    }


def test_an_entry_is_read(entry):
    read = entry(
        "name: assistant\nrevision: 0e9e39f\nlicense: llama3.1\nsize_class: general\ndocuments: long-form\n"
        "baseline: evals/baseline.json\nderived_from: [acme/other-model]\n"
        "measured: {training_peak: 21.4 GiB, serving_peak: 10 GB, evidence: runs/1.json}\n"
        "obligations:\n  - {duty: notice, where: NOTICE, checked_on: 2026-11-02, by: legal}\n"
    )
    shown = read.obligations[0]
    assert (
        (read.name.value, read.revision.value, read.license.value, read.baseline.value),
        (read.objective.value, read.size_class.value, read.documents.value),
        [parent.value for parent in read.derived_from],
        (read.measured.training_peak.value, read.measured.serving_peak.value, read.measured.evidence.value),
        (shown.duty.value, shown.where.value, shown.checked_on.value, shown.by.value),
    ) == (
        ("assistant", "0e9e39f", "llama3.1", "evals/baseline.json"),
        (Objective.CHAT, SizeClass.GENERAL, Documents.LONG_FORM),
        ["acme/other-model"],
        (22978075033, 10**10, "runs/1.json"),
        ("notice", "NOTICE", date(2026, 11, 2), "legal"),
    )


def test_a_service_has_a_provider_and_terms(entry):
    read = entry("access: api\nprovider: acme\nterms: https://x.example")
    assert (read.access.value, read.provider.value, read.terms.value) == (Access.API, "acme", "https://x.example")


def test_a_fine_tuning_leaves_open_what_its_software_decides(entry):
    tuning = entry("fine_tuning: {}").fine_tuning
    assert {name: getattr(tuning, name) for name in type(tuning).model_fields} == {
        "goal": None,
        "method": None,
        **dict.fromkeys(("rank", "target_modules", "sequence_length", "micro_batch_size", "gradient_checkpointing")),
        **dict.fromkeys(("optimizer", "attention", "precision", "adapter_dtype", "upcast_frozen", "quantized_base")),
        **dict.fromkeys(("double_quantization", "keeps_quantized_inputs", "loss", "sharding")),
        "stack": At(Stack.PEFT, NOWHERE),
        "hardware": None,
        "data": (),
        "produces": None,
        "started_on": None,
    }


def test_a_fine_tuning_is_read(entry):
    tuning = entry(
        "fine_tuning:\n  goal: output-format\n  method: qlora\n  rank: 8\n  sequence_length: 4096\n  micro_batch_size: 2\n"
        "  gradient_checkpointing: false\n  optimizer: adamw-8bit\n  stack: trl\n  hardware: {vram: 24 GiB}\n"
        "  data: {name: t, source: s, license: l, personal_data: true, generated_by: none}\n"
        "  produces: {name: Llama-X, license: llama3.1, shared: no}\n"
    ).fine_tuning
    data, product = tuning.data[0], tuning.produces
    assert (
        (tuning.goal.value, tuning.method.value, tuning.optimizer.value, tuning.stack.value),
        (tuning.rank.value, tuning.sequence_length.value, tuning.micro_batch_size.value),
        (tuning.gradient_checkpointing.value, tuning.hardware.vram.value, tuning.hardware.gpu),
        (data.name.value, data.source.value, data.license.value, data.personal_data.value, data.generated_by.value),
        (product.name.value, product.license.value, product.shared.value),
    ) == (
        (Goal.OUTPUT_FORMAT, Method.QLORA, Optimizer.ADAMW_8BIT, Stack.TRL),
        (8, 4096, 2),
        (False, 24 * 2**30, None),
        ("t", "s", "l", True, "none"),
        ("Llama-X", "llama3.1", Shared.NO),
    )


@pytest.mark.parametrize(
    ("written", "preset", "names"),
    [
        ("all-linear", TargetPreset.ALL_LINEAR, ["all-linear"]),
        ("[attention-qv]", TargetPreset.ATTENTION_QV, ["attention-qv"]),
        ("q_proj", None, ["q_proj"]),
        ("[q_proj, model.layers.0.v_proj, h.*.attn]", None, ["q_proj", "model.layers.0.v_proj", "h.*.attn"]),
    ],
)
def test_target_modules_are_a_preset_or_names(entry, written, preset, names):
    tuning = entry(f"fine_tuning: {{target_modules: {written}}}").fine_tuning
    assert (tuning.target_preset, [target.value for target in tuning.target_modules]) == (preset, names)


def test_a_deployment_has_the_defaults_of_the_design(entry):
    deployment = entry("deployment: {}").deployment
    assert {name: getattr(deployment, name) for name in type(deployment).model_fields} == {
        "weights": None,
        "runtime": None,
        "runtime_version": None,
        "quantization": None,
        "context_window": None,
        "prompt_tokens": None,
        "parallel_requests": At(1, NOWHERE),
        "kv_cache": At(KvCache.FP16, NOWHERE),
        "hardware": None,
    }


def test_a_deployment_is_read(entry):
    deployment = entry(
        "deployment: {weights: {model: a/b-AWQ, revision: 1}, runtime: llama.cpp, quantization: Q4_K_M,"
        " context_window: 32768, parallel_requests: 8, kv_cache: q8_0}"
    ).deployment
    assert (
        (deployment.weights.model.value, deployment.weights.revision.value),
        (deployment.runtime.value, deployment.quantization.value, deployment.kv_cache.value),
        (deployment.context_window.value, deployment.parallel_requests.value),
    ) == (("a/b-AWQ", "1"), (Runtime.LLAMA_CPP, Quantization("Q4_K_M"), KvCache.Q8_0), (32768, 8))


def test_what_was_given_can_be_told_from_what_is_assumed(entry):
    tuning = entry("fine_tuning: {rank: 16}").fine_tuning
    assert tuning.model_fields_set == {"rank"}


@pytest.mark.parametrize(
    ("model", "name", "local"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", "Qwen2.5-7B-Instruct", False),
        ("bert-base-uncased", "bert-base-uncased", False),
        ("./models/ours", "ours", True),
        ("./models/ours/", "ours", True),
        ("../ours", "ours", True),
        ("./", "./", True),
        ("./..", "./..", True),
    ],
)
def test_a_model_is_called_by_the_last_part_of_its_id(manifest, repository, model, name, local):
    entry = manifest(f"weighbridge: 1\nmodels: [{{model: {model}, objective: chat}}]").models[0]
    assert (entry.display_name, entry.is_local) == (name, local)


def test_a_name_is_taken_before_the_id(entry):
    assert entry("name: assistant").display_name == "assistant"


def test_the_context_window_is_that_of_the_deployment(entry):
    assert (entry().context_window, entry("deployment: {context_window: 9}").context_window.value) == (None, 9)


@pytest.mark.parametrize(
    ("lines", "shares"),
    [("", False), ("deployment: {}", True), ("deployment: {hardware: {gpu: L4}}", False)],
    ids=["not served", "served without hardware", "served on hardware of its own"],
)
def test_a_model_without_hardware_of_its_own_shares_the_manifests(entry, lines, shares):
    assert entry(lines).shares_hardware is shares


def test_the_loaded_weights_are_an_entry_of_their_own_that_descends_from_the_model(entry):
    loaded = entry(
        "revision: 1\nlicense: mit\nroot: true\nknown: {multimodal: {value: true}}\ndeployment: {weights: {model: a/q}}"
    ).as_loaded_weights()
    assert (
        (loaded.model.value, loaded.revision, loaded.license, loaded.known, loaded.root.value),
        [parent.value for parent in loaded.derived_from],
        str(loaded.at),
    ) == (("a/q", None, None, None, False), ["Qwen/Qwen2.5-7B-Instruct"], "model.yaml:3:5")


def test_an_entry_without_other_weights_has_no_entry_for_them(entry):
    with pytest.raises(LookupError):
        entry("deployment: {}").as_loaded_weights()


def test_claims_are_told_by_the_names_of_facts(entry):
    known = entry(
        "known:\n  native_context: {value: 131072, evidence: https://x.example}\n  architectures: {value: [A, B]}\n"
        "  dimensions: {head_dim: {value: 128}, tie_word_embeddings: {value: false}}\n"
        "  benchmarks: {MMLU: {value: 68.4, setting: 5-shot}}\n"
    ).known
    assert [(stated.name, stated.value.value, str(stated.value.at), stated.evidence and stated.evidence.value) for stated in known.stated()] == [
        ("architectures", ("A", "B"), "model.yaml:7:31", None),
        ("dimensions.head_dim", 128, "model.yaml:8:38", None),
        ("dimensions.tie_word_embeddings", False, "model.yaml:8:73", None),
        ("native_context", 131072, "model.yaml:6:31", "https://x.example"),
        ("benchmarks.MMLU", 68.4, "model.yaml:9:34", None),
    ]  # fmt: skip


NO_CLAIM = {
    "model",
    "found_as",
    "former_ids",
    "revision",
    "parents",
    "also_serves",
    "build",
    "hub_status",
    "license_files",
    "license_note",
    "license_tag",
    "unsafe_files",
    "conflicts",
    "notes",
}
"""What names a model, tells of sources, or only files and the Hub can tell; parents have keys of their own."""


def test_every_fact_of_a_model_can_be_claimed():
    assert set(Known.model_fields) == set(Facts._fields) - NO_CLAIM


def test_every_dimension_can_be_claimed():
    assert tuple(DimensionClaims.model_fields) == Dimensions._fields


def test_classes_of_blocks_are_not_imported_where_a_file_has_no_such_block():
    import subprocess
    import sys
    from pathlib import Path

    script = (
        "import sys; from checker.document.read import from_text; from checker.manifest.load import load; "
        f"load(from_text('m', {HEAD!r})); "
        "print([name for name in ('checker.manifest.evidence', 'checker.manifest.fine_tuning', 'checker.manifest.known',"
        " 'checker.manifest.use', 'difflib', 'inspect_source', 'jsonschema', 'importlib.metadata',"
        " 'checker.document.syntax', 'checker.document.schema') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=60
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
