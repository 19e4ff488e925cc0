"""What a stated amount of memory means."""

from __future__ import annotations

import pytest

from checker.memory.gpus import gpus
from checker.memory.units import GB, GIB, MIB
from checker.memory.vram import sold_with, taken

SIZES = sorted({gpu.marketed_gb for gpu in gpus() if sold_with(gpu.marketed_gb)})


def test_gib_are_taken_as_written():
    read = taken(24 * GIB, "GiB")
    assert read == (24 * GIB, "the memory is taken as written: 24.0 GiB")


@pytest.mark.parametrize("unit", ["MB", "MiB", "TB", "TiB", "KB"])
def test_another_unit_is_on_no_box(unit):
    assert taken(24 * GB, unit).size_bytes == 24 * GB


def test_a_size_that_cards_are_sold_with_means_such_a_card():
    read = taken(80 * GB, "GB")
    assert read.size_bytes == 81559 * MIB
    assert read.sentence == (
        "`80 GB` is taken as the memory of a card sold with 80 GB: 79.6 GiB "
        "(they report 79.6 GiB to 80.0 GiB; by the unit alone it is 74.5 GiB)"
    )


def test_one_figure_is_told_where_all_cards_report_the_same():
    assert taken(141 * GB, "GB").sentence == (
        "`141 GB` is taken as the memory of a card sold with 141 GB: 140.4 GiB "
        "(they report 140.4 GiB; by the unit alone it is 131.3 GiB)"
    )


@pytest.mark.parametrize("stated", [23 * GB, 22_500_000_000, 24 * GB + 1, 0])
def test_an_amount_that_no_card_has_is_taken_by_its_unit(stated):
    read = taken(stated, "GB")
    assert read.size_bytes == stated
    assert read.sentence.endswith("; no card of the list is sold with that amount")


@pytest.mark.parametrize("size", SIZES)
def test_what_is_taken_lies_between_the_unit_and_gib_and_half_the_cards_have_it(size):
    read = taken(size * GB, "GB").size_bytes
    cards = sold_with(size)
    assert size * GB <= read <= size * GIB
    assert sum(gpu.usable_bytes >= read for gpu in cards) * 2 >= len(cards)


def test_shared_memory_and_boards_of_several_gpus_are_no_cards_of_that_size():
    assert [gpu.name for gpu in sold_with(64)] == ["MI210"]
    assert [gpu.name for gpu in sold_with(128)] == ["MI300A", "Gaudi 3"]
