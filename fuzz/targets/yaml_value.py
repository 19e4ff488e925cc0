"""A value that is written into somebody's YAML file: read back it is that value, in a block and between braces."""

from checker.document.errors import visible
from checker.document.place import SourceFile
from checker.document.quote import quoted
from checker.document.tree import Mapping, Scalar, parse
from fuzz.given import SHAPED, Given
from fuzz.rendered import PIECES
from fuzz.yaml_words import MARKS, only_the_fast_parser

LONGEST = 64
WORDS = MARKS


def seeds():
    only_the_fast_parser()
    yield from (b"Qwen/Qwen2.5-7B-Instruct", b"24 GiB", b"yes", b"1e3", b"a: b", b"- a", b"2026-11-28", b"0x1f", b"'a'")
    for number in range(len(PIECES)):
        yield SHAPED + bytes((0, 0, number))


def one(data):
    text = Given(data[1:]).text(PIECES) if data.startswith(SHAPED) else data.decode("utf-8", "replace")
    whole = text.encode("utf-8", "backslashreplace").decode()
    written = quoted(text)
    assert "\n" not in written
    for around in ("a: {}\nb: c\n", "a: {{x: {}, y: z}}\nb: c\n", "a:\n- {}\nb: c\n"):
        root = parse(SourceFile("a.yaml", around.format(written)))
        assert isinstance(root, Mapping)
        assert list(root.items) == ["a", "b"], "another key"
        node = root.items["a"].value
        while not isinstance(node, Scalar):
            node = node.items["x"].value if isinstance(node, Mapping) else node.items[0]
        assert node.text in (visible(text), whole), f"{node.text!a} for {text!a}"
