"""What holds of an output whatever texts are in it: one oracle a medium, each beside what is written of plain texts.

None of them asks our own escaping: they parse as the medium's readers do, and count what only we may put there. What is
written of plain texts is the same each time, and is parsed once.
"""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
import shlex
from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

import yaml

from fuzz.captured import PARTED
from fuzz.target import safe_lines

_VOID = frozenset(
    ("meta", "link", "br", "hr", "img", "input", "col", "wbr", "rect", "line", "path", "circle", "polyline")
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
"""RFC 3986: what a URI may consist of, and a percent sign that begins no escape."""


def text(written: str, plain: str) -> None:
    """A terminal gets nothing but what it can show."""
    safe_lines(written)


def json_document(written: str, plain: str) -> Any:
    """One JSON document that every parser reads alike: no NaN, no key twice."""
    return json.loads(written, parse_constant=_no_number, object_pairs_hook=_once)


def json_keys(written: str, plain: str) -> Any:
    """A JSON document in which texts stand for values and never for keys."""
    found = json_document(written, plain)
    unknown = set(_keys(found)) - set(_keys(_plain_json(plain)))
    assert not unknown, f"keys that nobody gave it: {sorted(unknown)[:3]!a}"
    return found


@lru_cache(maxsize=64)
def _plain_json(plain: str) -> Any:
    return json.loads(plain)


def json_lines(written: str, plain: str) -> None:
    """A document a line."""
    for line in written.split("\n"):
        if line:
            json_document(line, plain)


def _no_number(name: str) -> NoReturn:
    raise AssertionError(f"{name} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), "a key stands twice"
    return found


def _keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for one in value.values() for key in _keys(one))]
    return [key for one in value for key in _keys(one)] if isinstance(value, list) else []


def uris_in(value: Any, keys: frozenset[str]) -> None:
    """The values of these keys are URIs or references to them."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in keys and isinstance(one, str):
                assert _URI.fullmatch(one) and not _BAD_ESCAPE.search(one), f"no URI: {one!a}"
            uris_in(one, keys)
    elif isinstance(value, list):
        for one in value:
            uris_in(one, keys)


def sarif(written: str, plain: str) -> None:
    """An ASCII log with the results that we gave it, each at a place that is a URI."""
    assert written.isascii()
    log = json_keys(written, plain)
    uris_in(log, frozenset(("uri", "helpUri", "informationUri", "repositoryUri")))
    assert [len(run["results"]) for run in log["runs"]] == [len(run["results"]) for run in _plain_json(plain)["runs"]]


def xml(written: str, plain: str) -> None:
    """The elements and the attributes that we gave it, and nothing between them that is none."""
    found, before = ET.fromstring(written), _plain_xml(plain)
    assert [one.tag for one in found.iter()] == [one.tag for one in before.iter()], "other elements"
    assert {key for one in found.iter() for key in one.attrib} <= {key for one in before.iter() for key in one.attrib}
    for mark in ("<!--", "<!DOCTYPE", "<?"):
        assert written.count(mark) == plain.count(mark), mark


@lru_cache(maxsize=64)
def _plain_xml(plain: str) -> ET.Element:
    return ET.fromstring(plain)


def svg(written: str, plain: str) -> None:
    """A picture that loads nothing and runs nothing; how many shapes it has depends on its numbers alone."""
    xml(written, plain)
    _harmless(_Page(written), _plain_page(plain))


def html(written: str, plain: str) -> None:
    """The elements and attributes that we gave it, closed in order; nothing runs and nothing is loaded."""
    page, before = _Page(written), _plain_page(plain)
    assert page.kinds <= before.kinds, f"elements that nobody gave it: {sorted(page.kinds - before.kinds)}"
    _harmless(page, before)


def _harmless(page: _Page, before: _Page) -> None:
    assert not page.open, f"not closed: {page.open}"
    for mark in ("script", "style", "link", "meta", "iframe", "base", "form"):
        assert page.count[mark] == before.count[mark], mark
    assert page.comments == before.comments, "a comment that nobody gave it"
    for name, value in page.addresses:
        assert re.match(r"#|https?://|mailto:|[\w%./-]+(#|$)", value), f"{name} leads to {value!a}"
        assert "javascript:" not in value.casefold()
    assert not [name for _, name in page.kinds if name.startswith("on")], "an attribute that runs"


class _Page(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self, written: str) -> None:
        super().__init__(convert_charrefs=True)
        self.kinds: set[tuple[str, str]] = set()
        self.count: Counter[str] = Counter()
        self.addresses: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.comments = 0
        self.feed(written)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] += 1
        self.kinds |= {(tag, ""), *((tag, name) for name, _ in attrs)}
        self.addresses += [(name, value or "") for name, value in attrs if name in ("href", "src", "xlink:href")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_comment(self, data: str) -> None:
        self.comments += 1


@lru_cache(maxsize=64)
def _plain_page(plain: str) -> _Page:
    return _Page(plain)


def csv_table(written: str, plain: str) -> None:
    """As many rows and columns as we gave it, and no cell that a spreadsheet computes."""
    rows = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    assert [len(row) for row in rows] == _plain_columns(plain)
    for row in rows:
        for cell in row:
            assert not cell.lstrip().startswith(_FORMULA) or re.fullmatch(r"-?\d+(\.\d+)?", cell), (
                f"a formula: {cell!a}"
            )
            assert cell.isprintable(), f"a control character: {cell!a}"


@lru_cache(maxsize=64)
def _plain_columns(plain: str) -> list[int]:
    return [len(row) for row in csv.reader(io.StringIO(plain, newline=""), strict=True)]


def workflow_commands(written: str, plain: str) -> None:
    """Each line is one command of ours, with the properties that we gave it, and there are as many as we gave it."""
    lines, before = written.splitlines(), plain.splitlines()
    assert len(lines) == len(before), "a line that nobody gave it"
    for line, one in zip(lines, before, strict=True):
        assert line.isprintable(), f"a control character: {line!a}"
        assert _command(line) == _command(one), f"another command: {line!a}"


def _command(line: str) -> tuple[str, list[str]]:
    found = re.match(r"::(\w+) ([^:]*)::", line)
    assert found, f"no command: {line!a}"
    return found[1], [one.partition("=")[0] for one in found[2].split(",")]


def markdown(written: str, plain: str) -> None:
    """Headings, tables, fences, links and elements are those that we gave it; no mention and no reference is made."""
    safe_lines(written.replace("\u200b", ""))
    outside, before = _outside_fences(written), _outside_fences(plain)
    for kind, pattern in _MARKDOWN.items():
        found, given = len(pattern.findall(outside)), len(pattern.findall(before))
        assert found <= given, (
            f"{found - given} more {kind}: {[one.group()[:60] for one in pattern.finditer(outside)][-2:]!a}"
        )
    elements, known = (set(re.findall(r"<(/?[a-zA-Z]\w*)", one)) for one in (outside, before))
    assert elements <= known, f"elements that nobody gave it: {elements - known}"
    for line in outside.splitlines():
        if line.startswith("|"):
            assert line.endswith("|"), f"a row is cut: {line!a}"


_MARKDOWN = {
    "headings": re.compile(r"^ {0,3}#{1,6}(?:\s|$)", re.MULTILINE),
    "links": re.compile(r"\[[^\[\]]*\]\("),
    "addresses": re.compile(r"(?i)(?:https?://|www\.)"),
    "mentions": re.compile(r"(?<![\w/`&])@[A-Za-z0-9]"),
    "references": re.compile(r"(?<![\w&`])#\d"),
    "rules": re.compile(r"^ {0,3}(?:-{3,}|\*{3,}|_{3,}|={3,})\s*$", re.MULTILINE),
    "comments": re.compile(r"<!--"),
}


def _outside_fences(written: str) -> str:
    """The lines that no fence holds, without what a backslash makes text; a fence that is never closed is a finding."""
    kept, fence = [], ""
    for line in written.split("\n"):
        bare = line.lstrip()
        if fence:
            if bare.startswith(fence) and set(bare.strip()) == {fence[0]}:
                fence = ""
        elif found := re.match(r"(`{3,}|~{3,})[^`]*$", bare):
            fence = found[1]
        else:
            kept.append(line)
    assert not fence, "a fence is not closed"
    return re.sub(r"\\[!-/:-@\[-`{-~]", " ", "\n".join(kept))


def csv_tables(written: str, plain: str) -> None:
    """Each file of a folder is a table; the folder holds the files that we gave it."""
    for (name, one), (before_name, before) in zip(_files(written), _files(plain), strict=True):
        assert name == before_name, name
        csv_table(one, before)


def html_pages(written: str, plain: str) -> None:
    """Each file of a folder is a page of elements that we gave one, and each link inside it leads to a file of it."""
    found, before = dict(_files(written)), dict(_files(plain))
    kinds = set().union(*(_plain_page(one).kinds for one in before.values() if one.startswith("<!")))
    assert len(found) == len(before), "other files"
    for name, one in found.items():
        assert re.fullmatch(r"[\w.-]+(/[\w.-]+)*", name), f"a name that means something: {name!a}"
        if not one.startswith("<!"):
            continue
        page = _Page(one)
        assert page.kinds <= kinds, f"elements that nobody gave it: {sorted(page.kinds - kinds)}"
        _harmless(page, page)
        for _, address in page.addresses:
            path = address.partition("#")[0]
            assert (
                not path or "//" in path or posixpath.normpath(f"{posixpath.dirname(name)}/{path}").lstrip("/") in found
            ), f"{name} leads to {address!a}, which is not there"


def _files(written: str) -> list[tuple[str, str]]:
    return [(one.partition("\n")[0], one.partition("\n")[2]) for one in written.split(PARTED)]


def bill(written: str, plain: str) -> None:
    """A bill of materials: JSON whose ids are unique and of their form, and whose addresses are URIs."""
    found = json_document(written, plain)
    uris_in(found, frozenset(("url", "purl", "downloadLocation", "documentNamespace", "referenceLocator", "spdxId")))
    refs = [one["bom-ref"] for one in found.get("components", ()) if "bom-ref" in one]
    assert len(refs) == len(set(refs)), "two components with one reference"
    spdx = [one["SPDXID"] for kind in ("packages", "files") for one in found.get(kind, ())]
    assert len(spdx) == len(set(spdx)), "two elements with one id"
    assert all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", one) for one in spdx)


def notices(written: str, plain: str) -> None:
    """The rules that part a notice file stand where we put them."""
    rule = re.compile(r"^={20,}$", re.MULTILINE)
    assert len(rule.findall(written)) == len(rule.findall(plain)), "a line that parts what we did not part"
    safe_lines(written.replace("\t", " "))


def shell(written: str, plain: str) -> None:
    """Comments, and one command with the program and the options that we gave it: each text is a word of its own."""
    safe_lines(written)
    words, before = (shlex.split(one, comments=True) for one in (written, plain))
    assert len(words) == len(before), f"other words: {words!a}"
    assert [one for one in words if one.startswith("-")] == [one for one in before if one.startswith("-")]
    assert words[0] == before[0], f"another program: {words[0]!a}"


def yaml_documents(written: str, plain: str) -> None:
    """YAML with the keys that we gave it, and a text or a number where one stood."""
    safe_lines(written)
    assert _shape(_documents(written)) == _plain_shape(plain), "keys that nobody gave it, or another kind of value"


def _documents(written: str) -> list[Any]:
    return list(yaml.load_all(written, Loader=yaml.CSafeLoader))


@lru_cache(maxsize=64)
def _plain_shape(plain: str) -> Any:
    return _shape(_documents(plain))


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shape(one) for one in value]
    return "a text or a number" if type(value) in (str, int, float) else type(value)
