"""Pages that show commands with what they print: each is written anew from its own commands, and compared by a test."""

from __future__ import annotations

import io
import re
import shlex
import tempfile
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

from checker import applying
from checker.command_line import main
from checker.console import Console
from tests.in_process import forget
from tests.repository import TODAY

Output = Callable[[str], str]
"""What a command prints."""
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)^```", re.DOTALL | re.MULTILINE)
_PIPED = re.compile(r" \| (?:(head|tail) -(\d+)|grep (?:-F |-A (\d+) )?\"([^\"\\]+)\")$")


def written(page: str, output: Output, place: Callable[[str, str], object] = lambda name, text: None) -> str:
    """The page with what its commands print.

    Args:
        page: Markdown; a block of `console` is commands, each behind `$ `, and what they print.
        output: runs a command.
        place: puts a file where commands find it: a block with a title is one.
    """

    def block(found: re.Match[str]) -> str:
        if found["title"]:
            place(found["title"], found["body"])
        if found["kind"] != "console":
            return found[0]
        return "```console\n" + "".join(f"$ {one}\n{output(one)}" for one in commands(found["body"])) + "```"

    return _BLOCK.sub(block, page)


def commands(block: str) -> list[str]:
    """The commands of a block; one that ends with a backslash goes on in the next line."""
    return re.findall(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)", block, re.MULTILINE)


def story(page: str) -> str:
    """The page with what its commands print in a folder of their own, one after the other, on the day `TODAY`."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        return written(page, in_this_folder, lambda name, text: Path(name).write_text(text, "utf-8", newline="\n"))


def in_this_folder(command: str) -> str:
    """What `weighbridge …` or `cat FILE` prints here, through `| head -N`, `| tail -N` or `| grep "TEXT"`."""
    return run_here(command)[1]


def run_here(command: str) -> tuple[int, str]:
    """The exit code of `weighbridge …` or `cat FILE`, and what it prints here, through a pipe as above."""
    piped = _PIPED.search(command)
    words = shlex.split((command[: piped.start()] if piped else command).replace("\\\n", " "))
    if words[0] == "cat":
        return 0, Path(words[1]).read_text("utf-8")
    assert words[0] == "weighbridge", f"no page may run {words[0]}"
    forget(applying)  # a process reads each file once, and these commands change them
    err = io.StringIO()
    out = io.StringIO() if piped else err  # a terminal shows both as they come
    console = Console(out, err, io.StringIO(), {"COLUMNS": "100"}, date.fromisoformat(TODAY))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(words[1:], console)
        except SystemExit as end:  # how argparse ends
            code = int(end.code or 0)
    if not piped:
        return code, err.getvalue()
    lines = out.getvalue().splitlines(keepends=True)
    if piped[4]:
        kept = _found(piped[4], lines, after=int(piped[3] or 0))
    else:
        kept = lines[: int(piped[2])] if piped[1] == "head" else lines[-int(piped[2]) :]
    return code, err.getvalue() + "".join(kept)


def _found(text: str, lines: list[str], *, after: int) -> list[str]:
    """The lines that hold the text, each with so many that follow; `--` between groups, as grep has it."""
    wanted = sorted({number for at, line in enumerate(lines) if text in line for number in range(at, at + after + 1)})
    kept: list[str] = []
    for before, number in zip([None, *wanted], wanted, strict=False):
        if after and before is not None and number > before + 1:
            kept.append("--\n")
        kept += lines[number : number + 1]
    return kept


def write_here(page: Path, make: Callable[[str], str]) -> None:
    """Write a page anew, away from this project's own policy and lock."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        text = make(page.read_text("utf-8"))
    page.write_text(text, "utf-8", newline="\n")
