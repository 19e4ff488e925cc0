"""A pipe whose other end is not there makes no command wait for it."""

from __future__ import annotations

import os
import shlex

import pytest

from tests.fail_closed.case import laid_out
from tests.in_process import weighbridge  # noqa: F401

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes with a name exist on POSIX only")
NO_FILE = "a pipe: expected a regular file"
EMPTY = "the batch is empty"
UNREAD = "pipe: error: nobody reads this pipe"
CASES = (
    ("check pipe", NO_FILE),
    ("check --policy pipe", NO_FILE),
    ("verify pipe --key pipe --policy-digest " + "0" * 64, NO_FILE),
    ("attest --key pipe", NO_FILE),
    ("fit --config pipe", NO_FILE),
    ("fit Qwen/Qwen3-8B --gpu L4 --calibration pipe", NO_FILE),
    ("baseline show pipe", NO_FILE),
    ("policy check pipe", NO_FILE),
    ("get a.model pipe", NO_FILE),
    ("license identify pipe", NO_FILE),
    ("license notices pipe", NO_FILE),
    ("select --objective chat --models pipe.parquet --map id=model", NO_FILE),
    ("fit --batch pipe", EMPTY),
    ("classify --batch pipe", EMPTY),
    ("license check --batch pipe", "no column `base_licenses`"),
    ("select --objective chat --models pipe --map id=model", "it is empty"),
    ("select --objective chat --models pipe.jsonl --map id=model", "no row names a model"),
    ("check --output json=pipe", UNREAD),
    ("fit Qwen/Qwen3-8B --gpu L4 --plot pipe", UNREAD),
    ("license notices -o pipe", UNREAD),
    ("lock --for-organisation Qwen/Qwen2.5-7B-Instruct --offline -o pipe", UNREAD),
)


@pytest.mark.parametrize(("command", "says"), CASES, ids=[command.partition(" 000")[0] for command, _ in CASES])
def test_a_pipe_without_its_other_end_is_refused(command, says, tmp_path, weighbridge):  # noqa: F811
    laid_out(tmp_path, {})
    for name in ("pipe", "pipe.parquet", "pipe.jsonl"):
        os.mkfifo(tmp_path / name)
    run = weighbridge(*shlex.split(command))
    assert (run.code, says in run.out + run.err) == (2, True), run.out + run.err


@pytest.mark.parametrize(
    ("command", "written", "answer"),
    [
        ("classify --batch", '{"id": "acme/bert-base"}\n', '"id": "acme/bert-base"'),
        ("select --objective chat --json --map id=model --models", "id\nQwen/Qwen3-8B\n", "Qwen/Qwen3-8B"),
    ],
)
def test_what_another_command_writes_is_read(command, written, answer, tmp_path, weighbridge):  # noqa: F811
    """As of `--batch <(command)`, of which a shell makes a pipe without a name."""
    laid_out(tmp_path, {})
    reading, writing = os.pipe()
    os.write(writing, written.encode())
    os.close(writing)
    run = weighbridge(*shlex.split(command), f"/dev/fd/{reading}")
    os.close(reading)
    assert answer in run.out, run.err
