"""Makes YAML of other tools plain enough for our reader: several documents, anchors, tags and Helm's templates.

What is taken out is replaced by as much of something harmless, so that every place stays right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.document.errors import InputError
from checker.document.place import Place, SourceFile
from checker.document.tree import Entry, Mapping, Node, Scalar, Sequence, parse
from checker.value import NamedTuple

MAX_DOCUMENTS = 200
FIRST_MARK = 0xE100
_LAST_MARK = 0xEFFF
_TEMPLATE = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}")
_CONTROL = re.compile(
    r"^[ \t]*\{\{-?\s*(?:if|else|end|range|with|define|include|template|block|/\*|\$|toYaml|tpl)\b.*$"
    r"|^[ \t]*\{\{.*\}\}[ \t]*$",
    re.M,
)
_PROPERTIES = re.compile(r"(?<=[:\-,\[{] )(?:[&!][\w./:!-]+)(?=\s|$)", re.M)
_TAG_AT_START = re.compile(r"^(?:[&!][\w./:!-]+)(?=\s|$)", re.M)
_ALIAS = re.compile(r"(?<=[:\-,\[{] )\*([\w.-]+)")
_MERGE = re.compile(r"^([ \t]*(?:- )?)<<:.*$", re.M)
_END = re.compile(r"^(?:---(?=\s|$).*|\.\.\.\s*)$", re.M)
_COMMENT_ONLY = re.compile(r"(?:[ \t]*(?:#.*)?\n)*[ \t]*(?:#.*)?")


class Document(NamedTuple):
    """One YAML document of a file."""

    root: Node
    templates: dict[str, str]
    """For the character that stands for a template in a text, what the template says."""


def documents(source: SourceFile) -> Iterator[Document]:
    """The documents of a YAML file, templates and anchors taken out.

    Raises:
        InputError: one of them is no YAML even so.
    """
    text = source.text.replace("\r\n", "\n").replace("\r", "\n")
    templates: dict[str, str] = {}
    if "{{" in text:
        text = _without_templates(text, templates)
    begin = 0
    for number, (start, end) in enumerate(_bounds(text)):
        if number == MAX_DOCUMENTS:
            raise InputError.one(f"more than {MAX_DOCUMENTS} documents", expected="fewer in one file", file=source.name)
        chunk = text[start:end]
        if _COMMENT_ONLY.fullmatch(chunk):
            continue
        begin = text.count("\n", 0, start)
        yield Document(_moved(parse(SourceFile(source.name, _plain(chunk))), source, begin), templates)


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _END.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _plain(text: str) -> str:
    """Without anchors, tags and merges; an alias becomes the word that it repeats."""
    if "&" in text or "!" in text:
        text = _PROPERTIES.sub(_blank, _TAG_AT_START.sub(_blank, text))
    if "*" in text:
        text = _ALIAS.sub(lambda found: f"_{found[1]}", text)
    if "<<:" in text:
        text = _MERGE.sub(lambda found: _blank(found) if "- " not in found[1] else f"{found[1]}{{}}", text)
    return text


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _without_templates(text: str, templates: dict[str, str]) -> str:
    text = _CONTROL.sub("", text)
    marks: dict[str, str] = {}

    def mark(found: re.Match[str]) -> str:
        said = found.group()[2:-2].strip("- ")
        if said not in marks:
            if FIRST_MARK + len(marks) > _LAST_MARK:
                return " " * len(found.group())
            marks[said] = chr(FIRST_MARK + len(marks))
            templates[marks[said]] = said
        return marks[said] * len(found.group())

    return _TEMPLATE.sub(mark, text)


def _moved(root: Node, source: SourceFile, lines: int) -> Node:
    """The tree with the places that it has in the whole file. The reader bounds its depth."""

    def place(at: Place) -> Place:
        return Place(source, at.line + lines, at.column, at.width)

    if isinstance(root, Scalar):
        return Scalar(root.text, root.plain, place(root.at))
    if isinstance(root, Sequence):
        return Sequence([_moved(item, source, lines) for item in root.items], place(root.at))
    items = {key: Entry(place(entry.key_at), _moved(entry.value, source, lines)) for key, entry in root.items.items()}
    return Mapping(items, place(root.at))
