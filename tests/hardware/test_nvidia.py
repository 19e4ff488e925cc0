"""What NVIDIA's driver says, and each way in which it says nothing. Its answers are stand-ins: see drivers.py."""

import sys

import pynvml
import pytest

from checker.hardware import Cause, Slice, declared, detect, nvidia
from tests.hardware.drivers import MIB, Card, Instance

ADA = Card("NVIDIA GeForce RTX 4090", 24564, reserved_mib=351)


def test_a_card_has_the_driver_s_name_and_memory_and_its_name_in_the_list(nvml, no_tools):
    nvml(ADA, ADA)
    first, second = detect().devices
    assert first == second
    assert (first.name, first.gpu) == ("NVIDIA GeForce RTX 4090", "RTX 4090")
    assert (first.memory_bytes, first.reserved_bytes) == (24564 * MIB, 351 * MIB)
    assert first.usable_bytes == (24564 - 351) * MIB
    assert first.compute_capability == "8.9"
    assert not first.mig


def test_equal_cards_are_one_line_of_a_manifest(nvml, no_tools):
    nvml(ADA, ADA)
    assert [one.yaml for one in declared(detect())] == ["{gpu: RTX 4090, count: 2}"]


def test_different_cards_are_a_line_each_and_the_larger_sum_comes_first(nvml, no_tools):
    nvml(Card("NVIDIA L4", 23034), Card("NVIDIA A100-SXM4-80GB", 81920, mig=(0, 0)), Card("NVIDIA L4", 23034))
    assert [one.yaml for one in declared(detect())] == ["{gpu: A100 80 GB, count: 1}", "{gpu: L4, count: 2}"]


def test_an_old_driver_writes_bytes_and_knows_no_reserve(nvml, no_tools):
    nvml(Card("Tesla V100-SXM2-16GB", 16160, reserved_mib=5, capability=None), old=True)
    (device,) = detect().devices
    assert (device.gpu, device.reserved_bytes, device.compute_capability) == ("V100 16 GB", 0, "")


def test_the_memory_decides_between_products_of_one_name(nvml, no_tools):
    nvml(Card("NVIDIA GeForce RTX 3060", 12288), Card("NVIDIA GeForce RTX 3060", 8192))
    assert [device.gpu for device in detect().devices] == ["RTX 3060 12 GB", "RTX 3060 8 GB"]


def test_a_card_with_other_memory_than_its_product_is_declared_by_the_amount(nvml, no_tools):
    nvml(Card("NVIDIA GeForce RTX 4090", 49140, reserved_mib=600))
    machine = detect()
    (device,) = machine.devices
    assert (device.gpu, device.nearest) == ("", ("RTX 4090",))
    assert device.note == "it reports 48.0 GiB, and RTX 4090 of the list has 24.0: a part of one, or another product"
    assert [one.yaml for one in declared(machine)] == ["{vram: 47.4 GiB, count: 1}"]


def test_an_unknown_card_is_declared_by_the_amount_and_the_nearest_name_is_offered(nvml, no_tools):
    nvml(Card("NVIDIA L41", 24576, reserved_mib=0))
    machine = detect()
    assert (machine.devices[0].gpu, machine.devices[0].nearest) == ("", ("L4",))
    assert [one.yaml for one in declared(machine)] == ["{vram: 24 GiB, count: 1}"]


A100 = "NVIDIA A100-SXM4-40GB"


def test_mig_instances_are_listed_and_one_of_them_is_what_a_program_sees(nvml, no_tools):
    instances = (
        Instance(f"{A100} MIG 3g.20gb", 19968),
        None,  # places are numbered, and some are empty
        Instance(f"{A100} MIG 1g.5gb", 4864),
    )
    nvml(Card(A100, 40960, capability=(8, 0), mig=(1, 1), slices=instances))
    machine = detect()
    (device,) = machine.devices
    assert device.slices == (Slice("3g.20gb", 19968 * MIB), Slice("1g.5gb", 4864 * MIB))
    (only,) = declared(machine)
    assert only.yaml == "{vram: 19.5 GiB, count: 1}"
    assert only.sentence == f"one MIG instance 3g.20gb of {A100}; a program sees one at a time"


@pytest.mark.parametrize(("attributes", "profile"), [((2, 9856), "2g.10gb"), (None, "")])
def test_a_driver_that_names_no_profile_is_asked_for_attributes(nvml, no_tools, attributes, profile):
    nvml(Card(A100, 40960, mig=(1, 1), slices=(Instance(A100, 9856, attributes=attributes),)))
    assert detect().devices[0].slices == (Slice(profile, 9856 * MIB),)


def test_mig_without_an_instance_leaves_nothing_to_declare(nvml, no_tools):
    nvml(Card(A100, 40960, mig=(1, 1)))
    machine = detect()
    assert machine.devices[0].note == "MIG is on and no instance is made: no program can use it"
    assert declared(machine) == ()


def test_mig_that_waits_for_a_reset_is_not_on(nvml, no_tools):
    nvml(Card(A100, 40960, mig=(0, 1)))
    assert not detect().devices[0].mig


@pytest.mark.parametrize(
    ("code", "cause", "present"),
    [
        (pynvml.NVML_ERROR_LIBRARY_NOT_FOUND, Cause.DRIVER_MISSING, False),
        (pynvml.NVML_ERROR_DRIVER_NOT_LOADED, Cause.DRIVER_NOT_LOADED, True),
        (pynvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH, Cause.DRIVER_MISMATCH, True),
        (pynvml.NVML_ERROR_NO_PERMISSION, Cause.PERMISSION, True),
        (pynvml.NVML_ERROR_GPU_IS_LOST, Cause.DEVICE_LOST, True),
        (pynvml.NVML_ERROR_UNKNOWN, Cause.UNREADABLE, True),
    ],
)
def test_each_way_in_which_the_driver_does_not_start_is_told_apart(nvml, code, cause, present):
    nvml(fails=code)
    devices, (trouble,) = nvidia.seen(present=False)
    assert (devices, trouble.cause, trouble.present) == ((), cause, present)


def test_a_card_on_the_bus_without_a_driver_is_told(nvml):
    nvml(fails=pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)
    _, (trouble,) = nvidia.seen(present=True)
    assert trouble.sentence == "NVIDIA's driver is not installed, and a GPU of NVIDIA's is on the PCI bus"
    assert trouble.present


def test_a_driver_without_a_gpu_is_another_case(nvml):
    nvml()
    devices, (trouble,) = nvidia.seen(present=False)
    assert (devices, trouble.cause) == ((), Cause.NO_DEVICE)


def test_a_card_that_has_fallen_off_the_bus_does_not_hide_the_others(nvml):
    nvml(ADA, Card("", 0, fails=pynvml.NVML_ERROR_GPU_IS_LOST))
    devices, (trouble,) = nvidia.seen(present=True)
    assert [device.name for device in devices] == ["NVIDIA GeForce RTX 4090"]
    assert (trouble.cause, trouble.sentence) == (
        Cause.DEVICE_LOST,
        "GPU 1: the GPU has fallen off the bus or is otherwise unreachable",
    )


def test_without_the_library_nobody_could_ask(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", None)
    _, (trouble,) = nvidia.seen(present=True)
    assert (trouble.cause, trouble.remedy) == (Cause.LIBRARY_MISSING, 'pip install "weighbridge[nvidia]"')
    assert trouble.present


def test_the_real_library_says_that_there_is_no_driver_where_there_is_none():
    """The one answer that this library gives on a machine without a GPU."""
    devices, troubles = nvidia.seen(present=False)
    assert devices or troubles[0].cause in (Cause.DRIVER_MISSING, Cause.DRIVER_NOT_LOADED, Cause.NO_DEVICE)
