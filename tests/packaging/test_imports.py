"""Nothing imports in circles, and few modules know many others."""

from __future__ import annotations

import pytest

from tests.packaging import architecture, imports
from tests.packaging.offline import ROOT

MUTUAL = {
    ("checker", "checker.api"): "the package offers its surface, loaded by whoever asks, and holds the version",
    ("checker.scan.command", "checker.scan.python"): "a command line may hold a program, and programs start commands",
    ("checker.scan.command", "checker.scan.shell"): "a command line may hold a script, and a script is command lines",
}
"""Imports that close a circle, and why: what is read there holds itself. They stand inside functions."""
MOST = 20
"""Other modules of ours that one may import."""
JOINING = {
    "checker.commands.init": (30, "a dialogue with three ways to answer, each loaded when it is taken"),
    "checker.commands.select": (26, "candidates from a catalogue, a table or the Hub, in four formats"),
    "checker.commands.audit": (21, "judging many, keeping their records, and six formats"),
    "checker.commands.calibrate": (21, "a run on this machine, for a plan given in three ways"),
    "checker.commands.fit": (22, "one plan, a manifest or a batch"),
    "checker.commands.lock": (21, "resolving, comparing and fetching layers"),
    "checker.gate": (28, "the run: it joins what every stage hands over, and hands it to processes"),
    "checker.compared": (24, "the run of a scan, which joins the same stages"),
    "checker.commands.of_baseline.plan": (21, "a manifest with its lock and facts, in three forms"),
    "checker.impact.judge": (22, "runs the gate's stages for two policies at once"),
    "checker.policy_tests.prepare": (24, "makes every input of a run from a case"),
    "checker.sizing.answer": (25, "joins the terms of both estimates into one answer"),
    "checker.rules.serving_fits": (26, "what is asked of memory comes from manifest, facts, calibration and guidance"),
    "checker.rules.training_fits": (26, "the same"),
}
"""Modules that join stages: how many they import, which may only become fewer, and what they join."""


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert imports.cycle(imports.without(imports.graph(), MUTUAL)) == []


@pytest.mark.parametrize("left_out", MUTUAL, ids=" ".join)
def test_each_import_that_is_excused_does_close_a_circle(left_out: tuple[str, str]) -> None:
    assert imports.cycle(imports.without(imports.graph(), MUTUAL.keys() - {left_out})) != []


def test_no_room_imports_itself_by_way_of_others() -> None:
    # `checker.pin` is loaded by whoever asks the package for it, so that the package itself is no room.
    assert imports.cycle(imports.between(imports.rooms())) == []


def test_no_folder_in_a_room_imports_itself_by_way_of_its_neighbours() -> None:
    folders = {name: ".".join(name.split(".")[:3]) for name in imports.modules() if name.count(".") >= 3}
    assert imports.cycle(imports.between(folders)) == []


def test_only_what_joins_stages_knows_many_modules() -> None:
    many = {name: len(others) for name, others in imports.graph().items() if len(others) > MOST}
    assert {name: count for name, count in many.items() if count > JOINING.get(name, (MOST, ""))[0]} == {}
    assert JOINING.keys() <= many.keys()


def test_every_room_stands_in_one_box_of_the_picture() -> None:
    drawn = sorted(room for rooms in architecture.BOXES.values() for room in rooms.split())
    assert drawn == sorted(set(imports.rooms().values()))


def test_what_a_box_imports_follows_its_arrows_and_each_arrow_is_an_import() -> None:
    followed: dict[str, frozenset[str]] = dict.fromkeys(architecture.BOXES, frozenset())
    for one, other in architecture.arrows():
        followed[one] |= {other}
    reached = {box: architecture.below(followed, box) for box in followed}
    needs = architecture.needs()
    assert {box: others - reached[box] for box, others in needs.items() if others - reached[box]} == {}
    assert {box: others - needs[box] for box, others in followed.items() if others - needs[box]} == {}


def test_the_picture_is_drawn_from_the_imports_of_today() -> None:
    assert architecture.PICTURE.read_text(encoding="utf-8") == architecture.drawn(), "run `python3 dev.py generate`"


def test_the_page_shows_the_picture_and_counts_what_is_on_it() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert f"]({architecture.PICTURE.name})" in page
    assert (len(architecture.BOXES), architecture.rows()) == (19, 13)
