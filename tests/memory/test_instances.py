"""Cloud instances by their names, and the list's own order."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from checker.memory import gpus, instances
from checker.memory.instances import LONGEST, Instance, NoInstance, find

FILE = Path(instances.__file__).with_name("instances.json")
HOMES = {"AWS": "amazon.com", "GCP": "cloud.google.com", "Azure": "learn.microsoft.com"}


@pytest.mark.parametrize(
    ("spelling", "name", "gpu", "count"),
    [
        ("g5.xlarge", "g5.xlarge", "A10G", 1),
        ("G5.48XLarge", "g5.48xlarge", "A10G", 8),
        ("ml.g4dn.12xlarge", "g4dn.12xlarge", "T4", 4),
        ("p4d.24xlarge", "p4d.24xlarge", "A100 40 GB", 8),
        ("p4de.24xlarge", "p4de.24xlarge", "A100 80 GB", 8),
        ("p5en.48xlarge", "p5en.48xlarge", "H200", 8),
        ("a2-highgpu-1g", "a2-highgpu-1g", "A100 40 GB", 1),
        ("a2-ultragpu-4g", "a2-ultragpu-4g", "A100 80 GB", 4),
        ("g2-standard-32", "g2-standard-32", "L4", 1),
        ("Standard_NC24ads_A100_v4", "Standard_NC24ads_A100_v4", "A100 80 GB", 1),
        ("NC24ads A100 v4", "Standard_NC24ads_A100_v4", "A100 80 GB", 1),
        ("standard_nc80adis_h100_v5", "Standard_NC80adis_H100_v5", "H100 NVL", 2),
        ("Standard_ND96isr_MI300X_v5", "Standard_ND96isr_MI300X_v5", "MI300X", 8),
    ],
)
def test_an_instance_is_found_by_its_usual_spellings(spelling, name, gpu, count):
    found = find(spelling)
    assert isinstance(found, Instance)
    assert (found.name, found.gpu, found.devices) == (name, gpu, count)


@pytest.mark.parametrize(
    ("spelling", "near"),
    [("g5.xxlarge", "g5.xlarge"), ("a2-higpu-1g", "a2-highgpu-1g"), ("NC24ads_A100_v5", "Standard_NC24ads_A100_v4")],
)
def test_a_name_that_is_not_listed_is_refused_with_the_nearest(spelling, near):
    found = find(spelling)
    assert isinstance(found, NoInstance)
    assert (found.nearest, found.sentence) == (near, f"`{spelling}` is no cloud instance of the list")


def test_machines_with_attached_gpus_are_told_apart():
    found = find("n1-standard-8")
    assert found.sentence == "`n1-standard-8` has the GPUs that are attached to it, which its name does not tell"


@pytest.mark.parametrize("spelling", ["", " ", "g5.xlarge" * 1000, "\x1b[31m", "ml.", "standard_"])
def test_what_is_no_name_is_refused(spelling):
    assert isinstance(find(spelling), NoInstance)
    assert "\x1b" not in find(spelling).sentence


def test_a_name_longer_than_any_is_not_cut_to_one_that_fits():
    assert isinstance(find("g5.xlarge" + " " * LONGEST), NoInstance)


@pytest.mark.parametrize("one", instances.instances(), ids=lambda one: one.name)
def test_an_instance_has_a_gpu_of_the_list_and_its_cloud_s_page(one):
    assert one.gpu in {gpu.name for gpu in gpus.gpus()}
    host = urlsplit(one.source).hostname
    assert host == HOMES[one.cloud] or host.endswith(f".{HOMES[one.cloud]}")
    assert one.read
    assert one.checked >= "2026-11-28"
    assert 1 <= one.devices <= 16
    assert bool(one.part) == bool(one.part_gib)


def test_names_are_unique_and_one_stands_on_each_line():
    names = [one.name.casefold() for one in instances.instances()]
    assert len(set(names)) == len(names)
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert lines[1:-1] == [f"  {json.dumps(record)}," for record in json.loads(FILE.read_bytes())[:-1]] + [lines[-2]]
