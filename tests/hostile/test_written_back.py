"""What commands write into YAML and JSON reads back as the text that it was, by our reader and by another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from checker.document.place import SourceFile
from checker.document.quote import in_quotes, quoted
from checker.document.tree import Mapping, Node, Scalar, parse
from checker.sizing.starting import kubernetes
from tests.hostile import oracles
from tests.hostile.payloads import MODEL, TEXTS, WORDS, as_yaml
from tests.hostile.workspace import OPEN
from tests.in_process import weighbridge  # noqa: F401

POLICY = "policy: acme\nversion: 1\nwaivers: {from: project, approvers: [legal@example.com], max_days: 90}\nrules: {revision-pinned: soft-mandatory}\n"
ODD = ("\U0001f600", "\ud7ff\ue000", "\\ud83d\\ude00", "a\tb", "'", '"', "\\", "a:", "#a", "-", "?", "...", "\u00a0x")
EVERY = (*TEXTS, *WORDS, *ODD)


def at(node: Node, *keys: str | int) -> str:
    """The text below some keys."""
    for key in keys:
        node = node.items[key].value if isinstance(node, Mapping) else node.items[key]
    assert isinstance(node, Scalar)
    return node.text


@pytest.mark.parametrize("write", [quoted, in_quotes])
@pytest.mark.parametrize(
    "around", ["a: {}\n", "- {}\n", "a: [x, {}, y]\n", "a: {{b: {}, c: d}}\n", "a:\n  - {}  # why\n"]
)
def test_a_value_reads_back(write, around):
    for text in EVERY:
        written = around.format(write(text))
        ours, theirs = parse(SourceFile("f", written)), yaml.load(written, yaml.BaseLoader)
        while not isinstance(ours, Scalar):
            ours = (
                next(iter(ours.items.values())).value if isinstance(ours, Mapping) else ours.items[len(ours.items) // 3]
            )
            theirs = next(iter(theirs.values())) if isinstance(theirs, dict) else theirs[len(theirs) // 3]
        assert (ours.text, theirs) == (text, text), ascii(written)
        assert list(oracles.terminal(written)) == []


def test_a_value_in_quotes_is_a_text_to_everybody():
    for text in EVERY:
        assert yaml.safe_load(in_quotes(text)) == text


def test_a_cluster_is_told_texts_alone():
    for text in EVERY:
        block = "".join(f"{line}\n" for line in kubernetes._block({"a": {"b": text, "c": [text, 1, True]}}))
        assert yaml.safe_load(block) == {"a": {"b": text, "c": [text, 1, True]}}


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_waiver_holds_what_was_said(number, tmp_path: Path, weighbridge):  # noqa: F811
    text, other = TEXTS[number], TEXTS[number - 1]
    (tmp_path / "policy.yaml").write_text(POLICY)
    (tmp_path / "model.yaml").write_text(OPEN)
    for reason, ticket in ((text, other), (other, text)):
        run = weighbridge(
            *("waiver", "add", "--policy", "policy.yaml", "--rule", "revision-pinned", "--model", "assistant"),
            *("--kind", "migration", "--approver", "legal@example.com", "--expires", "30d", "--today", "2026-11-28"),
            *(f"--reason={reason}", f"--ticket={ticket}", f"--id={reason[:200]}"),
        )
        assert run.code == 0, run.err
        assert list(oracles.terminal(run.out + run.err)) == []
    written = (tmp_path / "waivers.yaml").read_bytes().decode()
    ours, theirs = parse(SourceFile("w", written)), yaml.load(written, yaml.BaseLoader)["waivers"]
    for index, (reason, ticket) in enumerate(((text, other), (other, text))):
        assert (at(ours, "waivers", index, "reason"), at(ours, "waivers", index, "ticket")) == (reason, ticket)
        assert (theirs[index]["reason"], theirs[index]["ticket"]) == (reason, ticket)
        assert theirs[index]["id"] == reason[:200]


def test_init_writes_what_was_answered(tmp_path: Path, weighbridge):  # noqa: F811
    for answer in (TEXTS[0], "- x: #"):
        text = " ".join(answer.split())  # an answer is one line
        (tmp_path / "model.yaml").unlink(missing_ok=True)
        run = weighbridge(
            *("init", "--no-input", "--no-scan", "--objective", "chat", "--model", "Qwen/Qwen2.5-7B-Instruct"),
            *("--purpose", "commercial", "--distribution", "service", "--size-class", "general", "--goal", "none"),
            *("--context-window", "8192", "--gpu", "L4", "--documents", "none"),
            *(f"--owner={answer}", f"--project={answer}", f"--name={answer}"),
        )
        assert run.code in (0, 1, 3), run.err
        assert list(oracles.terminal(run.out + run.err)) == []
        written = (tmp_path / "model.yaml").read_bytes().decode()
        ours = parse(SourceFile("m", written))
        assert (at(ours, "owner"), at(ours, "project"), at(ours, "models", 0, "name")) == (text, text, text)
        assert yaml.load(written, yaml.BaseLoader)["owner"] == text


def test_a_draft_holds_the_models_that_code_names_and_nothing_else(tmp_path: Path, weighbridge):  # noqa: F811
    (tmp_path / "use").mkdir()
    calls = "".join(f"pipeline('text-generation', model={text!r}, revision={text!r})\n" for text in (*TEXTS, MODEL))
    (tmp_path / "use" / "a\n- model: evil\u2028x.py").write_text(f"from transformers import pipeline\n{calls}")
    run = weighbridge("scan", ".", "--write", "--policy", "weighbridge:starter")
    assert run.code in (0, 1, 2, 3), run.err
    assert list(oracles.terminal(run.out + run.err)) == []
    written = (tmp_path / "model.yaml").read_bytes().decode()
    names = [entry["model"] for entry in yaml.load(written, yaml.BaseLoader)["models"]]
    assert MODEL in names
    assert set(names) <= {*TEXTS, MODEL}
    assert list(oracles.terminal(written)) == []


def test_a_lock_of_a_hostile_folder_reads_back(tmp_path: Path, weighbridge):  # noqa: F811
    folder = tmp_path / "local"
    folder.mkdir()
    card = as_yaml({"license": TEXTS[0], "license_name": TEXTS[1], "base_model": TEXTS[2], "pipeline_tag": TEXTS[3]})
    (folder / "README.md").write_text(f"---\n{card}\n---\n")
    (folder / "config.json").write_text(json.dumps({"model_type": TEXTS[4][:60], "architectures": [TEXTS[5][:60]]}))
    (folder / "LICENSE").write_text("\n".join(TEXTS))
    (folder / "a\n::error::x.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    (tmp_path / "model.yaml").write_text(
        "weighbridge: 1\nowner: t\nmodels:\n  - {name: a, model: ./local, objective: chat}\n"
    )
    run = weighbridge("lock", "--offline")
    assert run.code in (0, 2, 3), run.err
    assert list(oracles.terminal(run.out + run.err)) == []
    check = weighbridge("check", "--policy", "weighbridge:starter")
    assert list(oracles.terminal(check.out + check.err)) == []
    if (tmp_path / "model.lock").exists():
        written = (tmp_path / "model.lock").read_bytes().decode()
        assert list(oracles.of_json(written)) == []
        assert check.code in (0, 3), check.out + check.err


def test_a_fix_changes_its_line_alone(tmp_path: Path, weighbridge):  # noqa: F811
    entry = f"  - model: Qwen/Qwen2.5-7B-Instruct\n    license: apache 2.0\n    # {TEXTS[0]!a}\n    objective: chat\n"
    head = f"weighbridge: 1\nowner: {in_quotes(TEXTS[2])}\nuse: {{regions: [{', '.join(map(in_quotes, TEXTS))}]}}\nmodels:\n"
    (tmp_path / "model.yaml").write_text(head + entry)
    run = weighbridge("check", "model.yaml", "--policy", "weighbridge:enterprise", "--fix")
    assert (tmp_path / "model.yaml").read_text() == head + entry.replace("apache 2.0", "Apache-2.0"), run.err
    assert list(oracles.terminal(run.out + run.err)) == []
