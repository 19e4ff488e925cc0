"""Whether a command that a page shows is one: the real parser takes it, the files that it names exist."""

from __future__ import annotations

import importlib.util
import io
import re
import shlex
import tomllib
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache

import dev
from checker.command_line import command_names, overview
from tests.packaging.offline import ROOT

OTHERS = frozenset(
    {"cat", "cd", "echo", "gh", "git", "grep", "head", "mkdir", "openssl", "podman", "pre-commit", "sha256sum", "tail"}
)
"""Programs that are not ours and whose options nobody here judges."""
_END_OF_COMMAND = re.compile(r"[|&;<>()]+")


def commands(block: str) -> Iterator[str]:
    """The commands of a shell block: one a line, without comments; a backslash goes on in the next line."""
    for line in re.sub(r"\\\n\s*", "", block).splitlines():
        if command := re.sub(r"(?:^|\s+)# .*$", "", line).strip():
            yield command


def trouble(command: str) -> str | None:
    """What is wrong with a command line, or None."""
    part: list[str] = []
    parts = [part]
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    redirected = False
    for word in lexer:
        if _END_OF_COMMAND.fullmatch(word):
            redirected = ">" in word or "<" in word
            part = [] if not redirected else part
            if not redirected:
                parts.append(part)
        elif redirected:
            redirected = False
        elif part or not re.match(r"[A-Z_]+=", word):
            part.append(word)
    return next((found for one in parts if (found := _wrong(one))), None)


def _wrong(words: list[str]) -> str | None:
    if words and re.fullmatch(r"python3\.\d+", words[0]):
        words = ["python3", *words[1:]]
    match words:
        case ["weighbridge", *rest]:
            # `3f1a…` stands for a digest, `…` alone for more of the same
            whole = [re.sub(r"^[0-9a-f]+…$", "0" * 64, word) for word in rest if word != "…"]
            return mentioned(" ".join(words)) or _refused(whole)  # argparse takes beginnings of options too
        case ["python" | "python3" | "py", "dev.py", *rest]:
            return _habit(rest)
        case ["python" | "python3", "-m", module, *_]:
            return None if importlib.util.find_spec(module) else f"there is no module {module}"
        case ["python" | "python3", script, *_]:
            return None if (ROOT / script).is_file() else f"there is no {script}"
        case ["pip" | "pipx" | "uv", *rest]:
            return next((found for word in rest if (found := _extra(word))), None)
        case [program, *_] if program in OTHERS or (ROOT / program).is_file() or program.startswith(".venv/"):
            return None
    return f"nobody knows {words[:1]}"


def _refused(arguments: list[str]) -> str | None:
    said = io.StringIO()
    try:
        with redirect_stderr(said), redirect_stdout(io.StringIO()):
            _parser().parse_args(arguments)
    except SystemExit as end:
        return said.getvalue().splitlines()[-1] if end.code else None
    return None


def _habit(arguments: list[str]) -> str | None:
    if not arguments or arguments[0] == "--help":
        return None
    habit, *rest = arguments
    if habit not in dev.HABITS:
        return f"dev.py has no habit {habit}"
    if habit != "bench":
        return None
    return next((f"no benchmark {one}" for one in rest if not (ROOT / "benchmarks" / f"{one}.py").is_file()), None)


def _extra(word: str) -> str | None:
    if not (found := re.fullmatch(r"weighbridge\[([a-z,]+)\].*", word)):
        return None
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    missing = set(found[1].split(",")) - set(table["optional-dependencies"])
    return f"no extra {', '.join(sorted(missing))}" if missing else None


@cache
def _parser() -> ArgumentParser:
    return overview()


def _children(parser: ArgumentParser) -> dict[str, ArgumentParser]:
    return next((dict(one.choices) for one in parser._actions if isinstance(one, _SubParsersAction)), {})


@cache
def all_options() -> frozenset[str]:
    """Every option of every command."""

    def below(parser: ArgumentParser) -> Iterator[str]:
        yield from parser._option_string_actions
        for child in _children(parser).values():
            yield from below(child)

    return frozenset(below(_parser()))


def mentioned(span: str) -> str | None:
    """What is wrong with a command that the text mentions, such as `weighbridge check --since REV`; it may be a part."""
    parser = _parser()
    _, *words = span.split(" ")
    for place, word in enumerate(words):
        if word.startswith("--"):
            name = word.partition("=")[0].rstrip(",.;")
            if name not in parser._option_string_actions:
                return f"`{' '.join(words[:place])}` has no {name}"
        elif children := _children(parser):
            if word in children:
                parser = children[word]
            elif not word.isupper() and word != "…" and not word.startswith("-"):
                return f"there is no command {word}; there are {', '.join(command_names())}"
    return None
