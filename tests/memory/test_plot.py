"""The picture is well-formed, escapes what comes from outside, and draws to scale."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from checker.memory.estimate import Spread, Term, estimate_of
from checker.memory.plot import Bar, Mark, svg
from checker.memory.units import GIB

SVG = "{http://www.w3.org/2000/svg}"


def estimate(**terms):
    parts = tuple(Term(name.replace("_", " "), int(size * GIB), "a test") for name, size in terms.items())
    return estimate_of(parts, "always", (), Spread(-0.1, 0.1, "a test"))


def drawn(bars, marks=(), title="a plan"):
    return ET.fromstring(svg(title, bars, marks))


def texts(tree):
    return [element.text for element in tree.iter(f"{SVG}text")]


def test_parts_are_drawn_to_scale_in_one_order_and_in_the_colours_of_the_legend():
    tree = drawn([Bar("one", estimate(weights=10, logits=5)), Bar("two", estimate(weights=2, logits=8))])
    parts = [element for element in tree.iter(f"{SVG}rect") if element.get("class") == "part"]
    widths = [float(part.get("width")) for part in parts]
    assert [width / widths[0] * 10 for width in widths] == pytest.approx([10, 5, 2, 8], abs=0.05)
    colours = [part.get("fill") for part in parts]
    assert colours[:2] == colours[2:]
    legend = [element.get("fill") for element in tree.iter(f"{SVG}rect") if element.get("rx")]
    assert legend == colours[:2]
    assert texts(tree)[-2:] == ["weights", "logits"]


def test_the_line_of_the_gpu_stands_where_its_memory_is():
    tree = drawn([Bar("one", estimate(weights=12), "fits")], [Mark("RTX: 24.0 GiB", 24 * GIB), Mark("less", 12 * GIB)])
    [whole, less] = [line for line in tree.iter(f"{SVG}line") if line.get("class").startswith("mark")]
    [part] = [element for element in tree.iter(f"{SVG}rect") if element.get("class") == "part"]
    end = float(part.get("x")) + float(part.get("width"))
    assert float(less.get("x1")) == pytest.approx(end, abs=0.1)
    assert float(whole.get("x1")) - float(part.get("x")) == pytest.approx(2 * float(part.get("width")), abs=0.2)
    assert "12.0 GiB fits" in texts(tree)


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"&amp;]]>', "a\x00\x1b[31m\u202eb", "\ud800", "\n"])
def test_text_from_outside_stays_text(hostile):
    text = svg(hostile, [Bar(hostile, estimate(weights=1), hostile)], [Mark(hostile, GIB)])
    assert "<script" not in text
    assert ET.fromstring(text.encode("utf-8")).get("width") == "920"


def test_a_long_label_is_cut_and_stands_whole_in_the_title():
    tree = drawn([Bar("x" * 100, estimate(weights=1))])
    assert "x" * 35 + "…" in texts(tree)
    assert next(tree.iter(f"{SVG}title")).text == f"{'x' * 100}: 1.0 GiB"


def test_a_picture_without_bars_is_a_picture():
    assert drawn([]).tag == f"{SVG}svg"


def test_it_follows_the_reader_into_the_dark():
    assert "prefers-color-scheme: dark" in svg("a plan", [Bar("one", estimate(weights=1))], ())


def test_amounts_of_any_size_have_at_most_nine_lines():
    for size in (0.01, 1, 24, 5000):
        grid = list(drawn([Bar("one", estimate(weights=size))]).iter(f"{SVG}line"))
        assert 1 <= len(grid) <= 9
