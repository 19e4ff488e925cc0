"""Files of single kinds: what is read out of them, and what is not."""

from __future__ import annotations

import json

import pytest

from checker.scan.find import scan
from checker.scan.walk import kind_of


def used(folder):
    return [(use.at.line, use.model) for use in scan(folder).uses]


@pytest.mark.parametrize(
    ("name", "content", "uses"),
    [
        ("Procfile", "web: vllm serve BAAI/bge-m3\n", [(1, "BAAI/bge-m3")]),
        ("Makefile", "M := BAAI/bge-m3\nrun:\n\tvllm serve $(M)\n", [(3, "BAAI/bge-m3")]),
        (".env", "# x\nexport EMB_MODEL='BAAI/bge-m3' # ours\nNAME=x\n", [(2, "BAAI/bge-m3")]),
        ("a.sh", ": ${M:=BAAI/bge-m3}\nvllm serve $M\n", [(2, "BAAI/bge-m3")]),
        ("a.sh", "M=${1:-BAAI/bge-m3}\nvllm serve $M\n", [(2, "BAAI/bge-m3")]),
        ("a.sh", "vllm serve \\\n  # why\n  BAAI/bge-m3\n", [(3, "BAAI/bge-m3")]),
        ("a.sh", "cat <<EOF\nvllm serve BAAI/bge-m3\nEOF\n", []),
        ("a.sh", "python3 <<'EOF'\nX.from_pretrained('BAAI/bge-m3')\nEOF\n", [(2, "BAAI/bge-m3")]),
        ("a.sh", "python - <<EOF\ndef (\nEOF\nvllm serve BAAI/bge-m3\n", [(4, "BAAI/bge-m3")]),
        ("a.sh", "vllm serve 'BAAI/bge-m3\n", []),
        ("a.sh", "bash -c 'vllm serve BAAI/bge-m3'\n", [(1, "BAAI/bge-m3")]),
        ("a.sh", "kubectl exec pod -- ollama pull bge-m3\n", [(1, "BAAI/bge-m3")]),
        ("a.sh", "docker run -e MODEL_ID=BAAI/bge-m3 ghcr.io/huggingface/text-embeddings-inference:1\n", [(1, "BAAI/bge-m3")]),
        ("a.sh", "docker run --env=MODEL_ID=BAAI/bge-m3 text-embeddings-inference\n", [(1, "BAAI/bge-m3")]),
        ("a.sh", "docker run -it\ndocker build .\n", []),
        ("a.sh", "huggingface-cli download --repo-type dataset a/b\n", []),
        ("a.sh", "git status\ngit pull https://huggingface.co/a/b\n", []),
        ("a.sh", "vllm serve your-org/your-model; true | cat & wait\n", []),
        ("Dockerfile", "FROM scratch\nENV M BAAI/bge-m3\nRUN [\"vllm\", \"serve\", \"BAAI/bge-m3\"]\n", [(3, "BAAI/bge-m3")]),
        ("Dockerfile", "FROM x\nCMD vllm serve BAAI/bge-m3 && true\n", [(2, "BAAI/bge-m3")]),
        ("Dockerfile", "FROM --platform=x ghcr.io/huggingface/text-generation-inference:2\nENV MODEL_ID=a/b-7b\n", [(2, "a/b-7b")]),
        ("Dockerfile", "RUN vllm serve BAAI/bge-m3\n", [(1, "BAAI/bge-m3")]),
        ("Dockerfile", "RUN <<EOF\nvllm serve BAAI/bge-m3\nEOF\nRUN vllm serve a/b\n", [(2, "BAAI/bge-m3"), (4, "a/b")]),
        ("Dockerfile", "RUN python3 - <<EOF\nX.from_pretrained('BAAI/bge-m3')\nEOF\nRUN vllm serve a/b\n", [(2, "BAAI/bge-m3"), (4, "a/b")]),
        ("Dockerfile", "RUN echo 'a << b'\nRUN vllm serve a/b\n", [(2, "a/b")]),
        ("Dockerfile", "RUN python -c \"\\\nX.from_pretrained('BAAI/bge-m3')\"\n", [(2, "BAAI/bge-m3")]),
        ("Dockerfile", "FROM x\nCMD [1, \n", []),
        ("Dockerfile", "FROM ollama/ollama\nCMD [\"run\", \"bge-m3\"]\n", [(2, "BAAI/bge-m3")]),
        ("Modelfile", "# FROM x\nSYSTEM hello\n", []),
        ("adapter_config.json", "[]", []),
        ("adapter_config.json", '{"base_model_name_or_path": null}', []),
        ("adapter_config.json", '{"base_model_name_or_path": "a/b", "revision": "main"}', [(1, "a/b")]),
        ("package.json", '{"model": "BAAI/bge-m3"}', []),
        ("c.json", '{"models": ["BAAI/bge-m3", 3], "model": "x"}', [(1, "BAAI/bge-m3")]),
        ("c.json", '{"hf_repo": "BAAI\\u002fbge-m3"}', [(1, "BAAI/bge-m3")]),
        ("c.json", json.dumps({"model": "BAAI/bge-m3", "data": "x" * 300_000}), []),
        ("c.yaml", "# nothing but a comment on a model\n", []),
        ("c.yaml", "model: text/html\nllm: src/app.py\n", []),
        ("c.yaml", "model: openai/gpt-oss-20b\n", [(1, "openai/gpt-oss-20b")]),
        ("c.yaml", "model: openai/gpt-4o\n", []),
        ("c.yaml", "base_model: bert-base-uncased\n", [(1, "bert-base-uncased")]),
        ("c.yaml", "base_model: /data/x\ndatasets: []\n", []),
        ("c.yaml", "hf_model: acme/own\nmodel_revision: v2\n", [(1, "acme/own")]),
        ("c.yaml", "image: {repository: vllm/vllm-openai, tag: v1}\nargs: [--model, a/b-7b]\n", [(2, "a/b-7b")]),
        ("c.yaml", "image: vllm/vllm-openai\nargs: [--model, '{{ .Values.gone }}']\n", []),
        ("c.yaml", "image: vllm/vllm-openai\ncommand: [--port, '1']\n", []),
        ("c.yaml", "image: vllm/vllm-openai:1\nargs: [serve, a/b-7b]\n", [(2, "a/b-7b")]),
        ("c.yaml", "image: x\ncommand: python -m vllm.entrypoints.openai.api_server\n", []),
        ("weighbridge-policy.yaml", "rules: {model-denied: {models: [BAAI/bge-m3]}}\n", []),
        ("other.yaml", "weighbridge: 1\nmodels: [{model: BAAI/bge-m3}]\n", []),
        ("model.yaml", "model: BAAI/bge-m3\n", [(1, "BAAI/bge-m3")]),
        ("a.ipynb", '{"worksheets": [{"cells": [{"cell_type": "code", "input": "x"}]}]}', []),
        ("a.ipynb", '{"cells": [{"cell_type": "code", "source": ["%%bash\\n", "vllm serve BAAI/bge-m3"]}]}', [(1, "BAAI/bge-m3")]),
        ("a.ipynb", '{"cells": [{"cell_type": "code", "source": ["%%html\\n", "x"]}]}', []),
        ("a.ipynb", "{}", []),
        ("a.txt", "vllm serve BAAI/bge-m3\n", []),
    ],
)  # fmt: skip
def test_a_file_is_read_by_its_kind(tmp_path, name, content, uses):
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert used(tmp_path) == uses


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Dockerfile", "docker"), ("Dockerfile.gpu", "docker"), ("gpu.dockerfile", "docker"), ("Modelfile.x", "modelfile"),
        (".env.example", "variables"), ("prod.env", "variables"), ("a.py", "python"), ("a.md", None),
    ],
)  # fmt: skip
def test_a_kind_is_told_by_the_name(name, kind):
    assert kind_of(name) == kind


def test_a_folder_that_cannot_be_listed_is_named(tmp_path, monkeypatch):
    import os

    def walk(root, onerror):
        onerror(PermissionError(13, "Permission denied", f"{root}/secret"))
        yield str(root), [], []

    monkeypatch.setattr(os, "walk", walk)
    [unread] = scan(tmp_path).unread
    assert unread.file.endswith("/secret")
    assert unread.why == "the folder cannot be listed: Permission denied"


def test_the_values_of_a_chart_that_cannot_be_read_leave_its_templates_unnamed(tmp_path):
    (tmp_path / "Chart.yaml").write_text("name: x\n")
    (tmp_path / "values.yaml").write_text("model: [\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "d.yaml").write_text('image: vllm/vllm-openai\nargs: [--model, "{{ .Values.model }}"]\n')
    found = scan(tmp_path)
    assert [one.what for one in found.unresolved] == ["${.Values.model}"]
    assert [one.file.rpartition("/")[2] for one in found.unread] == ["values.yaml"]


def test_an_environment_that_cannot_be_read_is_named_and_fills_nothing(tmp_path):
    (tmp_path / ".env").write_bytes(b"MODEL=\xff\n")
    (tmp_path / "c.yaml").write_text("image: vllm/vllm-openai\ncommand: --model ${MODEL}\n")
    found = scan(tmp_path)
    assert [one.what for one in found.unresolved] == ["${MODEL}"]
    assert [one.file.rpartition("/")[2] for one in found.unread] == [".env"]


def test_modules_are_found_from_where_they_are_imported(tmp_path):
    code = "from {} import N\nX.from_pretrained(N)\n"
    for path, text in {
        "a/conf.py": "N = 'a/near'",
        "b/conf.py": "N = 'b/near'",
        "a/app.py": code.format("conf"),
        "b/app.py": code.format("conf"),
        "a/sub/app.py": code.format("..conf"),
        "a/pkg/__init__.py": "N = 'a/pkg-near'",
        "a/other.py": code.format(".pkg"),
        "a/gone.py": code.format(".nothing"),
        "broken.py": "N = (",
        "a/last.py": code.format("broken"),
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = scan(tmp_path)
    models = {use.at.file.name.removeprefix(f"{tmp_path.as_posix()}/"): use.model for use in found.uses}
    assert models == {
        "a/app.py": "a/near", "b/app.py": "b/near", "a/sub/app.py": "a/near", "a/other.py": "a/pkg-near",
    }  # fmt: skip
    assert len(found.unresolved) == 2
