"""Hardware put into a manifest: what changes, what stays, and what is refused."""

import pytest

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.hardware.write import Conflict, written

KEYS = (("gpu", "RTX 4090"), ("count", "2"))
MODELS = "models:\n  - {model: Qwen/Qwen3-8B, objective: chat}   # ours\n"


def put(text, keys=KEYS, replace=False):
    return written(SourceFile("model.yaml", text), keys, replace)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"weighbridge: 1   # format\n\n# what we run\n{MODELS}",
            f"weighbridge: 1   # format\n\nhardware: {{gpu: RTX 4090, count: 2}}\n# what we run\n{MODELS}",
        ),
        (
            f"weighbridge: 1\r\n{MODELS}".replace("\n", "\r\n").replace("\r\r", "\r"),
            f"weighbridge: 1\r\nhardware: {{gpu: RTX 4090, count: 2}}\n{MODELS}".replace("\n", "\r\n").replace(
                "\r\r", "\r"
            ),
        ),
        (
            "{weighbridge: 1, models: [{model: Qwen/Qwen3-8B, objective: chat}]}\n",
            "{weighbridge: 1, hardware: {gpu: RTX 4090, count: 2}, models: [{model: Qwen/Qwen3-8B, objective: chat}]}\n",
        ),
        (
            f"# yaml-language-server: $schema=x\n{MODELS}weighbridge: 1\n",
            f"# yaml-language-server: $schema=x\nhardware: {{gpu: RTX 4090, count: 2}}\n{MODELS}weighbridge: 1\n",
        ),
        ("weighbridge: 1\nmodels: []\n", "weighbridge: 1\nhardware: {gpu: RTX 4090, count: 2}\nmodels: []\n"),
        (
            f"weighbridge: 1\n{MODELS}".rstrip("\n"),
            f"weighbridge: 1\nhardware: {{gpu: RTX 4090, count: 2}}\n{MODELS}".rstrip("\n"),
        ),
    ],
    ids=["comments", "crlf", "braces", "first", "empty", "no-last-newline"],
)
def test_a_manifest_without_hardware_gets_a_line(before, after):
    found = put(before)
    assert (found.text, found.before, found.changed) == (after, "", True)


@pytest.mark.parametrize(
    ("hardware", "after"),
    [
        ("hardware: {gpu: L4, count: 1}   # rented", "hardware: {gpu: RTX 4090, count: 2}   # rented"),
        ("hardware: {count: 1, gpu: 'L4'}", "hardware: {count: 2, gpu: RTX 4090}"),
        ("hardware: {vram: 24 GiB}", "hardware: {gpu: RTX 4090, count: 2}"),
        ("hardware: {instance: g5.xlarge}", "hardware: {gpu: RTX 4090, count: 2}"),
        (
            "hardware:\n  # the box below the desk\n  gpu: L4   # old\n  count: 4",
            "hardware:\n  # the box below the desk\n  gpu: RTX 4090   # old\n  count: 2",
        ),
        ("hardware:\n  gpu: L4   # old", "hardware:\n  count: 2\n  gpu: RTX 4090   # old"),
    ],
)
def test_other_hardware_gives_way_where_that_is_asked(hardware, after):
    found = put(f"weighbridge: 1\n{hardware}\n{MODELS}", replace=True)
    assert found.text == f"weighbridge: 1\n{after}\n{MODELS}"


def test_an_instance_takes_all_its_gpus():
    found = put(f"weighbridge: 1\nhardware: {{gpu: L4, count: 1}}\n{MODELS}", (("instance", "g5.12xlarge"),), True)
    assert found.text == f"weighbridge: 1\nhardware: {{instance: g5.12xlarge, count: 4}}\n{MODELS}"


def test_other_hardware_is_said_and_stays():
    found = put(f"weighbridge: 1\nhardware: {{vram: 24 GiB, count: 3}}\n{MODELS}")
    assert isinstance(found, Conflict)
    assert found.sentence == "states {vram: 24.0 GiB, count: 3}, and this is {gpu: RTX 4090, count: 2}"
    assert found.at.line == 2


@pytest.mark.parametrize("spelling", ["{gpu: 4090, count: 2}", "{gpu: NVIDIA GeForce RTX 4090, count: 2}"])
def test_the_same_hardware_in_other_words_is_no_conflict(spelling):
    text = f"weighbridge: 1\nhardware: {spelling}\n{MODELS}"
    found = put(text)
    assert (found.text, found.changed) == (text, False)


def test_hardware_of_an_entry_s_own_is_told_and_stays():
    text = (
        "weighbridge: 1\nmodels:\n  - model: Qwen/Qwen3-8B\n    objective: chat\n"
        "    deployment: {context_window: 8192, hardware: {gpu: L40S}}\n"
    )
    found = put(text)
    assert found.own == ("Qwen3-8B: deployment.hardware stays {gpu: L40S}",)
    assert "hardware: {gpu: L40S}}" in found.text


@pytest.mark.parametrize("hardware", ["hardware:\n  gpu:\n    L4", "hardware: {gpu:\n  L4}"])
def test_a_layout_that_no_line_holds_is_refused(hardware):
    with pytest.raises(InputError, match="`gpu` cannot be changed in this layout"):
        put(f"weighbridge: 1\n{hardware}\n{MODELS}", replace=True)


def test_a_manifest_that_cannot_be_used_is_refused():
    with pytest.raises(InputError, match="unknown key `hardwear`"):
        put(f"weighbridge: 1\nhardwear: {{gpu: L4}}\n{MODELS}")


def test_a_result_that_does_not_read_as_meant_is_not_written(monkeypatch):
    monkeypatch.setattr("checker.hardware.write._inserted", lambda source, root, keys: source.text)
    with pytest.raises(InputError, match="the hardware cannot be written into this layout"):
        put(f"weighbridge: 1\n{MODELS}")
