"""A character of a scalar's text is found again in its file, in every style of YAML."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
    PlainScalarString,
    SingleQuotedScalarString,
)

from checker.document.place import SourceFile
from checker.document.tree import parse
from checker.document.within import place_within

FILES = {
    "plain": "a: one two X\n",
    "plain over lines": "a: one\n  two\n\n\n  X\n",
    "single": "a: 'it''s X'\n",
    "single over lines": "a: 'it''s\n\n  two\n    X'\n",
    "double": 'a: "\\"é\\u00e9\\x41\\U0001F600\\t X"\n',
    "double over lines": 'a: "one \\\n   two\n   three X"\n',
    "literal": "a: |\n  one\n\n    two\n  X\n",
    "literal stripped": "a: |-\n    one\n      X\n",
    "literal with a width": "a: |2\n    one\n  X\n",
    "folded": "a: >\n  one\n  two\n\n  three\n    four\n  X\n",
    "folded, comment": "a: >-  # why\n\n  one\n  X\n",
    "flow": "a: [b, {c: 'it''s X'}]\n",
    "windows": "a: >\r\n  one\r\n  X\r\n",
    "tabs": "a: one\ttwo X\n",
}


def leaf(node):
    while not hasattr(node, "text"):
        node = node.items[-1] if isinstance(node.items, list) else list(node.items.values())[-1].value
    return node


@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_a_character_is_found_again(text):
    scalar = leaf(parse(SourceFile("f.yaml", text)))
    assert place_within(scalar, scalar.text.index("X")).written == "X"


def test_beyond_the_text_stands_the_scalar():
    scalar = leaf(parse(SourceFile("f.yaml", "a: one\n")))
    assert place_within(scalar, 3) == scalar.at


STYLES = st.sampled_from(
    [DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString, PlainScalarString, SingleQuotedScalarString]
)
TEXTS = st.lists(
    st.sampled_from(["a", "b c", "'", '"', "&&", "\n", "\n\n", " ", "\\", "é", "#", "d"]), max_size=30
).map("".join)


@settings(max_examples=80, deadline=None)
@given(TEXTS, STYLES, st.integers(10, 60))
def test_every_character_is_found_where_a_writer_put_it(before, style, width):
    written = f"({before})X"
    yaml = YAML()
    yaml.width = width
    out = StringIO()
    yaml.dump({"a": {"b": style(written)}}, out)
    scalar = leaf(parse(SourceFile("f.yaml", out.getvalue())))
    if scalar.text.endswith("X"):
        assert place_within(scalar, len(scalar.text) - 1).written == "X"
