"""Colours change no word, and are there for people alone."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest

from checker.command_line import main
from checker.commands._color import is_wanted
from checker.console import Console
from checker.report._painted import painted
from tests.repository import MANIFEST, POLICY, TODAY

ESCAPE = re.compile("\x1b\\[[0-9;]*m")


class Terminal(io.StringIO):
    """An output that a person reads."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def said(tmp_path, monkeypatch):
    """What `check` of a manifest with a finding writes to an output."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.yaml").write_text(MANIFEST)
    (tmp_path / "policy.yaml").write_text(POLICY)

    def run(out, *arguments, **environ):
        words = ("check", "--policy", "policy.yaml", *arguments)
        code = main(words, Console(out, io.StringIO(), io.StringIO(), environ, date.fromisoformat(TODAY)))
        assert code == 1
        return out.getvalue()

    return run


def test_a_terminal_gets_colours_and_the_same_words(said):
    plain, colored = said(io.StringIO()), said(Terminal())
    assert not ESCAPE.search(plain)
    assert ESCAPE.sub("", colored) == plain
    assert "\x1b[1;31mblocks\x1b[0m" in colored
    assert "\x1b[1;31mexit code 1: 1 blocking\x1b[0m" in colored


@pytest.mark.parametrize(("arguments", "environ"), [(("--color", "never"), {}), ((), {"NO_COLOR": "1"})])
def test_a_terminal_gets_none_where_somebody_says_so(said, arguments, environ):
    assert not ESCAPE.search(said(Terminal(), *arguments, **environ))


def test_other_formats_get_none(said):
    assert not ESCAPE.search(said(Terminal(), "--json", "--color", "always"))


def test_a_file_gets_none(said, tmp_path):
    said(Terminal(), "--output", "text=report.txt", "--color", "always")
    assert not ESCAPE.search((tmp_path / "report.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("choice", "stream", "environ", "wanted"),
    [
        ("auto", Terminal(), {"TERM": "xterm"}, True),
        ("auto", io.StringIO(), {"TERM": "xterm"}, False),
        ("auto", Terminal(), {"TERM": "dumb"}, False),
        ("auto", Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        ("auto", Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        ("auto", io.StringIO(), {"FORCE_COLOR": "1"}, True),
        ("auto", io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", io.StringIO(), {"NO_COLOR": "1"}, True),
        ("never", Terminal(), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_who_gets_colours(choice, stream, environ, wanted):
    assert is_wanted(choice, stream, environ) is wanted


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("exit code 0: nothing blocks\n", "\x1b[1;32mexit code 0: nothing blocks\x1b[0m\n"),
        ("exit code 3: 1 unknown\n", "\x1b[1;33mexit code 3: 1 unknown\x1b[0m\n"),
        ("exit code 2: 1 unusable input\n", "\x1b[1;31mexit code 2: 1 unusable input\x1b[0m\n"),
        ("    7 |   key: value\n", "\x1b[2m    7 | \x1b[0m  key: value\n"),
        ("      |   ^^^ found it\n", "\x1b[2m      | \x1b[0m\x1b[31m  ^^^ found it\x1b[0m\n"),
        ("      |   ^^^ expected it\n", "\x1b[2m      | \x1b[0m\x1b[36m  ^^^ expected it\x1b[0m\n"),
        (
            "a.yaml:1:1: rule-id: waived (advisory), model m\n",
            "\x1b[1ma.yaml:1:1\x1b[0m: rule-id: \x1b[1;36mwaived\x1b[0m (advisory), model m\n",
        ),
        ("a.yaml:1:1: error: unknown key\n", "\x1b[1;31ma.yaml:1:1: error\x1b[0m: unknown key\n"),
        ("  not evaluated: rule-id (blocks)\n", "\x1b[33m  not evaluated:\x1b[0m rule-id (blocks)\n"),
        ("nothing special\n", "nothing special\n"),
    ],
)
def test_a_line_is_coloured_by_how_it_begins(line, expected):
    assert painted(line) == expected
