"""What is printed for a shell, a cluster or a log to act on does what was asked, and nothing that a manifest wrote."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from checker.document.errors import InputError
from checker.pins import KEYS, pin
from tests.fail_closed.case import laid_out
from tests.hostile.payloads import TEXTS, as_yaml
from tests.in_process import weighbridge  # noqa: F401
from tests.sizing.starting.test_commands import LLAMA

HEAD = "weighbridge: 1\nowner: t\nmodels:\n"
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
FOLDERS = (
    "a b",
    "$(touch owned)",
    "`touch owned`",
    "a;touch owned",
    "a'b",
    'a"b',
    "a&b|c>d",
    "*",
    "~",
    "#x",
    "a!b",
    "{a,b}",
)
PROGRAMS = ("vllm", "lm_eval", "accelerate", "mteb", "hf", "llama-server", "llama-quantize")


@pytest.mark.parametrize("key", KEYS)
def test_get_prints_one_word_or_nothing(key, tmp_path: Path, weighbridge):  # noqa: F811
    for text in (*TEXTS, "a b", "a\nb=c", "--trust-remote-code", "x --trust-remote-code"):
        entry = {"name": "a", "model": "acme/one", "objective": "chat", "revision": COMMIT}
        at = entry
        *above, last = key.split(".") if key in ("weights.model", "weights.revision") else (key,)
        if key not in entry and key not in ("license", "provider"):
            at = entry.setdefault("deployment", {})
            at = at.setdefault("weights", {}) if above else at
        at[last] = text
        (tmp_path / "model.yaml").write_text(HEAD + f"  - {as_yaml(entry)}".replace("\n", ""))
        run = weighbridge("get", f"a.{key}")
        if run.code == 0:
            assert key in ("license", "provider", "model", "weights.model")
            assert run.out == f"{text}\n"
            assert run.out.count("\n") == 1
            assert run.out.strip("\n").isprintable()
            assert not run.out.startswith("-")
        else:
            assert (run.code, run.out) == (2, ""), run.err


def test_a_program_is_handed_no_such_value_either(tmp_path: Path):
    entry = {"name": "a", "model": "acme/one\nx", "objective": "chat", "revision": COMMIT}
    (tmp_path / "model.yaml").write_text(HEAD + f"  - {as_yaml(entry)}".replace("\n", ""))
    with pytest.raises(InputError, match="no single word"):
        pin("a", tmp_path)


def ran(lines: str, folder: Path) -> list[list[str]]:
    """The words that each program gets when a shell takes the lines."""
    record = folder / "record"
    record.unlink(missing_ok=True)
    stand_ins = "".join(
        f'{name}() {{ printf "%s\\0" {name} "$@" >> {record}; printf "\\1\\0" >> {record}; }}\n' for name in PROGRAMS
    )
    done = subprocess.run(["bash", "-c", stand_ins + lines], cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return [call.split("\0")[:-1] for call in record.read_text().split("\1\0")[:-1]]


@pytest.mark.parametrize("name", FOLDERS)
def test_a_start_command_hands_over_the_folder_as_one_word(name, tmp_path: Path, weighbridge):  # noqa: F811
    folder = tmp_path / name
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(LLAMA))
    asked = ("fit", f"./{name}", "--serve", "--context-window", "512", "--gpu", "L4", "--command")
    run = weighbridge(*asked, "vllm")
    assert run.code == 0, run.err
    assert [words[:3] for words in ran(run.out, tmp_path)] == [["vllm", "serve", f"./{name}"]]
    assert not (tmp_path / "owned").exists()
    cluster = weighbridge(*asked, "kubernetes")
    deployment, service = yaml.safe_load_all(cluster.out)
    assert (deployment["kind"], service["kind"]) == ("Deployment", "Service")
    assert deployment["metadata"]["annotations"]["weighbridge.example/model"] == f"./{name}"


@pytest.mark.parametrize(
    "revision", ["x\n---\nkind: Pod\n# ", "--trust-remote-code", "a b", "../x", "a?b", "a..b", "a:b", "~"]
)
@pytest.mark.parametrize("command", ["check .", "fit . --command kubernetes", "fit . --command vllm", "lock --offline"])
def test_a_revision_is_a_name_that_git_admits(revision, command, tmp_path: Path, weighbridge):  # noqa: F811
    laid_out(tmp_path, {})
    entry = f"name: a, model: Qwen/Qwen2.5-7B-Instruct, objective: chat, revision: {as_yaml(revision)}"
    deployment = "deployment: {context_window: 8192, hardware: {gpu: L40S}}"
    (tmp_path / "model.yaml").write_text(f"{HEAD}  - {{{entry}, {deployment}}}\n")
    run = weighbridge(*command.split())
    said = run.out + run.err
    assert (run.code, "expected a commit of 40 hexadecimal digits" in said) == (2, True), said
    assert "kind: Pod\n" not in said


def test_a_revision_named_to_fit_is_held_to_the_same(tmp_path: Path, weighbridge):  # noqa: F811
    for revision in ("x\n---\nkind: Pod", "-x", "a\x1b[31m"):
        run = weighbridge(
            *("fit", "Qwen/Qwen2.5-7B-Instruct", "--serve", "--context-window", "512", "--gpu", "L4"),
            *("--command", "kubernetes", f"--revision={revision}"),
        )
        assert (run.code, run.out, "40 hexadecimal digits" in run.err) == (2, "", True)


NO_MODELS = ("./x,trust_remote_code=True", "./a=b", "./x;y", "./$(touch owned)")
NO_TASKS = (
    "mmlu,../evil",
    "./evil.yaml",
    "evil.yaml",
    "--include_path=.",
    "a b",
    "mmlu\n```\nrm -rf .",
    *TEXTS,
    "~",
    "=",
    "<<",
)


@pytest.mark.parametrize(("model", "tasks"), [*((model, ("mmlu",)) for model in NO_MODELS), ("./x", NO_TASKS)])
def test_a_plan_of_an_evaluation_holds_names_alone(model, tasks, tmp_path: Path, weighbridge):  # noqa: F811
    folder = tmp_path / model
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(LLAMA))
    for task in tasks:
        entry = {"name": "a", "model": model, "objective": "chat", "baseline_run": {"tasks": [{"task": task}]}}
        (tmp_path / "model.yaml").write_text(HEAD + f"  - {as_yaml(entry)}".replace("\n", ""))
        run = weighbridge("baseline", "plan", "--entry", "a")
        said = "may hold" if tasks == ("mmlu",) else "is no name of a task"
        assert (run.code, said in run.out) == (3, True), run.out + run.err
        assert "lm_eval" not in run.out
