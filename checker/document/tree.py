"""A YAML file as a tree of nodes that know where they stand, built from parser events and never from loaded objects.

Only plain data gets in: one document of mappings, lists and scalars. Anchors, aliases, tags, directives, further
documents, duplicate keys and keys that are no text are refused at the event that shows them, with their place.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from checker.document.errors import InputError
from checker.document.place import Place, SourceFile
from checker.document.read import place_of
from checker.value import NamedTuple

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:
    CParser = None

MAX_DEPTH = 40
"""How many mappings and lists may stand inside each other."""


class Scalar:
    """One value as it is written; `plain` says that it stands without quotes, `text` is what stands inside them."""

    __slots__ = ("at", "plain", "text")

    def __init__(self, text: str, plain: bool, at: Place) -> None:
        self.text = text
        self.plain = plain
        self.at = at

    def __repr__(self) -> str:
        return f"Scalar({self.text!r}, plain={self.plain}, at={self.at})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scalar):
            return NotImplemented
        return (self.text, self.plain, self.at) == (other.text, other.plain, other.at)

    __hash__ = None  # type: ignore[assignment]

    @property
    def empty(self) -> bool:
        """Whether nothing stands there: no text at all, `~` or `null`."""
        return self.plain and self.text in _NO_VALUE


_NO_VALUE = frozenset(("", "~", "null", "Null", "NULL"))


class Entry(NamedTuple):
    """One key of a mapping with its value."""

    key_at: Place
    value: "Node"


class Mapping(NamedTuple):
    """Keys and values in the order of the file; `at` is the first key, or the brace that opens it."""

    items: dict[str, Entry]
    at: Place


class Sequence(NamedTuple):
    """A list; `at` is the first dash, or the bracket that opens it."""

    items: "list[Node]"
    at: Place


Node: TypeAlias = Scalar | Mapping | Sequence
Events: TypeAlias = Callable[[str], Iterable[Any]]


def scalars_at(node: Node, keys: tuple[str, ...]) -> Iterator[Scalar]:
    """The values that a path of keys leads to, in the order of the file; a list on the way is entered."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from scalars_at(item, keys)
    elif isinstance(node, Mapping):
        if keys and (entry := node.items.get(keys[0])) is not None:
            yield from scalars_at(entry.value, keys[1:])
    elif not keys and not node.empty:
        yield node


def pure_events(text: str) -> Iterable[Any]:
    """The events of ruamel.yaml's own parser, which has the last word on what is YAML."""
    events: Iterable[Any] = YAML(typ="safe", pure=True).parse(text)
    return events


def c_events(text: str) -> Iterable[Any]:
    """The events of the C parser: twenty times as fast."""
    return iter(CParser(text).get_event, None)


EVENTS: Events = pure_events if CParser is None else c_events
"""The fastest parser there is."""

# The C parser implements an older YAML: it refuses `{where: https://example.org}` and other harmless text. What does
# not get through it is therefore read again by the pure parser, so that both installations accept the same files and
# word errors alike; beyond this size (the pure parser takes 4 ms for a kilobyte) its refusal stands. Addresses between
# braces are so common in a manifest that their colon is hidden from it (as many characters, so places stay right).
_SECOND_OPINION_UP_TO = 32 * 1024
_ADDRESS = re.compile(r"(?<=[A-Za-z0-9]):(?=//)")
_HIDDEN_COLON = "\ue03a"

_NOT_ADMITTED = "[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INDENTING_TAB = re.compile(r"^ *\t[ \t]*(?=[^ \t\r\n#])", re.MULTILINE)
_BLANK_LINE = re.compile(r"^ +$", re.MULTILINE)
_DIRECTIVE = re.compile(r"(?: *+(?:#[^\n]*+)?\n)*+(%[^\n]*)")
# Many brackets in a row cost the pure parser a third of a second, because each might be a key.
_BRACKETS = re.compile(rf"^[^\"'#\n]*?(?:[\[{{] *+){{{MAX_DEPTH}}}([\[{{])", re.MULTILINE)
_BLOCK_STYLES = ("|", ">")
_BLOCK_HEADER = re.compile(r"[|>][-+1-9]{0,2}[ \t]*(?:(?<=[ \t])#.*)?")
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(source: SourceFile, events: Events = EVENTS) -> Node:
    """The tree of a YAML file.

    Raises:
        InputError: the first thing in it that is no YAML or that is refused, with its place.
    """
    text = parsable(source)
    if events is not pure_events and text.count("\n...") < 2:  # they disagree on what follows a second `...`
        try:
            return _tree(source, text, events)
        except InputError:
            if len(text) > _SECOND_OPINION_UP_TO:
                raise
    return _tree(source, text, pure_events)


def _refused_character(text: str) -> re.Match[str] | None:
    """The first character that YAML does not admit as it is."""
    if text.isascii():
        return _CONTROL.search(text)
    return re.search(_NOT_ADMITTED, text)  # compiled on first use: 5 ms, and most manifests are ASCII


def parsable(source: SourceFile) -> str:
    """The text as both parsers understand it alike: line feeds end lines, and a tab between words is a space.

    Raises:
        InputError: what no parser is to see: odd characters, tabs that indent, directives, brackets without end.
    """
    text = source.text
    if found := _refused_character(text):
        character = f"the character U+{ord(found.group()):04X}"
        raise InputError.one(character, expected="printable text", at=place_of(source, found.start()))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" in text:
        if found := _INDENTING_TAB.search(text):
            at = place_of(SourceFile(source.name, text), text.index("\t", found.start()))
            raise InputError.one("a tab in the indentation", expected="spaces", at=at._replace(file=source))
        text = text.replace("\t", " ")
    if " \n" in text or text.endswith(" "):
        text = _BLANK_LINE.sub("", text)  # the pure parser trips over blanks above a block of text
    if found := _DIRECTIVE.match(text):
        line = text.count("\n", 0, found.start(1)) + 1
        at = Place(source, line, 1, len(found.group(1).rstrip()))
        raise InputError.one("a directive (`%`)", expected="a file without directives", at=at)
    if found := _BRACKETS.search(text):
        raise _too_deep(place_of(SourceFile(source.name, text), found.start(1))._replace(file=source))
    return text


def _too_deep(at: Place) -> InputError:
    return InputError.one(f"more than {MAX_DEPTH} levels inside each other", expected="a flatter file", at=at)


class _Open:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("at", "items", "key", "key_at")

    def __init__(self, items: Any, at: Place | None) -> None:
        self.items = items
        self.at = at
        self.key: str | None = None
        self.key_at: Place | None = None


def _tree(source: SourceFile, text: str, events: Events) -> Node:
    """Build the tree of the one document that the events describe."""
    hidden = events is not pure_events and "://" in text and _HIDDEN_COLON not in text
    builder = _Builder(source, hidden)
    takers = builder.takers
    try:
        for event in events(_ADDRESS.sub(_HIDDEN_COLON, text) if hidden else text):
            if taker := takers.get(type(event)):
                taker(event)
    except (YAMLError, ValueError, OverflowError) as error:
        from checker.document.syntax import reworded  # only a mistake needs it

        raise InputError((reworded(error, source),)) from error
    if builder.root is None or (type(builder.root) is Scalar and builder.root.plain and not builder.root.text):
        raise InputError.one("the file is empty", expected="`key: value` lines", at=Place(source, 1, 1))
    return builder.root


class _Builder:
    """Puts events together into nodes; refuses what is more than plain data."""

    def __init__(self, source: SourceFile, hidden: bool) -> None:
        self.root: Node | None = None
        self._source = source
        self._hidden = hidden
        self._open: list[_Open] = []
        self._documents = 0
        self._lines: list[str] | None = None
        self.takers: dict[type, Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._start,
            SequenceStartEvent: self._start,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
        }

    def _scalar(self, event: Any) -> None:
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event)
        start, end = event.start_mark, event.end_mark
        line, column = start.line, start.column
        width = end.column - column if end.line == line else self._rest_of_line(line, column)
        at = Place(self._source, line + 1, column + 1, width or 1)
        text, plain = event.value, event.implicit[0]
        if not text.isascii():
            if self._hidden:
                text = text.replace(_HIDDEN_COLON, ":")
            if not plain and _SURROGATE.search(text):
                raise InputError.one("an escape that names no character", expected="a Unicode character", at=at)
        if "\0" in text:
            raise InputError.one("an escape that names the NUL character", expected="text", at=at)
        if event.style in _BLOCK_STYLES:
            self._refuse_odd_block(start, at)
        around = self._open[-1] if self._open else None
        if around is not None and around.key is None and type(around.items) is dict:
            self._key(around, text, at)
            return
        if not width and around is not None and around.key_at is not None:
            at = around.key_at  # where nothing stands the parsers disagree; the key is what a reader looks for
        self._put(Scalar(text, plain, at))

    def _key(self, mapping: _Open, text: str, at: Place) -> None:
        if not text:
            raise InputError.one("a key without a name", expected="`key: value`", at=at)
        if text in mapping.items:
            first = mapping.items[text].key_at
            raise InputError.one(
                f"the key `{text}` stands here for the second time",
                expected=f"each key once; the first one is on line {first.line}",
                at=at,
                also=first,
            )
        mapping.key, mapping.key_at = text, at
        if mapping.at is None:
            mapping.at = at

    def _put(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        around = self._open[-1]
        if around.key is not None:
            assert around.key_at is not None
            around.items[around.key] = Entry(around.key_at, node)
            around.key = around.key_at = None
        else:
            around.items.append(node)

    def _start(self, event: Any) -> None:
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event)
        start = event.start_mark
        at = Place(self._source, start.line + 1, start.column + 1)
        around = self._open[-1] if self._open else None
        is_mapping = type(event) is MappingStartEvent
        if around is not None and around.key is None and type(around.items) is dict:
            raise InputError.one("a key that is no text", expected="`key: value` with a text as key", at=at)
        if len(self._open) == MAX_DEPTH:
            raise _too_deep(at)
        if not is_mapping:
            self._open.append(_Open([], at))
            return
        # `[a: b]`: the parsers disagree on some spellings, and whoever writes it means something else.
        bracketed = event.flow_style and self._character(start) != "{"
        if bracketed:
            raise InputError.one("a `:` between the items of a list", expected="`{key: value}`, or quotes", at=at)
        self._open.append(_Open({}, at if event.flow_style else None))

    def _end(self, event: Any) -> None:
        closed = self._open.pop()
        assert closed.at is not None
        self._put((Mapping if type(closed.items) is dict else Sequence)(closed.items, closed.at))

    def _alias(self, event: Any) -> None:
        at = self._token(event)
        raise InputError.one("an alias (`*`)", expected="the value itself", at=at)

    def _refuse_properties(self, event: Any) -> None:
        at = self._token(event)
        mark = self._character(event.start_mark)
        if mark == "&":
            raise InputError.one("an anchor (`&`)", expected="a value without an anchor", at=at)
        raise InputError.one("a tag (`!`)", expected="a value without a tag", at=at)

    def _refuse_odd_block(self, start: Any, at: Place) -> None:
        """Blocks of text on which the parsers disagree."""
        if not self._open:
            raise InputError.one("a block of text instead of keys", expected="`key: value` lines", at=at)
        if not _BLOCK_HEADER.fullmatch(self._line(start.line), start.column):
            from checker.document.syntax import odd_block

            raise InputError((odd_block(at._replace(width=1)),))

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            at = Place(self._source, event.start_mark.line + 1, event.start_mark.column + 1)
            raise InputError.one("a second document", expected="one document a file", at=at)

    def _token(self, event: Any) -> Place:
        """The anchor, alias or tag that begins at an event, up to the next blank or bracket."""
        line, column = event.start_mark.line, event.start_mark.column
        token = re.match(r"[^ ,\[\]{}]*", self._line(line)[column:])
        return Place(self._source, line + 1, column + 1, max(token.end() if token else 1, 1))

    def _character(self, mark: Any) -> str:
        return self._line(mark.line)[mark.column : mark.column + 1]

    def _rest_of_line(self, line: int, column: int) -> int:
        return len(self._line(line).rstrip()) - column

    def _line(self, number: int) -> str:
        if self._lines is None:
            self._lines = self._source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return self._lines[number] if number < len(self._lines) else ""
