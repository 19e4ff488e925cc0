"""A file from outside is read within limits, and what breaks one is told in a sentence that names the file."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from checker.document.errors import InputError, render_problem
from checker.document.place import Place
from checker.document.read import MAX_BYTES, from_text, place_of, read

POSIX = pytest.mark.skipif(os.name != "posix", reason="the kind of file exists on POSIX only")


def refusal(call):
    with pytest.raises(InputError) as caught:
        call()
    return "\n".join(render_problem(problem) for problem in caught.value.problems)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_is_read_under_the_name_that_the_user_gave(folder):
    path = folder / "model.yaml"
    path.write_text("a: é\n", encoding="utf-8")
    assert read(path.relative_to(folder)) == ("model.yaml", "a: é\n")


def test_a_name_of_the_callers_choice_is_kept(folder):
    (folder / "model.yaml").write_text("a: 1\n")
    assert read(folder / "model.yaml", "shown.yaml").name == "shown.yaml"


def test_names_have_forward_slashes(folder):
    (folder / "service").mkdir()
    (folder / "service" / "model.yaml").write_text("a: 1\n")
    assert read(Path("service", "model.yaml")).name == "service/model.yaml"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfa: 1\n", "a: 1\n"),
        (b"a: 1\r\nb: 2\r\n", "a: 1\r\nb: 2\r\n"),
        (b"a: 1\rb: 2\r", "a: 1\rb: 2\r"),
        (b"", ""),
        (b"x" * MAX_BYTES, "x" * MAX_BYTES),
    ],
    ids=["a byte order mark", "CRLF", "CR alone", "nothing", "one MiB"],
)
def test_text_of_this_kind_is_accepted(folder, content, text):
    (folder / "m.yaml").write_bytes(content)
    assert read((folder / "m.yaml").relative_to(folder)).text == text


HOSTILE_BYTES = {
    "one byte too many": (
        b"x" * (MAX_BYTES + 1),
        "m.yaml: error: the file is larger than 1 MiB: expected at most 1048576 bytes",
    ),
    "Latin-1": (b"a: 1\nb: \xe9t\xe9\n", "m.yaml: error: byte 9 (line 2) is 0xe9, which is not UTF-8: expected UTF-8"),
    "Latin-1 after CR": (
        b"a: 1\rb: \xe9\r",
        "m.yaml: error: byte 9 (line 2) is 0xe9, which is not UTF-8: expected UTF-8",
    ),
    "cut in the middle": (b"a: \xe4\xb8", "m.yaml: error: byte 4 (line 1) is 0xe4, which is not UTF-8: expected UTF-8"),
    "an encoded surrogate": (
        b"\xed\xa0\x80",
        "m.yaml: error: byte 1 (line 1) is 0xed, which is not UTF-8: expected UTF-8",
    ),
    "broken after a mark": (
        b"\xef\xbb\xbf\xff",
        "m.yaml: error: byte 4 (line 1) is 0xff, which is not UTF-8: expected UTF-8",
    ),
    "UTF-16 little": (
        "a: 1".encode("utf-16-le").join((b"\xff\xfe", b"")),
        "m.yaml: error: the file is UTF-16 (byte 1, line 1): expected UTF-8",
    ),
    "UTF-16 big": (
        b"\xfe\xff" + "a: 1".encode("utf-16-be"),
        "m.yaml: error: the file is UTF-16 (byte 1, line 1): expected UTF-8",
    ),
    "UTF-32": ("a: 1".encode("utf-32"), "m.yaml: error: the file is UTF-32 (byte 1, line 1): expected UTF-8"),
    "NUL": (b"a: 1\nb: \x00\n", "m.yaml:2:4: error: a NUL character\n    2 | b: ?\n      |    ^ expected text"),
    "UTF-16 without a mark": (
        "a: 1".encode("utf-16-le"),
        "m.yaml:1:2: error: a NUL character\n    1 | a?:? ?1?\n      |  ^ expected text",
    ),
}


@pytest.mark.parametrize(("content", "expected"), HOSTILE_BYTES.values(), ids=HOSTILE_BYTES)
def test_bytes_that_are_no_utf_8_text_are_refused(folder, content, expected):
    (folder / "m.yaml").write_bytes(content)
    assert refusal(lambda: read((folder / "m.yaml").relative_to(folder))) == expected


@pytest.mark.parametrize(("content", "expected"), HOSTILE_BYTES.values(), ids=HOSTILE_BYTES)
def test_standard_input_is_held_to_the_same_limits(content, expected):
    assert refusal(lambda: from_text("m.yaml", content)) == expected


def test_a_text_that_is_already_decoded_is_measured_in_bytes():
    expected = "m.yaml: error: the file is larger than 1 MiB: expected at most 1048576 bytes"
    assert refusal(lambda: from_text("m.yaml", "é" * (MAX_BYTES // 2 + 1))) == expected


def test_a_text_that_is_already_decoded_loses_its_mark():
    assert from_text("m.yaml", "\ufeffa: 1").text == "a: 1"


def test_a_missing_file_is_named(folder):
    assert (
        refusal(lambda: read(Path("absent.yaml")))
        == "absent.yaml: error: there is no such file: expected a readable file"
    )


def test_a_path_below_a_file_is_missing(folder):
    (folder / "f").write_text("")
    assert refusal(lambda: read(Path("f/m.yaml"))) == "f/m.yaml: error: there is no such file: expected a readable file"


def test_a_path_with_a_nul_names_no_file():
    assert refusal(lambda: read(Path("a\0b"))) == "a\\x00b: error: there is no such file: expected a readable file"


def test_a_folder_is_no_file(folder):
    (folder / "model.yaml").mkdir()
    assert (
        refusal(lambda: read(Path("model.yaml")))
        == "model.yaml: error: model.yaml is a folder: expected a regular file"
    )


@POSIX
def test_a_pipe_is_refused_without_waiting_for_a_writer(folder):
    os.mkfifo("model.yaml")
    assert (
        refusal(lambda: read(Path("model.yaml"))) == "model.yaml: error: model.yaml is a pipe: expected a regular file"
    )


@POSIX
def test_a_pipe_that_takes_the_files_place_is_refused_without_waiting(folder, monkeypatch):
    os.mkfifo("pipe")
    (folder / "file").write_text("")
    honest = Path("file").stat()
    monkeypatch.setattr(Path, "stat", lambda self, **_: honest)
    assert refusal(lambda: read(Path("pipe"))) == "pipe: error: pipe is a pipe: expected a regular file"


@POSIX
def test_a_device_is_refused():
    assert (
        refusal(lambda: read(Path("/dev/zero"))) == "/dev/zero: error: /dev/zero is a device: expected a regular file"
    )


@POSIX
def test_a_socket_is_refused(folder):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.yaml")
        assert refusal(lambda: read(Path("s.yaml"))) == "s.yaml: error: s.yaml is a socket: expected a regular file"


@POSIX
def test_a_link_to_itself_is_told_as_such(folder):
    Path("a.yaml").symlink_to("b.yaml")
    Path("b.yaml").symlink_to("a.yaml")
    expected = "a.yaml: error: a symbolic link that leads back to itself: expected a readable file"
    assert refusal(lambda: read(Path("a.yaml"))) == expected


@POSIX
def test_a_link_to_nothing_is_told_as_such(folder):
    Path("a.yaml").symlink_to("gone.yaml")
    expected = "a.yaml: error: a symbolic link to a file that does not exist: expected a readable file"
    assert refusal(lambda: read(Path("a.yaml"))) == expected


@POSIX
def test_a_link_to_a_file_is_followed(folder):
    (folder / "real.yaml").write_text("a: 1")
    Path("a.yaml").symlink_to("real.yaml")
    assert read(Path("a.yaml")) == ("a.yaml", "a: 1")


UNPRIVILEGED = """
import errno, os, sys
from pathlib import Path
from checker.document.errors import InputError, render_problem
from checker.document.read import read
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    print(read(Path(sys.argv[1]), "locked.yaml"))
except InputError as error:
    print(render_problem(error.problems[0]))
"""


@POSIX
def test_a_file_without_permission_is_told_as_such():
    """Root may read everything, so the reader runs as somebody else, in a folder that everybody may enter."""

    root = Path(__file__).parents[2]
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        locked = Path(folder, "locked.yaml")
        locked.write_text("a: 1")
        locked.chmod(0)
        done = subprocess.run(
            [sys.executable, "-c", UNPRIVILEGED, locked],
            capture_output=True,
            text=True,
            cwd=root,
            env={
                "PYTHONPATH": str(root),
                "PYTHONDONTWRITEBYTECODE": "1",
            },  # without coverage, which may not write there
            timeout=60,
        )
    assert (done.stdout, done.stderr) == (
        "locked.yaml: error: the file may not be read: expected a readable file\n",
        "",
    )


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "the file may not be read"),
        (errno.EPERM, "the file may not be read"),
        (errno.EIO, f"the file cannot be read ({os.strerror(errno.EIO)})"),
    ],
    ids=["EACCES", "EPERM", "EIO"],
)
def test_an_error_of_the_system_is_told_in_words(folder, monkeypatch, number, sentence):
    (folder / "m.yaml").write_text("a: 1")

    def broken(*_):
        raise OSError(number, "broken")

    monkeypatch.setattr(os, "open", broken)
    assert refusal(lambda: read(Path("m.yaml"))) == f"m.yaml: error: {sentence}: expected a readable file"


def test_an_error_while_reading_is_told_like_one_while_opening(folder, monkeypatch):

    (folder / "m.yaml").write_text("a: 1")
    real = os.fdopen

    class Broken:
        def __init__(self, descriptor):
            self._file = real(descriptor, "rb")

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

        def fileno(self):
            return self._file.fileno()

        def read(self, _):
            raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fdopen", lambda descriptor, _: Broken(descriptor))
    expected = f"m.yaml: error: the file cannot be read ({os.strerror(errno.EIO)}): expected a readable file"
    assert refusal(lambda: read(Path("m.yaml"))) == expected


@pytest.mark.parametrize(
    ("text", "index", "line", "column"),
    [("ab", 1, 1, 2), ("a\nb", 2, 2, 1), ("a\r\nb", 3, 2, 1), ("a\rb", 2, 2, 1), ("é中b", 2, 1, 3)],
)
def test_a_place_counts_lines_and_characters_from_one(text, index, line, column):
    source = from_text("m.yaml", text)
    assert place_of(source, index) == Place(source, line, column)


@pytest.mark.parametrize(("number", "line"), [(1, "a"), (2, "b\x0cc"), (3, "d"), (4, ""), (0, ""), (9, "")])
def test_lines_end_where_the_parser_ends_them(number, line):
    assert from_text("m.yaml", "a\r\nb\x0cc\rd\n").line(number) == line
