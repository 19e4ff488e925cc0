"""`weighbridge hardware`, as a user sees it. The drivers are stand-ins: see tests/hardware/drivers.py."""

import json

import pynvml
import pytest
from jsonschema import Draft202012Validator

from checker.published import SCHEMAS
from tests.hardware.drivers import Card, Instance, no_tools, nvml
from tests.in_process import inside

__all__ = ["inside", "no_tools", "nvml"]

ADA = Card("NVIDIA GeForce RTX 4090", 24564, reserved_mib=351)
SCHEMA = Draft202012Validator(SCHEMAS["hardware"]())
MANIFEST = "weighbridge: 1\n\n# ours\nmodels:\n  - {model: Qwen/Qwen3-8B, objective: chat}\n"


def record(text):
    found = json.loads(text)
    SCHEMA.validate(found)
    return found


@pytest.fixture
def memory(monkeypatch):
    """A computer of 64 GiB, and no bus to look at: what this machine has is no matter of these tests."""
    from checker.hardware import System, pci, system

    monkeypatch.setattr(system, "of_this_machine", lambda platform: System(64 << 30, 64 << 30))
    monkeypatch.setattr(pci, "makers", frozenset)


@pytest.fixture
def seen(inside, nvml, no_tools, memory):
    """Run the command on a machine with these cards."""

    def run(*arguments, cards=(ADA, ADA), **options):
        nvml(*cards, **options)
        return inside("hardware", *arguments)

    return run


def test_a_machine_is_told_with_what_a_manifest_would_say(seen):
    run = seen()
    assert run.code == 0
    assert run.out == (
        "2 x NVIDIA GeForce RTX 4090\n"
        "  memory              24.0 GiB, of which the driver keeps 0.3 GiB\n"
        "  compute capability  8.9\n"
        "  in the list         RTX 4090\n"
        "memory of the computer: 64.0 GiB\n"
        "\n"
        "hardware: {gpu: RTX 4090, count: 2}\n"
    )


def test_a_machine_without_a_gpu_says_so_and_what_can_be_declared_instead(seen):
    run = seen(cards=(), fails=pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)
    assert run.code == 1
    assert run.out.startswith("no GPU was seen\n  NVIDIA: NVIDIA's driver is not installed\n")
    assert "hardware: {instance: g5.xlarge}" in run.out
    assert "no rule holds it against the computer's memory" in run.out


def test_a_driver_that_refuses_leaves_it_unknown(seen):
    run = seen(cards=(), fails=pynvml.NVML_ERROR_NO_PERMISSION)
    assert run.code == 3
    assert run.out.startswith(
        "whether there is a GPU that can be used is unknown\n  NVIDIA: this user may not ask NVIDIA's driver\n"
    )


def test_mig_and_unlisted_cards_are_told(seen):
    cut = Card(
        "NVIDIA A100-SXM4-40GB", 40960, mig=(1, 1), slices=(Instance("NVIDIA A100-SXM4-40GB MIG 3g.20gb", 19968),)
    )
    run = seen(cards=(cut, Card("NVIDIA L41", 8192), Card("NVIDIA \x1b[31mX", 8192, capability=None)))
    assert "  MIG instances       3g.20gb (19.5 GiB)\n" in run.out
    assert "  in the list         no; the nearest: L4\n" in run.out
    assert "\x1b" not in run.out
    assert run.out.endswith(
        "hardware: {vram: 19.5 GiB, count: 1}\n"
        "also here, and a plan runs on equal GPUs: {vram: 8 GiB, count: 1}\n"
        "also here, and a plan runs on equal GPUs: {vram: 8 GiB, count: 1}\n"
    )


def test_the_record_of_a_machine_follows_its_schema(seen):
    found = record(seen("--json").out)
    assert [device["gpu"] for device in found["devices"]] == ["RTX 4090", "RTX 4090"]
    assert found["devices"][0]["memory_gib"] == 23.99
    assert found["declared"] == [{"gpu": "RTX 4090", "vram": None, "instance": None, "count": 2}]
    assert found["troubles"][0] == {
        "vendor": "AMD",
        "cause": "tool-missing",
        "sentence": "neither amd-smi nor rocm-smi is installed, so AMD's driver was not asked",
        "remedy": "",
        "uncertain": False,
    }


def test_it_is_written_into_a_manifest(seen, tmp_path):
    file = tmp_path / "model.yaml"
    file.write_text(MANIFEST)
    run = seen("--write", str(tmp_path))
    assert (run.code, run.err) == (0, f"{file}: hardware is written\n")
    assert file.read_text() == MANIFEST.replace("# ours", "hardware: {gpu: RTX 4090, count: 2}\n# ours")
    assert seen("--write", str(file)).err == f"{file}: unchanged, it states this hardware already\n"


def test_other_hardware_of_the_manifest_is_said_and_stays_until_it_is_asked_to_give_way(seen, tmp_path):
    file = tmp_path / "model.yaml"
    file.write_text(MANIFEST.replace("# ours", "hardware: {gpu: L4}  # rented"))
    run = seen("--write", str(file))
    assert (run.code, run.err) == (
        1,
        f"{file}:3: states {{gpu: L4}}, and this is {{gpu: RTX 4090, count: 2}}; --replace writes it all the same\n",
    )
    assert "gpu: L4" in file.read_text()
    run = seen("--write", str(file), "--replace")
    assert (run.code, run.err) == (0, f"{file}: hardware is written in the place of {{gpu: L4}}\n")
    assert "hardware: {gpu: RTX 4090, count: 2}  # rented\n" in file.read_text()


def test_of_different_gpus_those_with_most_memory_are_written_and_the_others_said(seen, tmp_path):
    file = tmp_path / "model.yaml"
    file.write_text(MANIFEST)
    run = seen("--write", str(file), cards=(Card("NVIDIA L4", 23034), Card("NVIDIA A100-SXM4-80GB", 81920)))
    assert run.err.endswith(
        "note: L4 is here too; a manifest's hardware is equal GPUs, and those with most memory stand\n"
    )
    assert "hardware: {gpu: A100 80 GB, count: 1}\n" in file.read_text()


def test_an_entry_with_hardware_of_its_own_is_told(seen, tmp_path):
    file = tmp_path / "model.yaml"
    file.write_text(
        "weighbridge: 1\nmodels:\n  - model: Qwen/Qwen3-8B\n    objective: chat\n"
        "    deployment: {context_window: 8192, hardware: {gpu: L40S}}\n"
    )
    assert "note: Qwen3-8B: deployment.hardware stays {gpu: L40S}\n" in seen("--write", str(file)).err


def test_nothing_is_written_where_there_is_nothing(seen, tmp_path):
    file = tmp_path / "model.yaml"
    file.write_text(MANIFEST)
    run = seen("--write", str(file), cards=())
    assert (run.code, run.err) == (1, f"{file}: unchanged, for there is nothing to state\n")
    assert file.read_text() == MANIFEST


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("g5.12xlarge", "g5.12xlarge (AWS)\n  GPUs    4 x A10G\n  memory  22.5 GiB each\n"),
        ("a2-highgpu-1g", "a2-highgpu-1g (GCP)\n  GPUs    1 x A100 40 GB\n  memory  40.0 GiB\n"),
        (
            "Standard_NC24ads_A100_v4",
            "Standard_NC24ads_A100_v4 (Azure)\n  GPUs    1 x A100 80 GB\n  memory  80.0 GiB\n",
        ),
        ("nv12ads_a10_v5", "Standard_NV12ads_A10_v5 (Azure)\n  GPUs    1 x a third of an A10\n  memory  8.0 GiB\n"),
        ("MI250X", "MI250X (AMD)\n  memory  64.0 GiB of 128 GB on the box\n  note    two dies of 64 GB"),
    ],
)
def test_a_name_is_looked_up(inside, name, said):
    run = inside("hardware", name)
    assert run.code == 0
    assert run.out.startswith(said)
    assert "\n  source  " in run.out


@pytest.mark.parametrize("name", ["g5.12xlarge", "nv6ads_a10_v5", "RTX 4090"])
def test_the_record_of_a_name_follows_its_schema(inside, name):
    found = record(inside("hardware", name, "--json").out)
    assert found["declared"]["gpu"] == (None if found["kind"] == "instance" else "RTX 4090")
    assert found["source"]["url"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["RTX 409O"], "`RTX 409O` is neither a GPU nor a cloud instance of the lists: "),
        (["g5.xlarg"], "did you mean `g5.xlarge`"),
        (["A100"], "`A100` names several GPUs: `A100 40 GB`, `A100 80 GB`"),
        (["n1-standard-8"], "has the GPUs that are attached to it"),
        (["g5.xlarge", "--count", "2"], "expected no --count: g5.xlarge has 1"),
        (["--count", "2"], "--count without a name"),
        (["--replace"], "--replace without --write"),
    ],
)
def test_what_cannot_be_meant_is_refused(inside, arguments, said):
    run = inside("hardware", *arguments)
    assert run.code == 2
    assert said in run.err


def test_a_number_of_gpus_is_a_number(inside):
    with pytest.raises(SystemExit) as caught:
        inside("hardware", "L4", "--count", "0")
    assert caught.value.code == 2


def test_a_named_instance_is_written(inside, tmp_path):
    file = tmp_path / "model.yaml"
    file.write_text(MANIFEST)
    assert inside("hardware", "g5.xlarge", "--write", str(file)).code == 0
    assert "\nhardware: {instance: g5.xlarge}\n" in file.read_text()


def test_instances_are_listed(inside):
    lines = inside("hardware", "--list-instances").out.splitlines()
    assert "AWS    g5.xlarge                       1 x A10G" in lines
    assert "Azure  Standard_NV6ads_A10_v5          1 x A10 (a sixth)" in lines


DEPLOYED = """\
weighbridge: 1
hardware: {%s}
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    objective: chat
    deployment: {context_window: 8192}
    fine_tuning: {method: full, sequence_length: 2048}
"""


def judged(inside, tmp_path, hardware):
    (tmp_path / "model.yaml").write_text(DEPLOYED % hardware)
    report = json.loads(inside("check", str(tmp_path / "model.yaml"), "--json").out)
    found = report["manifests"][0]["models"][0]["evaluations"]
    return {one["rule"]: json.dumps(one) for one in found if one["rule"] in ("serving-fits", "training-fits")}


def test_the_rules_hold_a_plan_against_an_instance_as_against_its_gpus(inside, tmp_path):
    rented = judged(inside, tmp_path, "instance: g5.12xlarge")
    named = judged(inside, tmp_path, "gpu: A10G, count: 4")
    assert "g5.12xlarge (AWS) has 4 x A10G" in rented["serving-fits"]
    for rule, said in named.items():
        assert json.loads(rented[rule])["verdict"] == json.loads(said)["verdict"]
        assert "A10G has 22.5 GiB" in said or json.loads(said)["verdict"] == "pass"


@pytest.mark.parametrize(
    ("hardware", "said"),
    [
        ("instance: g5.12xlarg", "did you mean `g5.12xlarge`?"),
        ("instance: g5.xlarge, count: 2", "`count` is 2, and g5.xlarge has 1 x A10G"),
        ("instance: g5.xlarge, gpu: L4", "`gpu` and `instance` are both given"),
        ("gpu: a2-highgpu-1g", "it is a cloud instance: `instance: a2-highgpu-1g`"),
        ("count: 2", "expected `gpu`, `vram` or `instance`"),
    ],
)
def test_hardware_that_cannot_be_meant_is_refused_with_its_place(inside, tmp_path, hardware, said):
    (tmp_path / "model.yaml").write_text(DEPLOYED % hardware)
    run = inside("check", str(tmp_path / "model.yaml"))
    assert run.code == 2
    assert "model.yaml:2:" in run.err + run.out
    assert said in run.err + run.out


def test_fit_takes_an_instance(inside):
    run = inside("fit", "Qwen/Qwen3-8B", "--serve", "--context-window", "8192", "--instance", "g5.12xlarge", "--json")
    assert json.loads(run.out)["hardware"]["gpu"] == "A10G"
    assert json.loads(run.out)["hardware"]["count"] == 4
    run = inside("fit", "Qwen/Qwen3-8B", "--instance", "g5.12xlarg")
    assert run.code == 2
    assert "did you mean `g5.12xlarge`?" in run.err


def test_select_takes_an_instance():
    from checker.memory.hardware import hardware_of
    from checker.selection.ask import of_options

    question = of_options({"objective": "chat", "context_window": "8192", "instance": "g6.xlarge"})
    assert hardware_of(question.manifest.hardware.stated).label == "L4"


def test_a_line_of_a_batch_takes_an_instance(inside, tmp_path):
    line = {"model": "Qwen/Qwen3-8B", "serve": True, "context_window": 8192, "hardware": {"instance": "g6e.xlarge"}}
    (tmp_path / "plans.jsonl").write_text(json.dumps(line) + "\n")
    assert json.loads(inside("fit", "--batch", str(tmp_path / "plans.jsonl")).out)["hardware"]["gpu"] == "L40S"
