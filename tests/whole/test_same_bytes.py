"""The same inputs on the same day give the same bytes, whatever the process was started with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.offline import ROOT
from tests.repository import Repository

LIKE_MOST = {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
LIKE_FEW = {
    "PYTHONHASHSEED": "4242",
    "TZ": "Pacific/Kiritimati",  # fourteen hours ahead: another day
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "LANGUAGE": "tr",
    "COLUMNS": "40",
    "HOME": "/nonexistent",
}
TEXT = """\
weighbridge: 1
project: naïve-bot
owner: équipe@example.com
use: {purpose: commercial, distribution: [service, weights], regions: [EU, US]}
hardware: {gpu: L40S}
models:
  - name: assistant
    model: meta-llama/Llama-3.1-8B-Instruct
    objective: chat
    deployment: {context_window: 8192}
    fine_tuning: {method: qlora, sequence_length: 2048, hardware: {gpu: L4}, produces: {name: Acme, license: MIT}}
  - {name: tuned, model: ./tuned, objective: chat}
  - {name: unheard, model: acme/unheard-of, objective: similarity, license: "Apache 2"}
  - {name: reranker, model: BAAI/bge-reranker-v2-m3, objective: reranking, revision: main}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A repository: paths in documents for hosts of code begin at its root, from whichever folder one asks."""
    folder = tmp_path_factory.mktemp("project")
    Repository(folder)
    (folder / "model.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "app.py").write_text('MODEL = "Qwen/Qwen2.5-7B-Instruct"\nimport transformers\n', encoding="utf-8")
    (folder / "tuned").mkdir()
    (folder / "tuned" / "README.md").write_text("---\nbase_model: google/gemma-2-9b\n---\n", encoding="utf-8")
    return folder


def everything(project: Path, out: Path, cwd: Path, umask: int, environment: dict[str, str]) -> dict[str, bytes]:
    """What all commands say in an environment, by the file's name."""
    out.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-m", "tests.whole.everything", project, out],
        cwd=cwd,
        umask=umask,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        check=True,
        timeout=300,
    )
    files = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def test_no_surroundings_change_a_byte(project, tmp_path):
    first = everything(project, tmp_path / "a", project, 0o022, LIKE_MOST)
    second = everything(project, tmp_path / "b", tmp_path, 0o077, LIKE_FEW)
    assert first.keys() == second.keys()
    assert len(first) > 25
    assert {name for name, content in first.items() if second[name] != content} == set()
    codes = {name: int(first[name].split(b"\n")[0]) for name in ("check", "audit", "scan", "select", "fit", "policy")}
    assert codes == {"check": 1, "audit": 1, "scan": 1, "select": 0, "fit": 0, "policy": 0}
