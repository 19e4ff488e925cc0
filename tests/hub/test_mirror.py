"""A real server, olah, serves real git repositories as the Hub does; the real command locks them, and a check agrees.

`python3 dev.py test --extra` makes the environment that holds it.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.conftest import Command
from tests.hub.checking import check_without_sockets, verdicts
from tests.hub.models import MINILM, MODULES, QWEN_PARAMETERS, as_bytes, minilm_shapes, qwen_files
from tests.hub.stub import gguf_header, safetensors_header
from tools.environment import program
from tools.extra_tests import MIRROR_VENV

pytestmark = pytest.mark.mirror

QWEN_ID = "Qwen/Qwen2.5-0.5B-Instruct"
MINILM_ID = "sentence-transformers/all-MiniLM-L6-v2"
GGUF_ID = "acme/small-GGUF"

WEIGHTS = ("model.safetensors", "small-Q4_K_M.gguf")


def minilm_files() -> dict[str, bytes]:
    return {
        "1_Pooling/config.json": as_bytes({"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True}),
        "README.md": b"---\nlicense: apache-2.0\npipeline_tag: sentence-similarity\nlibrary_name: sentence-transformers\n---\n",
        "config.json": as_bytes(MINILM),
        "model.safetensors": safetensors_header(minilm_shapes()),
        "modules.json": as_bytes(MODULES),
        "sentence_bert_config.json": as_bytes({"max_seq_length": 256}),
        "tokenizer_config.json": as_bytes({"do_lower_case": True}),
    }


def gguf_files() -> dict[str, bytes]:
    keys = {"general.architecture": "llama", "general.file_type": 15, "llama.context_length": 8192}
    return {
        "README.md": b"---\nlicense: mit\nbase_model: acme/small\nbase_model_relation: quantized\n---\n",
        "small-Q4_K_M.gguf": gguf_header(keys, {"token_embd.weight": [4096, 1000]}),
    }


def make_repository(folder: Path, files: dict[str, bytes]) -> str:
    """A git repository with the files at one commit, weights in large file storage; the commit."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_stored(folder, content) if name in WEIGHTS else content)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{who}_NAME": "test", f"GIT_{who}_EMAIL": "test@example.com"}
        environment[f"GIT_{who}_DATE"] = "2026-01-01T00:00:00Z"

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "--quiet", "--initial-branch", "main")
    git("add", "--all")
    git("commit", "--quiet", "--message", "Publish")
    git("tag", "v1")
    return git("rev-parse", "HEAD")


def _stored(folder: Path, content: bytes) -> bytes:
    """Put the content where large file storage keeps it; the pointer that is committed instead."""
    digest = hashlib.sha256(content).hexdigest()
    path = folder / ".git" / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n".encode()


class Mirror:
    """The running server, and the commits of what it serves."""

    def __init__(self, url: str, commits: dict[str, str]) -> None:
        self.url = url
        self.commits = commits


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    folder = tmp_path_factory.mktemp("mirror")
    held = {QWEN_ID: qwen_files(), MINILM_ID: minilm_files(), GGUF_ID: gguf_files()}
    commits = {name: make_repository(folder / "mirrors" / "models" / name, files) for name, files in held.items()}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    config = folder / "olah.toml"
    config.write_text(
        f'[basic]\nhost = "127.0.0.1"\nport = {port}\nrepos-path = "{(folder / "cache").as_posix()}"\n'
        f'mirrors-path = ["{(folder / "mirrors").as_posix()}"]\n[accessibility]\noffline = true\n',
        encoding="utf-8",
    )
    command = [program("olah-cli", MIRROR_VENV), "--config", str(config), "--log-path", str(folder / "logs")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(f"{url}/api/models/{QWEN_ID}/revision/main", server, folder / "log")
        yield Mirror(url, commits)
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=5) as answer:
                answer.read()
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the mirror did not start: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def entries(folder: Path) -> dict[str, Any]:
    document = json.loads((folder / "model.lock").read_text(encoding="utf-8"))
    return {entry["model"]: entry for entry in document["models"]}


MANIFEST = f"""\
weighbridge: 1
owner: support
use: {{purpose: commercial, distribution: service, regions: [EU]}}
models:
  - model: {QWEN_ID}
    license: apache-2.0
    objective: chat
    deployment: {{context_window: 8192, hardware: {{gpu: L4}}}}
  - model: {MINILM_ID}
    revision: v1
    license: apache-2.0
    objective: similarity
    deployment: {{context_window: 256, hardware: {{gpu: T4}}}}
"""


def test_what_the_mirror_serves_is_locked_and_judged_as_from_the_catalogue(
    mirror: Mirror, weighbridge: Command, project: Any, tmp_path: Path
) -> None:
    project({"model.yaml": MANIFEST})
    run = weighbridge("lock", HF_ENDPOINT=mirror.url)
    assert run.code == 0, run.err
    assert "Qwen/Qwen2.5-0.5B is not on" in run.err, "the base is not served, which is said and no failure"
    held = entries(tmp_path)
    qwen, minilm = held[QWEN_ID], held[MINILM_ID]
    assert (qwen["commit"], minilm["commit"]) == (mirror.commits[QWEN_ID], mirror.commits[MINILM_ID])
    assert minilm["revision"] == "v1"
    assert qwen["facts"]["parameters"] == {
        "value": QWEN_PARAMETERS,
        "certainty": "verified",
        "source": "safetensors headers",
    }
    assert minilm["facts"]["parameters"]["value"] == 22_713_216
    weights = next(file for file in qwen["files"] if file["path"] == "model.safetensors")
    assert weights["sha256"] == hashlib.sha256(qwen_files()["model.safetensors"]).hexdigest()
    assert weights["size"] == len(qwen_files()["model.safetensors"])
    locked = check_without_sockets(tmp_path)
    (tmp_path / "model.lock").unlink()
    recorded = check_without_sockets(tmp_path)
    same = {"architecture-objective", "base-or-instruct", "context-window", "license-allowed", "license-declared"}
    same |= {"license-known", "license-lineage", "license-use", "serving-fits", "publisher-allowed"}
    for key, verdict in verdicts(recorded).items():
        if key[1] in same:
            assert (key, verdicts(locked)[key]) == (key, verdict)


def test_a_gguf_file_is_known_by_its_header(mirror: Mirror, weighbridge: Command, project: Any, tmp_path: Path) -> None:
    project({"model.yaml": f"weighbridge: 1\nmodels:\n  - {{model: {GGUF_ID}, objective: chat}}\n"})
    run = weighbridge("lock", HF_ENDPOINT=mirror.url)
    assert run.code == 0, run.err
    facts = entries(tmp_path)[GGUF_ID]["facts"]
    assert facts["gguf"]["value"] == [
        {
            "path": "small-Q4_K_M.gguf",
            "architecture": "llama",
            "quantization": "Q4_K_M",
            "parameters": 4_096_000,
            "context": 8192,
        }
    ]
    assert facts["parents"]["value"] == [{"model": "acme/small", "relation": "quantized"}]
    assert facts["weight_formats"]["value"] == ["gguf"]


def test_nothing_has_drifted_and_a_revision_that_is_not_there_is_told(
    mirror: Mirror, weighbridge: Command, project: Any
) -> None:
    project({"model.yaml": MANIFEST})
    assert weighbridge("lock", HF_ENDPOINT=mirror.url).code == 0
    checked = weighbridge("lock", "--check", HF_ENDPOINT=mirror.url)
    assert (checked.code, checked.out.splitlines()[1:]) == (0, ["model.lock: no drift"])
    project({"model.yaml": MANIFEST.replace("revision: v1", "revision: v9")})
    run = weighbridge("lock", HF_ENDPOINT=mirror.url)
    assert run.code == 3
    assert MINILM_ID in run.err


def test_the_organisation_resolves_for_its_projects(mirror: Mirror, weighbridge: Command, tmp_path: Path) -> None:
    run = weighbridge("lock", "--for-organisation", f"{MINILM_ID}@v1", "-o", "approved.lock", HF_ENDPOINT=mirror.url)
    assert run.code == 0
    document = json.loads((tmp_path / "approved.lock").read_text(encoding="utf-8"))
    assert [entry["model"] for entry in document["models"]] == [MINILM_ID]
