"""A model is named by an id, a folder or a config.json, and each gives the subject that it says."""

from __future__ import annotations

import json
from argparse import ArgumentParser

import pytest

from checker.commands import fit
from checker.sizing.answer import HEADROOM
from checker.sizing.named import Named, answer_named, subject_of
from checker.sizing.question import of_options
from checker.sizing.subject import Unanswerable
from tests.sizing.test_answer import LLAMA


def test_an_id_a_folder_and_a_configuration_are_told_apart(tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps(LLAMA), encoding="utf-8")
    assert subject_of(Named("Qwen/Qwen3-8B")).listed
    assert subject_of(Named(file.as_posix())).name == file.as_posix()
    assert subject_of(Named("me/x", config=file.as_posix())).name == "me/x"
    assert subject_of(Named(tmp_path.as_posix())).name == tmp_path.as_posix()
    with pytest.raises(ValueError, match="neither a model nor its configuration"):
        subject_of(Named(None))


def test_the_revision_that_is_named_is_the_one_that_is_loaded():
    plan = of_options({"serve": "yes", "gpu": "L40S"})
    answer = answer_named(Named("Qwen/Qwen3-8B", revision="a" * 40), plan, 0.2)
    assert (answer.subject.revision, answer.subject.pinned_by, answer.headroom) == ("a" * 40, "--revision", 0.2)
    assert answer.room.taken_bytes == int(answer.hardware.bytes * 0.8)
    assert isinstance(answer_named(Named("nobody/nothing"), plan, 0.1), Unanswerable)


def test_the_headroom_of_the_command_is_that_of_answers():
    parser = ArgumentParser()
    fit.configure(parser)
    assert parser.parse_args(["Qwen/Qwen3-8B"]).headroom == HEADROOM
