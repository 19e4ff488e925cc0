"""`license notices` writes one file for all models, the same each time, and says what is left to add."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.licenses.identify import Identified, holds, identify
from checker.licenses.notice_file import Licensed, notice_of, render, standard_text, to_fill_in
from checker.licenses.registry import ids, load
from checker.licenses.wording import words
from tests.in_process import weighbridge

__all__ = ["weighbridge"]

STANDARD = ("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT")
MANIFEST = """weighbridge: 1
project: desk
models:
  - {name: writer, model: meta-llama/Llama-3.1-8B-Instruct, objective: chat, fine_tuning: {method: lora}}
  - {name: answers, model: Qwen/Qwen2.5-7B-Instruct, objective: chat}
  - {name: remote, model: acme/assistant, objective: chat, access: api, provider: gateway}
"""


def write(folder: Path, text: str = MANIFEST) -> str:
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    return str(folder / "model.yaml")


def test_every_model_that_is_run_here_is_listed_with_its_licence_and_notice(weighbridge, tmp_path):
    run = weighbridge("license", "notices", write(tmp_path))
    assert run.code == 0
    head = run.out.partition("Apache License\n")[0]
    assert head.splitlines() == [
        "NOTICE of desk",
        "",
        "This product uses the models below.",
        "",
        "=" * 72,
        "answers",
        "  Model: Qwen/Qwen2.5-7B-Instruct",
        "  Licence: Apache License 2.0 (Apache-2.0)",
        "",
        "=" * 72,
        "writer",
        "  Model: meta-llama/Llama-3.1-8B-Instruct",
        "  Licence: Llama 3.1 Community License (llama3.1)",
        "  Notice: Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright © Meta Platforms, Inc. All"
        " Rights Reserved.",
        '  Shown as: "Built with Llama"',
        "  Changes: TO FILL IN: what was changed (fine-tuned, quantized, merged …)",
        "",
        "=" * 72,
        "Apache License 2.0 (Apache-2.0)",
        "applies to Qwen/Qwen2.5-7B-Instruct",
        "",
        " " * 33,
    ]
    assert run.err == ("to fill in: writer: say what was changed\nto fill in: llama3.1: add the text of the licence\n")


def test_the_file_holds_the_texts_that_may_be_shipped_and_the_notices_that_are_asked_for(weighbridge, tmp_path):
    text = weighbridge("license", "notices", write(tmp_path)).out
    assert holds(text, "Apache-2.0")
    assert not holds(text, "llama3.1")
    assert notice_of("llama3.1") in text


def test_it_is_written_to_a_file_byte_for_byte_the_same(weighbridge, tmp_path):
    manifest, target = write(tmp_path), tmp_path / "NOTICE"
    run = weighbridge("license", "notices", manifest, "-o", str(target))
    first = target.read_bytes()
    weighbridge("license", "notices", manifest, "-o", str(target))
    assert (run.code, run.out) == (0, "")
    assert target.read_bytes() == first


def test_a_licence_that_is_not_known_is_said_and_ends_with_three(weighbridge, tmp_path):
    manifest = "weighbridge: 1\nmodels:\n  - {model: acme/own, objective: chat, derived_from: [Qwen/Qwen2.5-7B]}\n"
    run = weighbridge("license", "notices", write(tmp_path, manifest))
    assert run.code == 3
    assert "  Licence: NOT KNOWN (no source states it)\n" in run.out
    assert run.err == "to fill in: own: no source states it\n"


def test_of_licences_to_choose_from_the_first_that_is_known_is_named(weighbridge, tmp_path):
    known = "known: {license: {value: LicenseRef-acme OR MIT, evidence: 'https://acme.example'}}"
    manifest = f"weighbridge: 1\nmodels:\n  - {{model: acme/own, objective: chat, root: true, {known}}}\n"
    run = weighbridge("license", "notices", write(tmp_path, manifest))
    assert "  Licence: MIT License (MIT)\n" in run.out
    both = manifest.replace("LicenseRef-acme OR MIT", "Apache-2.0 AND MIT")
    assert (
        "  Also under the terms of: MIT License (MIT)\n" in weighbridge("license", "notices", write(tmp_path, both)).out
    )


def test_a_manifest_that_is_not_there_is_bad_input(weighbridge, tmp_path):
    assert weighbridge("license", "notices", str(tmp_path / "model.yaml")).code == 2


@pytest.mark.parametrize("license_id", STANDARD)
def test_a_shipped_text_is_the_licence_that_it_is_called(license_id):
    found = identify(standard_text(license_id))
    assert isinstance(found, Identified)
    assert found.license == license_id


def test_no_other_text_is_shipped():
    assert [license_id for license_id in sorted(ids()) if standard_text(license_id)] == list(STANDARD)


@pytest.mark.parametrize("license_id", sorted(ids()))
def test_a_notice_is_known_word_for_word_or_left_to_be_filled_in(license_id):
    text = load(license_id)
    asks = any(duty.duty == "notice-file" and duty.value for duty in text.obligations)
    written = render("", [Licensed("a", "acme/a", "", (text,))], {})
    notice = notice_of(license_id)
    assert notice is None or f"  Notice: {notice}\n" in written
    assert ("TO FILL IN: the notice that names" in written) is (asks and notice is None)
    assert notice is None or words(notice)


def test_a_text_with_a_holder_asks_for_the_line_of_each_model():
    models = [Licensed("b", "acme/b", "", (load("MIT"),)), Licensed("a", "acme/a", "0" * 40, (load("MIT"),))]
    assert to_fill_in(models, {}) == ("MIT: add the copyright line of each model under it",)
    written = render("x", models, {})
    assert "TO FILL IN: the copyright line in the LICENSE file of acme/a\n" in written
    assert f"  Model: acme/a at {'0' * 40}\n" in written
    assert written.index("\na\n") < written.index("\nb\n")
    assert written == render("x", models[::-1], {})


def test_texts_that_the_project_brings_are_put_in_where_they_are_exactly_that_licence(weighbridge, tmp_path):
    folder = tmp_path / "licences"
    folder.mkdir()
    own = standard_text("MIT").replace("Permission is", "Copyright (c) 2031 Acme\n\nPermission is", 1)
    (folder / "a-mit.txt").write_text(own, encoding="utf-8")
    (folder / "b-changed.txt").write_text(f"{standard_text('BSD-3-Clause')}\nNot for weapons.\n", encoding="utf-8")
    (folder / "c.bin").write_bytes(b"\xff\xfe\x00")
    known = "known: {license: {value: MIT AND BSD-3-Clause, evidence: 'https://acme.example'}}"
    manifest = f"weighbridge: 1\nmodels:\n  - {{model: acme/own, objective: chat, root: true, {known}}}\n"
    run = weighbridge("license", "notices", write(tmp_path, manifest), "--texts", str(folder))
    assert own.rstrip() in run.out
    assert "Not for weapons" not in run.out
    assert run.err == "to fill in: BSD-3-Clause: add the copyright line of each model under it\n"


def test_a_folder_of_texts_that_is_not_there_is_bad_input(weighbridge, tmp_path):
    run = weighbridge("license", "notices", write(tmp_path), "--texts", str(tmp_path / "absent"))
    assert (run.code, "there is no such folder" in run.err) == (2, True)


def test_each_model_is_listed_with_all_that_goes_with_it():
    models = [
        Licensed(
            "b", "acme/b", "", (load("qwen"), load("gemma")), ("finetune of acme/base", "made from acme/root"), True
        ),
        Licensed("a", "acme/a", "", (), unknown="no source states it", is_changed=True),
    ]
    head, *texts = render("", models, {"qwen": "QWEN TEXT\n\n", "MIT": "unused"}).split(f"{'=' * 72}\nG")
    assert head == "\n".join((
        "NOTICE", "", "This product uses the models below.", "", "=" * 72, "a", "  Model: acme/a",
        "  Licence: NOT KNOWN (no source states it)", "", "=" * 72, "b", "  Model: acme/b",
        "  Made from: finetune of acme/base", "  Made from: acme/root", "  Licence: Qwen License Agreement (qwen)",
        "  Also under the terms of: Gemma Terms of Use (gemma)",
        f"  Notice: {notice_of('qwen')}" if notice_of("qwen") else "",
        '  Shown as: "Built with Qwen" or "Improved using Qwen"',
        f"  Notice: {notice_of('gemma')}" if notice_of("gemma") else "",
        "  Changes: TO FILL IN: what was changed (fine-tuned, quantized, merged …)", "", "",
    ))  # fmt: skip
    [gemma] = texts
    assert gemma == (
        "emma Terms of Use (gemma)\napplies to acme/b\n"
        "with its use policy (3.2), to which recipients are bound too\n\n"
        "TO FILL IN: the text of the licence, which we may not ship: the LICENSE file of acme/b\n\n"
        f"{'=' * 72}\nQwen License Agreement (qwen)\napplies to acme/b\n\nQWEN TEXT\n"
    )
    assert to_fill_in(models, {"qwen": ""}) == (
        "a: no source states it", "b: say what was changed", "gemma: add the text of the licence",
    )  # fmt: skip
