"""A page for each kind of file, made from its JSON Schema, which is made from its typed model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from checker.published import SCHEMAS
from checker.rulebook.discover import rule_ids
from checker.rulebook.documentation import documentation
from tools.reference.markdown import anchor, code, table
from tools.reference.reads import rules_by_key

_FIRST = ("manifest", "policy", "project-policy", "waivers", "lock", "report")
_TITLES = {
    "manifest": "The manifest, `model.yaml`",
    "policy": "The policy",
    "project-policy": "A project's layer, `weighbridge-policy.yaml`",
    "policy-tests": "Cases of a policy, `NAME.test.yaml`",
    "waivers": "Waivers, `waivers.yaml`",
    "baseline": "A baseline",
    "report": "The report, `--output json`",
    "fit": "The answer of `fit --json`",
    "calibration": "Calibration, `model.calibration.json`",
    "audit": "The inventory of `audit --output json`",
    "hardware": "The answer of `hardware --json`",
    "lock": "The lock, `model.lock`",
    "license": "The record of a licence, `explain LICENSE --json`",
}
WITH_RULES = ("policy", "project-policy")
_MOST_WORDS = 12
"""Values of a list that a table shows; the schema holds them all."""


_HOW_READ = """\
The last column is observed: every rule was asked about the examples of all rules. What reaches a rule as a fact, such
as `known`, is not in it.
"""


class Section(NamedTuple):
    """One kind of mapping in a file: what it is called, and its keys."""

    heading: str
    name: str
    """Its name among the definitions of the schema; empty at the top."""
    schema: dict[str, Any]


def titles() -> list[tuple[str, str]]:
    """Name and title of each kind of file, in the order in which somebody meets them."""
    order = [*_FIRST, *(name for name in SCHEMAS if name not in _FIRST)]
    return [(name, _TITLES[name]) for name in order]


def pages() -> dict[str, str]:
    """The page of each kind of file, by path."""
    return {f"files/{name}.md": _page(name, title) for name, title in titles()}


def _page(name: str, title: str) -> str:
    schema = SCHEMAS[name]()
    read_by = rules_by_key() if name == "manifest" else {}
    said = schema.get("description", "")
    parts = [f"# {title}\n", f"{said}\n" if said else "", f"As a schema for editors: `weighbridge schema {name}`.\n"]
    parts += [_HOW_READ] if read_by else []
    found = sections(schema)
    headings = {section.name: section.heading for section in found}
    headings |= {_inline(section.schema): section.heading for section in found}
    headings |= {_inline(schema["properties"]["rules"]): "rules"} if name in WITH_RULES else {}
    for section in found:
        meaning = section.schema.get("description", "") if section.name else ""
        parts += [f"## {section.heading}\n", f"{meaning}\n" if meaning else "", _keys(section, headings, read_by)]
    if name in WITH_RULES:
        custom = schema["properties"]["rules"]["properties"]["custom"]
        own = Section("rules.custom[]", "", custom["items"])
        parts += ["## rules\n", _rules(), f"## {own.heading}\n", f"{custom['description']}\n", _keys(own, headings, {})]
    return "\n".join(part for part in parts if part)


def sections(schema: dict[str, Any]) -> list[Section]:
    """Every mapping with keys of its own, each once, in the order in which the file has them."""
    definitions = schema.get("$defs", {})
    found: list[Section] = []
    seen: set[str] = set()

    def visit(node: dict[str, Any], heading: str, name: str) -> None:
        if node.get("properties"):
            found.append(Section(heading or "Top level", name, node))
        else:
            follow({**node, "description": ""}, heading)
        for key, held in node.get("properties", {}).items():
            path = f"{heading}.{key}" if heading else key
            for below, setting in _settings(held):
                follow(setting, f"{path}.{below}")
            follow(held, path)

    def follow(held: dict[str, Any], path: str) -> None:
        for name, many, inline in _mappings(held):
            inner = name or path + many
            if inner not in seen:
                seen.add(inner)
                visit(inline or definitions[inner], path + many, inner)

    if not schema.get("properties"):  # one of several documents
        for inner, _, _ in _mappings(schema):
            seen.add(inner)
            visit(definitions[inner], inner.removeprefix("Json"), inner)
        return found
    visit(schema, "", "")
    return found


def _is_rules(held: dict[str, Any]) -> bool:
    """Whether a value is the rules of a policy, which have a table of their own."""
    return "license-known" in held.get("properties", {})


def _settings(held: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Of the rules of a policy each setting, by RULE.SETTING; nothing of any other value."""
    for rule, stated in held["properties"].items() if _is_rules(held) else ():
        for form in stated.get("anyOf", [stated.get("items", {})]):
            for name, setting in form.get("properties", {}).items():
                yield f"{'RULE' if name == 'enforcement' else rule}.{name}", setting


def _mappings(node: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """The mappings that a value may be: a definition's name or the mapping itself, and `[]` or `.NAME` before it."""
    if "$ref" in node:
        yield node["$ref"].removeprefix("#/$defs/"), "", None
    elif node.get("properties") and not _is_rules(node):
        yield "", "", node
    for one in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ()), *node.get("prefixItems", ())):
        yield from _mappings(one)
    for key, mark in (("items", "[]"), ("additionalProperties", ".NAME")):
        if isinstance(node.get(key), dict):
            yield from ((name, mark + many, inline) for name, many, inline in _mappings(node[key]))


def _inline(schema: dict[str, Any]) -> str:
    """What a mapping without a name goes by."""
    return f"inline {id(schema)}"


def _keys(section: Section, headings: dict[str, str], read_by: dict[tuple[str, str], list[str]]) -> str:
    required = section.schema.get("required", [])
    rows = []
    for key, held in section.schema["properties"].items():
        default = (
            _shown(held["default"]) if held.get("default") is not None else "**required**" if key in required else ""
        )
        meaning = held.get("description", "")
        kind = _rules_type(held, headings) if _is_rules(held) else _type(held, headings)
        cells = (code(key), kind, default, meaning)
        rows.append((*cells, _links(read_by.get((section.name, key), []))) if read_by else cells)
    head = ("key", "type", "default", "meaning")
    return table((*head, "rules that read it") if read_by else head, rows)


def _rules_type(held: dict[str, Any], headings: dict[str, str]) -> str:
    if _inline(held) in headings:
        return _type(held, headings)
    return f"mapping from a rule's id to {_type(held['properties']['license-known'], headings)}"


def _links(rules: list[str]) -> str:
    return ", ".join(f"[{rule}](../../rules/{rule}.md)" for rule in rules)


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return code(f"[{', '.join(map(str, value))}]")
    return code({True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value))


def _type(held: dict[str, Any], headings: dict[str, str]) -> str:
    """What a value may be, in words; another mapping is a link to its keys."""
    name = held["$ref"].removeprefix("#/$defs/") if "$ref" in held else _inline(held)
    if name in headings:
        return f"[{headings[name]}](#{anchor(headings[name])})"
    if name == "enforcement":
        return "level, or levels by date"
    if "$ref" in held:
        return name.removeprefix("Json").lower()
    if "enum" in held:
        words = [code(str(one)) for one in held["enum"]]
        more = f", … ({len(words)} in all)" if len(words) > _MOST_WORDS else ""
        return ", ".join(words[:_MOST_WORDS]) + more
    if "const" in held:
        return code(str(held["const"]))
    several = [*held.get("anyOf", ()), *held.get("oneOf", ())]
    if several:
        return " or ".join(dict.fromkeys(_type(one, headings) for one in several))
    kind = held.get("type")
    if kind == "array":
        return f"list of {_type(held.get('items', {}), headings)}"
    if kind == "object" and isinstance(held.get("additionalProperties"), dict):
        return f"mapping to {_type(held['additionalProperties'], headings)}"
    return _scalar(held, kind)


def _scalar(held: dict[str, Any], kind: object) -> str:
    if isinstance(kind, list):
        kind = "string" if {"string", "number", "boolean"} <= set(kind) else " or ".join(kind)  # as it is written
    words = {"string": "text", "integer": "whole number", "boolean": "`true` or `false`", "null": "null", None: "any"}
    said = words.get(kind, str(kind)) if isinstance(kind, str | None) else "any"
    examples = held.get("examples", [])
    return f"{said}, such as {code(str(examples[0]))}" if examples else said


def _rules() -> str:
    pages = [documentation(rule) for rule in rule_ids()]
    said = "Each takes a level, or a mapping with `enforcement` and its own settings; its page says what they mean.\n\n"
    rows = [
        (f"[{page.id}](../../rules/{page.id}.md)", page.summary, ", ".join(code(one.name) for one in page.settings))
        for page in pages
    ]
    return said + table(("rule", "what holds when it passes", "settings"), rows)
