"""The reference leaves nothing out: no command, option, default, key, code, variable or public name of the code."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import pytest

import checker
from checker.command_line import command_names
from checker.exit_code import ExitCode
from checker.published import SCHEMAS
from checker.rulebook.discover import rule_ids
from tools import reference
from tools.reference import commands, environment, files
from tools.reference.markdown import anchor
from tools.reference.reads import rules_by_key


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference.pages()


def test_every_page_is_in_the_index_or_in_the_list_of_commands(pages: dict[str, str]) -> None:
    for page in pages:
        listed = pages["commands/index.md"] if page.startswith("commands/") else pages["index.md"]
        assert page in ("index.md", "commands/index.md") or page.removeprefix("commands/") in listed


def test_every_command_is_told() -> None:
    assert tuple(commands.parsers()) == command_names()


@pytest.fixture(scope="module")
def parsers() -> dict[str, argparse.ArgumentParser]:
    return commands.parsers()


@pytest.mark.parametrize("name", command_names())
def test_every_option_is_told_with_its_default(
    name: str, parsers: dict[str, argparse.ArgumentParser], pages: dict[str, str]
) -> None:
    actions = commands.actions(parsers[name])
    for command, parser in {name: parsers[name], **{f"{name} {one}": inner for one, inner in actions.items()}}.items():
        _, found, section = pages[f"commands/{name}.md"].partition(f"# weighbridge {command}\n")
        assert found, command
        told = {line.partition("` | ")[0] + "`": line for line in section.partition("\n## ")[0].splitlines()}
        for action in commands.arguments(parser):
            assert action.help, f"{command}: {action.dest} says nothing"
            default = commands.default_of(action)
            name_of = commands.name_of(action).replace("|", "\\|")  # as a cell of a table has it
            assert told[f"| {name_of}"].endswith(f"| `{default}` |" if default else "|  |")


def properties(schema: Any) -> Iterator[str]:
    """Every key that a schema knows, wherever it stands."""
    for node in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from properties(node)
    if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
        yield from schema["properties"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_of_every_file_is_told(name: str, pages: dict[str, str]) -> None:
    text = pages[f"files/{name}.md"]
    known = set(properties(SCHEMAS[name]())) - set(rule_ids()) - {"enforcement", "custom"}
    assert known
    assert {key for key in known if f"`{key}`" not in text} == set()


def without_a_meaning(schema: Any, path: str = "") -> Iterator[str]:
    """The keys of a schema that it does not describe, wherever they stand; an `if` only compares keys."""
    if isinstance(schema, list):
        for node in schema:
            yield from without_a_meaning(node, path)
    elif isinstance(schema, dict) and "if" not in schema:
        for key, held in schema.get("properties", {}).items():
            if not held.get("description", "").strip():
                yield f"{path}.{key}"
            yield from without_a_meaning(held, f"{path}.{key}")
        for name, held in schema.get("$defs", {}).items():
            yield from without_a_meaning(held, name)
        for word in ("items", "additionalProperties", "prefixItems", "anyOf", "oneOf", "allOf"):
            yield from without_a_meaning(schema.get(word), path)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_that_people_write_or_programs_read_has_a_meaning(name: str, pages: dict[str, str]) -> None:
    assert list(without_a_meaning(SCHEMAS[name]())) == []
    rows = [line.split(" | ") for line in pages[f"files/{name}.md"].splitlines() if line.startswith("| `")]
    assert rows
    assert [row[0] for row in rows if not row[3].strip(" |")] == []


def test_a_key_without_a_meaning_is_seen_wherever_it_stands() -> None:
    told, silent = {"description": "Told."}, {"type": "string"}
    inner = {"properties": {"told": told, "silent": silent}}
    rule = {"if": {"properties": {"told": {"const": 1}}}, "then": {"properties": {"silent": False}}}
    schema = {
        "properties": {"one": {**told, "items": {"anyOf": [inner]}}, "two": {**told, "additionalProperties": inner}},
        "allOf": [rule],
        "$defs": {"Three": inner},
    }
    assert list(without_a_meaning(schema)) == [".one.silent", ".two.silent", "Three.silent"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_kind_of_mapping_has_a_section(name: str) -> None:
    schema = SCHEMAS[name]()
    with_keys = {key for key, held in schema.get("$defs", {}).items() if held.get("properties")}
    found = [section.name for section in files.sections(schema)]
    assert len(set(found)) == len(found)
    assert with_keys - set(found) == set()
    headings = [anchor(section.heading) for section in files.sections(schema)]
    assert len(set(headings)) == len(headings), "two sections would share a link"


def test_every_rule_is_in_the_policy(pages: dict[str, str]) -> None:
    for name in files.WITH_RULES:
        assert [
            rule for rule in rule_ids() if f"[{rule}](../../rules/{rule}.md)" not in pages[f"files/{name}.md"]
        ] == []


def test_a_key_names_the_rules_that_read_it() -> None:
    read = rules_by_key()
    assert read["Deployment", "context_window"] == ["context-window", "serving-fits"]
    assert "license-use" in read["Use", "monthly_active_users"]
    assert ("Risk", "class") not in read, "recorded, and never decided by us"


def test_every_exit_code_is_told(pages: dict[str, str]) -> None:
    lines = [line.split(" | ")[0] for line in pages["exit-codes.md"].splitlines()]
    assert {f"| {int(code)}" for code in ExitCode} | {"| 130", "| 141"} <= set(lines)


def test_every_variable_that_code_asks_for_is_told_and_no_other(pages: dict[str, str]) -> None:
    assert environment.asked_for() == set(environment.VARIABLES)
    assert [name for name in environment.VARIABLES if f"`{name}`" not in pages["environment.md"]] == []


def test_every_public_name_and_member_is_told(pages: dict[str, str]) -> None:
    text = pages["python.md"]
    for name in checker.__all__:
        if name == "__version__":
            continue
        _, _, section = text.partition(f"\n## {name}\n")
        section = section.partition("\n## ")[0]
        held = getattr(checker, name)
        members = [one for one in getattr(held, "__annotations__", {}) if not one.startswith("_")]
        if isinstance(held, type):
            assert [one for one in members if f"| `{one}` |" not in section] == []
            assert "|  |" not in section, f"{name}: a member without a meaning"
        assert ">>> " in section
