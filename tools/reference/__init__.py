"""The reference: pages made from the code itself, so that no option, key, code or name can be missing."""

from __future__ import annotations

from pathlib import Path

from tools.reference import codes, commands, environment, files, python

INDEX = """\
# Reference

Made from the code by `python3 dev.py docs` at each build: nothing here is written by hand, so nothing is out of date.

| page | made from |
|---|---|
"""


def pages() -> dict[str, str]:
    """Every page by its path below `docs/reference/`; it imports Weighbridge, so it runs in `.venv`."""
    made = {**commands.pages(), **files.pages()}
    made |= {"exit-codes.md": codes.page(), "environment.md": environment.page(), "python.md": python.page()}
    return {
        "index.md": INDEX + "".join(f"| [{title}]({path}) | {source} |\n" for path, title, source in _listed()),
        **made,
    }


def _listed() -> list[tuple[str, str, str]]:
    """The entries of the index: path, title, and what the page is made from."""
    return [
        ("commands/index.md", "Commands", "the command line's parsers"),
        ("exit-codes.md", "Exit codes", "`checker.exit_code`"),
        ("../rules/index.md", "Rules", "the docstring of each rule and of its settings"),
        *(
            (f"files/{name}.md", title, f"the types behind `weighbridge schema {name}`")
            for name, title in files.titles()
        ),
        ("environment.md", "Environment variables", "the code that asks for them"),
        ("python.md", "Python", "the docstrings of `checker.__all__`"),
    ]


def write(folder: Path) -> None:
    """Fill a folder with the pages."""
    for path, text in pages().items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
