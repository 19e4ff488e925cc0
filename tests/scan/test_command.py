"""`weighbridge scan`: its exit codes, its comparison with the manifest, its draft, and its outputs."""

from __future__ import annotations

import json

import pytest

from checker.document.place import SourceFile
from checker.manifest.load import load
from tests.in_process import inside  # noqa: F401 - a fixture

PINNED = "5617a9f61b028005a4858fdac845db406aefb181"
CODE = f'from transformers import AutoModel\nAutoModel.from_pretrained("BAAI/bge-m3", revision="{PINNED}")\n'
MANIFEST = f"""\
weighbridge: 1
owner: team
models:
  - model: BAAI/bge-m3
    revision: {PINNED}
    objective: similarity
"""
ONLY = "policy: acme\nversion: 1\nrules:\n  models-declared: {}\n"
SERVED = """\
weighbridge: 1
models:
  - model: Qwen/Qwen3-8B
    objective: chat
    deployment: {context_window: 8192, quantization: none, hardware: {gpu: L40S}}
"""


@pytest.fixture
def run(inside, tmp_path, project):  # noqa: F811
    """Scan a folder with these files, by the one rule at a level, and give the code, the report and stderr."""

    def scan(files, *arguments, rule="soft-mandatory"):
        folder = tmp_path / "repo"
        project({f"repo/{name}": content for name, content in files.items()})
        (tmp_path / "policy.yaml").write_text(ONLY.format(rule))
        done = inside("scan", "--json", "--policy", str(tmp_path / "policy.yaml"), *arguments, cwd=folder)
        return done.code, json.loads(done.out) if done.out else None, done.err

    return scan


def found(report):
    """The findings: where, what was found, and whether it blocks."""
    return [
        (f"{one['place']['file']}:{one['place']['line']}", one["found"], one["blocks"])
        for manifest in report["manifests"]
        for model in manifest["models"]
        for evaluation in model["evaluations"]
        for one in evaluation["findings"]
    ]


def test_a_repository_without_models_is_green_and_says_how_much_was_read(inside, project):  # noqa: F811
    project({"app.py": "print(1)\n", "README.md": "# x\n"})
    done = inside("scan")
    assert done.code == 0
    assert done.out.startswith("scanned .: 1 of 2 files read, no model is used\n")
    assert "exit code 0: no model is used in what was read\n" in done.out


def test_models_without_a_manifest_end_with_1_under_the_default_policy(inside, project):  # noqa: F811
    project({"app.py": CODE})
    done = inside("scan")
    assert done.code == 1
    assert "app.py:2:27: models-declared: blocks (soft-mandatory), model bge-m3\n" in done.out
    assert "found BAAI/bge-m3 is loaded here and declared nowhere\n" in done.out
    assert "`weighbridge scan --write` drafts one\n" in done.out


def test_the_starter_pack_says_so_and_blocks_nothing(inside, project):  # noqa: F811
    project({"app.py": CODE})
    done = inside("scan", "--policy", "weighbridge:starter")
    assert done.code == 0
    assert "models-declared: advice (advisory)" in done.out


def test_what_is_used_is_judged_by_the_rules_of_check(inside, project):  # noqa: F811
    project({"app.py": 'from transformers import AutoModel\nAutoModel.from_pretrained("google/gemma-2-9b-it")\n'})
    report = json.loads(inside("scan", "--json").out)
    [model] = report["manifests"][0]["models"]
    blocking = {one["rule"] for one in model["evaluations"] if one["blocks"] and one["verdict"] == "fail"}
    assert {"license-allowed", "revision-pinned", "models-declared"} <= blocking


def test_a_declared_model_that_is_used_as_declared_passes(run):
    code, report, _ = run({"app.py": CODE, "model.yaml": MANIFEST})
    assert code == 0
    [evaluation] = report["manifests"][0]["models"][0]["evaluations"]
    assert (evaluation["verdict"], evaluation["margin"]) == ("pass", "used in 1 place")


def test_another_spelling_and_a_former_name_are_the_same_model(run):
    code, _, _ = run({"app.py": CODE.replace("BAAI/bge-m3", "baai/BGE-M3"), "model.yaml": MANIFEST})
    assert code == 0


def test_the_loaded_artefact_counts_as_declared(run):
    weights = "    deployment: {weights: {model: acme/bge-int8, revision: main}}\n"
    code, report, _ = run(
        {
            "app.py": CODE.replace("BAAI/bge-m3", "acme/bge-int8").replace(PINNED, "main"),
            "model.yaml": MANIFEST + weights,
        },
        rule="soft-mandatory\n  license-known: advisory",
    )
    assert code == 0
    assert [one[1] for one in found(report) if one[2]] == []


def test_a_used_model_beside_a_declared_one_is_reported_at_its_first_use(run):
    other = '\nAutoModel.from_pretrained("intfloat/e5-large-v2")\nAutoModel.from_pretrained("intfloat/e5-large-v2")\n'
    code, report, _ = run({"app.py": CODE + other, "model.yaml": MANIFEST})
    assert code == 1
    assert found(report) == [("app.py:4", "intfloat/e5-large-v2 is loaded here and declared nowhere", True)]
    [manifest] = report["manifests"]
    assert [model["name"] for model in manifest["models"]] == ["bge-m3", "e5-large-v2"]


@pytest.mark.parametrize(
    ("line", "difference"),
    [
        ("vllm serve Qwen/Qwen3-8B --max-model-len 16384", "deployment.context_window 16384"),
        ("vllm serve Qwen/Qwen3-8B --quantization awq", "deployment.quantization awq-int4"),
    ],
)
def test_another_window_or_quantisation_than_declared_is_a_finding(run, line, difference):
    code, report, _ = run({"run.sh": f"{line}\n", "model.yaml": SERVED})
    assert (code, found(report)) == (1, [("run.sh:1", difference, True)])


def test_another_revision_than_declared_is_a_finding(run):
    code, report, _ = run({"app.py": CODE.replace(PINNED, "main"), "model.yaml": MANIFEST})
    assert (code, found(report)) == (1, [("app.py:2", "revision main", True)])


def test_an_abbreviated_commit_is_the_same_revision(run):
    code, report, _ = run({"app.py": CODE.replace(PINNED, PINNED[:10]), "model.yaml": MANIFEST})
    assert (code, found(report)) == (0, [])


def test_code_that_names_no_revision_beside_a_pin_is_said(run):
    code, report, _ = run({"app.py": CODE.replace(f', revision="{PINNED}"', ""), "model.yaml": MANIFEST})
    [evaluation] = report["manifests"][0]["models"][0]["evaluations"]
    assert code == 0
    assert evaluation["notes"] == ["a revision is pinned, and 1 of 1 uses name none (app.py:2:27): they load `main`"]


def test_a_use_is_held_against_the_entry_that_it_agrees_with(run):
    second = "  - {name: long, model: Qwen/Qwen3-8B, objective: chat, deployment: {context_window: 16384}}\n"
    code, report, _ = run(
        {
            "a.sh": "vllm serve Qwen/Qwen3-8B --max-model-len 16384\n",
            "b.sh": "vllm serve Qwen/Qwen3-8B --max-model-len 8192\n",
            "model.yaml": SERVED + second,
        }
    )
    assert (code, found(report)) == (0, [])


@pytest.mark.parametrize(
    ("setting", "code"), [("soft-mandatory", 0), ("{enforcement: soft-mandatory, unused: block}", 1)]
)
def test_a_declared_model_that_is_used_nowhere_is_said_and_blocks_where_the_policy_asks(run, setting, code):
    done, report, _ = run({"app.py": "print(1)\n", "model.yaml": MANIFEST}, rule=setting)
    assert (done, found(report)) == (code, [("model.yaml:4", "BAAI/bge-m3 is used nowhere that was read", bool(code))])


def test_a_planned_model_need_not_be_used(run):
    code, report, _ = run({"app.py": "print(1)\n", "model.yaml": MANIFEST.replace("owner", "status: planned\nowner")})
    [evaluation] = report["manifests"][0]["models"][0]["evaluations"]
    assert evaluation["reason"] == "the manifest says that its models are planned"
    assert code == 3  # the one rule of this policy judges nothing


UNNAMED = "import os\nfrom transformers import AutoModel\nAutoModel.from_pretrained(os.environ['NAME'])\n"


def test_a_use_that_names_no_model_is_never_green_where_no_manifest_speaks(run):
    code, report, _ = run({"app.py": UNNAMED})
    [missing] = report["manifests"][0]["models"][0]["evaluations"][0]["missing"]
    assert code == 3
    assert missing["reason"] == "os.environ['NAME']: the environment hands it over as 'NAME'"
    assert missing["place"]["file"] == "app.py"
    assert missing["where"] == "model.yaml"


@pytest.mark.parametrize(
    ("setting", "code"), [("soft-mandatory", 0), ("{enforcement: soft-mandatory, unnamed: block}", 3)]
)
def test_beside_a_manifest_it_is_said_and_leaves_the_rule_open_where_the_policy_asks(run, setting, code):
    done, report, _ = run({"app.py": CODE, "b.py": UNNAMED, "model.yaml": MANIFEST}, rule=setting)
    assert done == code
    assert [one["what"] for one in report["scans"][0]["unresolved"]] == ["os.environ['NAME']"]


UNREAD = [
    pytest.param("b.py", "from_pretrained(\n", id="Python that does not parse"),
    pytest.param("b.ipynb", '{"cells": [', id="a damaged notebook"),
    pytest.param("b.ipynb", '{"cells": [{"cell_type": "code", "source": "from_pretrained(("}]}', id="a cell"),
    pytest.param("b.yaml", "model: [\n", id="YAML that is refused"),
    pytest.param("b.json", '{"model": ', id="JSON that is refused"),
    pytest.param("b.py", "LLM" + "#" * (1 << 20), id="a large file"),
    pytest.param("b.sh", "vllm serve 'a/b\n", id="a quote that does not close"),
    pytest.param("b.sh", "cat <<EOF\nvllm serve a/b\n", id="a heredoc that no line ends"),
    pytest.param("b.sh", "python - <<EOF\nfrom_pretrained(\nEOF\n", id="Python in a script"),
    pytest.param("b.py", "import subprocess as s\ns.run(['python', '-c', 'LLM('])\n", id="Python in Python"),
    pytest.param(
        "b.ipynb",
        '{"cells": [{"cell_type": "code", "source": "subprocess.run([\'python\', \'-c\', \'LLM(\'])"}]}',
        id="Python in a notebook",
    ),
    pytest.param("b.sh", f"vllm serve a/b --x {'x' * 20_000}\n", id="a long command"),
]


@pytest.mark.parametrize(("name", "content"), UNREAD)
@pytest.mark.parametrize(
    ("setting", "code"), [("soft-mandatory", 3), ("{enforcement: soft-mandatory, unread: say, unnamed: block}", 0)]
)
def test_code_that_could_not_be_read_leaves_the_rule_open_unless_the_policy_has_it_said(
    run, name, content, setting, code
):
    done, report, _ = run({"app.py": CODE, name: content, "model.yaml": MANIFEST}, rule=setting)
    assert done == code
    [scan] = report["scans"]
    assert [one["file"] for one in scan["unread"]] + [one["place"]["file"] for one in scan["unresolved"]] == [name]


def test_what_was_not_read_asks_for_no_entry_and_stands_apart_from_a_use_without_a_name(run):
    files = {"app.py": CODE, "b.py": UNNAMED, "c.py": "from_pretrained(\n", "model.yaml": MANIFEST}
    code, report, _ = run(files)
    [evaluation] = report["manifests"][0]["models"][-1]["evaluations"]
    [missing] = evaluation["missing"]
    assert (code, missing["name"], missing["where"], missing["yaml"]) == (3, "code", "the code", "")
    assert missing["reason"].endswith("; mend it, or leave it out with `--exclude`")
    assert evaluation["notes"] == ["b.py:3:27: os.environ['NAME']: the environment hands it over as 'NAME'"]
    assert run(files, "--exclude", "c.py")[0] == 0


@pytest.mark.parametrize(
    ("setting", "code"), [("soft-mandatory", 0), ("{enforcement: soft-mandatory, unnamed: block}", 3)]
)
def test_a_quote_that_does_not_close_in_a_script_without_any_word_of_a_reader_is_said(run, setting, code):
    done, report, _ = run({"app.py": CODE, "b.sh": "echo 'it\n", "model.yaml": MANIFEST}, rule=setting)
    assert done == code
    assert [one["what"] for one in report["scans"][0]["unresolved"]] == ["echo 'it"]


def test_a_file_that_cannot_be_parsed_is_never_green_where_no_manifest_speaks(run):
    code, report, _ = run({"app.py": "from_pretrained(\n"})
    assert code == 3
    assert report["scans"][0]["unread"] == [
        {"file": "app.py", "why": "Python cannot parse it: '(' was never closed, line 1"}
    ]


def test_a_waiver_covers_a_model_that_is_declared_nowhere(inside, project):  # noqa: F811
    project(
        {
            "repo/app.py": CODE,
            "repo/waivers.yaml": "waivers:\n  - {id: W-1, rule: models-declared, project: repo, model: bge-m3,"
            " kind: migration, reason: later, approver: a@example.com, approved_on: 2026-11-01, expires: 2026-12-31}\n",
            "policy.yaml": "policy: acme\nversion: 1\nwaivers: {from: project, approvers: [a@example.com]}\n"
            "rules: {models-declared: soft-mandatory, waiver-unused: soft-mandatory}\n",
        }
    )
    done = inside("scan", "repo", "--policy", "policy.yaml", "--json")
    report = json.loads(done.out)
    assert done.code == 0
    assert report["manifests"][0]["models"][0]["evaluations"][0]["verdict"] == "waived"


def test_a_waiver_about_code_is_not_unused_where_no_code_was_read(inside, project):  # noqa: F811
    project(
        {
            "repo/model.yaml": MANIFEST,
            "repo/waivers.yaml": "waivers:\n  - {id: W-1, rule: models-declared, project: repo, model: bge-m3,"
            " kind: migration, reason: later, approver: a@example.com, approved_on: 2026-11-01, expires: 2026-12-31}\n",
            "policy.yaml": "policy: acme\nversion: 1\nwaivers: {from: project, approvers: [a@example.com]}\n"
            "rules: {models-declared: soft-mandatory, waiver-unused: soft-mandatory, revision-pinned: advisory}\n",
        }
    )
    assert inside("check", "repo", "--policy", "policy.yaml").code == 0


def test_the_nearest_manifest_declares_and_another_service_s_does_not(run):
    code, report, _ = run({"a/app.py": CODE, "a/model.yaml": SERVED, "b/model.yaml": MANIFEST})
    assert code == 1
    assert ("a/app.py:2", "BAAI/bge-m3 is loaded here and declared nowhere", True) in found(report)


def test_a_manifest_in_a_folder_of_its_own_declares_for_the_whole_repository(run):
    code, report, _ = run({"src/app.py": CODE, "deploy/model.yaml": MANIFEST})
    assert (code, found(report)) == (0, [])


def test_a_part_of_a_repository_is_held_against_the_manifest_above_it(run, tmp_path):
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    code, report, _ = run({"src/app.py": CODE, "model.yaml": MANIFEST, "other.py": "print(1)\n"}, "src")
    assert (code, found(report)) == (0, [])
    assert report["manifests"][0]["file"] == "model.yaml"


def test_a_broken_manifest_is_bad_input(run):
    code, report, _ = run({"app.py": CODE, "model.yaml": "weighbridge: 1\nmodel: x\n"})
    assert code == 2
    assert report["refused"][0]["file"] == "model.yaml"


def test_two_paths_are_scanned_into_one_report(run):
    code, report, _ = run({"a/app.py": CODE, "b/app.py": CODE.replace("bge-m3", "bge-base-en-v1.5")}, "a", "b")
    assert code == 1
    assert [one["root"] for one in report["scans"]] == ["a", "b"]
    assert [one["file"] for one in report["manifests"]] == ["a/model.yaml", "b/model.yaml"]


def test_what_is_left_out_is_named_in_every_output(run):
    _, report, _ = run({"tests/app.py": CODE, "app.py": "print(1)\n"}, "--exclude", "tests/*")
    assert report["relaxations"] == ["--exclude tests/*: not read"]
    assert not report["scans"][0]["uses"]


MIXED = {
    "app.py": CODE,
    "chat.py": 'from huggingface_hub import InferenceClient\nInferenceClient("Qwen/Qwen3-8B")\n',
    "other.py": 'from transformers import AutoModel\nAutoModel.from_pretrained("acme/unknown")\n',
    "classify.py": "from transformers import AutoModelForSequenceClassification as A, pipeline\n"
    'pipeline("zero-shot: \\"x\\"", model="facebook/bart-large-mnli")\n',
    "second.py": 'from sentence_transformers import SentenceTransformer\nSentenceTransformer("other/bge-m3")\n',
    "run.sh": "vllm serve Qwen/Qwen2.5-7B-Instruct --max-model-len 8192\n",
    "lora.yml": "base_model: Qwen/Qwen2.5-0.5B\nadapter: lora\nsequence_len: 1024\nmicro_batch_size: 1\n",
    "Modelfile": "FROM llama3.2:1b\n",
}


def test_a_draft_declares_what_is_used_and_asks_for_what_nobody_can_know(run, tmp_path):
    code, _, err = run(MIXED, "--write")
    path = tmp_path / "repo" / "model.yaml"
    text = path.read_text()
    assert code == 1
    assert "model.yaml: drafted 8 models; lines behind `#` ask for what code cannot tell\n" in err
    assert "  # loaded at app.py:2:27\n  - model: BAAI/bge-m3\n" in text
    assert "    # objective: one of chat, text-generation, similarity" in text
    assert "      # hardware: {gpu: L4, count: 1}         # asked, to judge memory\n" in text
    assert "    access: api\n    # provider: whose service runs it\n" in text
    assert '    objective: other\n    task: "zero-shot: \\"x\\""\n' in text
    assert "    # `llama3.2:1b` of Ollama's library, taken for meta-llama/Llama-3.2-1B-Instruct\n" in text
    filled = text.replace("    # objective: one of chat", "    objective: chat #")
    manifest = load(SourceFile("model.yaml", filled))
    assert {entry.display_name for entry in manifest.models} >= {"bge-m3", "other-bge-m3", "Qwen2.5-7B-Instruct"}
    path.write_text(filled)
    _, again, _ = run(MIXED)
    assert [one for one in found(again) if "declared nowhere" in one[1]] == []


def test_a_draft_never_takes_the_place_of_a_file(run, tmp_path):
    code, report, err = run({"app.py": CODE, "model.yaml": "something: else\n"}, "--write")
    assert (code, report) == (2, None)
    assert "a draft never takes the place of a file" in err
    assert (tmp_path / "repo" / "model.yaml").read_text() == "something: else\n"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"app.py": "print(1)\n"}, "not written: no model that could be named is undeclared"),
        ({"app.py": CODE, "deploy/model.yaml": SERVED}, "not written: another manifest declares models here"),
    ],
)
def test_a_draft_that_would_hold_nothing_or_hide_another_manifest_is_not_written(run, tmp_path, files, said):
    _, _, err = run(files, "--write")
    assert f"model.yaml: {said}\n" in err
    assert not (tmp_path / "repo" / "model.yaml").exists()


def test_weights_in_the_repository_are_judged_in_their_folder(run):
    gguf = {"models/tiny/tiny.Q4_K_M.gguf": "GGUF", "loose.gguf": "GGUF"}
    code, report, _ = run(gguf)
    assert code == 1
    whats = {one["what"]: one["why"] for one in report["scans"][0]["unresolved"]}
    assert list(whats) == ["./loose.gguf"]
    assert ("models/tiny/tiny.Q4_K_M.gguf:1", "./models/tiny is file here and declared nowhere", True) in found(report)


def test_declared_weights_of_the_repository_are_found(run):
    manifest = "weighbridge: 1\nmodels:\n  - {model: ./models/tiny, objective: chat}\n"
    code, report, _ = run({"models/tiny/tiny.Q4_K_M.gguf": "GGUF", "model.yaml": manifest})
    assert (code, found(report)) == (0, [])


def test_equal_folders_give_equal_bytes(inside, project):  # noqa: F811
    project(MIXED)
    assert inside("scan", "--json").out == inside("scan", "--json").out


@pytest.mark.parametrize("form", ["text", "sarif", "junit", "github", "gitlab", "markdown", "html", "csv"])
def test_every_format_of_check_shows_a_scan_too(inside, project, form):  # noqa: F811
    project({"app.py": CODE, "b.py": UNNAMED})
    done = inside("scan", "--output", form)
    assert done.code == 1
    assert "models-declared" in done.out


def test_text_of_scanned_files_cannot_write_to_a_terminal(inside, project):  # noqa: F811
    project({"app.py": "from transformers import AutoModel\nAutoModel.from_pretrained(x['\u202e\\x1b'])\n"})
    out = inside("scan").out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_report_with_facts_shows_declared_and_undeclared_models_of_two_paths(inside, project):  # noqa: F811
    other = CODE.replace("bge-m3", "bge-base-en-v1.5")
    project({".git/x": "", "model.yaml": MANIFEST, "a/app.py": CODE + UNNAMED, "b/app.py": other})
    done = inside("scan", "a", "b", "--output", "html")
    assert done.code == 1
    assert "BAAI/bge-base-en-v1.5" in done.out
    assert "BAAI/bge-m3" in done.out


@pytest.mark.parametrize(
    "code",
    [
        'import checker\nfrom transformers import AutoModel\nAutoModel.from_pretrained(**checker.pin("bge-m3").pretrained)\n',
        'from checker import pin\nfrom vllm import LLM\np = pin("bge-m3")\nLLM(model=p.model, revision=p.revision)\n',
        'import subprocess\nsubprocess.run("vllm serve $(weighbridge get bge-m3.model)", shell=True)\n',
    ],
)
def test_code_that_reads_the_manifest_uses_what_it_declares(run, code):
    done, report, _ = run({"app.py": code, "model.yaml": MANIFEST})
    assert (done, found(report)) == (0, [])
    assert report["scans"][0]["unresolved"] == []
    [evaluation] = report["manifests"][0]["models"][0]["evaluations"]
    assert (evaluation["margin"], evaluation["notes"]) == ("used in 1 place", [])


def test_a_script_that_reads_the_manifest_uses_what_it_declares(run):
    script = 'MODEL="$(weighbridge get bge-m3.model)"\nvllm serve "$MODEL"\n'
    done, report, _ = run({"run.sh": script, "model.yaml": MANIFEST})
    assert (done, found(report), report["scans"][0]["unresolved"]) == (0, [], [])


def test_weights_that_cannot_be_judged_name_no_model_and_the_others_count(run):
    files = {"models/x/x.gguf": "GGUF", "models/x/config.json": "{", "app.py": CODE}
    code, report, _ = run(files)
    assert code == 1
    assert found(report) == [("app.py:2", "BAAI/bge-m3 is loaded here and declared nowhere", True)]
    [nameless] = [model for model in report["manifests"][0]["models"] if model["name"] == "models that nobody names"]
    assert nameless["evaluations"][0]["missing"][0]["reason"].startswith("./models/x: local weights: ")


def test_long_lists_are_cut_and_say_so(inside, project):  # noqa: F811
    many = "".join(f"AutoModel.from_pretrained(n{number})\n" for number in range(50))
    more = 'AutoModel.from_pretrained("BAAI/bge-m3")\n' * 12
    vendored = {f"{name}/x.py": "" for name in ("vendor", "venv", "env", "dist", "build", "target", "wandb")}
    project({"app.py": f"from transformers import AutoModel\n{many}{more}", **vendored})
    out = inside("scan").out
    assert "and at 6 places more\n" in out
    assert "  and 10 more of these; --json has them all\n" in out
    assert "  left out: build, dist, env, target, vendor, venv and 1 more\n" in out
    assert "    and at 3 places more\n" in out


def test_a_report_only_run_says_so(run):
    code, report, _ = run({"app.py": CODE}, "--exit-zero", "--today", "2026-11-27")
    assert code == 0
    assert len(report["relaxations"]) == 2
