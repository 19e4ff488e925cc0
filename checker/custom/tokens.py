"""An expression cut into the words of its language, as far as names, literals and brackets have to be told apart."""

import re
from collections.abc import Iterator

from checker.value import NamedTuple


class Token(NamedTuple):
    """One word: `kind` is `name`, `string`, `number` or `sign`."""

    kind: str
    text: str
    at: int
    """Its first character, counted from 0."""


# Prefixes and triple quotes as in the language definition (cel-spec, doc/langdef.md, "Syntax"); a name with dots in it
# is one word, since that is how variables are declared here.
_WORD = re.compile(
    r"""
    (?P<string>(?:[bB][rR]?|[rR][bB]?)?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''
        |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*)*)
  | (?P<number>\d[\w.]*)
  | (?P<comment>//[^\n]*)
  | (?P<sign>==|!=|<=|>=|&&|\|\||\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLANKS = re.compile(r"\s+")


def tokens(expression: str) -> Iterator[Token]:
    """The words of an expression in their order, comments left out."""
    for found in _WORD.finditer(expression):
        kind = found.lastgroup or ""
        if kind != "comment":
            text = found.group()
            yield Token(kind, _BLANKS.sub("", text) if kind == "name" else text, found.start())


def comments(expression: str) -> Iterator[Token]:
    """The comments of an expression, each up to the end of its line."""
    for found in _WORD.finditer(expression):
        if found.lastgroup == "comment":
            yield Token("comment", found.group(), found.start())


def literal(token: Token) -> str | None:
    """The text that a string stands for; None where it has a prefix or escapes, which nobody needs for a name."""
    text = token.text
    if token.kind != "string" or text[0] not in "'\"" or "\\" in text:
        return None
    quotes = 3 if text[:3] in ('"""', "'''") else 1
    return text[quotes:-quotes]
