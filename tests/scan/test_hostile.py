"""A hostile or broken file is named, and every other file is read nevertheless."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from checker.document.errors import InputError
from checker.scan import walk
from checker.scan.find import scan
from tests.ending import that_ends

GOOD = 'from transformers import AutoModel\nAutoModel.from_pretrained("BAAI/bge-m3")\n'
DEEP = 100_000
HOSTILE = [
    pytest.param("a.py", b"from_pretrained(\n", "Python cannot parse it: '(' was never closed, line 1", id="syntax"),
    pytest.param("a.py", b"x = 'from_pretrained'\0", "a NUL character", id="nul"),
    pytest.param("a.py", b"# from_pretrained \xff\xfe", "which is not UTF-8", id="bytes"),
    pytest.param("a.py", b"from_pretrained" + b"(" * DEEP, "too many nested parentheses", id="parentheses"),
    pytest.param("a.py", b"x = from_pretrained" + b" + 1" * DEEP, "nested too deeply", id="long sum"),
    pytest.param("a.py", b"from_pretrained" + b"#" * (1 << 20), "larger than 1 MiB", id="large"),
    pytest.param("n.ipynb", b"[1]", "no JSON object", id="no notebook"),
    pytest.param(
        "n.ipynb",
        b'{"cells": [{"cell_type": "code", "source": "ollama <- ("}]}',
        "no cell of it is Python",
        id="cell",
    ),
    pytest.param("n.ipynb", b"[" * DEEP, "no JSON", id="deep notebook"),
    pytest.param("c.json", b'{"model": ' + b"[" * DEEP, "nested too deeply", id="deep json"),
    pytest.param("c.json", b'{"model": ' + b"[" * 100 + b"1" + b"]" * 100 + b"}", "nested too deeply", id="json"),
    pytest.param("c.json", b'{"model": ', "no JSON", id="cut json"),
    pytest.param("c.yaml", b"model: [" + b"{a: " * 60, "more than 40 levels", id="deep yaml"),
    pytest.param("c.yaml", b"model: a\nmodel: b\n", "for the second time", id="twice"),
    pytest.param("c.yaml", b"model: x\n" + b"---\nmodel: x\n" * 300, "more than 200 documents", id="documents"),
    pytest.param("c.yaml", b"model: x\n" + b"# x\n" * 70_000, "larger than 256 KiB", id="large yaml"),
]


@pytest.mark.parametrize(("name", "content", "why"), HOSTILE)
def test_a_file_that_cannot_be_read_is_named_and_stops_nothing(tmp_path, name, content, why):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.py").write_text(GOOD)
    with that_ends():
        found = scan(tmp_path)
    assert [use.model for use in found.uses] == ["BAAI/bge-m3"]
    [unread] = found.unread
    assert unread.file.endswith(name)
    assert why in unread.why
    assert found.files_read == 1


BOMBS = [
    pytest.param("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nmodel: *c\n", id="aliases"),
    pytest.param("model: &m Qwen/Qwen3-8B\n<<: *m\nother: *m\n", id="merge"),
    pytest.param("model: " + "{{ a }}" * 5000 + "\n", id="templates"),
    pytest.param("command: vllm serve " + "${A:-" * 3000 + "}" * 3000 + "\n", id="variables"),
]


@pytest.mark.parametrize("text", BOMBS)
def test_yaml_that_grows_when_it_is_expanded_takes_no_time(tmp_path, text):
    (tmp_path / "c.yaml").write_text(text)
    with that_ends():
        scan(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "x0 = 'a'\n" + "".join(f"x{n} = x{n - 1} + x{n - 1}\n" for n in range(1, 60)) + "from_pretrained(x59)\n",
        "x = x or y\ny = y or x\nfrom_pretrained(x)\n",
        "def f(a=1): return f(f(a))\nfrom_pretrained(f(f(1)))\n",
        "t = {'a': t}\nfrom_pretrained(t['a']['a']['a'])\n",
        "x = f\"{'a' if b else 'c'}\" * 9\n"
        + "".join(f"y{n} = f'{{x}}{{x}}{{x}}'\n" for n in range(500))
        + "from_pretrained(y9)\n",
        "class A:\n    b = A.b\n    def g(self): self.c = self.c\nfrom_pretrained(A().c)\nfrom_pretrained(A.b)\n",
    ],
)
def test_code_that_leads_to_itself_ends(tmp_path, text):
    (tmp_path / "a.py").write_text(text)
    with that_ends():
        found = scan(tmp_path)
    assert not found.uses
    assert not found.unread


def test_modules_that_import_each_other_end(tmp_path):
    (tmp_path / "a.py").write_text("from b import NAME\nfrom transformers import X\nX.from_pretrained(NAME)\n")
    (tmp_path / "b.py").write_text("from a import NAME\n")
    assert [one.what for one in scan(tmp_path).unresolved] == ["NAME"]


def test_links_are_not_followed_and_vendored_folders_are_not_entered(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "app.py").write_text(GOOD)
    root = tmp_path / "root"
    for folder in ("node_modules/x", ".hidden", "venv/lib", "my-env/lib", "src"):
        (root / folder).mkdir(parents=True)
        (root / folder / "app.py").write_text(GOOD)
    (root / "my-env" / "pyvenv.cfg").write_text("")
    (root / "linked").symlink_to(outside)
    (root / "linked.py").symlink_to(outside / "app.py")
    found = scan(root)
    assert [use.at.file.name for use in found.uses] == [f"{root.as_posix()}/src/app.py"]
    names = {one.removeprefix(f"{root.as_posix()}/") for one in found.left_out}
    assert names == {"node_modules", ".hidden", "venv", "my-env/lib", "linked", "linked.py"}


def test_code_beside_the_mark_of_a_virtual_environment_is_read(tmp_path):
    """Anybody can write a `pyvenv.cfg`: the folders of an environment are left out, and nothing else."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "pyvenv.cfg").write_text("")
    (tmp_path / "app" / "main.py").write_text(GOOD)
    assert [Path(use.at.file.name).name for use in scan(tmp_path).uses] == ["main.py"]


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "a.py")
    assert scan(tmp_path).left_out == ((tmp_path / "a.py").as_posix(),)


def test_a_folder_of_too_many_files_is_refused_rather_than_read_in_part(tmp_path, monkeypatch):
    monkeypatch.setattr(walk, "MAX_FILES", 2)
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("")
    with pytest.raises(InputError, match="more than 2 files"):
        scan(tmp_path)


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no such file or folder"):
        scan(tmp_path / "nowhere")


def test_one_file_may_be_scanned_and_then_nothing_is_known_of_the_others(tmp_path):
    (tmp_path / "app.py").write_text(GOOD)
    found = scan(tmp_path / "app.py")
    assert [use.model for use in found.uses] == ["BAAI/bge-m3"]
    assert not found.whole


def test_what_is_excluded_is_not_read(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "app.py").write_text(GOOD)
    found = scan(tmp_path, exclude=("tests/*",))
    assert not found.uses
    assert not found.whole


def test_names_with_control_characters_are_no_models(tmp_path):
    (tmp_path / "c.json").write_text(json.dumps({"hf_model": "a/b\u001b[31m", "model_name_or_path": "a\n/b"}))
    assert not scan(tmp_path).uses
