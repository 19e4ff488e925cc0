"""GPUs by any of their usual spellings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.memory import gpus
from checker.memory.gpus import Ambiguous, Gpu, Unrecognised, find
from checker.memory.units import GIB, MIB

FILE = Path(gpus.__file__).with_name("gpus.json")


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("4090", "RTX 4090"),
        ("RTX4090", "RTX 4090"),
        ("rtx 4090", "RTX 4090"),
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("NVIDIA-GeForce-RTX-4090", "RTX 4090"),
        ("4070tisuper", "RTX 4070 Ti Super"),
        ("RTX 4060 Ti 16GB", "RTX 4060 Ti 16 GB"),
        ("A6000", "RTX A6000"),
        ("rtxa6000", "RTX A6000"),
        ("NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada"),
        ("H100", "H100 80 GB"),
        ("H100 80GB SXM", "H100 80 GB"),
        ("H100 80GB HBM3", "H100 80 GB"),
        ("a100-80gb", "A100 80 GB"),
        ("80GB A100 PCIe", "A100 80 GB"),
        ("NVIDIA-A100-SXM4-40GB", "A100 40 GB"),
        ("Tesla-V100-SXM2-32GB", "V100 32 GB"),
        ("nvidia-tesla-t4", "T4"),
        ("A10G", "A10G"),
        ("AMD Instinct MI300X", "MI300X"),
        ("M4 Max 128GB", "Apple M4 Max 128 GB"),
        ("Apple M2 Ultra 192 GB", "Apple M2 Ultra 192 GB"),
    ],
)
def test_a_usual_spelling_finds_the_product(spelling, name):
    found = find(spelling)
    assert isinstance(found, Gpu)
    assert found.name == name


@pytest.mark.parametrize(
    ("spelling", "sentence"),
    [
        ("A100", "`A100` names several GPUs: `A100 40 GB`, `A100 80 GB`"),
        ("V100", "`V100` names several GPUs: `V100 16 GB`, `V100 32 GB`"),
        ("4060ti", "`4060ti` names several GPUs: `RTX 4060 Ti 8 GB`, `RTX 4060 Ti 16 GB`"),
    ],
)
def test_a_name_of_several_products_is_resolved_to_none(spelling, sentence):
    found = find(spelling)
    assert isinstance(found, Ambiguous)
    assert found.sentence == sentence


@pytest.mark.parametrize(
    ("spelling", "sentence"),
    [
        ("RTX 409O", "`RTX 409O` is no GPU of the list; did you mean `RTX 4090`?"),
        ("RTX 4090 Laptop", "`RTX 4090 Laptop` is no GPU of the list; did you mean `RTX 4090`?"),
        ("RTX 4090 48GB", "`RTX 4090 48GB` is no GPU of the list; did you mean `RTX 4090`?"),
        ("A100 20GB", "`A100 20GB` is no GPU of the list; did you mean `A100 40 GB`?"),
        ("H10", "`H10` is no GPU of the list; did you mean `H100 80 GB`?"),
        ("abacus", "`abacus` is no GPU of the list"),
        ("", "`` is no GPU of the list"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_one(spelling, sentence):
    found = find(spelling)
    assert isinstance(found, Unrecognised)
    assert found.sentence == sentence


def test_every_product_is_found_by_its_own_name():
    assert [find(gpu.name) for gpu in gpus.gpus()] == list(gpus.gpus())


def test_the_file_holds_one_product_a_line_with_a_source_each():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[-1]) == ("[", "]")
    records = [json.loads(line.rstrip(",")) for line in lines[1:-1]]
    assert len(records) == len(gpus.gpus()) >= 25
    assert all(record["source"] for record in records)


def test_no_card_is_said_to_have_more_than_its_name_read_in_gib():
    assert [gpu.name for gpu in gpus.gpus() if gpu.usable_bytes > gpu.marketed_gb * GIB] == []


def test_the_driver_of_a_24_gb_card_reports_a_little_less_than_24_gib():
    found = find("RTX 4090")
    assert isinstance(found, Gpu)
    assert found.usable_bytes == 24564 * MIB


def test_the_system_keeps_part_of_unified_memory():
    found = find("Apple M4 Max 128 GB")
    assert isinstance(found, Gpu)
    assert (found.usable_bytes, found.note) == (96 * GIB, "unified memory: the system keeps the rest")
