"""Pages that show commands with what they print: each is written anew from its own commands, and compared by a test."""

from __future__ import annotations

import io
import os
import re
import shlex
import tempfile
from collections.abc import Callable
from contextlib import chdir
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
_PIPED = re.compile(r" \| (?:(head|tail) -(\d+)|grep (?:-F )?\"([^\"\\]+)\")$")


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
    piped = _PIPED.search(command)
    words = shlex.split((command[: piped.start()] if piped else command).replace("\\\n", " "))
    if words[0] == "cat":
        return Path(words[1]).read_text("utf-8")
    assert words[0] == "weighbridge", f"no page may run {words[0]}"
    forget(applying)  # a process reads each file once, and these commands change them
    err = io.StringIO()
    out = io.StringIO() if piped else err  # a terminal shows both as they come
    main(words[1:], Console(out, err, io.StringIO(), {"COLUMNS": "100"}, date.fromisoformat(TODAY)))
    if not piped:
        return err.getvalue()
    lines = out.getvalue().splitlines(keepends=True)
    if piped[3]:
        kept = [line for line in lines if piped[3] in line]
    else:
        kept = lines[: int(piped[2])] if piped[1] == "head" else lines[-int(piped[2]) :]
    return err.getvalue() + "".join(kept)


def write_here(page: Path, make: Callable[[str], str]) -> None:
    """Write a page anew, away from this project's own policy and lock."""
    os.chdir(tempfile.gettempdir())
    page.write_text(make(page.read_text("utf-8")), "utf-8", newline="\n")
