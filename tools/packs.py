"""Gives each rule that no shipped pack names a place in them: as advice, with the cases that its docstring shows.

A new rule stops nobody's build on the day of an upgrade; who wants it to stop one raises its level in the pack and in
the pack's cases, by hand and in a commit of its own. What stands in a pack already is never touched.
"""

from __future__ import annotations

import re
from pathlib import Path

from checker.document.place import SourceFile
from checker.document.tree import Mapping, parse
from checker.rulebook.discover import judges_scans, judges_waivers, rule_ids
from checker.rulebook.documentation import documentation, flow

PACKS = Path(__file__).parents[1] / "checker" / "policies"
ON_REQUEST = frozenset({"required-blocks"})
"""Rules that a policy brings in by another key, so that no pack names them."""
_CASES = "every-rule.cases.yaml"
_LEVEL = re.compile(r"^      [a-z-]+: (?:advisory|soft-mandatory|hard-mandatory|off)\n", re.MULTILINE)


def adopt(folder: Path = PACKS) -> None:
    """Add what lacks, in the files of `folder`."""
    for rule in rule_ids():
        if rule in ON_REQUEST:
            continue
        for file in sorted(folder.glob("*.yaml")):
            text = file.read_text(encoding="utf-8")
            if re.search(rf"(?<![\w-]){rule}(?![\w-])", text):
                continue
            file.write_text(_with(rule, file.name, text), encoding="utf-8", newline="\n")


def _with(rule: str, name: str, text: str) -> str:
    if name == _CASES:
        return text + _cases(rule)
    if name.endswith(".test.yaml"):
        end = max(found.end() for found in _LEVEL.finditer(text))
        return f"{text[:end]}      {rule}: advisory\n{text[end:]}"
    if re.search(r"^extends:", text, re.MULTILINE):
        return text  # it takes the stand of the pack that it extends
    return f"{text}\n  {rule}: advisory\n"


def _cases(rule: str) -> str:
    """The first example that passes and the first that fails, as cases of a policy's tests.

    Raises:
        SystemExit: the rule judges waivers or what code uses, of which an example is no whole case.
    """
    if judges_waivers(rule) or judges_scans(rule):
        raise SystemExit(
            f"{rule}: its cases, one that passes and one that fails, are written by hand in {PACKS / _CASES}"
        )
    page = documentation(rule)
    shown = ((page.passes[0], "pass", "holds"), (page.fails[0], "fail", "does not hold"))
    return "".join(_case(rule, example, outcome, words) for example, outcome, words in shown)


def _case(rule: str, example: str, outcome: str, words: str) -> str:
    root = parse(SourceFile(f"{rule} example", example))
    assert isinstance(root, Mapping)
    parts = {key: flow(entry.value) for key, entry in root.items.items()}
    layer = {"api": parts.pop("api")} if "api" in parts else {}
    if "settings" in parts:
        layer["rules"] = f"{{{rule}: {parts.pop('settings')}}}"
    beside = {key: parts.pop(key) for key in ("lock", "organisation") if key in parts}
    whole = {key: parts.pop(key) for key in ("use", "hardware", "status") if key in parts}
    entry = _mapping({**parts, "objective": parts.get("objective", "chat")})
    judged = {"manifest": _mapping({**whole, "models": f"[{entry}]"})} if whole else {"model": entry}
    keys = {**judged, **beside, **({"layer": _mapping(layer)} if layer else {})}
    lines = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return f"\n  - name: {rule} {words}\n{lines}    expect: {{{rule}: {outcome}}}\n"


def _mapping(items: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
