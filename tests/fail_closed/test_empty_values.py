"""A variable without a value is no path: every option and argument of every command that takes one refuses it."""

from __future__ import annotations

import re
from argparse import Action, ArgumentParser, ArgumentTypeError, _SubParsersAction
from collections.abc import Iterator

import pytest

from checker.command_line import Parser, _command, _configured, command_names
from tests.fail_closed.case import laid_out
from tests.in_process import weighbridge  # noqa: F401

PATHS = re.compile("FILE|DIR|FOLDER|PATH|MANIFEST|TARGET|ROOT|TABLE|POLICY|BEFORE|AFTER|OLD|NEW|PATTERN|URI|ID@REV")


def walked(parser: ArgumentParser, command: str) -> Iterator[tuple[str, Action]]:
    """The options and arguments of a command and of its actions that take a path or a place."""
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for name, below in action.choices.items():
                yield from walked(below, f"{command} {name}")
        elif PATHS.search(str(action.metavar).replace("[", "").replace("]", "")):
            yield command, action


TAKEN = [
    (f"{command} {'/'.join(action.option_strings) or action.dest}", action)
    for name in command_names()
    for command, action in walked(_configured(Parser(name), _command(name)), name)
]
POLICIES = [name for name, _ in TAKEN if name.endswith(" --policy")]


@pytest.mark.parametrize("action", [pytest.param(action, id=name) for name, action in TAKEN if name not in POLICIES])
def test_an_empty_path_is_a_wrong_call(action):
    with pytest.raises(ArgumentTypeError):
        action.type("")


def test_the_walk_finds_them():
    assert len(TAKEN) > 80
    assert {"check paths", "check --record", "lock -o/--output", "audit --store", "license notices manifest"} <= {
        name for name, _ in TAKEN
    }


@pytest.mark.parametrize("written", ["", "=", "Qwen/Qwen2.5-7B-Instruct=", "=folder"])
def test_a_folder_of_a_model_is_named_whole(written, tmp_path, weighbridge):  # noqa: F811
    laid_out(tmp_path, {})
    run = weighbridge("lock", "--offline", "--from-dir", written)
    assert (run.code, f"`{written}` names no folder" in run.err) == (2, True), run.err
    assert not (tmp_path / "model.lock").exists()
