"""Rules that compare one declared value with one fact: each outcome that they can have."""

from __future__ import annotations

import json

import pytest

from checker.document.errors import InputError
from checker.verdict import Verdict
from tests.rules.judged import judged

PASS, FAIL, UNKNOWN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.NOT_EVALUATED, Verdict.NOT_APPLICABLE
QWEN = "model: Qwen/Qwen2.5-7B-Instruct, objective: chat"
PRIVATE = "model: acme/unheard-of, objective: chat"
TUNED = f"{QWEN}, fine_tuning: {{method: lora, sequence_length: 2048}}"


@pytest.fixture
def outcome(tmp_path):
    """Judge one entry by one rule: the verdict, and all that is said about it."""

    (tmp_path / "local").mkdir()

    def judge(rule, entry, settings="", policy="", files=None):
        for name, content in (files or {}).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        manifest = f"weighbridge: 1\nowner: example\nmodels:\n  - {{{entry}}}\n"
        rules = f"rules:\n  {rule}: {{enforcement: hard-mandatory{settings and ', '}{settings}}}\n"
        [found] = judged(tmp_path, manifest, f"policy: example\nversion: 1\n{policy}{rules}")
        said = [found.reason, found.margin, *found.notes, *(part.reason for part in found.missing)]
        said += [text for detail in found.findings for text in (detail.expected, detail.found, detail.remedy)]
        return found.verdict, " | ".join(filter(None, said))

    return judge


@pytest.mark.parametrize(
    ("rule", "entry", "settings", "verdict", "words"),
    [
        ("architecture-objective", QWEN, "", PASS, ""),
        ("architecture-objective", PRIVATE, "", UNKNOWN, "no source states it"),
        ("architecture-objective", "model: GritLM/GritLM-7B, objective: chat", "", PASS, ""),
        ("architecture-objective", "model: GritLM/GritLM-7B, objective: similarity", "", PASS, ""),
        ("architecture-objective", "model: GritLM/GritLM-7B, objective: reranking", "", FAIL, "of class bi-encoder"),
        ("architecture-objective", f"{PRIVATE}, access: api", "", NONE, "whose provider answers for it"),
        ("architecture-objective", "model: a/b, objective: other, task: ocr", "", NONE, "no table says what suits"),
        ("architecture-objective", QWEN, "suitable: {chat: encoder}", FAIL, "a model of class encoder for chat"),
        ("architecture-objective", QWEN, "min_certainty: declared", UNKNOWN, "it is only inferred"),
        ("checklist-complete", QWEN, "", FAIL, "an answer to each of the 5 steps | 2 of 5; open: audit the hardware"),
        ("checklist-complete", TUNED, "", FAIL, "test the baseline before fine-tuning: `baseline`"),
        ("checklist-complete", QWEN, "steps: {hardware: optional, size_class: optional}", FAIL, "2 of 3; open: verify"),
        ("checklist-complete", PRIVATE, "", FAIL, "2 of 5; open: audit the hardware: `hardware`; select the scale"),
        ("checklist-complete", f"{PRIVATE}, access: api", "", FAIL, "4 of 5; open: select the scale: `size_class`"),
        ("checklist-complete", f"{PRIVATE}, access: api, size_class: edge", "", PASS, "5 of 5 steps"),
        (
            "checklist-complete",
            f"{QWEN}, license: MIT",
            "steps: {hardware: optional, size_class: optional}",
            PASS,
            "3 of 3 steps",
        ),
        (
            "checklist-complete",
            QWEN,
            "steps: {objective: optional, hardware: optional, size_class: optional, license: optional,"
            " baseline: optional}",
            NONE,
            "the policy asks for no step",
        ),
        ("base-or-instruct", f"{PRIVATE}, access: api", "", NONE, "whose provider answers for it"),
        ("base-or-instruct", "model: BAAI/bge-m3, objective: chat", "", NONE, "neither base nor instruct"),
        ("base-or-instruct", "model: Qwen/Qwen2.5-7B, objective: text-generation", "", NONE, "takes either kind"),
        ("base-or-instruct", f"{QWEN}, fine_tuning: {{goal: new-language}}", "", FAIL, "a model of kind base"),
        ("base-or-instruct", f"{QWEN}, fine_tuning: {{goal: domain-knowledge}}", "", PASS, ""),
        ("base-or-instruct", f"{QWEN}, fine_tuning: {{goal: tone}}", "goals: {tone: base}", FAIL, "of kind base"),
        (
            "base-or-instruct",
            f"{PRIVATE}, known: {{architecture_class: {{value: decoder}}}}",
            "",
            UNKNOWN,
            "no source states it",
        ),
        ("size-class", "model: BAAI/bge-m3, objective: similarity", "", PASS, "lies below edge"),
        ("size-class", "model: Qwen/Qwen2.5-72B, objective: chat", "", PASS, "lies above expert"),
        ("size-class", "model: meta-llama/Llama-2-13b-hf, objective: chat", "", PASS, "above general and below expert"),
        ("size-class", PRIVATE, "", UNKNOWN, "no source states it"),
        (
            "classification-head",
            "model: SamLowe/roberta-base-go_emotions, objective: multi-class-classification, fine_tuning: {method: full}",
            "",
            PASS,
            "the fine-tuning has to replace the sigmoid head by softmax",
        ),
        (
            "classification-head",
            "model: google-bert/bert-base-uncased, objective: multi-label-classification",
            "",
            NONE,
            "no source states a classification head",
        ),
        ("context-window", QWEN, "", NONE, "no `deployment` block is declared"),
        ("context-window", f"{QWEN}, deployment: {{parallel_requests: 2}}", "", UNKNOWN, "the window is compared"),
        ("context-window", f"{PRIVATE}, deployment: {{context_window: 9}}", "", UNKNOWN, "no source states it"),
        ("context-window", f"{QWEN}, deployment: {{context_window: 32768}}", "", PASS, "0 tokens left"),
        ("context-window", f"{QWEN}, deployment: {{context_window: 32769}}", "", FAIL, "at most 32768 tokens"),
        ("context-window", f"{QWEN}, deployment: {{context_window: 16385}}", "share: 50%", FAIL, "at most 16384"),
        (
            "context-window",
            f"{QWEN}, documents: long-form, deployment: {{context_window: 8192}}",
            "",
            FAIL,
            "a context window of at least 32768 tokens for long-form documents",
        ),
        (
            "context-window",
            f"{QWEN}, documents: long-form, deployment: {{context_window: 8192}}",
            "long_form: 4096",
            PASS,
            "24576 tokens left",
        ),
        ("benchmark-floor", QWEN, "", NONE, "the policy sets no floor"),
        ("benchmark-floor", QWEN, "floors: {Unheard: 5}", UNKNOWN, "no score of Unheard is recorded"),
        ("benchmark-floor", QWEN, "floors: {MMLU: 95, Unheard: 5}", FAIL, "MMLU of at least 95"),
        ("benchmark-floor", QWEN, "floors: {humaneval: 84}, reported_by: publisher", PASS, ""),
        ("benchmark-floor", QWEN, "floors: {humaneval: 84}, reported_by: third-party", FAIL, "has 82.32"),
        ("publisher-allowed", "model: ./local, objective: chat", "allow: [Qwen]", NONE, "has no publisher"),
        ("publisher-allowed", "model: gpt2, objective: chat", "allow: [openai-community]", PASS, ""),
        ("publisher-allowed", "model: bare, objective: chat", "allow: [Qwen]", FAIL, "an id without a publisher"),
        ("model-approved", QWEN, "models: qwen/qwen2.5*", PASS, "approved as `qwen/qwen2.5*`"),
        ("model-approved", QWEN, f"models: Qwen/Qwen2.5-7B-Instruct@{'a' * 40}", FAIL, "is not on it"),
        ("model-denied", "model: gpt2, objective: chat", "models: openai-community/*", FAIL, "openai-community/gpt2"),
        ("model-denied", "model: gpt2, objective: chat", "models: gpt2", FAIL, "matches `gpt2`"),
        ("model-denied", QWEN, "models: QWEN/*", FAIL, "matches `QWEN/*`"),
        (
            "model-denied",
            "model: google-bert/bert-base-uncased, objective: chat",
            "models: bert-base-uncased",
            FAIL,
            "google-bert/bert-base-uncased matches `bert-base-uncased`",
        ),
        ("model-denied", f"{QWEN}, revision: main", f"models: Qwen/*@{'a' * 40}", UNKNOWN, "no commit is pinned"),
        ("model-denied", f"{QWEN}, revision: {'b' * 40}", f"models: Qwen/*@{'A' * 40}", PASS, ""),
        ("model-denied", f"{QWEN}, revision: {'a' * 40}", f"models: Qwen/*@{'A' * 40}", FAIL, "matches `Qwen/*@"),
        ("revision-pinned", f"{QWEN}, access: api", "", NONE, "the provider decides which weights answer"),
        ("revision-pinned", "model: ./local, objective: chat", "", NONE, "a local folder has no revision"),
        ("revision-pinned", f"{QWEN}, revision: {'A' * 40}", "", FAIL, "AAA`, whose letters are not small"),
        ("revision-pinned", f"{QWEN}, revision: {'a' * 39}", "", FAIL, "aaa`, 39 digits, which name no commit"),
        ("revision-pinned", f"{QWEN}, revision: a09a354", "", FAIL, "`a09a354`, 7 digits, which name no commit"),
        ("revision-pinned", f"{QWEN}, revision: refs/pr/3", "", FAIL, "`refs/pr/3`, which can be moved"),
        ("revision-pinned", f"{QWEN}, revision: {'x' * 3000}", "", FAIL, f"`{'x' * 60}…`, which can be moved"),
        ("facts-known", PRIVATE, "", UNKNOWN, "no source states it"),
        ("facts-known", f"{QWEN}, access: api", "", NONE, "the provider answers for the model"),
        ("required-blocks", QWEN, "", NONE, "the policy requires no part"),
        ("required-blocks", QWEN, "blocks: [hardware]", FAIL, "`hardware`"),
        ("required-blocks", QWEN, "blocks: [lock]", FAIL, "no model.lock"),
        (
            "required-blocks",
            f"{QWEN}, deployment: {{context_window: 1, hardware: {{gpu: L4}}}}",
            "blocks: hardware",
            PASS,
            "",
        ),
        ("weights-format", QWEN, "", NONE, "neither a lock nor a local folder was read"),
        ("gated-access", QWEN, "", NONE, "neither a lock nor a local folder was read"),
        ("baseline-recorded", QWEN, "", NONE, "no `fine_tuning` block is declared"),
        ("baseline-recorded", TUNED, "", FAIL, "none in the entry"),
        ("baseline-recorded", f"{TUNED}, baseline: absent.json", "", FAIL, "absent.json"),
    ],
)
def test_a_rule_says_what_it_found(outcome, rule, entry, settings, verdict, words):
    found, said = outcome(rule, entry, settings)
    assert (found, words in said) == (verdict, True), said


def test_an_accepted_provider_has_to_be_named_by_the_entry(outcome):
    policy = "api: {providers: [gateway]}\n"
    found, said = outcome("api-allowed", f"{PRIVATE}, access: api", policy=policy)
    assert (found, said) == (UNKNOWN, "the policy allows some providers only")
    assert outcome("api-allowed", QWEN, policy=policy)[0] is NONE


REVISION = "a09a35458c702b33eeacc393d103063234e8bc28"
PINNED = f"{TUNED}, revision: {REVISION}, baseline: evals/baseline.json"
RESULTS = {"mmlu": {"acc,none": 0.7}}
VERSIONS = {"mmlu": 2}


@pytest.mark.parametrize(
    ("content", "verdict", "words"),
    [
        (
            {
                "results": RESULTS,
                "versions": VERSIONS,
                "config": {"model_args": f"pretrained=Qwen/Qwen2.5-7B-Instruct,revision={REVISION}"},
            },
            PASS,
            "1 task: mmlu",
        ),
        (
            {
                "results": RESULTS,
                "versions": VERSIONS,
                "config": {"model_args": {"pretrained": "Qwen/Qwen2.5-7B-Instruct"}},
            },
            PASS,
            "does not say at which revision",
        ),
        ({"results": RESULTS, "model_name": "Qwen/Qwen2.5-7B"}, FAIL, "holds results of Qwen/Qwen2.5-7B"),
        ({"results": RESULTS}, FAIL, "holds results of no model"),
        (
            {"results": RESULTS, "config": {"model": "hf", "model_sha": "0" * 40}, "model_name": "x/y"},
            FAIL,
            f"holds results at {'0' * 40}",
        ),
        ({"results": RESULTS, "model_name": "Qwen/Qwen2.5-7B-Instruct"}, FAIL, "mmlu has no task version"),
        ({"results": {}}, FAIL, "line 1, column 13: `results` is empty: expected results by task"),
        ([], FAIL, "the file is a list"),
        ("no json", FAIL, "line 1, column 1: the file is no JSON (Expecting value)"),
        ("[" * 100_000, FAIL, "more than 40 levels inside each other"),
    ],
)
def test_a_baseline_is_of_the_same_model_at_the_same_revision(outcome, content, verdict, words):
    text = content if isinstance(content, str) else json.dumps(content)
    found, said = outcome("baseline-recorded", PINNED, files={"evals/baseline.json": text})
    assert (found, words in said) == (verdict, True), said


@pytest.mark.parametrize(
    ("files", "verdict"),
    [
        ({"local/model.safetensors": "", "local/pytorch_model.bin": ""}, PASS),
        ({"local/model.gguf": ""}, PASS),
        ({"local/pytorch_model.bin": ""}, FAIL),
    ],
)
def test_the_weights_of_a_local_folder_are_judged_by_their_format(outcome, files, verdict):
    assert outcome("weights-format", "model: ./local, objective: chat", files=files)[0] is verdict


@pytest.mark.parametrize(
    ("config", "verdict"),
    [('{"model_type": "llama"}', PASS), ('{"auto_map": {"AutoModel": "modeling.Model"}}', FAIL)],
)
def test_code_of_a_local_folder_is_noticed(outcome, config, verdict):
    files = {"local/config.json": config, "local/model.safetensors": ""}
    assert outcome("remote-code", "model: ./local, objective: chat", files=files)[0] is verdict


def test_a_fact_that_is_only_claimed_does_not_reach_a_rule_that_asks_for_more(outcome):
    entry = f"{PRIVATE}, known: {{license: {{value: mit, evidence: LICENSE}}}}"
    found, said = outcome("license-known", entry)
    assert found is UNKNOWN
    assert "it is only claimed (manifest: LICENSE); the rule asks for declared" in said
    assert outcome("license-known", entry, "min_certainty: claimed")[0] is PASS


@pytest.mark.parametrize(
    "pattern",
    ["https://huggingface.co/BAAI/bge-m3", "'BAAI /bge-m3'", "./BAAI/bge-m3", "BAAI/bge-m3@main", "BAAI/bge-m3@abc"],
)
@pytest.mark.parametrize("rule", ["model-denied", "model-approved"])
def test_a_pattern_that_could_never_match_is_an_error(outcome, rule, pattern):
    with pytest.raises(InputError, match="bge-m3"):
        outcome(rule, QWEN, f"models: {pattern}")
