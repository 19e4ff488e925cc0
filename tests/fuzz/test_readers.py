"""Every function that hands somebody else's bytes to a parser is reached by some target, without anybody listing it."""

from __future__ import annotations

import ast
import sys
from itertools import islice

import pytest

from checker.document import tree
from fuzz.target import ROOT, attempt, load, names

_PARSERS = {
    *(("json", "loads"), ("csv", "reader"), ("csv", "DictReader"), ("shlex", "split"), ("ast", "parse")),
    *(("struct", "unpack"), ("tomllib", "loads"), ("pickle", "loads"), ("parquet", "read_metadata")),
}
"""Calls by the name of their module."""
_ANYWHERE = frozenset(
    (
        *("raw_decode", "load_pem_public_key", "load_pem_private_key", "model_validate_json", "loads"),
        *("iter_batches", "open_stream"),
    )
)
"""Names that mean a parser wherever they stand."""
OURS = {
    "checker/bom/": "what the libraries of SPDX have just written",
    "checker/document/schema.py": "our own modules, whose docstrings are read",
    "checker/facts/catalogue.py": "the catalogue that ships",
    "checker/facts/kind/rows.py": "tables that ship",
    "checker/facts/refresh.py": "what the catalogue is made of, by its maintainers",
    "checker/facts/upkeep.py": "what the catalogue is made of, by its maintainers",
    "checker/fleet/spool.py": "a file that this very run has written and nobody else can name",
    "checker/guidance/": "the guidance that ships",
    "checker/licenses/fingerprint.py": "texts that ship",
    "checker/licenses/links.py": "lists that ship",
    "checker/licenses/notice_file.py": "texts that ship",
    "checker/licenses/records.py": "records that ship",
    "checker/licenses/spellings.py": "lists that ship",
    "checker/licenses/take_text.py": "what a licence's text is taken from, by its maintainers",
    "checker/memory/": "tables that ship",
    "checker/selection/many.py": "a task that the process above has packed",
    "checker/selection/parquet_footer.py": "read in a process apart, which a damaged footer may end",
}
"""Where nobody else's bytes are parsed, and whose they are."""
_WRITERS = (
    "report-",
    "select-",
    "bom-",
    "audit-",
    "policy-json",
    "policy-html",
    "impact-",
    "cases-",
    "fit-p",
    "notices",
)


def _called(node):
    function = node.func
    if isinstance(function, ast.Name):
        return None, function.id
    base = function.value.id if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) else None
    return base, getattr(function, "attr", "")


def parsing():
    """The functions of the product that call a parser, as file, first line and name."""
    for path in sorted((ROOT / "checker").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            calls = {_called(node) for node in ast.walk(function) if isinstance(node, ast.Call)}
            if any(call in _PARSERS or call[1] in _ANYWHERE for call in calls):
                first = min((function.lineno, *(one.lineno for one in function.decorator_list)))
                yield path.relative_to(ROOT).as_posix(), first, function.name


@pytest.fixture
def reached(monkeypatch):
    """The functions that run while each target's first inputs are tried."""
    monkeypatch.setattr(tree, "_SECOND_OPINION_UP_TO", tree._SECOND_OPINION_UP_TO)
    codes = set()
    for name in names():
        if name.startswith(_WRITERS):
            continue
        target = load(name)
        seeds = list(islice(target.seeds(), 12))
        before = sys.getprofile()
        sys.setprofile(lambda frame, event, _: codes.add(frame.f_code) if event == "call" else None)
        try:
            for data in seeds:
                attempt(target, data)
        finally:
            sys.setprofile(before)
    return {(code.co_filename.removeprefix(f"{ROOT}/"), code.co_firstlineno) for code in codes}


def test_every_parser_of_what_others_write_has_a_target(reached):
    found = list(parsing())
    unreached = [
        f"{file}:{line} {name}"
        for file, line, name in found
        if (file, line) not in reached and not file.startswith(tuple(OURS))
    ]
    assert not unreached, "a target in fuzz/targets/ for each of these; see docs/fuzzing.md"
    assert all(any(file.startswith(ours) for file, _, _ in found) for ours in OURS)
