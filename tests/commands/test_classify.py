"""`weighbridge classify` as a user runs it: one model, a folder, a batch, and which code each ends with."""

from __future__ import annotations

import json

import pytest

CONFIG = json.dumps({"architectures": ["XLMRobertaModel"], "model_type": "xlm-roberta"})
MODULES = json.dumps(
    [
        {"idx": 0, "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "type": "sentence_transformers.models.Pooling"},
    ]
)
KEYS = {"id", "architecture_class", "variant", "objectives", "certainty", "attributes", "evidence"}


def test_a_model_of_the_catalogue_is_said_with_the_signs_that_decided(weighbridge):
    run = weighbridge("classify", "Qwen/Qwen2.5-VL-7B-Instruct")
    assert (run.code, run.err) == (0, "")
    assert run.out == (
        "Qwen/Qwen2.5-VL-7B-Instruct: decoder, instruct\n"
        "certainty:  inferred\n"
        "objectives: chat, text-generation\n"
        "attributes: multimodal\n"
        "evidence:\n"
        "  architecture_class: decoder, because of a text model with other senses"
        " (architecture=qwen2_5_vlforconditionalgeneration); declared\n"
        "  variant: instruct, because of the name says instructions or chat (class=decoder, last=instruct); inferred\n"
        "  objectives: chat text-generation, because of a decoder trained on instructions answers, and writes on"
        " (class=decoder, variant=instruct); inferred\n"
        "  attributes: multimodal, because of the configuration has a part for images or sound (config=vision);"
        " verified\n"
    )


def test_of_a_name_that_the_catalogue_does_not_hold_this_is_said(weighbridge):
    run = weighbridge("classify", "Qwen/Qwen2.5-7B-Instrct")
    assert run.err == (
        "note: Qwen/Qwen2.5-7B-Instrct is not in the catalogue: only its name was looked at;"
        " did you mean Qwen/Qwen2.5-7B-Instruct?\n"
    )
    assert weighbridge("classify", "nobody/nothing").err == (
        "note: nobody/nothing is not in the catalogue: only its name was looked at\n"
    )


def test_a_folder_that_is_there_is_read_and_not_taken_for_an_id(weighbridge, project):
    project({"ours/model/config.json": CONFIG, "ours/model/modules.json": MODULES})
    run = weighbridge("classify", "ours/model", "--json")
    assert (run.code, run.err, json.loads(run.out)["architecture_class"]) == (0, "", "bi-encoder")


def test_a_folder_is_read(weighbridge, project):
    project({"model/config.json": CONFIG, "model/modules.json": MODULES})
    run = weighbridge("classify", "./model", "--json")
    answer = json.loads(run.out)
    assert run.code == 0
    assert set(answer) == KEYS
    assert (answer["architecture_class"], answer["variant"], answer["certainty"]) == (
        "bi-encoder",
        "embedding",
        "verified",
    )
    assert answer["objectives"] == ["similarity"]
    assert answer["evidence"][0] == {
        "decides": "architecture_class",
        "answer": "bi-encoder",
        "because": "a pooling module",
        "seen": [
            {"sign": "module", "value": "sentence_transformers.models.pooling"},
            {"sign": "architecture", "value": "xlmrobertamodel"},
        ],
        "certainty": "verified",
        "by_default": False,
    }


@pytest.mark.parametrize(
    ("files", "built", "trained", "objectives"),
    [
        (
            {
                "config.json": '{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}',
                "chat_template.jinja": "x",
            },
            "decoder",
            "instruct",
            ["chat", "text-generation"],
        ),
        (
            {
                "config.json": '{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}',
                "tokenizer_config.json": '{"chat_template": "{{ enable_thinking }}"}',
            },
            "decoder",
            "reasoning",
            ["chat", "text-generation"],
        ),
        (
            {
                "adapter_config.json": '{"task_type": "CAUSAL_LM", "base_model_name_or_path": "acme/llama-8b-chat"}',
                "README.md": "---\ntags: [lora]\nbase_model: acme/llama-8b-chat\n---\n",
            },
            "decoder",
            "adapter",
            ["chat", "text-generation"],
        ),
        ({"README.md": "---\ntags: [ColBERT]\n---\n"}, "late-interaction", "embedding", ["similarity", "reranking"]),
    ],
)
def test_files_of_a_folder_decide(weighbridge, project, files, built, trained, objectives):
    project({f"model/{name}": content for name, content in files.items()})
    answer = json.loads(weighbridge("classify", "./model", "--json").out)
    assert (answer["architecture_class"], answer["variant"], answer["objectives"]) == (built, trained, objectives)


def test_a_name_alone_is_a_weak_sign(weighbridge):
    run = weighbridge("classify", "acme/our-roberta", "--json")
    assert run.code == 0
    assert json.loads(run.out)["certainty"] == "inferred"


def test_what_nothing_tells_is_unknown(weighbridge):
    run = weighbridge("classify", "acme/model")
    assert run.code == 3
    assert run.out.startswith("acme/model: unknown class, unknown variant\ncertainty:  unknown\nobjectives: none of")


def test_what_only_nothing_speaks_against_is_said_to_be_so(weighbridge):
    run = weighbridge("classify", "acme/llama-8b")
    assert (
        "variant: base, because of nothing says that it was trained further (class=decoder); inferred, by default"
        in run.out
    )


def test_a_batch_answers_each_line_in_order_and_a_bad_one_by_its_error(weighbridge, project):
    project(
        {
            "models.jsonl": '{"id": "a/one", "architectures": ["BertForTokenClassification"]}\n'
            "\n"
            "nonsense\n"
            '{"id": "a/two", "architecture": ["BertModel"]}\n'
            '{"id": "a/three", "architectures": "LlamaForCausalLM", "notes": "name suffix -it", "chat_template": true}\n'
            '{"id": "a/four", "id": "a/four"}\n'
        }
    )
    run = weighbridge("classify", "--json", "--batch", "models.jsonl")
    assert (run.code, run.err) == (0, "")
    answers = [json.loads(line) for line in run.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a/one", None, None, "a/two", "a/three", None]
    assert [answer.get("variant") for answer in answers] == ["token-classifier", None, None, None, "instruct", None]
    assert answers[2] == {
        "id": None,
        "line": 3,
        "error": [{"message": "this is no JSON object", "place": "models.jsonl:3:1", "expected": "`{…}` on one line"}],
    }
    assert answers[3]["line"] == 4
    assert answers[3]["error"][0]["hint"] == "did you mean `architectures`?"
    assert "stands here twice" in answers[5]["error"][0]["message"]


def test_a_batch_comes_from_standard_input(weighbridge):
    run = weighbridge("classify", "--batch", "-", stdin='{"id": "a/b", "library_name": "diffusers"}')
    assert json.loads(run.out)["architecture_class"] == "diffusion"


def test_a_line_that_is_too_long_or_no_text_is_answered_by_its_error(weighbridge, tmp_path):
    (tmp_path / "odd.jsonl").write_bytes(b'{"id": "' + b"a" * (1024 * 1024) + b'"}\n\xff\n{"id": "a/bert"}\n')
    answers = [json.loads(line) for line in weighbridge("classify", "--batch", "odd.jsonl").out.splitlines()]
    assert ["error" in answer for answer in answers] == [True, True, False]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "no model is named"),
        (("a/b", "--batch", "x"), "a/b beside --batch"),
        (("--batch", "missing.jsonl"), "missing.jsonl: error: there is no such file"),
        (("./missing",), "there is no folder"),
        (("~nobody-of-that-name/m",), "the home of nobody"),
    ],
)
def test_what_cannot_be_used_is_refused(weighbridge, arguments, words):
    run = weighbridge("classify", *arguments)
    assert run.code == 2
    assert words in run.err


def test_what_a_terminal_would_obey_is_spelled_out(weighbridge):
    run = weighbridge("classify", "acme/bert\x1b[31m")
    assert "\x1b" not in run.out
