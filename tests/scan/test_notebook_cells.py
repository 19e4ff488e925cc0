"""Cells as people write them: IPython's own lines, scripts over several lines, and cells that nobody can parse."""

from __future__ import annotations

import json

import pytest

from checker.document.place import SourceFile
from checker.scan import notebook

LOAD = 'm = AutoModel.from_pretrained("a/b")\n'


def read(*cells):
    """The models of a notebook with these cells, and what is said to be unread."""
    text = json.dumps({"cells": [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]})
    found = notebook.read(SourceFile("n.ipynb", text), lambda _: None)
    return [use.model for use in found.uses], [one.why for one in found.unresolved]


@pytest.mark.parametrize(
    "cell",
    [
        f"%time {LOAD}",
        f"%timeit -n 1 -r 1 {LOAD}",
        'm = %time AutoModel.from_pretrained("a/b")\n',
        f"%%time\n{LOAD}",
        f"%%timeit\n{LOAD}",
        f"%%writefile app.py\n{LOAD}",
        f"{LOAD}m?\n",
        f"?m\n{LOAD}",
        f"files = !ls\n{LOAD}",
        f"!pip install transformers \\\n    accelerate\n{LOAD}",
        f"if True:\n    !ls\n    {LOAD}",
        "!vllm serve \\\n  a/b\n",
        "%%bash\nvllm serve \\\n  a/b\n",
        'NAME = "a/b"\n!vllm serve {NAME}\n',
        'NAME = "a/b"\n!vllm serve $NAME\n',
    ],
)
def test_a_cell_names_its_model(cell):
    assert read(cell) == (["a/b"], [])


@pytest.mark.parametrize("cell", [f"%%html\n{LOAD}", f"%%writefile notes.md\n{LOAD}", "for x in\n"])
def test_a_cell_without_python_that_loads_is_passed_over(cell):
    assert read("x = 1\n", cell) == ([], [])


def test_a_cell_that_nobody_can_parse_is_said_beside_those_that_can():
    assert read(LOAD, f"{LOAD}for x in\n") == (["a/b"], ["its cell is not Python that can be parsed"])


def test_text_that_looks_like_a_command_runs_nothing():
    assert read('TEXT = """\n!vllm serve a/b\n"""\n') == ([], [])
