"""GPUs by any of their usual spellings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.memory import gpus
from checker.memory.gpu_names import LONGEST, key
from checker.memory.gpus import Ambiguous, Gpu, Kind, Unrecognised, find
from checker.memory.units import GIB, MIB
from tests.memory import gpu_table

FILE = Path(gpus.__file__).with_name("gpus.json")
DOCUMENT = Path(__file__).parents[2] / "docs" / "gpus.md"


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        # as people write them
        ("4090", "RTX 4090"),
        ("RTX4090", "RTX 4090"),
        ("rtx 4090", "RTX 4090"),
        ("rtx-4090", "RTX 4090"),
        ("RTX 4090 24GB", "RTX 4090"),
        ("geforcertx4090", "RTX 4090"),
        ("4090 laptop", "RTX 4090 Laptop"),
        ("4090m", "RTX 4090 Laptop"),
        ("RTX 4090 Mobile", "RTX 4090 Laptop"),
        ("RTX 3080 Max-Q 8 GB", "RTX 3080 Laptop 8 GB"),
        ("4090 D", "RTX 4090 D"),
        ("5090D v2", "RTX 5090 D v2"),
        ("4070tisuper", "RTX 4070 Ti Super"),
        ("4070 tis", "RTX 4070 Ti Super"),
        ("4070s", "RTX 4070 Super"),
        ("2080 super", "RTX 2080 Super"),
        ("1080Ti", "GTX 1080 Ti"),
        ("4060 Ti 16GB", "RTX 4060 Ti 16 GB"),
        ("3080 12GB", "RTX 3080 12 GB"),
        ("RTX Titan", "Titan RTX"),
        ("A6000", "RTX A6000"),
        ("rtxa6000", "RTX A6000"),
        ("RTXPRO6000", "RTX PRO 6000 Blackwell"),
        ("RTX 6000 48GB", "RTX 6000 Ada"),
        ("5880", "RTX 5880 Ada"),
        ("H100", "H100 80 GB"),
        ("H100 80GB SXM", "H100 80 GB"),
        ("H100-SXM5-80GB", "H100 80 GB"),
        ("H 100", "H100 80 GB"),
        ("h100 nvl", "H100 NVL"),
        ("a100-80gb", "A100 80 GB"),
        ("80GB A100 PCIe", "A100 80 GB"),
        ("A100 PCIe 40GB", "A100 40 GB"),
        ("A10G", "A10G"),
        ("A16 16GB", "A16"),
        ("B200 192 GB", "B200"),
        ("DGX Spark", "GB10"),
        ("AGX Orin 64GB", "Jetson AGX Orin 64 GB"),
        ("7900xtx", "RX 7900 XTX"),
        ("MI 300X", "MI300X"),
        ("MI300X OAM", "MI300X"),
        ("MI250X 64GB", "MI250X"),
        ("R9700", "Radeon AI PRO R9700"),
        ("B580", "Arc B580"),
        ("Max 1550", "Data Center GPU Max 1550"),
        ("gaudi3", "Gaudi 3"),
        ("M4 Max 128GB", "Apple M4 Max 128 GB"),
        ("m3max 64gb", "Apple M3 Max 64 GB"),
        ("M3 Pro 36 GB", "Apple M3 Pro 36 GB"),
        ("MacBook Pro M3 Max 64GB", "Apple M3 Max 64 GB"),
        ("Mac Studio M2 Ultra 192GB", "Apple M2 Ultra 192 GB"),
        # as nvidia-smi, PyTorch and other programs print them
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("NVIDIA-GeForce-RTX-4090", "RTX 4090"),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", "RTX 4090 Laptop"),
        ("NVIDIA GeForce RTX 3050 6GB Laptop GPU", "RTX 3050 Laptop 6 GB"),
        ("GeForce RTX 2080 with Max-Q Design", "RTX 2080 Laptop"),
        ("NVIDIA TITAN RTX", "Titan RTX"),
        ("NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada"),
        ("NVIDIA RTX 5000 Ada Generation Laptop GPU", "RTX 5000 Ada Laptop"),
        ("NVIDIA RTX PRO 6000 Blackwell Server Edition", "RTX PRO 6000 Blackwell"),
        ("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", "RTX PRO 6000 Blackwell"),
        ("NVIDIA RTX PRO 5000 Blackwell Generation Laptop GPU", "RTX PRO 5000 Blackwell Laptop"),
        ("Quadro RTX 8000", "Quadro RTX 8000"),
        ("NVIDIA RTX A2000 12GB", "RTX A2000 12 GB"),
        ("Tesla T4", "T4"),
        ("Tesla P100-PCIE-16GB", "P100 16 GB"),
        ("Tesla V100-SXM2-32GB", "V100 32 GB"),
        ("NVIDIA-A100-SXM4-40GB", "A100 40 GB"),
        ("NVIDIA A100-SXM4-80GB", "A100 80 GB"),
        ("NVIDIA A800 40GB Active", "A800 40 GB"),
        ("NVIDIA L40S", "L40S"),
        ("NVIDIA H100 80GB HBM3", "H100 80 GB"),
        ("NVIDIA H100 PCIe", "H100 80 GB"),
        ("NVIDIA H20-3e", "H20 141 GB"),
        ("NVIDIA GH200 480GB", "GH200 96 GB"),
        ("NVIDIA GH200 144G HBM3e", "GH200 144 GB"),
        ("NVIDIA B300 SXM6 AC", "B300"),
        ("NVIDIA Thor", "Jetson AGX Thor"),
        ("GPU 0: NVIDIA L4 (UUID: GPU-5b11a1f2-1111-2222-3333-444455556666)", "L4"),
        ("AMD Instinct MI300X", "MI300X"),
        ("AMD Instinct MI300X VF", "MI300X"),
        ("AMD Instinct MI250X/MI250", "MI250X"),
        ("AMD Radeon PRO W7900 Dual Slot", "Radeon Pro W7900"),
        ("Intel(R) Arc(TM) Pro B60 Graphics", "Arc Pro B60"),
        ("HL-225", "Gaudi 2"),
        ("Apple M2 Ultra 192 GB", "Apple M2 Ultra 192 GB"),
        # as clouds call them
        ("nvidia-tesla-t4", "T4"),
        ("nvidia-l4", "L4"),
        ("nvidia-a100-80gb", "A100 80 GB"),
        ("nvidia-h100-mega-80gb", "H100 80 GB"),
        ("nvidia-h200-141gb", "H200"),
        ("g5.xlarge", "A10G"),
        ("ml.g6e.12xlarge", "L40S"),
        ("p4d.24xlarge", "A100 40 GB"),
        ("p4de.24xlarge", "A100 80 GB"),
        ("p5.48xlarge", "H100 80 GB"),
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
        ("nvidia-tesla-a100", "`nvidia-tesla-a100` names several GPUs: `A100 40 GB`, `A100 80 GB`"),
        ("V100", "`V100` names several GPUs: `V100 16 GB`, `V100 32 GB`"),
        ("P100", "`P100` names several GPUs: `P100 12 GB`, `P100 16 GB`"),
        ("H20", "`H20` names several GPUs: `H20 96 GB`, `H20 141 GB`"),
        ("GB300", "`GB300` names several GPUs: `GB300 288 GB`, `GB300 252 GB`"),
        ("4060ti", "`4060ti` names several GPUs: `RTX 4060 Ti 8 GB`, `RTX 4060 Ti 16 GB`"),
        ("RTX 3060", "`RTX 3060` names several GPUs: `RTX 3060 8 GB`, `RTX 3060 12 GB`"),
        ("3080 Laptop", "`3080 Laptop` names several GPUs: `RTX 3080 Laptop 8 GB`, `RTX 3080 Laptop 16 GB`"),
        ("RTX 6000", "`RTX 6000` names several GPUs: `Quadro RTX 6000`, `RTX 6000 Ada`, `RTX PRO 6000 Blackwell`"),
        ("Intel Arc A770", "`Intel Arc A770` names several GPUs: `Arc A770 8 GB`, `Arc A770 16 GB`"),
        ("M3 Pro", "`M3 Pro` names several GPUs: `Apple M3 Pro 18 GB`, `Apple M3 Pro 36 GB`"),
        (
            "M3 Max",
            "`M3 Max` names several GPUs: `Apple M3 Max 36 GB`, `Apple M3 Max 48 GB`, `Apple M3 Max 64 GB`, "
            "`Apple M3 Max 96 GB`, `Apple M3 Max 128 GB`",
        ),
    ],
)
def test_a_name_of_several_products_is_resolved_to_none(spelling, sentence):
    found = find(spelling)
    assert isinstance(found, Ambiguous)
    assert found.sentence == sentence


@pytest.mark.parametrize(
    ("spelling", "sentence"),
    [
        ("RTX 4009", "`RTX 4009` is no GPU of the list; did you mean `RTX 4090`?"),
        ("L04S", "`L04S` is no GPU of the list; did you mean `L40S`?"),
        ("RTX 409O", "`RTX 409O` is no GPU of the list; did you mean `RTX 4090`?"),
        ("RTX 4090 48GB", "`RTX 4090 48GB` is no GPU of the list; did you mean `RTX 4090`?"),
        ("RTX 4090 16GB", "`RTX 4090 16GB` is no GPU of the list; did you mean `RTX 4090 Laptop`?"),
        ("AMD RTX 4090", "`AMD RTX 4090` is no GPU of the list; did you mean `RTX 4090`?"),
        ("RTX 7900 XTX", "`RTX 7900 XTX` is no GPU of the list; did you mean `RX 7900 XTX`?"),
        ("A6000 Ada", "`A6000 Ada` is no GPU of the list; did you mean `RTX A6000`?"),
        ("A100 20GB", "`A100 20GB` is no GPU of the list; did you mean `A100 40 GB`?"),
        ("8x H100", "`8x H100` is no GPU of the list; did you mean `H100 80 GB`?"),
        ("Titan", "`Titan` is no GPU of the list; did you mean `Titan X Pascal`?"),
        ("H10", "`H10` is no GPU of the list; did you mean `H100 80 GB`?"),
        ("M3 64GB", "`M3 64GB` is no GPU of the list; did you mean `Apple M3 Max 64 GB`?"),
        ("NVIDIA A100-SXM4-80GB MIG 1g.10gb", "`NVIDIA A100-SXM4-80GB MIG 1g.10gb` is no GPU of the list"),
        ("abacus", "`abacus` is no GPU of the list"),
        ("NVIDIA GPU", "`NVIDIA GPU` is no GPU of the list"),
        ("24 GB", "`24 GB` is no GPU of the list"),
        ("", "`` is no GPU of the list"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_one(spelling, sentence):
    found = find(spelling)
    assert isinstance(found, Unrecognised)
    assert found.sentence == sentence


def test_a_hostile_spelling_is_shown_short_and_harmless():
    assert find("4090\x1b[31m").sentence == "`4090\\x1b[31m` is no GPU of the list; did you mean `RTX 4090`?"
    assert find("x" * 10**6).sentence == f"`{'x' * 60}…` is no GPU of the list"


def test_a_name_is_not_resolved_by_its_beginning_alone():
    assert isinstance(find("RTX 4090" + " " * LONGEST + "Laptop"), Unrecognised)


@given(st.text(max_size=300))
def test_any_text_is_answered_with_words(spelling):
    found = find(spelling)
    assert found.name if isinstance(found, Gpu) else found.sentence.isprintable()


@given(st.sampled_from([gpu.name for gpu in gpus.gpus()]), st.sampled_from(["-", "_", ".", "  ", " / "]))
def test_punctuation_and_case_do_not_matter(name, between):
    assert find(between.join(name.upper().split(" "))) == find(name)


LONG_FORMS = {
    "NVIDIA": "NVIDIA {} GPU",
    "AMD": "AMD {} Graphics",
    "Intel": "Intel(R) {} Graphics",
    "Apple": "{} memory",
}


@pytest.mark.parametrize("gpu", gpus.gpus(), ids=lambda gpu: gpu.name)
def test_every_product_is_found_by_each_of_its_names(gpu):
    for name in (gpu.name, *gpu.also):
        assert find(name) == gpu
        assert find(LONG_FORMS[gpu.vendor].format(name)) == gpu


def test_the_file_holds_one_product_a_line_with_a_source_each():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[-1]) == ("[", "]")
    records = [json.loads(line.rstrip(",")) for line in lines[1:-1]]
    assert len(records) == len(gpus.gpus())
    assert [record["name"] for record in records if len(record["source"]) < 10] == []


def test_the_list_is_long_and_no_product_stands_twice():
    names = [gpu.name for gpu in gpus.gpus()]
    assert len(set(names)) == len(names)
    assert len([gpu for gpu in gpus.gpus() if gpu.vendor != "Apple"]) >= 150
    keys = [(key(gpu.name), gpu.marketed_gb) for gpu in gpus.gpus()]
    assert len(set(keys)) == len(keys)


def test_every_kind_and_maker_has_products():
    assert {gpu.kind for gpu in gpus.gpus()} == set(get_args(Kind))
    assert {gpu.vendor for gpu in gpus.gpus()} == {"NVIDIA", "AMD", "Intel", "Apple"}


def test_a_laptop_is_one_by_name_and_by_kind():
    assert [gpu.name for gpu in gpus.gpus() if key(gpu.name).laptop != (gpu.kind == "laptop")] == []


def test_no_card_is_said_to_have_more_than_its_name_read_in_gib():
    assert [gpu.name for gpu in gpus.gpus() if gpu.usable_bytes * gpu.devices > gpu.marketed_gb * GIB] == []


def test_no_card_is_said_to_have_much_less_than_its_name():
    shared = ("unified", "embedded")
    little = [gpu for gpu in gpus.gpus() if gpu.usable_bytes * gpu.devices < 0.92 * gpu.marketed_gb * GIB]
    # Of these the rest is lost to what their notes tell, or to rounding by the maker.
    assert [gpu.name for gpu in little if gpu.kind not in shared and not gpu.note] == []


def test_what_shares_its_memory_with_the_system_says_so():
    shared = [gpu for gpu in gpus.gpus() if gpu.kind in ("unified", "embedded")]
    assert [gpu.name for gpu in shared if not gpu.note.startswith("unified memory")] == []


def test_a_board_of_several_gpus_says_what_is_counted():
    boards = {gpu.name: gpu.devices for gpu in gpus.gpus() if gpu.devices > 1}
    assert boards == {"K80": 2, "A16": 4, "MI250": 2, "MI250X": 2, "Data Center GPU Max 1550": 2}
    assert all("`count` counts" in found.note for name in boards if isinstance(found := find(name), Gpu))


@pytest.mark.parametrize(
    ("name", "mebibytes"),
    [
        ("RTX 4090", 24564),
        ("RTX 4090 Laptop", 16376),
        ("L40S", 46068),
        ("H100 80 GB", 81559),
        ("H200", 143771),
        ("RTX PRO 6000 Blackwell", 97887),
    ],
)
def test_the_memory_is_what_the_driver_reports(name, mebibytes):
    found = find(name)
    assert isinstance(found, Gpu)
    assert found.usable_bytes == mebibytes * MIB


@pytest.mark.parametrize(
    ("name", "gibibytes"),
    [("Apple M2 Max 32 GB", 32 * 2 / 3), ("Apple M3 Max 36 GB", 27), ("Apple M4 Max 128 GB", 96)],
)
def test_the_system_keeps_part_of_unified_memory(name, gibibytes):
    found = find(name)
    assert isinstance(found, Gpu)
    assert found.usable_bytes == int(gibibytes * GIB)
    assert found.note == "unified memory: the system keeps the rest"


def test_the_documented_tables_are_those_of_the_list():
    page = DOCUMENT.read_text(encoding="utf-8")
    assert gpu_table.written(page) == page, "run `python3 dev.py generate`"


def test_a_name_that_is_found_needs_neither_patterns_nor_difflib():
    code = (
        "import sys; from checker.memory.gpus import find; before = set(sys.modules); find('NVIDIA GeForce RTX 4090');"
        "print(sorted(set(sys.modules) - before), 'difflib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] False\n"


@pytest.mark.parametrize("word", [
    "GPU", "GPUs", "Graphics", "Card", "Accelerator", "Tensor Core", "Memory", "VRAM", "Unified Memory", "Data Center",
    "Generation", "Workstation Edition", "Server Edition", "Active", "Passive", "Dual Slot", "SFF", "with", "Design",
    "(R)", "(TM)", "HGX", "DGX", "VF", "AC", "ml", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge",
    "24xlarge", "48xlarge", "Air", "mini", "Studio", "SXM4", "PCIe", "PCI", "OAM", "HBM2e", "GDDR6X", "LPDDR5", "Gen4",
])  # fmt: skip
def test_words_about_the_board_and_the_place_say_nothing_of_the_product(word):
    assert key(f"NVIDIA A100 {word} 80 GB") == key("NVIDIA A100 80 GB")


@pytest.mark.parametrize("word", ["Quadro", "Ada", "Pro", "Blackwell", "AI", "Jetson", "AGX"])
def test_words_of_a_family_are_kept_apart_from_the_number(word):
    found = key(f"{word} 6000")
    assert (found.core, found.family) == ("6000", {word.lower()})


@pytest.mark.parametrize(("spelling", "vendor"), [
    *((f"{word} 6000", "NVIDIA") for word in ("nvidia", "geforce", "tesla", "quadro", "jetson", "gtx", "rtx")),
    *((f"{word} 6000", "AMD") for word in ("amd", "ati", "radeon", "instinct", "ryzen", "rx")),
    ("Intel 770", "Intel"), ("Arc 770", "Intel"), ("Apple M3", "Apple"), ("Mac M3", "Apple"), ("MacBook M3", "Apple"),
    ("iMac M3", "Apple"),
])  # fmt: skip
def test_a_makers_name_and_its_brands_tell_the_maker(spelling, vendor):
    assert key(spelling).vendors == {vendor}
