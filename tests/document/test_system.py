"""What the system refuses about a path is bad input that names the path, and no bug."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

import checker
from checker.document.errors import InputError
from checker.document.system import from_home, told


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "locked/model.yaml"), "permission denied"),
        (OSError(errno.ENAMETOOLONG, "File name too long", b"locked/model.yaml"), "file name too long"),
        (RuntimeError("Symlink loop from 'locked/model.yaml'"), "links in a circle"),
    ],
)
def test_a_path_that_the_system_refuses_is_bad_input(error, reason):
    with pytest.raises(InputError) as refused, told():
        raise error
    [problem] = refused.value.problems
    assert (problem.file, problem.sentence) == ("locked/model.yaml", f"the system refuses this path ({reason})")


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(
            errno.ENOENT, "No such file", str(Path(checker.__file__).parent / "facts/catalogue/about.json")
        ),
        BrokenPipeError(errno.EPIPE, "Broken pipe"),
        OSError(errno.ENOSPC, "No space left on device", "report.json"),
        RuntimeError("a mistake of ours"),
    ],
    ids=["a file of ours", "a reader that has gone", "a full disk", "a mistake"],
)
def test_what_is_not_about_a_path_of_the_user_stays_what_it_is(error):
    with pytest.raises(type(error)), told():
        raise error


@pytest.mark.parametrize("command", ["fit ./loop", "classify ./loop", "lock loop --offline", "scan loop"])
def test_links_in_a_circle_are_bad_input(weighbridge, project, command):
    project({"model.yaml": ""}).joinpath("loop").symlink_to("loop")
    run = weighbridge(*command.split())
    assert (run.code, run.out) == (2, "")
    assert "loop" in run.err


def test_a_width_of_thousands_of_digits_is_none(weighbridge, monkeypatch):
    monkeypatch.setenv("COLUMNS", "9" * 5000)
    assert weighbridge("check", "--help").code == 0


def test_a_home_is_that_of_somebody(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    assert from_home("~/m") == Path("/home/ada/m")
    assert from_home("./~") == Path("~")
    with pytest.raises(InputError, match="the home of nobody"):
        from_home("~nobody-of-that-name/m")
