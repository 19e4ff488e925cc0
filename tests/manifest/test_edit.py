"""Edits of a manifest change what they name, and no other byte."""

from __future__ import annotations

import pytest

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.document.tree import parse
from checker.manifest.edit import Edit, edited, plain, rebuilt

TEXT = """\
# ours
weighbridge: 1   # one
hardware: {gpu: L4, count: 2}
models:
  - name: a  # the first
    model: Qwen/Qwen3-8B
    revision: "main"
    deployment:
      # how it is served
      context_window: 8192   # tokens
    known:
      native_context: {value: 1, evidence: x}

  - {name: b, model: x/y, revision: main}
"""


def changed(*edits: Edit, text: str = TEXT) -> str:
    return edited(SourceFile("model.yaml", text), edits)[0]


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (Edit(("models", 0, "revision"), "abc"), 'revision: "main"', "revision: abc"),
        (Edit(("models", 0, "deployment", "context_window"), "4096"), "8192   #", "4096   #"),
        (Edit(("hardware", "gpu"), "RTX 4090"), "{gpu: L4, count: 2}", "{gpu: RTX 4090, count: 2}"),
        (Edit(("hardware", "gpu"), "24 GiB", key="vram"), "{gpu: L4, count: 2}", "{vram: 24 GiB, count: 2}"),
        (Edit(("hardware", "gpu"), None), "{gpu: L4, count: 2}", "{count: 2}"),
        (Edit(("hardware", "count"), None), "{gpu: L4, count: 2}", "{gpu: L4}"),
        (Edit(("models", 1, "revision"), None), "{name: b, model: x/y, revision: main}", "{name: b, model: x/y}"),
        (
            Edit(("models", 1, "license"), "MIT"),
            "model: x/y, revision: main}",
            "model: x/y, license: MIT, revision: main}",
        ),
        (
            Edit(("models", 0, "license"), "MIT"),
            "    model: Qwen/Qwen3-8B\n",
            "    model: Qwen/Qwen3-8B\n    license: MIT\n",
        ),
        (
            Edit(("models", 0, "known"), None),
            "    known:\n      native_context: {value: 1, evidence: x}\n",
            "",
        ),
        (Edit(("use",), "{purpose: research}"), "count: 2}\n", "count: 2}\n"),
    ],
)
def test_an_edit_changes_its_key_alone(edit, before, after):
    if edit.path == ("use",):
        expected = TEXT.replace("weighbridge: 1   # one\n", "weighbridge: 1   # one\nuse: {purpose: research}\n")
        assert changed(edit) == expected
    else:
        assert changed(edit) == TEXT.replace(before, after)


def test_line_ends_of_windows_stay_and_new_lines_have_them():
    text = TEXT.replace("\n", "\r\n")
    found = changed(Edit(("models", 0, "license"), "MIT"), text=text)
    assert found == text.replace("model: Qwen/Qwen3-8B\r\n", "model: Qwen/Qwen3-8B\r\n    license: MIT\r\n")


def test_a_last_line_without_an_end_gets_one_before_a_new_key():
    text = "weighbridge: 1\nmodels:\n- model: a/b"
    assert changed(Edit(("models", 0, "license"), "MIT"), text=text) == text + "\n  license: MIT"


def test_the_tree_and_the_text_are_edited_alike():
    edits = (Edit(("models", 0, "license"), "MIT"), Edit(("hardware", "count"), "4"))
    source = SourceFile("model.yaml", TEXT)
    text, _ = edited(source, edits)
    assert plain(parse(SourceFile("model.yaml", text))) == plain(rebuilt(parse(source), edits))


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("weighbridge: 1\nowner: a\n  b\n", Edit(("owner",), "c")),  # the value goes on in the next line
        ("weighbridge: 1\nowner:\n", Edit(("owner",), "c")),  # there is no value to replace
        ("weighbridge: 1\nmodels: [{model: a/b}]\n", Edit(("models", 3, "license"), "MIT")),
        ("weighbridge: 1\n", Edit(("hardware", "gpu"), "L4")),
        ("weighbridge: 1\n", Edit(("weighbridge", "gpu"), "L4")),
        ("weighbridge: 1\n", Edit(("models", 0), "x")),
        ("models:\n  - revision: main\n    model: a/b\n", Edit(("models", 0, "revision"), None)),  # behind its dash
    ],
)
def test_what_cannot_be_edited_alone_is_refused(text, edit):
    with pytest.raises(InputError):
        changed(edit, text=text)
