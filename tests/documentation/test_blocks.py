"""Every command, file and option that a page shows is one: taken by the real parser, the real loader, or run."""

from __future__ import annotations

import re
from functools import cache

import pytest

from checker.command_line import command_names
from checker.document.errors import InputError
from tests.documentation import written
from tests.documentation.blocks import INDENTED, Block, blocks, indented, pages, spans
from tests.documentation.command_line import all_options, commands, mentioned, trouble
from tests.documentation.not_run import NOT_RUN, not_run
from tests.documentation.page import ELSEWHERE, PAGES
from tests.packaging import pages as shown
from tests.packaging.offline import ROOT

BLOCKS = [block for page in pages() for block in blocks(page)]
KINDS = {"cel", "console", "diff", "json", "python", "sh", "text", "yaml"}
RUN = {*PAGES, *ELSEWHERE, ROOT / "README.md"}
FOREIGN_OPTIONS = {
    "--model_name_or_path": "of trainers, which `scan` reads",
    "--log_samples": "of lm-evaluation-harness",
    "--build-arg": "of podman",
    "--no-deps": "of pip",
    "--gpu-memory-utilization": "of vLLM",
    "--max-batch-tokens": "of TEI",
    "--max-batch-prefill-tokens": "of TGI",
    "--max-batch-total-tokens": "of TGI",
}
"""Options in the text that are those of other programs."""


def of_kind(*kinds: str) -> list[object]:
    return [pytest.param(block, id=block.where) for block in BLOCKS if block.kind in kinds]


def test_every_block_says_what_it_is() -> None:
    assert {block.where: block.kind for block in BLOCKS if block.kind not in KINDS} == {}
    plain = {page.relative_to(ROOT).as_posix() for page in pages() if indented(page)}
    assert plain == INDENTED


@pytest.mark.parametrize("block", of_kind("sh", "console"))
def test_a_command_of_a_page_is_one(block: Block) -> None:
    asked = shown.commands(block.body) if block.kind == "console" else [block.body]
    found = [one for each in asked for one in commands(each)]
    assert found, "a block of commands holds one"
    assert [(one, trouble(one)) for one in found if trouble(one)] == []


def test_what_a_command_prints_is_shown_by_pages_that_are_run() -> None:
    """So `console` is kept for output that a test compares; `sh` is for commands alone."""
    assert {block.where for block in BLOCKS if block.kind == "console" and block.page not in RUN} == set()
    assert {block.where for block in BLOCKS if block.title and block.page not in RUN} == set()


def test_what_is_not_run_is_shown_somewhere_and_for_a_reason() -> None:
    asked = [one for block in BLOCKS if block.kind == "console" for one in shown.commands(block.body)]
    kept = {one for one in asked if not_run(one)}
    assert all(any(re.match(pattern, one) for one in kept) for pattern in NOT_RUN)


@pytest.mark.parametrize("block", [one for one in of_kind("yaml") if not one.values[0].title])
def test_a_yaml_block_is_what_its_loader_takes(block: Block) -> None:
    written.take_yaml(block.body)


@pytest.mark.parametrize("block", of_kind("json", "python", "cel"))
def test_a_block_of_another_kind_is_of_that_kind(block: Block) -> None:
    {"json": written.take_json, "python": written.take_python, "cel": written.take_cel}[block.kind](block.body)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_and_options_in_the_text_exist(page: object) -> None:
    ours = [span for span in spans(page) if span.startswith("weighbridge ")]
    assert [(span, mentioned(span)) for span in ours if mentioned(span)] == []
    options = {match for span in spans(page) for match in re.findall(r"^(--[a-z][a-z_-]*)", span)}
    assert options - all_options() - options_of_our_tools() - set(FOREIGN_OPTIONS) == set()


@cache
def options_of_our_tools() -> frozenset[str]:
    """What `dev.py` and what it starts look for among their arguments."""
    sources = [
        ROOT / "dev.py",
        *(path for name in ("tools", "fuzz", "benchmarks") for path in (ROOT / name).rglob("*.py")),
    ]
    return frozenset(name for path in sources for name in re.findall(r'"(--[a-z-]+)"', path.read_text("utf-8")))


@pytest.mark.parametrize("name", command_names())
def test_the_examples_of_a_command_are_commands(name: str) -> None:
    from importlib import import_module

    examples = re.sub(r"\\\n\s*", "", import_module(f"checker.commands.{name}").EXAMPLES)
    lines = re.findall(r"^  (weighbridge .*?)(?:\s{2,}\S.*)?$", examples, re.MULTILINE)
    assert lines, "help shows an example"
    assert [(one, trouble(one)) for one in lines if trouble(one)] == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("weighbridge check --sinc main", "has no --sinc"),
        ("weighbridge chek", "there is no command chek"),
        ("python3 dev.py tset", "no habit"),
        ("python3 dev.py bench nothing", "no benchmark"),
        ("python benchmarks/nothing.py", "there is no"),
        ('pip install "weighbridge[nothing]"', "no extra"),
        ("frobnicate now", "nobody knows"),
    ],
)
def test_a_command_that_is_none_is_seen(command: str, words: str) -> None:
    assert words in str(trouble(command))


def test_a_mention_of_an_option_that_there_is_not_is_seen() -> None:
    assert mentioned("weighbridge policy test --mutat") == "`policy test` has no --mutat"
    assert "there is no command chek" in str(mentioned("weighbridge chek"))


def test_a_file_with_a_slip_is_seen() -> None:
    with pytest.raises(InputError, match="objectve"):
        written.take_yaml("models:\n  - {model: a/b, objectve: chat}\n")
    with pytest.raises(AssertionError, match="no hook"):
        written.take_yaml("repos:\n  - {repo: x, rev: y, hooks: [{id: weighbridge-chek}]}\n")
    with pytest.raises(AssertionError, match="no input"):
        written.take_yaml("- uses: weighbridge/weighbridge@v1\n  with: {polcy: x}\n")
