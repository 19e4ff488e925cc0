"""What a YAML parser complains of, in one wording for both parsers: the place, what was found, what belongs there."""

from typing import Any

from checker.document.errors import Problem
from checker.document.place import Place, SourceFile
from checker.document.read import place_of
from checker.value import NamedTuple


class _Complaint(NamedTuple):
    """One kind of complaint."""

    parts: tuple[str, ...]
    """Any of these stands in the parser's own words (`context: problem`)."""
    sentence: str
    expected: str
    at_start: bool = False
    """The place is where the thing begins that went wrong, not where the parser noticed."""


_ODD_BLOCK = _Complaint(
    ("a block scalar",),
    "a block of text whose first line is not understood",
    "`|` or `>` alone on the line, and the text below it, further to the right",
    at_start=True,
)
_COMPLAINTS = (
    _Complaint(("scanning an anchor",), "an anchor (`&`)", "a value without an anchor", at_start=True),
    _Complaint(("scanning an alias",), "an alias (`*`)", "the value itself", at_start=True),
    _Complaint(("a tag",), "a tag (`!`)", "a value without a tag", at_start=True),
    _Complaint(("a directive", "%YAML", "%TAG"), "a directive (`%`)", "a file without directives", at_start=True),
    _Complaint(
        ("mapping values are not allowed",),
        "a `:` after a text that is a value already",
        "one `key: value` a line, and quotes around a text that holds `: `",
    ),
    _Complaint(
        ("sequence entries are not allowed",),
        "a list item on the line of its key",
        "list items (`- …`) on lines of their own",
    ),
    _Complaint(("mapping keys are not allowed",), "a `?` that begins no key", "`key: value`"),
    _Complaint(
        ("could not find expected ':'",),
        "a text that is no key, because no `:` with a space after it follows",
        "`key: value`, lined up with the lines above",
        at_start=True,
    ),
    _Complaint(("cannot start any token",), "{found} cannot begin a value", "quotes around the text"),
    _Complaint(
        ("unexpected end of stream", "unexpected document separator"),
        "the quote that opens here is not closed",
        "a closing quote",
        at_start=True,
    ),
    _Complaint(
        ("escape", "hexdecimal"),
        "an escape (`\\`) that does not exist, in the text that begins here",
        "`\\\\` for a backslash, or single quotes around the text",
        at_start=True,
    ),
    _ODD_BLOCK,
    _Complaint(("found unexpected ':'",), "a `:` inside a text between brackets", "quotes around the text"),
    _Complaint(("',' or ']'",), "{found} between the items of a list", "`,` or `]`"),
    _Complaint(("',' or '}'",), "{found} between the entries of a mapping", "`,` or `}`"),
    _Complaint(("node content",), "{found} where a value belongs", "a value"),
    _Complaint(("document start", "after document end"), "more text after the end of the document", "one value a file"),
    _Complaint(
        ("block end", "expected key", "'-' indicator"),
        "a line that does not line up with those above it",
        "the indentation of the block that it belongs to",
    ),
)
_AFTER_VALUE = _Complaint((), "more text after the end of a value", "quotes around the whole text, or a new line")
_MERGE = _Complaint(
    (), "a merge of git's that was not finished", "one of the two sides, without the lines that mark them"
)
_MERGE_MARKS = ("<<<<<<< ", "||||||| ", "=======", ">>>>>>> ")
_CLOSING = {"[": "]", "{": "}"}
_OTHER = _Complaint((), "this is not YAML", "`key: value` lines")


def reworded(error: Exception, source: SourceFile) -> Problem:
    """Our problem for an error of either parser."""
    if isinstance(error, (ValueError, OverflowError)):
        # The pure parser turns `"\U00110000"` into a character without looking whether there is one.
        at = place_of(source, max(source.text.find("\\U"), 0), 2)
        return Problem("an escape that names no character", expected="a Unicode character", at=at)
    words = f"{getattr(error, 'context', None)}: {getattr(error, 'problem', None)}"
    complaint = next((each for each in _COMPLAINTS if any(part in words for part in each.parts)), _OTHER)
    start: Any = getattr(error, "context_mark", None)
    noticed: Any = getattr(error, "problem_mark", None)
    lines = source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    mark = (start if complaint.at_start else None) or noticed or start
    if mark is None:
        return Problem(complaint.sentence, expected=complaint.expected, at=Place(source, 1, 1))
    found = _character(lines, mark)
    opened = _character(lines, start) if start is not None else ""
    if not found and opened in _CLOSING:
        at = Place(source, start.line + 1, start.column + 1)
        return Problem(f"the `{opened}` that opens here is not closed", expected=f"`{_CLOSING[opened]}`", at=at)
    if "block end" in complaint.parts and _follows_a_value(lines, mark):
        complaint = _AFTER_VALUE
    if mark.line < len(lines) and lines[mark.line].startswith(_MERGE_MARKS):
        complaint = _MERGE
    at = Place(source, min(mark.line + 1, len(lines)), mark.column + 1)
    words_for = {"": "the end of the file", "`": "a backtick"}
    sentence = complaint.sentence.replace("{found}", words_for.get(found, f"`{found}`"))
    return Problem(sentence, expected=complaint.expected, at=at)


def odd_block(at: Place) -> Problem:
    """A block of text with something else than its options on the first line."""
    return Problem(_ODD_BLOCK.sentence, expected=_ODD_BLOCK.expected, at=at)


def _character(lines: list[str], mark: Any) -> str:
    """The character at a mark; empty at the end of the file."""
    column: int = mark.column
    return lines[mark.line][column : column + 1] if mark.line < len(lines) else ""


def _follows_a_value(lines: list[str], mark: Any) -> bool:
    """Whether something else stands before the place on its line, so that its indentation is not the matter."""
    return mark.line < len(lines) and bool(lines[mark.line][: mark.column].strip(" \t-"))
