"""Any YAML: the C parser, and the pure one that has the last word, within the limits of `document.tree`."""

from checker.document.tree import c_events, parse, pure_events
from fuzz.target import files, source

LONGEST = 256
WORDS = (
    "---",
    "...",
    "&a",
    "*a",
    "!!str",
    "<<:",
    "? ",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "|",
    ">",
    "%YAML",
    "\\u2028",
    "\t",
)


def seeds():
    yield from files("tests/manifest/examples/*/*.yaml", "templates/*", longest=512)
    yield b"a: [1, {b: 'c'}]\nd: |\n  text\n"


def one(data):
    text = source(data)
    for events in (c_events, pure_events):
        try:
            parse(text, events)
        except Exception as error:
            if type(error).__name__ != "InputError":
                raise
