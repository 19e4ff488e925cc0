"""The picture of ladders has a field for each cell, in the words of the table, and outlines what is asked."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from checker.memory import ladder
from checker.memory.ladder_plot import svg
from checker.memory.plan import Hardware, Runtime, ServingPlan
from checker.memory.units import GIB
from tests.memory.accuracy import models

SVG = "{http://www.w3.org/2000/svg}"
PLAN = ServingPlan(Runtime.VLLM, 12000, 3)
GPU = Hardware(24 * GIB, 1, "RTX 4090")


def drawn(hardware=GPU, title="a plan"):
    found = ladder.of_caches(models()["meta-llama/Llama-3.1-8B"], PLAN, 1, hardware, 0.1, 131072)
    return found, ET.fromstring(svg(title, "at most 21.6 GiB", found))


def test_each_cell_is_a_field_that_says_what_fits():
    found, tree = drawn()
    fields = [group.find(f"{SVG}rect").get("class") for group in tree.iter(f"{SVG}g")]
    cells = [cell for each in found for row in each.ladder.cells for cell in row]
    assert fields == [{"fits": "fits", "tight": "tight", "does not fit": "no"}[cell.fit] for cell in cells]
    assert {"fits", "tight", "no"} == set(fields)
    first = next(tree.iter(f"{SVG}title")).text
    assert first == f"512 tokens, 1 requests: {cells[0].needed / GIB:.1f} GiB, fits"


def test_what_is_asked_is_outlined_in_each_table():
    found, tree = drawn()
    fields = {(rect.get("x"), rect.get("y")) for group in tree.iter(f"{SVG}g") for rect in group.iter(f"{SVG}rect")}
    outlines = [rect for rect in tree.iter(f"{SVG}rect") if rect.get("class") == "asked" and rect.get("rx") == "3"]
    assert len(outlines) == len(found) == 2
    assert all((rect.get("x"), rect.get("y")) in fields for rect in outlines)
    for each in found:
        row, column = each.ladder.asked
        assert (each.ladder.rows[row], each.ladder.columns[column]) == (12000, 3)


def test_without_hardware_no_field_is_filled():
    _, tree = drawn(None)
    assert {group.find(f"{SVG}rect").get("class") for group in tree.iter(f"{SVG}g")} == {"unknown"}


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"&amp;]]>', "a\x00\x1b[31m\u202eb", "\n"])
def test_text_from_outside_stays_text(hostile):
    _, tree = drawn(title=hostile)
    assert not list(tree.iter(f"{SVG}script"))
    assert len(tree.get("aria-label")) >= 1


def test_it_follows_the_reader_into_the_dark():
    assert svg("a", "b", ()).count("prefers-color-scheme: dark") == 2
