"""What must hold of an output, whatever was put into it; each says what is wrong, or nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt

Oracle = Callable[[str], Iterator[str]]

OURS = ("https://weighbridge.example", "https://huggingface.co/", "https://docs.vllm.ai/", "https://github.com/")
"""Addresses that our own code writes."""
_COMMAND = re.compile(r"^\s*::|##[A-Za-z]*\[")
_ACTS = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Categories of characters that act instead of being shown: controls, formats, halves, private ones, line ends."""


def _acting(text: str, admitted: str = "\n") -> Iterator[str]:
    found = {one for one in text if one not in admitted and unicodedata.category(one) in _ACTS}
    yield from (f"U+{ord(one):04X} as it is" for one in sorted(found))


def _commands(text: str, own: str = r"(?!)") -> Iterator[str]:
    for line in text.split("\n"):
        if _COMMAND.search(line) and not re.match(own, line):
            yield f"a command to a log: {line[:120]!a}"


def terminal(text: str) -> Iterator[str]:
    """A line is a line, and no character acts."""
    yield from _acting(text)
    yield from _commands(text)


def notices(text: str) -> Iterator[str]:
    """As on a terminal; licence texts are set with tabs."""
    yield from terminal(text.replace("\t", " "))


def of_json(text: str) -> Iterator[str]:
    """It reads, nothing in it acts, and it is no command to a log that it is printed into."""
    yield from terminal(text)
    json.loads(text)


def lines_of_json(text: str) -> Iterator[str]:
    """One document a line."""
    for line in text.splitlines():
        yield from of_json(line)


def sarif(text: str) -> Iterator[str]:
    """Addresses stay inside the repository, and messages hold no links."""
    yield from of_json(text)
    for run in json.loads(text)["runs"]:
        for found in _below(run, "artifactLocation"):
            uri = found.get("uri", "")
            if urlsplit(uri).scheme or uri.startswith("/") or ".." in uri.split("/") or not _is_uri(uri):
                yield f"an address out of the repository: {uri!a}"
        for found in _below(run, "message"):
            if re.search(r"(?<!\\)\[[^\[\]]*\]\(", found.get("text", "")):
                yield f"a link: {found['text'][:80]!a}"
        for uri in _below(run, "helpUri"):
            if not uri.startswith(OURS):
                yield f"an address of somebody else: {uri!a}"


def _is_uri(text: str) -> bool:
    return re.fullmatch(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*", text) is not None


def _below(node: object, key: str) -> Iterator[object]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from _below(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _below(value, key)


def junit(text: str) -> Iterator[str]:
    """It parses, holds elements that we gave it, and no instruction, entity or comment."""
    yield from terminal(text)
    tags = {element.tag for element in ET.fromstring(text).iter()}
    ours = {"testsuites", "testsuite", "testcase", "properties", "property", "failure", "error", "skipped"}
    yield from (f"an element of somebody else: {tag}" for tag in tags - ours - {"system-out", "system-err"})
    yield from (mark for mark in ("<!", "<?x") if mark in text.partition("\n")[2])


def github(text: str) -> Iterator[str]:
    """Every line is one of our three commands."""
    yield from _acting(text)
    own = r"::(error|warning|notice) (file=[^:,]*,line=\d+,endLine=\d+,col=\d+,endColumn=\d+,)?title=[^:,]*::"
    yield from (f"another command: {line[:120]!a}" for line in text.splitlines() if not re.match(own, line))
    yield from _commands(text, own)


_TAGS = {"<br>", "<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>"}


def markdown(text: str) -> Iterator[str]:
    """Headings, tables and links are ours alone; of HTML there is what makes a report fold."""
    yield from _acting(text, "\n\u200b")
    yield from _commands(text)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    width = 0
    for token in tokens:
        if token.type == "html_block":
            tags = re.findall(r"</?[A-Za-z][^>]*>|<!--.*?-->", token.content)
            yield from (
                f"HTML: {tag!a}" for tag in tags if tag not in _TAGS and not tag.startswith("<!-- weighbridge-")
            )
        if token.type == "tr_open":
            width = 0
        width += token.type in ("th_open", "td_open")
        named = 0
        for child in token.children or ():
            named += {"<code>": 1, "</code>": -1}.get(child.content, 0) if child.type == "html_inline" else 0
            if child.type == "html_inline" and child.content not in _TAGS:
                yield f"HTML: {child.content!a}"
            if child.type == "code_inline" and not re.fullmatch(r"[a-z0-9_-]+", child.content):
                yield f"code that is none of ours: {child.content!a}"
            if child.type == "image":
                yield f"a picture: {child.attrs}"
            if child.type == "link_open" and not str(child.attrs["href"]).startswith(OURS):
                yield f"a link: {child.attrs['href']!a}"
            if (
                child.type == "text"
                and not named
                and (found := re.search(r"(?:^|[^\w`])([@#!][\w/.-]+)", child.content))
            ):
                yield f"a reference: {found.group(1)!a}"
    yield from _rows(text)
    prose = re.sub(r"^(```+)[^`].*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from (f"an address: {one!a}" for one in re.findall(r"(?<![<(])\b(?:https?://|www\.)[^\s|]*", prose))


def _rows(text: str) -> Iterator[str]:
    """Rows of a table have as many cells as its head; a bar inside a cell would cut it."""
    wide = 0
    for line in text.split("\n"):
        if not line.startswith("|"):
            wide = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line)) - 1
        wide = wide or cells
        if cells != wide:
            yield f"a row of {cells} cells below a head of {wide}: {line[:120]!a}"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.scripts = 0
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        if tag in ("iframe", "object", "embed", "base", "img", "form"):
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("srcdoc", "autofocus", "formaction", "style"):
                self.wrong.append(f"{tag} {name}")
            if name in ("href", "src", "action", "xlink:href") and not (value or "").startswith(("#", *OURS)):
                scheme = urlsplit(value or "").scheme
                if scheme not in ("", "https") or (tag != "a" and value not in ("style.css", "../style.css")):
                    self.wrong.append(f"{tag} {name}={value!a}")
        if tag not in ("br", "meta", "input", "hr", "col", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"a comment: {data[:60]!a}")


def page(text: str) -> Iterator[str]:
    """Elements close as they opened; nothing runs, loads or leads elsewhere but the page's own script."""
    yield from _acting(text)
    read = _Page()
    read.feed(text)
    read.close()
    yield from dict.fromkeys(read.wrong)
    if read.scripts > 2:
        yield f"{read.scripts} scripts"


def picture(text: str) -> Iterator[str]:
    """XML of drawing elements alone."""
    yield from terminal(text)
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(text).iter()}
    known = {"svg", "style", "title", "desc", "g", "text", "rect", "line", "path", "circle", "polyline", "tspan"}
    yield from (f"an element of somebody else: {tag}" for tag in tags - known)


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def table(text: str) -> Iterator[str]:
    """As many cells in each row as in the head, and none that a spreadsheet takes for a formula."""
    yield from _acting(text, "\r\n")
    yield from _commands(text)
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    for row in rows:
        if len(row) != len(head):
            yield f"a row of {len(row)} cells: {row[:3]!a}"
        for cell in row:
            if cell.lstrip().startswith(_FORMULA) and not re.fullmatch(r"-?\d+(\.\d+)?", cell):
                yield f"a formula: {cell[:60]!a}"
            if re.search(r";\s*[=+@-]", cell):
                yield f"a formula behind a semicolon: {cell[:60]!a}"


def nothing_printed(text: str) -> Iterator[str]:
    """There is nothing."""
    if text:
        yield f"something: {text[:80]!a}"
