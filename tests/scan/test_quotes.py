"""Quotes of scripts are followed from line to line; a command whose words nobody can know is said with its place."""

from __future__ import annotations

import json

import pytest

from checker.scan.find import scan
from tests.ending import that_ends

UNCLOSED = "a quote in it does not close, so that its words are not known"
SERVED = 'vllm serve "BAAI/bge-m3\n'


def said(folder):
    found = scan(folder)
    assert found.unread == ()
    return [(one.at.line, one.why) for one in found.unresolved]


def cells(*sources):
    return json.dumps({"cells": [{"cell_type": "code", "source": one} for one in sources], "nbformat": 4})


OPEN = [
    ("a.sh", SERVED, 1),
    ("a.sh", f"cd x\n{SERVED}ls\n", 2),
    ("a.sh", f"{SERVED}ls\necho 'it is not \" here'\n", 1),
    ("a.sh", f"ls # it's\n{SERVED}", 2),
    ("a.sh", f"echo 'a \\' ; {SERVED}", 1),
    ("a.sh", f"ls \\\n  --all\n{SERVED}", 3),
    ("a.sh", f"bash -c '\n{SERVED}'\n", 2),
    ("a.slurm", SERVED, 1),
    ("Procfile", f"web: {SERVED}worker: echo \"done\"\n", 1),
    ("Makefile", f"run:\n\t{SERVED}\techo \"done\"\n", 2),
    ("justfile", f"run:\n    {SERVED}", 2),
    ("Dockerfile", f"FROM x\nRUN {SERVED}", 2),
    ("Dockerfile", f"FROM x\nRUN <<EOF\nls\n{SERVED}EOF\nRUN ls\n", 4),
    ("Dockerfile", f"FROM x\nCMD {SERVED}", 2),
    ("Dockerfile", f"FROM x\nENTRYPOINT {SERVED}CMD [\"--port\", \"80\"]\n", 2),
    ("w.yaml", "steps:\n  - run: |\n      ls\n      vllm serve 'BAAI/bge-m3\n", 4),
    ("compose.yaml", "services:\n  a:\n    image: vllm/vllm-openai\n    command: vllm serve 'a/b\n", 4),
    ("n.ipynb", cells("%%bash\nls\nvllm serve 'a/b"), 1),
    ("n.ipynb", cells("!vllm serve 'a/b"), 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "line"), OPEN)
def test_a_command_whose_quote_does_not_close_is_said_with_its_place(tmp_path, name, content, line):
    (tmp_path / name).write_text(content)
    assert said(tmp_path)[-1:] == [(line, UNCLOSED)]


CLOSED = [
    'echo "it\'s" \'say "x"\' it\\\'s \\"\n',
    "ls # it's\n  # don't\necho ${#x} $# it\\'s\n",
    'echo "$(grep -o \'"code":[0-9]*,"more\' x)"\n',
    'x="$(\n  echo \'a"b\'\n)"\n',
    "echo 'one\ntwo' \"three\nfour\"\n",
    "awk '{print \"it'\\''s\"}' x\n",
    "cat <<EOF\nit's\nEOF\nls\n",
    'x="$(cat <<EOF\nit\'s\nEOF\n)"\n',
    "grep x <<< 'y'\necho $((1 << 3)) $((1<<n))\nn)\n",
    "case $x in 'a') ls ;; esac; (cd x && ls)\n",
]


@pytest.mark.parametrize("content", CLOSED)
def test_what_a_shell_takes_is_no_open_quote(tmp_path, content):
    (tmp_path / "a.sh").write_text(content)
    assert said(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Makefile", "$(info it's on)\nall:\n\techo \"it's\"\n"),
        ("a.ps1", 'cd "C:\\models\\"\nvllm serve $model\n'.replace("$model", "a/b-7b")),
        ("w.yaml", "steps:\n  - shell: pwsh\n    run: cd \"C:\\models\\\"\n".replace('"C:\\models\\"', "'\"C:\\model\\\"'")),
        ("w.yaml", "system_prompt: |\n  You're a model.\n  Be kind.\n"),
        ("n.ipynb", cells("import os\n!echo \"it's\"")),
    ],
)  # fmt: skip
def test_an_apostrophe_where_no_unix_shell_reads_is_no_open_quote(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    assert said(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "uses"),
    [
        ('vllm serve "BAAI/bge-m3" --chat-template "{{\nx\n}}"\n', [(1, "BAAI/bge-m3")]),
        ("M=BAAI/bge-m3\nvllm serve --chat-template '{{\nx }}' $M\n", [(2, "BAAI/bge-m3")]),
        ("python -c \"\nX.from_pretrained('BAAI/bge-m3')\n\"\n", [(2, "BAAI/bge-m3")]),
        ('ssh host "\nvllm serve BAAI/bge-m3\n"\n', [(2, "BAAI/bge-m3")]),
        ('LOG="$(grep -o \'"a" b\' x)" vllm serve BAAI/bge-m3\n', [(1, "BAAI/bge-m3")]),
        ("echo $((1 << 3)); cat <<< 'x'\nvllm serve BAAI/bge-m3\n", [(2, "BAAI/bge-m3")]),
        ("bash -c 'vllm serve BAAI/bge-m3 \\\n  --port 80'\n", [(1, "BAAI/bge-m3")]),
    ],
)
def test_a_command_over_several_lines_is_read_whole_and_line_by_line(tmp_path, content, uses):
    (tmp_path / "a.sh").write_text(content)
    found = scan(tmp_path)
    assert [(use.at.line, use.model) for use in found.uses] == uses
    assert found.unresolved == ()


def test_a_heredoc_that_no_line_ends_is_said_since_all_below_it_is_left_aside(tmp_path):
    (tmp_path / "a.sh").write_text("ls\ncat <<END\nvllm serve BAAI/bge-m3\n")
    assert said(tmp_path) == [(2, "no line `END` ends what begins there, so that it is not read")]


def test_a_heredoc_of_a_dockerfile_is_followed_to_its_end(tmp_path):
    handed = "FROM x\nRUN python - <<END\nX.from_pretrained('BAAI/bge-m3')\n"
    (tmp_path / "Dockerfile").write_text(f"{handed}END\nRUN ls\n")
    assert said(tmp_path) == []
    (tmp_path / "Dockerfile").write_text(f"{handed}RUN ls\n")
    assert said(tmp_path) == [(2, "no line `END` ends what begins there, so that it is not read")]


def test_quotes_that_hold_more_than_is_read_are_said(tmp_path):
    (tmp_path / "a.sh").write_text("x='\n" + "model\n" * 4000 + "'\nvllm serve BAAI/bge-m3\n")
    assert said(tmp_path) == [(1, "its quotes hold more than 20,000 characters, which are not read")]


LONG = [
    ("a.sh", "ls\n{}\n", 2),
    ("a.ps1", "ls\n{}\n", 2),
    ("Makefile", "run:\n\t{}\n", 2),
    ("Procfile", "web: {}\n", 1),
    ("Dockerfile", "FROM x\nRUN {}\n", 2),
    ("Dockerfile", "FROM x\nRUN <<EOF\n{}\nEOF\n", 3),
    ("Dockerfile", "FROM x\nCMD {}\n", 2),
    ("w.yaml", "model: x\nsteps:\n  - run: |\n      ls\n      {}\n", 5),
    ("n.ipynb", cells("%%bash\nls\n{}"), 1),
]


@pytest.mark.parametrize(("name", "content", "line"), LONG)
def test_a_command_that_is_too_long_to_be_read_is_said_where_it_holds_a_word_of_a_reader(tmp_path, name, content, line):
    (tmp_path / name).write_text(content.replace("{}", "vllm serve a/b --x " + "x" * 20_000))
    assert said(tmp_path) == [(line, "it is longer than 20,000 characters, and not read")]
    (tmp_path / name).write_text(content.replace("{}", "echo " + "x" * 20_000))
    assert said(tmp_path) == []


@pytest.mark.parametrize("line", ["'", '"', "'\"", "$(", '"$(', "$'\\'", "<<A", "`"])
def test_a_script_of_nothing_but_marks_ends(tmp_path, line):
    (tmp_path / "a.sh").write_text(f"{line}\n" * 100_001)
    with that_ends():
        scan(tmp_path)


def test_without_a_manifest_it_ends_with_3_and_names_file_and_line(weighbridge, project):
    project({"run.sh": f"ls\n{SERVED}"})
    run = weighbridge("scan")
    assert run.code == 3
    assert f'run.sh:2:1: `vllm serve "BAAI/bge-m3`: {UNCLOSED}' in run.out
