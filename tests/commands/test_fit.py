"""`weighbridge fit` as a user runs it: what it says, what it writes, and which code it ends with."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from checker.memory.formats import DECLARED
from checker.memory.gpus import gpus
from checker.published import SCHEMAS

MODEL = "Qwen/Qwen2.5-0.5B-Instruct"
SMALL = ("fit", MODEL, "--method", "lora", "--sequence-length", "512")
LLAMA = {
    "model_type": "llama",
    "hidden_size": 2048,
    "num_hidden_layers": 16,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 8192,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
}


SCHEMA = jsonschema.Draft202012Validator(SCHEMAS["fit"]())


def valid(record):
    SCHEMA.validate(record)
    return record


def test_an_answer_has_all_that_decides(weighbridge):
    run = weighbridge(*SMALL, "--gpu", "4090")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"{MODEL}: training, lora, 512 tokens, micro batch 1\nfits: needs ")
    for part in (
        "\nterms at the fullest moment, ",
        "\n  weights ",
        "\nmoments of a step, the tensors alone:\n",
        "\nallocated:   ",
        "\nerror band:  ",
        "\nassumptions:\n  not written, so assumed: ",
        "\n  facts of the model: ",
        "\nstart:\n  TrainingArguments(",
    ):
        assert part in run.out
    assert "instead:" not in run.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--vram", "80 GiB"), 0, "\nfits: needs "),
        ((), 0, "; no hardware is named\n"),
        (("--vram", "1 GiB"), 1, "\ndoes not fit: needs "),
    ],
)
def test_the_code_is_the_answer(weighbridge, arguments, code, words):
    run = weighbridge(*SMALL, *arguments)
    assert run.code == code
    assert words in run.out


def test_what_lies_inside_the_band_is_answered_yes_and_called_tight(weighbridge):
    needed = json.loads(weighbridge(*SMALL, "--json").out)["needed_bytes"]
    run = weighbridge(*SMALL, "--vram", f"{needed / 2**30:.4f} GiB", "--headroom", "0")
    assert run.code == 0
    assert "\ntight, inside the error band: needs " in run.out
    assert "\ninstead:\n" in run.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            (),
            "fit: error: no model is named: expected a Hub id, a folder, a config.json or a manifest; or --batch FILE\n",
        ),
        (("--config", "nowhere.json"), "nowhere.json: error: there is no such file: expected a readable file\n"),
        (("nowhere.yaml",), "nowhere.yaml: error: there is no such file: expected a readable file\n"),
        (("./nowhere",), "./nowhere: error: there is no folder ./nowhere: expected a folder with a model\n"),
        (("--batch", "nowhere.jsonl"), "nowhere.jsonl: error: there is no such file: expected a readable file\n"),
        (
            ("--batch", "x", MODEL, "--rank", "8"),
            f"fit: error: --rank, {MODEL} beside --batch: expected the plan in the file\n",
        ),
        (("model.yaml", "--gpu", "L4"), "fit: error: --gpu beside model.yaml: expected the plan in the file\n"),
        (
            (MODEL, "--method", "qlra"),
            "options:1:10: error: `method` is `qlra`\n"
            "    1 | --method qlra\n"
            "      |          ^^^^ expected one of full, lora, qlora; did you mean `qlora`?\n",
        ),
        (
            (MODEL, "--serve", "--quantization", "awq"),
            "options:2:16: error: `quantization` is `awq`\n"
            "    2 | --quantization awq\n"
            f"      |                ^^^ expected one of {', '.join(DECLARED[:3])}, …; did you mean `awq-int4`?\n",
        ),
    ],
)
def test_bad_input_ends_with_two(weighbridge, arguments, told):
    assert weighbridge("fit", *arguments) == (2, "", told)


def test_an_unknown_model_ends_with_three_and_says_what_would_help(weighbridge):
    run = weighbridge("fit", "nobody/nothing")
    assert (run.code, run.out) == (3, "")
    assert run.err == (
        "unknown: `nobody/nothing` is not in the catalogue; --config FILE takes the model's config.json, and `known:`"
        " in a manifest states single facts\n"
    )
    run = weighbridge("fit", "nobody/nothing", "--json")
    assert (run.code, run.err) == (3, "")
    assert valid(json.loads(run.out))["error"]["kind"] == "unknown"


def test_json_follows_the_published_schema(weighbridge):
    run = weighbridge(*SMALL, "--gpu", "T4", "--micro-batch-size", "64", "--json", "--ladder")
    record = valid(json.loads(run.out))
    assert run.code == 1
    assert (record["fits"], record["kind"], record["hardware"]["gpu"]) == ("does not fit", "training", "T4")
    assert record["needed_bytes"] == sum(term["bytes"] for term in record["terms"])
    inside = sum(term["bytes"] for term in record["terms"] if not term["outside"])
    assert record["allocated_bytes"] == inside < record["needed_bytes"]
    assert max(moment["bytes"] for moment in record["moments"]) == pytest.approx(inside, abs=64)
    assert record["alternatives"]
    assert record["gpus"]
    ladder = record["ladder"]
    row, column = ladder["rows"].index(512), ladder["columns"].index(64)
    assert ladder["cells"][row][column]["needed_bytes"] == record["needed_bytes"]


def test_a_serving_has_its_own_keys_and_command(weighbridge):
    run = weighbridge(
        *("fit", MODEL, "--serve", "--context-window", "4096", "--parallel-requests", "4"),
        *("--gpu", "L4", "--count", "1", "--runtime-version", "0.11.0", "--ladder"),
    )
    assert run.code == 0
    assert f"\n  vllm serve {MODEL} --revision " in run.out
    assert " --max-model-len 4096 --max-num-seqs 4 --gpu-memory-utilization 0.90\n" in run.out
    for cache in ("fp16", "fp8"):
        assert f"\nKV cache in {cache}; context_window down, parallel_requests across; GiB of one GPU" in run.out


@pytest.mark.parametrize(
    ("switch", "checkpointing"),
    [
        (("--no-gradient-checkpointing",), False),
        (("--gradient-checkpointing", "no"), False),
        (("--gradient-checkpointing", "yes"), True),
        (("--gradient-checkpointing",), True),
    ],
)
def test_a_switch_may_be_given_with_and_without_a_word(weighbridge, switch, checkpointing):
    record = json.loads(weighbridge(*SMALL, *switch, "--json").out)
    assert record["plan"]["gradient_checkpointing"] is checkpointing


def test_a_switch_does_not_swallow_the_model(weighbridge):
    run = weighbridge("fit", "--upcast-frozen", MODEL, "--method", "qlora", "--json")
    assert (run.code, json.loads(run.out)["model"]) == (0, MODEL)


def test_the_former_name_of_a_model_is_known(weighbridge):
    run = weighbridge("fit", "bert-base-uncased", "--method", "full", "--json")
    assert (run.code, json.loads(run.out)["model"]) == (0, "bert-base-uncased")


@pytest.mark.parametrize("arguments", [("--config", "m/config.json"), ("m/config.json",), ("./m",)])
def test_a_model_that_nobody_knows_is_described_by_its_configuration(weighbridge, project, arguments):
    project({"m/config.json": json.dumps(LLAMA)})
    run = weighbridge("fit", *arguments, "--method", "qlora", "--json")
    assert run.code == 0
    record = valid(json.loads(run.out))
    assert record["certainty"] == "inferred"
    assert record["needed_bytes"] > 2**30


def test_a_picture_is_written_in_one_step(weighbridge, project, tmp_path):
    project({"memory.svg": "old"})
    assert weighbridge(*SMALL, "--gpu", "4090", "--plot", "memory.svg").code == 0
    tree = ET.fromstring((tmp_path / "memory.svg").read_text(encoding="utf-8"))
    words = [element.text for element in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == f"{MODEL}: training, lora, 512 tokens, micro batch 1"
    assert {"the plan", "sequence_length 1024", "micro_batch_size 2", "both"} <= set(words)
    assert [path.name for path in tmp_path.iterdir()] == ["memory.svg"]
    run = weighbridge(*SMALL, "--plot", "nowhere/memory.svg")
    assert (run.code, run.out) == (2, "")


def test_the_known_gpus_are_listed(weighbridge):
    run = weighbridge("fit", "--list-gpus")
    assert run.code == 0
    assert len(run.out.splitlines()) == len(gpus())
    assert any(line.startswith("RTX 4090 ") and "usable of  24 GB" in line for line in run.out.splitlines())


MANIFEST = f"""\
weighbridge: 1
owner: support-platform
hardware: {{vram: 24 GB}}
models:
  - model: {MODEL}
    objective: chat
    fine_tuning: {{method: qlora, sequence_length: 1024}}
    deployment: {{context_window: 8192, hardware: {{gpu: L4}}}}
  - model: nobody/nothing
    objective: chat
    deployment: {{context_window: 8192}}
  - model: me/local-copy
    objective: chat
    access: api
    provider: somebody
    terms: theirs
"""


def test_each_plan_of_a_manifest_is_answered(weighbridge, project):
    project({"model.yaml": MANIFEST})
    run = weighbridge("fit", "model.yaml")
    assert run.code == 3
    heads = [line for line in run.out.splitlines() if line.endswith((", fine_tuning", ", deployment"))]
    assert heads == [
        "Qwen2.5-0.5B-Instruct, fine_tuning",
        "Qwen2.5-0.5B-Instruct, deployment",
        "nothing, deployment",
    ]
    assert "unknown: `nobody/nothing` is not in the catalogue; `known:` states its facts" in run.out
    assert "the GPU: `24 GB` is taken as the memory of a card sold with 24 GB: " in run.out
    record = valid(json.loads(weighbridge("fit", ".", "--json").out))
    assert [(each["entry"], each["kind"], each.get("fits")) for each in record["answers"]] == [
        ("Qwen2.5-0.5B-Instruct", "training", "fits"),
        ("Qwen2.5-0.5B-Instruct", "serving", "fits"),
        ("nothing", "serving", None),
    ]


def test_a_manifest_that_does_not_fit_ends_with_one_and_is_drawn(weighbridge, project, tmp_path):
    project({"model.yaml": MANIFEST.replace("24 GB", "1 GiB")})
    run = weighbridge("fit", "model.yaml", "--plot", "memory.svg")
    assert run.code == 1
    words = [element.text for element in ET.parse(tmp_path / "memory.svg").iter()]
    assert "Qwen2.5-0.5B-Instruct, training" in words


def test_a_manifest_with_a_local_model_is_answered_by_its_configuration(weighbridge, project):
    project({"model.yaml": MANIFEST.replace(MODEL, "./m"), "m/config.json": json.dumps(LLAMA)})
    run = weighbridge("fit", "model.yaml", "--json")
    first = json.loads(run.out)["answers"][0]
    assert (first["entry"], first["fits"]) == ("m", "fits")


def test_a_manifest_without_plans_is_refused(weighbridge, project):
    project({"model.yaml": "weighbridge: 1\nmodels: [{model: a/b, objective: chat}]\n"})
    run = weighbridge("fit", "model.yaml")
    assert (run.code, run.out) == (2, "")
    assert "no entry has a `fine_tuning` or a `deployment` block" in run.err


def test_without_the_extra_a_trace_says_how_to_install_it(weighbridge):
    run = weighbridge(*SMALL, "--trace")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("--trace: error: ")
    assert 'pip install "weighbridge[trace]"' in run.err


LINES = [
    {"id": "first", "model": MODEL, "method": "lora", "sequence_length": 512, "hardware": {"gpu": "4090"}},
    {"model": MODEL, "serve": True, "context_window": 4096, "hardware": None, "rank": None},
    {"config": LLAMA, "method": "full", "sequence_length": 512, "hardware": {"vram": "8 GiB", "count": 1}},
    {"id": 4, "model": MODEL, "methd": "lora"},
    {"model": "nobody/nothing"},
]


def batch(weighbridge, *lines, arguments=()):
    text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    run = weighbridge("fit", "--batch", "-", *arguments, stdin=text)
    assert run.err == ""
    return run.code, [valid(json.loads(line)) for line in run.out.splitlines()]


def test_each_line_has_its_answer_in_order(weighbridge):
    code, answers = batch(weighbridge, *LINES)
    assert code == 0
    assert [answer["line"] for answer in answers] == [1, 2, 3, 4, 5]
    assert [answer.get("id") for answer in answers] == ["first", None, None, 4, None]
    assert [answer.get("fits") for answer in answers] == ["fits", None, "does not fit", None, None]
    assert [answer.get("kind") for answer in answers[:3]] == ["training", "serving", "training"]
    assert answers[3]["error"] | {"expected": ""} == {
        "kind": "bad-input",
        "message": "unknown key `methd`",
        "place": "<stdin>:4:50",
        "key": "methd",
        "expected": "",
        "nearest": "method",
        "hint": "did you mean `method`?",
        "missing": [],
        "more": [],
    }
    assert answers[4]["error"]["kind"] == "unknown"


def test_a_line_and_the_command_agree(weighbridge):
    _, [answer] = batch(weighbridge, LINES[0], arguments=("--alternatives",))
    single = json.loads(weighbridge(*SMALL, "--gpu", "4090", "--json").out)
    assert {key: value for key, value in answer.items() if key not in ("line", "id")} == single


def test_alternatives_are_computed_for_lines_only_where_asked_for(weighbridge):
    _, [without] = batch(weighbridge, LINES[2])
    _, [found] = batch(weighbridge, LINES[2], arguments=("--alternatives",))
    assert without["alternatives"] is None
    assert found["alternatives"]


HOSTILE = {
    "not json": "this is no JSON object",
    "[]": "this is no JSON object",
    "null": "this is no JSON object",
    "{": "this is no key of JSON",
    '{"model": "a/b"} trailing': "something follows the object",
    '{"model": "a/b", "model": "c/d"}': "the key `model` stands here twice",
    '{"model": NaN}': "this is no value of JSON: `NaN}`",
    '{"model": "a/b", "sequence_length": 1e400}': "`sequence_length` is `1e400`",
    '{"model": "a/b", "sequence_length": ' + "9" * 5000 + "}": "`sequence_length` is `" + "9" * 60 + "…`",
    '{"model": "a/b", "sequence_length": -1}': "`sequence_length` is `-1`",
    '{"model": ' + "[" * 5000 + "]" * 5000 + "}": "more than 40 levels inside each other",
    '{"config": ' + '{"a":' * 5000 + "1" + "}" * 5000 + "}": "too many levels inside each other",
    '{"config": ' + '{"a":' * 41 + "1" + "}" * 41 + "}": "too many levels inside each other",
    '{"config": {"model_type": "llama", "hidden_size": 1e999}}': "1e999 is larger than any size of a model",
    '{"config": {"model_type": "llama", "vocab_size": ' + "9" * 5000 + "}}": "9" * 60
    + "… is larger than any size of a model",
    '{"config": "model_type: llama"}': "`config` is no mapping",
    '{"model": {"$ref": "x"}}': "`model` is a mapping",
    '{"model": "a/b", "hardware": ["L4"]}': "`hardware` is a list",
    '{"model": "../../../etc/passwd"}': "../../../etc/passwd leads out of the repository",
    '{"model": "\\u0000"}': '`model` is `"\x00"`',
    '{"model": "a/b", "id": ["x"]}': "`id` is no name",
}


def test_nothing_in_a_line_stops_the_others(weighbridge):
    good = {"model": MODEL, "sequence_length": 512}
    code, answers = batch(weighbridge, *(f"{line}\n" for line in HOSTILE), good)
    assert code == 0
    assert [answer["error"]["message"] for answer in answers[:-1]] == list(HOSTILE.values())
    assert answers[-1]["line"] == len(HOSTILE) + 1
    assert "error" not in answers[-1]


def test_lines_of_bytes_that_are_no_text_are_answered(weighbridge, tmp_path):
    good = json.dumps({"model": MODEL, "sequence_length": 512}).encode()
    lines = [b"\xff\xfe{}", b'{"model": "\x80"}', b"\x00", b"", b"x" * (2 * 1024 * 1024), good, b"", b""]
    (tmp_path / "plans.jsonl").write_bytes(b"\r\n".join(lines))
    run = weighbridge("fit", "--batch", "plans.jsonl")
    answers = [valid(json.loads(line)) for line in run.out.splitlines()]
    assert run.code == 0
    assert [answer["line"] for answer in answers] == [1, 2, 3, 4, 5, 6]
    assert [answer["error"]["message"] for answer in answers[:5]] == [
        "the file is UTF-16 (byte 1, line 1)",
        "byte 12 (line 1) is 0x80, which is not UTF-8",
        "a NUL character",
        "this is no JSON object",
        "the line is larger than 1 MiB",
    ]
    assert "error" not in answers[5]


def test_several_processes_answer_a_long_batch_alike(weighbridge, tmp_path):
    lines = [json.dumps({"id": index, "model": MODEL, "sequence_length": index}) for index in range(300)]
    (tmp_path / "plans.jsonl").write_text("\n".join(lines), encoding="utf-8")
    alone = weighbridge("fit", "--batch", "plans.jsonl", "--jobs", "1")
    together = weighbridge("fit", "--batch", "plans.jsonl", "--jobs", "2")
    assert together == alone
    assert [json.loads(line)["id"] for line in together.out.splitlines()] == list(range(300))
    assert weighbridge("fit", "--batch", "plans.jsonl", "--jobs", "0").code == 2


def test_whoever_waits_for_an_answer_gets_it(tmp_path):
    command = [sys.executable, "-m", "checker", "fit", "--batch", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path) as process:
        for name in ("first", "second"):
            process.stdin.write(json.dumps({"id": name, "model": MODEL}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
    assert process.returncode == 0


def test_an_empty_batch_is_an_error_and_no_answer(weighbridge):
    said = "<stdin>: error: the batch is empty: expected a JSON plan a line\n"
    assert weighbridge("fit", "--batch", "-", stdin="\n\n") == (2, "", said)


def test_a_thousand_lines_are_answered_in_one_run(weighbridge):
    lines = [
        {
            "model": MODEL,
            "serve": index % 2 == 0,
            "context_window": 1024 * (1 + index % 30),
            "micro_batch_size": 1 + index % 64,
        }
        for index in range(1000)
    ]
    code, answers = batch_unchecked(weighbridge, lines)
    assert (code, len(answers)) == (0, 1000)


def batch_unchecked(weighbridge, lines):
    run = weighbridge("fit", "--batch", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    return run.code, run.out.splitlines()


def test_a_bug_is_the_answer_of_its_line_and_ends_with_seventy(monkeypatch):
    from io import BytesIO, StringIO, TextIOWrapper

    from checker.command_line import main
    from checker.console import Console

    def mistaken(*_):
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("checker.sizing.batch.answer_plan", mistaken)
    stdin = TextIOWrapper(BytesIO(json.dumps(LINES[0]).encode()))
    out = StringIO()
    code = main(["fit", "--batch", "-"], Console(out, StringIO(), stdin, {}, date(2026, 11, 28)))
    answer = valid(json.loads(out.getvalue()))
    assert (code, answer["id"], answer["error"]["kind"]) == (70, "first", "bug")
    assert answer["error"]["message"] == "ZeroDivisionError: a mistake of ours"


def test_a_line_may_name_a_folder_below_this_one(weighbridge, project):
    project({"m/config.json": json.dumps(LLAMA)})
    _, [answer] = batch(weighbridge, {"model": "./m", "method": "qlora"})
    assert answer["model"] == "./m"


def test_a_quantised_copy_has_the_sizes_of_what_it_is_a_copy_of(weighbridge, project):
    copy = "deployment: {weights: {model: me/Qwen2.5-0.5B-Instruct-AWQ}, context_window: 8192, hardware: {gpu: L4}}"
    text = MANIFEST.replace("deployment: {context_window: 8192, hardware: {gpu: L4}}", copy)
    project({"model.yaml": text})
    record = valid(json.loads(weighbridge("fit", "model.yaml", "--json").out))
    assert record["answers"][1]["plan"]["quantization"] == "awq-int4"
    assert record["answers"][1]["model"] == "me/Qwen2.5-0.5B-Instruct-AWQ"


def test_the_ladders_of_a_serving_are_drawn(weighbridge, tmp_path):
    run = weighbridge("fit", MODEL, "--serve", "--context-window", "4096", "--gpu", "L4", "--plot", "memory.svg")
    assert run.code == 0
    words = [element.text for element in ET.parse(tmp_path / "memory.svg").iter()]
    assert {"KV cache in fp16", "KV cache in fp8", "4096", "parallel requests"} <= set(words)
