"""What only a process of its own shows: a full disk, a closed stream, a locale without UTF-8, an end at any moment."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import checker
from tests.fail_closed.case import GATE, MANIFEST, QWEN, laid_out
from tests.fail_closed.kills import COMMANDS, kill, lay_out, read

BLOCKS = {"model.yaml": MANIFEST.replace(QWEN, "main")}
SHELL = f"{sys.executable} -m checker {GATE}"


FOUND = "model.yaml:7:15: revision-pinned: blocks (soft-mandatory), model assistant\n"


def shell(line, folder, **environment):
    """The code of a line of a shell, and what it says on standard error."""
    code, _, err = whole(line, folder, **environment)
    return code, err


def whole(line, folder, **environment):
    """The same, with what it says on standard output."""
    ran = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, env={**os.environ, **environment})
    return ran.returncode, ran.stdout.decode(), ran.stderr.decode()


def test_a_folder_that_was_deleted_is_no_bug_of_ours(tmp_path):
    laid_out(tmp_path, {})
    code, err = shell(f"mkdir gone; cd gone; rmdir ../gone; {sys.executable} -P -m checker check {tmp_path}", tmp_path)
    assert (code, err) == (
        2,
        ".: error: the current folder is not there any more: expected a folder that exists\n",
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_standard_output_on_a_full_disk_is_never_green(tmp_path, unbuffered):
    laid_out(tmp_path, {})
    code, err = shell(f"{SHELL} > /dev/full", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert (code, err.partition(":")[0]) == (2, "<stdout>")
    assert "No space left on device" in err


@pytest.mark.parametrize(("closed", "is_open"), [(">&-", False), ("2>&-", True), (">&- 2>&-", False), ("<&-", True)])
def test_a_closed_stream_changes_neither_the_code_nor_what_is_said(tmp_path, closed, is_open):
    laid_out(tmp_path, BLOCKS)
    code, out, err = whole(f"{SHELL} --output text --output json=r.json {closed}", tmp_path)
    assert (code, FOUND in out, err) == (1, is_open, "")
    [manifest] = json.loads((tmp_path / "r.json").read_bytes())["manifests"]
    blocking = [one["rule"] for model in manifest["models"] for one in model["evaluations"] if one["blocks"]]
    assert blocking == ["revision-pinned"]


def test_a_reader_that_leaves_does_not_make_it_green(tmp_path):
    laid_out(tmp_path, BLOCKS)
    for reader in ("head -c 0", "head -1"):
        code, err = shell(f"{SHELL} --explain | {reader}; exit ${{PIPESTATUS[0]}}", tmp_path)
        assert (code in (1, 141), err) == (True, "")


def test_a_package_without_its_catalogue_judges_nothing(tmp_path):
    """As a wheel would be from which the data was left out: every file of the package but those."""
    package, facts = tmp_path / "packages" / "checker", tmp_path / "packages" / "checker" / "facts"
    facts.mkdir(parents=True)
    source = Path(checker.__file__).parent
    for folder, made in ((source, package), (source / "facts", facts)):
        for path in folder.iterdir():
            if path.name not in ("facts", "catalogue", "__pycache__"):
                (made / path.name).symlink_to(path)
    laid_out(tmp_path, {})
    code, err = shell(SHELL, tmp_path, PYTHONPATH=str(tmp_path / "packages"), PYTHONSAFEPATH="1")
    assert (code, "nothing was judged" in err) == (70, True), err


@pytest.mark.parametrize("locale", ["C", "POSIX", "rubbish"])
def test_a_locale_without_utf_8_reads_the_same_bytes(tmp_path, locale):
    laid_out(tmp_path, {"model.yaml": BLOCKS["model.yaml"].replace("owner: team", "owner: Zoë ☃")})
    code, out, err = whole(SHELL, tmp_path, LC_ALL=locale, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert code == 1
    assert out.startswith("model.yaml: project bot, owner Zo\\xeb \\u2603, status not stated\n")
    assert FOUND in out
    assert [line for line in err.splitlines() if "setlocale" not in line] == []  # which the shell says


@pytest.mark.parametrize("written", ["--output json=r.json", "--output sarif=r.json"])
def test_a_report_that_finds_no_room_leaves_the_old_one(tmp_path, written):
    laid_out(tmp_path, {"r.json": "old\n"})
    ran = subprocess.run(
        [sys.executable, "-m", "checker", *GATE.split(), *written.split()],
        cwd=tmp_path,
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)),
    )
    assert (ran.returncode, b"r.json: error: cannot be written: File too large" in ran.stderr) == (2, True)
    assert (tmp_path / "r.json").read_text() == "old\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.yaml", "policy.yaml", "r.json"]


def test_verdicts_that_find_no_room_leave_the_old_ones(tmp_path):
    laid_out(tmp_path, {"v.csv": "old\n"})
    ran = subprocess.run(
        [sys.executable, "-m", "checker", "select", "--objective", "chat", "--verdicts", "v.csv"],
        cwd=tmp_path,
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)),
    )
    assert (ran.returncode, b"v.csv: error: cannot be written: File too large" in ran.stderr) == (2, True)
    assert (tmp_path / "v.csv").read_text() == "old\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.yaml", "policy.yaml", "v.csv"]


def test_a_disk_that_is_full_leaves_the_old_report(tmp_path):
    """On a file system of 16 KiB where one may be mounted; the file-size limit above stands in elsewhere."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", small], capture_output=True)
    try:
        laid_out(small, {"r.json": "old\n"})
        if mounted.returncode == 0:
            with open(small / "filler", "wb", buffering=0) as filler:
                while filler.write(b"x" * 4096) == 4096 and os.statvfs(small).f_bavail:
                    pass
        code, err = shell(f"{SHELL} --output json=r.json", small)
        full = mounted.returncode == 0
        assert (code, "No space left on device" in err) == ((2, True) if full else (0, False))
        assert ((small / "r.json").read_text() == "old\n") is full
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", small], check=True)


HALF = """
import builtins, os, signal, sys
from checker.command_line import run
opened = builtins.open
def halving(file, mode="r", *rest, **more):
    stream = opened(file, mode, *rest, **more)
    if set(mode) & set("wax+"):
        write = stream.write
        def half(content):
            write(content[: len(content) // 2])
            stream.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        stream.write = half
    return stream
builtins.open = halving
sys.exit(run(sys.argv[1:]))
"""
"""Runs a command that is killed when half of the first file that it writes is on the disk."""


@pytest.mark.parametrize("name", COMMANDS)
def test_an_end_in_the_middle_of_a_file_leaves_the_old_one(name, tmp_path):
    """Random moments seldom meet the one that matters: a file is written within a millisecond."""
    case = COMMANDS[name]
    lay_out(case, tmp_path / "killed")
    ran = subprocess.run([sys.executable, "-c", HALF, *case.command.split()], cwd=tmp_path / "killed")
    assert ran.returncode == -signal.SIGKILL
    old = {name: case.files.get(name) for name in case.writes}
    assert read(case, tmp_path / "killed") == old


@pytest.mark.parametrize("name", ["lock", "waiver add"])
def test_an_end_at_any_moment_leaves_no_half_file(name):
    assert {what for _, what in kill(COMMANDS[name], 2, seed=1)} <= {"old", "new"}
