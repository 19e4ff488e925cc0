"""The gate as a user meets it: a manifest and a policy in, a code, a rule and a line out."""

from __future__ import annotations

import json

import pytest

LLAMA = "0e9e39f249a16976918f6564b8830bc894c89659"
LLAMA_BASE = "d04e592bb4f6aa9cfee91e2e20afa771667e1d4b"
QWEN = "a09a35458c702b33eeacc393d103063234e8bc28"
BGE_M3 = "5617a9f61b028005a4858fdac845db406aefb181"
RERANKER = "953dc6f6f85a1b2dbfca4c34a2796e7dde08d41e"
BERT = "86b5e0934494bd15c9632b12f734a8a67f723594"
ROBERTA = "e2da8e2f811d1448a5b465c236feacd80ffbac7b"


def manifest(*entries, head=""):
    """A manifest whose first entry begins in line 4, or further down where `head` has lines."""
    return f"weighbridge: 1\nowner: team@example.com\n{head}models:\n" + "".join(
        "  - " + entry.strip().replace("\n", "\n    ") + "\n" for entry in entries
    )


@pytest.fixture
def check(weighbridge, project):
    """Judge one manifest, and give the run with the failed and unevaluated rules by their lines."""

    def run(text, *arguments, files=None, **environment):
        project({"model.yaml": text, **(files or {})})
        return weighbridge("check", "model.yaml", *arguments, **environment)

    return run


@pytest.fixture
def verdicts(check):
    """The code of a run, and for each rule its verdict and the lines of its findings."""

    def run(text, *arguments, files=None):
        finished = check(text, "--json", *arguments, files=files)
        report = json.loads(finished.out)
        assert report["exit_code"] == finished.code
        found = {}
        for judged in report["manifests"]:
            for model in judged["models"]:
                for evaluation in model["evaluations"]:
                    lines = [finding["place"]["line"] for finding in evaluation["findings"]]
                    found.setdefault(evaluation["rule"], []).append((evaluation["verdict"], lines))
        return finished.code, found, finished.out

    return run


def test_a_non_commercial_licence_stops_commercial_use(verdicts):
    code, found, out = verdicts(
        manifest("model: CohereLabs/aya-23-8B\nobjective: chat", head="use: {purpose: commercial}\n")
    )
    assert (code, found["license-use"], found["license-allowed"]) == (1, [("fail", [3])], [("fail", [5])])
    assert "cc-by-nc-4.0" in out.lower()


def test_an_apache_fine_tune_of_a_llama_base_names_both(verdicts):
    card = "---\nlicense: apache-2.0\nbase_model: meta-llama/Llama-3.1-8B\n---\n# A fine-tune\n"
    code, found, out = verdicts(
        manifest("model: ./tuned\nobjective: chat"), files={"tuned/README.md": card, "tuned/model.safetensors": ""}
    )
    assert code == 1
    assert found["license-lineage"] == [("fail", [4])]
    assert "Apache-2.0" in out
    assert "llama3.1" in out


def test_the_projects_belief_of_a_licence_is_held_against_the_parents_it_names(verdicts):
    entry = f"model: acme/tuned\nrevision: {QWEN}\nlicense: {{}}\nobjective: chat\nderived_from: [PARENT]"
    llama = manifest(entry.replace("PARENT", "meta-llama/Llama-3.1-8B").format("Apache-2.0"))
    code, found, out = verdicts(llama)
    assert (code, found["license-lineage"]) == (1, [("fail", [4])])
    assert "acme/tuned is offered under Apache-2.0" in out
    assert "llama3.1, section 1.b.i" in out
    qwen = manifest(entry.replace("PARENT", "Qwen/Qwen2.5-7B").format("Apache-2.0"))
    assert verdicts(qwen)[0] == 3, "a belief that conflicts with nothing is still no fact"


def test_chat_with_a_base_model_is_stopped(verdicts):
    code, found, _ = verdicts(manifest(f"model: meta-llama/Llama-3.1-8B\nrevision: {LLAMA_BASE}\nobjective: chat"))
    assert (code, found["base-or-instruct"]) == (1, [("fail", [6])])


def test_similarity_with_a_chat_model_is_stopped(verdicts):
    code, found, _ = verdicts(manifest(f"model: Qwen/Qwen2.5-7B-Instruct\nrevision: {QWEN}\nobjective: similarity"))
    assert (code, found["architecture-objective"]) == (1, [("fail", [6])])


TUNING = """
model: meta-llama/Llama-3.1-8B-Instruct
revision: {revision}
objective: chat
fine_tuning:
  method: {method}
  sequence_length: 2048
  hardware: {{vram: {vram}}}
"""


def test_lora_of_an_8b_on_16_gib_is_denied_with_the_numbers(verdicts):
    code, found, out = verdicts(manifest(TUNING.format(revision=LLAMA, method="lora", vram="16 GiB")))
    assert (code, found["training-fits"]) == (1, [("fail", [10])])
    assert "GiB" in out
    assert "weights" in out


def test_qlora_of_an_8b_on_12_gib_passes_and_says_what_it_assumed(verdicts):
    code, found, out = verdicts(manifest(TUNING.format(revision=LLAMA, method="qlora", vram="12 GiB")))
    assert (code, found["training-fits"]) == (0, [("pass", [])])
    for assumption in ("micro_batch_size", "gradient_checkpointing", "rank"):
        assert assumption in out


def test_a_70b_with_long_context_for_eight_on_one_card_is_denied_with_weights_and_kv(verdicts):
    entry = """
model: meta-llama/Llama-3.3-70B-Instruct
revision: 6f6073b423013f6a7d4d9f39144961bfbfbc386b
objective: chat
deployment:
  quantization: awq-int4
  context_window: 131072
  parallel_requests: 8
  hardware: {gpu: H100 80GB}
"""
    code, found, out = verdicts(manifest(entry))
    assert (code, found["serving-fits"]) == (1, [("fail", [11])])
    assert "weights" in out
    assert "KV cache" in out


def test_a_card_without_a_licence_is_stopped(verdicts):
    code, found, _ = verdicts(manifest("model: ProsusAI/finbert\nobjective: multi-class-classification"))
    assert (code, found["license-known"]) == (1, [("fail", [4])])


def test_a_licence_that_no_source_states_cannot_be_evaluated(verdicts):
    code, found, _ = verdicts(
        manifest(f"model: microsoft/mpnet-base\nrevision: {BERT}\nobjective: multi-class-classification")
    )
    assert (code, found["license-known"]) == (3, [("not-evaluated", [])])


def test_the_licence_other_names_no_text_and_is_stopped(verdicts):
    code, found, _ = verdicts(
        manifest(
            "model: facebook/opt-1.3b\nrevision: 3f5c25d0bc631cb57ac65913f76e22c2dfb61d62\nobjective: text-generation"
        )
    )
    assert (code, found["license-known"]) == (1, [("fail", [4])])


def test_a_misspelt_licence_is_an_error_with_the_nearest_name(check):
    finished = check(
        manifest(f"model: Qwen/Qwen2.5-7B-Instruct\nrevision: {QWEN}\nlicense: apahce-2.0\nobjective: chat")
    )
    assert finished.code == 2
    assert "model.yaml:6:14" in finished.out + finished.err
    assert "did you mean `Apache-2.0`?" in finished.out + finished.err


@pytest.mark.parametrize(
    ("revision", "line"), [("", 4), ("revision: main\n", 5), ("revision: v1.0\n", 5), ("revision: a09a354\n", 5)]
)
def test_a_model_that_is_not_pinned_is_stopped(verdicts, revision, line):
    code, found, _ = verdicts(manifest(f"model: Qwen/Qwen2.5-7B-Instruct\n{revision}objective: chat"))
    assert (code, found["revision-pinned"]) == (1, [("fail", [line])])


STRICT_LINEAGE = "policy: strict\nversion: 1\nrules:\n  license-lineage: {enforcement: hard-mandatory, unknown: fail}\n"


def test_an_unknown_parent_is_reported_and_blocks_where_the_policy_says_so(verdicts):
    entry = f"model: Qwen/Qwen2.5-7B-Instruct\nrevision: {QWEN}\nobjective: chat\nderived_from: [acme/unheard-of]"
    code, found, out = verdicts(manifest(entry))
    assert (code, found["license-lineage"]) == (0, [("pass", [])])
    assert "acme/unheard-of" in out
    code, found, _ = verdicts(manifest(entry), "--policy", "strict.yaml", files={"strict.yaml": STRICT_LINEAGE})
    assert (code, found["license-lineage"][0][0]) == (1, "fail")


API = "model: acme/assistant\nobjective: chat\naccess: api\nprovider: acme-gateway"


def test_a_model_behind_an_api_needs_a_policy_that_names_providers(verdicts):
    code, found, out = verdicts(manifest(API))
    assert (code, found["api-allowed"]) == (3, [("not-evaluated", [])])
    assert "api.providers" in out


def test_an_accepted_provider_passes_and_another_does_not(verdicts):
    policy = "policy: acme\nversion: 1\nextends: weighbridge:enterprise\napi: {providers: PROVIDER}\n"
    accepted = {"acme.yaml": policy.replace("PROVIDER", "acme-gateway")}
    other = {"acme.yaml": policy.replace("PROVIDER", "elsewhere")}
    assert verdicts(manifest(API), "--policy", "acme.yaml", files=accepted)[0] == 0
    code, found, _ = verdicts(manifest(API), "--policy", "acme.yaml", files=other)
    assert (code, found["api-allowed"]) == (1, [("fail", [7])])


def test_two_models_of_one_name_are_an_error(check):
    entry = f"model: Qwen/Qwen2.5-7B-Instruct\nrevision: {QWEN}\nobjective: chat"
    finished = check(manifest(entry, entry))
    assert finished.code == 2
    assert "model.yaml:7:" in finished.out + finished.err


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("weighbridge: 1\nmodels: [\n", "model.yaml:"),
        ("weighbridge: 1\nowner: 'open\n", "model.yaml:"),
        ("weighbridge: 1\n\tmodels: 1\n", "model.yaml:2:1"),
        ("weighbridge: 1\na: &a [x]\nb: [*a, *a]\n", "model.yaml:2:4"),
        ("weighbridge: 1\nmodels: " + "[" * 30_000, "model.yaml:2:"),
        ("weighbridge: 2\nmodels: []\n", "a newer weighbridge is needed"),
    ],
    ids=["open bracket", "open quote", "tab", "alias", "bracket bomb", "newer format"],
)
def test_malformed_files_are_refused_with_their_place(check, text, place):
    finished = check(text)
    assert finished.code == 2
    assert place in finished.out + finished.err
    assert "Traceback" not in finished.out + finished.err


def test_an_alias_bomb_is_refused(check):
    bomb = "weighbridge: 1\na0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)
    )
    finished = check(bomb)
    assert finished.code == 2
    assert "model.yaml:2:5" in finished.out + finished.err


def test_an_unknown_key_of_a_manifest_is_an_error_with_the_nearest_name(check):
    finished = check(manifest("model: Qwen/Qwen2.5-7B-Instruct\nlicence: MIT\nobjective: chat"))
    assert finished.code == 2
    assert "model.yaml:5:5" in finished.out + finished.err
    assert "did you mean `license`?" in finished.out + finished.err


def test_an_unknown_key_of_a_policy_is_an_error_with_the_nearest_name(check):
    policy = "policy: acme\nversion: 1\nrules:\n  license-allowed: {enforcement: advisory, alow: [MIT]}\n"
    finished = check(
        manifest("model: Qwen/Qwen2.5-7B-Instruct\nobjective: chat"),
        "--policy",
        "acme.yaml",
        files={"acme.yaml": policy},
    )
    assert finished.code == 2
    assert "acme.yaml:4:44" in finished.out + finished.err
    assert "did you mean `allow`?" in finished.out + finished.err


UNHEARD_OF = manifest(f"model: acme/unheard-of\nrevision: {QWEN}\nobjective: chat")


def test_an_unknown_model_is_never_green(verdicts):
    code, found, out = verdicts(UNHEARD_OF)
    assert (code, found["license-known"]) == (3, [("not-evaluated", [])])
    assert "known:" in out


def test_an_unknown_model_is_said_where_the_policy_only_advises(check):
    finished = check(UNHEARD_OF, "--policy", "weighbridge:starter")
    assert finished.code == 0
    assert "not evaluated: license-known" in finished.out


@pytest.mark.parametrize(
    "layer",
    ["rules: {context-window: advisory}\n", "policy: mine\nrules: {}\n", "extends: weighbridge:starter\nrules: {}\n"],
    ids=["weakens", "names itself", "extends"],
)
def test_a_project_layer_that_does_more_than_tighten_is_an_error(check, layer):
    finished = check(
        manifest("model: Qwen/Qwen2.5-7B-Instruct\nobjective: chat"), files={"weighbridge-policy.yaml": layer}
    )
    assert finished.code == 2
    assert "weighbridge-policy.yaml:1:" in finished.out + finished.err


@pytest.mark.parametrize(
    ("model", "revision", "objective", "context"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", LLAMA, "chat", 8192),
        ("meta-llama/Llama-3.1-8B", LLAMA_BASE, "text-generation", 8192),
        ("BAAI/bge-m3", BGE_M3, "similarity", 8192),
        ("BAAI/bge-reranker-v2-m3", RERANKER, "reranking", 8192),
        ("google-bert/bert-base-uncased", BERT, "multi-label-classification", 512),
        ("google-bert/bert-base-uncased", BERT, "multi-class-classification", 512),
        ("FacebookAI/roberta-base", ROBERTA, "multi-label-classification", 512),
        ("FacebookAI/roberta-base", ROBERTA, "multi-class-classification", 512),
        ("Qwen/Qwen2.5-7B-Instruct", QWEN, "chat", 8192),
    ],
)
def test_each_example_of_the_guidance_passes_once_pinned(check, model, revision, objective, context):
    finished = check(
        "weighbridge: 1\nowner: support-platform\nmodels:\n"
        f"  - model: {model}\n    revision: {revision}\n    objective: {objective}\n"
        f"    deployment: {{context_window: {context}, hardware: {{gpu: L4}}}}\n"
    )
    assert finished.code == 0, finished.out


def test_a_policy_in_which_everything_is_off_is_an_error(check):
    policy = "policy: asleep\nversion: 1\nrules:\n  license-known: off\n"
    finished = check(
        manifest("model: Qwen/Qwen2.5-7B-Instruct\nobjective: chat"),
        "--policy",
        "asleep.yaml",
        files={"asleep.yaml": policy},
    )
    assert finished.code == 2
    assert "every rule is off" in finished.out + finished.err


def test_an_entry_for_which_nothing_was_judged_is_not_green(check):
    policy = "policy: narrow\nversion: 1\nrules:\n  license-known: hard-mandatory\n"
    finished = check(manifest(API), "--policy", "narrow.yaml", files={"narrow.yaml": policy})
    assert finished.code == 3
    assert "nothing was judged: no rule of the policy applies to it, so that it cannot pass" in finished.out


@pytest.mark.parametrize(
    ("model", "objective", "words"),
    [
        ("google-t5/t5-base", "text-generation", "a model of class encoder-decoder trained as instruct"),
        ("cross-encoder/nli-deberta-v3-base", "reranking", "a model of class cross-encoder trained as reranker"),
        ("Qwen/Qwen3-Embedding-0.6B", "chat", "a model of class decoder or encoder-decoder"),
    ],
)
def test_the_kind_of_training_counts_where_the_class_alone_misleads(check, model, objective, words):
    finished = check(manifest(f"model: {model}\nobjective: {objective}"))
    assert finished.code == 1
    assert f"expected {words} for {objective}" in finished.out


def test_a_stated_number_of_users_is_stronger_than_the_assumption_of_a_pack(verdicts):
    entry = f"model: meta-llama/Llama-3.1-8B-Instruct\nrevision: {LLAMA}\nobjective: chat"
    code, found, out = verdicts(manifest(entry, head="use: {purpose: commercial, monthly_active_users: 900000000}\n"))
    assert (code, found["license-use"]) == (3, [("not-evaluated", [])])
    assert "use.monthly_active_users is 900 million today" in out
    assert "organisation.users" in out


def test_a_project_that_asks_for_more_certainty_loses_no_conflict_of_lineage(verdicts):
    entry = f"model: deepseek-ai/DeepSeek-R1-Distill-Llama-8B\nrevision: {LLAMA}\nobjective: chat"
    layer = {"weighbridge-policy.yaml": "rules: {license-lineage: {min_certainty: verified}}\n"}
    assert verdicts(manifest(entry))[0] == 1
    assert verdicts(manifest(entry), files=layer)[0] == 1


def test_the_artefact_that_is_loaded_hides_nothing_that_is_made_of_the_model(verdicts):
    entry = f"""
model: meta-llama/Llama-3.1-8B
revision: {LLAMA_BASE}
objective: text-generation
fine_tuning:
  goal: domain-knowledge
  method: qlora
  sequence_length: 2048
  hardware: {{gpu: A100 80GB}}
  produces: {{name: Acme-8B, license: apache-2.0, shared: weights}}
deployment:
  context_window: 8192
  hardware: {{gpu: L40S}}
  weights: {{model: meta-llama/Llama-3.1-8B, revision: {LLAMA_BASE}}}
"""
    code, found, _ = verdicts(manifest(entry))
    assert code == 1
    assert found["license-lineage"][0][0] == "fail"


def test_a_policy_option_without_a_name_is_an_error(check):
    finished = check(manifest("model: Qwen/Qwen2.5-7B-Instruct\nobjective: chat"), "--policy", "")
    assert (finished.code, finished.err) == (
        2,
        "--policy: error: no policy is named: expected a file, or weighbridge:PACK\n",
    )


def test_another_spelling_of_an_id_is_the_same_model(verdicts):
    code, _, out = verdicts(manifest(f"model: qwen/qwen2.5-7b-instruct\nrevision: {QWEN}\nobjective: chat"))
    assert code == 0
    assert "qwen/qwen2.5-7b-instruct is another spelling of Qwen/Qwen2.5-7B-Instruct" in out
    card = "---\nlicense: apache-2.0\nbase_model: https://huggingface.co/meta-llama/llama-3.1-8b\n---\n"
    code, found, _ = verdicts(manifest("model: ./tuned\nobjective: chat"), files={"tuned/README.md": card})
    assert found["license-lineage"][0][0] == "fail"


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("Qwen/Qwen2.5-7B-Instuct", "Qwen/Qwen2.5-7B-Instruct"),
        ("Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B-Instruct"),
        ("sentence-transformers/bge-m3", "BAAI/bge-m3"),
        ("google/t5-small", "google-t5/t5-small"),
    ],
)
def test_the_nearest_recorded_model_is_offered(check, written, offered):
    finished = check(manifest(f"model: {written}\nrevision: {QWEN}\nobjective: chat"))
    assert finished.code == 3
    assert f"did you mean `{offered}`?" in finished.out


def test_a_folder_that_bears_the_name_of_an_unknown_model_is_offered_as_a_path(check):
    entry = manifest("model: models/house\nobjective: chat")
    assert "did you mean `./models/house`?" not in check(entry).out
    assert "did you mean `./models/house`?" in check(entry, files={"models/house/config.json": "{}"}).out


ASSUMED = "  assumed: the project runs the weights itself; `access: api` and `provider` would say that a service does\n"


@pytest.mark.parametrize(
    ("entry", "is_said"),
    [
        ("model: gpt-4o", True),
        ("model: openai/gpt-4o", True),
        ("model: gpt-4o\naccess: api\nprovider: openai", False),
        ("model: acme/house\naccess: weights", False),
        (f"model: acme/house\nrevision: {QWEN}", False),
        ("model: acme/house\ndeployment: {context_window: 8192}", False),
        ("model: Qwen/Qwen2.5-7B-Instruct", False),
    ],
)
def test_who_may_mean_a_service_is_told_how_to_say_so(check, entry, is_said):
    assert (ASSUMED in check(manifest(f"{entry}\nobjective: chat")).out) is is_said


@pytest.mark.parametrize(
    ("written", "model"),
    [
        ("bge-m3", "BAAI/bge-m3"),
        ("bge-reranker-v2-m3", "BAAI/bge-reranker-v2-m3"),
        ("bert-base-uncased", "google-bert/bert-base-uncased"),
        ("roberta-base", "FacebookAI/roberta-base"),
        ("CohereForAI/aya-expanse-8b", "CohereLabs/aya-expanse-8b"),
        ("meta-llama/Meta-Llama-3.1-8B", "meta-llama/Llama-3.1-8B"),
    ],
)
def test_a_model_is_found_by_a_former_or_bare_name_and_the_present_one_is_said(check, written, model):
    finished = check(manifest(f"model: {written}\nobjective: similarity"))
    assert f"assumed: {written} is a former or bare name of {model}" in finished.out


def test_a_project_layer_under_another_name_is_an_error(check):
    layer = {"weighbridge-policy.yml": "rules: {}\n"}
    finished = check(manifest("model: Qwen/Qwen2.5-7B-Instruct\nobjective: chat"), files=layer)
    assert finished.code == 2
    assert "expected weighbridge-policy.yaml" in finished.out
