"""`weighbridge select`: from options and from a manifest, its outputs, and what it writes."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pytest

QWEN = "Qwen/Qwen2.5-7B-Instruct"
CHAT = ("select", "--objective", "chat", "--context-window", "32768", "--gpu", "RTX 4090")
OPEN = """\
weighbridge: 1
owner: support  # who answers
hardware: {gpu: RTX 4090}
models:
  # the assistant
  - name: assistant
    objective: chat
    deployment:
      context_window: 32768   # long tickets
  - name: finder
    model: BAAI/bge-m3
    revision: 5617a9f61b028005a4858fdac845db406aefb181
    objective: similarity
    deployment: {context_window: 512}
"""


@pytest.fixture
def few(monkeypatch):
    """A catalogue of a few models: the whole one takes a second for each run."""
    from checker.facts.catalogue import Catalogue

    ids = (
        *("BAAI/bge-m3", "deepseek-ai/DeepSeek-R1", "google/gemma-2-9b-it", "meta-llama/Llama-3.2-90B-Vision-Instruct"),
        *("microsoft/phi-4", "openai/gpt-oss-20b", QWEN, "Qwen/Qwen2.5-14B-Instruct"),
    )
    monkeypatch.setattr(Catalogue, "ids", lambda self: ids)


def test_text_tells_the_groups_the_reasons_and_the_weights(few, inside):
    code, out, err = inside(*CHAT)
    assert (code, err) == (0, "")
    assert "ranked by quality 3, fit 1, context 1, size 1, license 1, age 1 (--weight NAME=VALUE)" in out
    assert "2 pass\n   1. openai/gpt-oss-20b *" in out
    assert f"   2. {QWEN}" in out
    assert "with int4 (awq-int4) instead of the published weights" in out
    assert "serving-fits: needs 631.9 GiB" in out
    assert "organisation.seat is unknown" in out
    assert "2 passes, 2 passes-with-a-change, 1 near-miss, 1 not-evaluated, 2 stopped" in out


def test_weights_turn_the_order(few, inside):
    plain, turned = inside(*CHAT, "--json"), inside(*CHAT, "--json", "--weight", "quality=0", "--weight", "age=0")
    models = [[one["model"] for one in json.loads(run.out)["models"]] for run in (plain, turned)]
    assert models[0][:2] == ["openai/gpt-oss-20b", QWEN]
    assert set(models[0]) == set(models[1])
    assert json.loads(turned.out)["ranking"]["weights"]["quality"] == 0


def test_json_holds_scores_with_setting_source_and_kind(few, inside):
    document = json.loads(inside(*CHAT, "--output", "json").out)
    model = next(one for one in document["models"] if one["model"] == QWEN)
    assert model["quality"]["setting"] == "5-shot, HELM"
    assert model["quality"]["reported_by"] == "third-party"
    assert {one["reported_by"] for one in model["benchmarks"]} == {"publisher", "third-party"}
    assert all(one["source"] for one in model["benchmarks"])
    assert model["criteria"]["size"] is None


def test_scores_of_the_publisher_alone(few, inside):
    run = inside(*CHAT, "--json", "--benchmark", "HumanEval", "--reported-by", "publisher")
    model = next(one for one in json.loads(run.out)["models"] if one["model"] == QWEN)
    assert (model["quality"]["score"], model["quality"]["reported_by"]) == (84.8, "publisher")


def test_every_format_once_and_each_into_its_file(few, inside, tmp_path):
    code, out, err = inside(*CHAT, "--output", "csv=a.csv", "--output", "markdown=a.md", "--output", "json")
    assert code == 0
    assert json.loads(out)["format"] == 1
    assert err.startswith("2 passes")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 8
    assert rows[0]["group"] == "passes"
    assert "| <code>openai/gpt-oss-20b</code> ★ |" in (tmp_path / "a.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("model", "code", "told"),
    [
        ("Qwen2.5-7B-Instruct", 0, "HumanEval 84.8 (publisher; as published in blog table) from publication"),
        ("phi-4", 1, "remedy: "),
        ("gemma-2-9b-it", 1, "license-allowed"),
        ("Llama-3.2-90B-Vision-Instruct", 3, "organisation.seat is unknown"),
    ],
)
def test_why_tells_everything_of_one_model(few, inside, model, code, told):
    run = inside(*CHAT, "--why", model)
    assert run.code == code
    assert told in run.out
    assert "quality: " in run.out
    assert "checklist-complete" in run.out


def test_an_open_entry_is_filled_and_every_other_line_stays(few, inside, project):
    folder = project({"model.yaml": OPEN})
    code, _, err = inside("select", "model.yaml", "--write", QWEN)
    assert (code, err.splitlines()) == (0, [f"model.yaml: wrote {QWEN}"])
    text = (folder / "model.yaml").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line not in OPEN.splitlines()] == [
        f"  - model: {QWEN}",
        "    revision: a09a35458c702b33eeacc393d103063234e8bc28",
        "    name: assistant",
    ]
    assert inside("check", "model.yaml").code == 0


def test_a_change_is_written_with_the_model(few, inside, project):
    folder = project({"model.yaml": OPEN})
    code, _, err = inside("select", "model.yaml", "--write", "phi-4")
    assert code == 0
    assert "model.yaml: with int4 (awq-int4) instead of the published weights" in err
    text = (folder / "model.yaml").read_text(encoding="utf-8")
    assert "      context_window: 16384   # long tickets\n" in text
    assert "      quantization: awq-int4\n" in text
    assert inside("check", "model.yaml").code == 0


def test_a_flow_entry_is_filled_inside_its_brace(few, inside, project):
    text = "weighbridge: 1\nmodels: [{objective: chat, deployment: {context_window: 8192, hardware: {gpu: L4}}}]\n"
    folder = project({"model.yaml": text})
    assert inside("select", "--write", QWEN, "model.yaml").code == 0
    written = (folder / "model.yaml").read_text(encoding="utf-8")
    assert f"[{{model: {QWEN}, revision: a09a35458c702b33eeacc393d103063234e8bc28, objective: chat," in written


def test_options_make_a_manifest_and_then_add_to_it(few, inside, tmp_path):
    assert inside(*CHAT, "--write", "Qwen2.5-14B-Instruct").code == 0
    written = (tmp_path / "model.yaml").read_text(encoding="utf-8")
    assert "    deployment: {context_window: 32768, quantization: awq-int4}\n" in written
    assert inside("check", "model.yaml").code == 0
    assert inside("select", "--objective", "similarity", "--write", "bge-m3").code == 0
    assert (tmp_path / "model.yaml").read_text(encoding="utf-8").startswith(written)
    run = inside(*CHAT, "--write", QWEN)
    assert run.code == 2
    assert "states that for all its models" in run.err


def test_what_does_not_pass_is_not_written(few, inside, tmp_path):
    run = inside(*CHAT, "--write", "gemma-2-9b-it")
    assert run.code == 2
    assert "google/gemma-2-9b-it does not pass: stopped" in run.err
    assert not (tmp_path / "model.yaml").exists()


def test_models_on_the_same_hardware_are_added_up(few, inside, project):
    alone = json.loads(inside(*CHAT, "--json").out)
    project({"model.yaml": OPEN})
    beside = json.loads(inside("select", "model.yaml", "--json").out)
    needed = [
        next(one["memory_bytes"] for one in document["models"] if one["model"] == QWEN) for document in (alone, beside)
    ]
    assert needed[1] > needed[0]


def test_the_plot_shows_the_front_and_the_stopped_with_their_reason(few, inside, tmp_path):
    assert inside(*CHAT, "--plot", "plot.svg").code == 0
    tree = ET.fromstring((tmp_path / "plot.svg").read_text(encoding="utf-8"))
    names = {"svg": "http://www.w3.org/2000/svg"}
    circles = {
        (circle.find("svg:title", names).text or "").partition(":")[0]: circle.get("class")
        for circle in tree.findall("svg:circle", names)
        if circle.find("svg:title", names) is not None
    }
    assert circles["openai/gpt-oss-20b"] == "passes"
    assert circles["microsoft/phi-4"] == "changed"
    assert circles["deepseek-ai/DeepSeek-R1"] == "stopped"
    titles = [title.text for title in tree.iterfind(".//svg:title", names)]
    assert any("serving-fits: needs 631.9 GiB" in title for title in titles)
    assert "prefers-color-scheme: dark" in (tmp_path / "plot.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("select",), "no objective is named"),
        (("select", "--objective", "chta"), "did you mean `chat`"),
        (("select", "--objective", "chat", "--gpu", "L4"), "--gpu is named, and nothing that would run on it"),
        (("select", "model.yaml", "--objective", "chat"), "--objective beside model.yaml"),
        (("select", "model.yaml", "--entry", "asistant"), "did you mean `assistant`"),
        (("select", "--objective", "chat", "--entry", "a"), "--entry without a manifest"),
        ((*CHAT, "--why", "Qwen2.5-7B-Instrct"), "no candidate is called `Qwen2.5-7B-Instrct`"),
        ((*CHAT, "--plot", "plot.png"), "--plot plot.png is no name of an SVG"),
        ((*CHAT, "--verdicts", "rows.xml"), "--verdicts rows.xml says no format"),
        ((*CHAT, "--json", "--output", "text"), "two outputs go to standard output"),
        ((*CHAT, "--output", "csv=a", "--output", "json=a"), "two outputs go to a"),
        ((*CHAT, *(f"--weight={name}=0" for name in ("quality", "fit", "context", "size", "license", "age"))), "every"),
    ],
)
def test_what_cannot_be_used_is_said(few, inside, project, arguments, told):
    project({"model.yaml": OPEN})
    run = inside(*arguments)
    assert run.code == 2
    assert told in run.err


@pytest.mark.parametrize(
    "option", ["--weight=speed=1", "--weight=fit=-1", "--weight=fit=x", "--top=0", "--output=yaml", "--output=csv=",
               "--today=now"],
)  # fmt: skip
def test_an_option_that_is_none_ends_with_usage(few, inside, option):
    with pytest.raises(SystemExit) as ended:
        inside(*CHAT, option)
    assert ended.value.code == 2


def test_an_entry_that_has_a_model_can_be_chosen_again(few, inside, project):
    folder = project({"model.yaml": OPEN.replace("    objective: chat", f"    model: {QWEN}\n    objective: chat")})
    run = inside("select", "model.yaml", "--entry", "assistant", "--write", "openai/gpt-oss-20b")
    assert "openai/gpt-oss-20b" not in run.err or run.code == 0
    assert "model: openai/gpt-oss-20b" in (folder / "model.yaml").read_text(encoding="utf-8")
    assert inside("select", "model.yaml").code == 2


def test_line_ends_of_windows_stay(few, inside, tmp_path):
    (tmp_path / "model.yaml").write_bytes(OPEN.replace("\n", "\r\n").encode())
    assert inside("select", "model.yaml", "--write", QWEN).code == 0
    written = (tmp_path / "model.yaml").read_bytes()
    assert f"  - model: {QWEN}\r\n    revision: ".encode() in written
    assert written.count(b"\n") == written.count(b"\r\n") == OPEN.count("\n") + 2


def test_a_manifest_that_cannot_be_read_is_said(few, inside, project):
    project({"model.yaml": "weighbridge: 1\nmodels:\n  - model: acme/a\n    objective: chat\n    use: 1\n"})
    assert inside("select", "model.yaml", "--entry", "a").code == 2


def test_a_benchmark_that_nobody_recorded_has_the_nearest_beside_it(few, inside):
    assert (
        "no source has a score of one of these models; did you mean `MMLU`?" in inside(*CHAT, "--benchmark=MMLUU").out
    )


def test_a_model_that_only_a_lock_can_pin_is_written_with_what_comes_next(inside, monkeypatch):
    from checker.facts.catalogue import Catalogue

    model = "internlm/internlm3-8b-instruct"
    monkeypatch.setattr(Catalogue, "ids", lambda self: (model,))
    run = inside("select", "--objective", "chat", "--context-window", "16k", "--gpu", "RTX 4090", "--write", model)
    assert run.err.endswith("next: `weighbridge lock`, without which `weighbridge check` refuses it\n")
    assert inside("check").code == 1


@pytest.mark.parametrize("task", ["classify: mails", "mails # and more", "a\nevil: 1", "[x", "no"])
def test_what_options_say_is_written_as_a_value(few, inside, tmp_path, task):
    asked = ("select", "--objective", "other", "--task", task, "--context-window", "16k", "--gpu", "RTX 4090")
    assert inside(*asked, "--write", QWEN).code == 0
    text = (tmp_path / "model.yaml").read_text(encoding="utf-8")
    assert "context_window: 16384" in text
    entry = json.loads(inside("check", "--json").out)
    assert entry["exit_code"] == 0
    assert "evil" not in {line.strip().partition(":")[0] for line in text.splitlines()}


def test_a_policy_that_the_project_chose_is_named_in_every_output(few, inside, project, tmp_path):
    policy = "policy: acme\nversion: 1\nrules: {license-known: advisory}\n"
    project({"acme.yaml": policy, "pyproject.toml": '[tool.weighbridge]\npolicy = "acme.yaml"\n'})
    names = ("csv", "json", "markdown", "text")
    inside(*CHAT, "--plot", "out.svg", *(part for name in names for part in ("--output", f"{name}=out.{name}")))
    for name in (*names, "svg"):
        assert "the project chose its policy in pyproject.toml" in (tmp_path / f"out.{name}").read_text("utf-8"), name
    assert "relaxed: the project chose its policy in pyproject.toml\n" in inside(*CHAT, "--why", QWEN).out


def test_another_day_is_named_in_the_table_too(few, inside):
    rows = list(csv.DictReader(io.StringIO(inside(*CHAT, "--today", "2026-11-02", "--output", "csv").out)))
    assert [(row["model"], row["reasons"]) for row in rows if row["group"] == "relaxed"] == [
        ("", "'--today 2026-11-02")
    ]
