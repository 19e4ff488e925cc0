"""In folders, and among files that a tool found, a manifest is told from what only bears its name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker.document.errors import InputError, render_problem
from checker.document.read import MAX_BYTES
from checker.manifest.discover import MOST_BYTES, Discovery, discover, says_weighbridge
from tests.ending import that_ends

POSIX = pytest.mark.skipif(os.name != "posix", reason="the kind of file exists on POSIX only")
OURS = "weighbridge: 1\nmodels: []\n"
FOREIGN = "apiVersion: v1\nkind: Model\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Write files into the test's folder and go there."""
    monkeypatch.chdir(tmp_path)

    def write(files):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write


def found(*paths, discovered=False):
    """What was found, by names."""
    discovery = discover(map(Path, paths or ["."]), discovered=discovered)
    return [path.as_posix() for path in discovery.ours], [path.as_posix() for path in discovery.foreign]


@pytest.mark.parametrize(
    "name",
    [
        "model.yaml",
        "model.yml",
        "weighbridge.yaml",
        "weighbridge.yml",
        "chat.weighbridge.yaml",
        "chat.weighbridge.yml",
        "Model.YAML",
        "deep/er/model.yaml",
    ],
)
def test_a_manifest_is_found_in_a_folder(folder, name):
    folder({name: OURS})
    assert found() == ([name], [])


@pytest.mark.parametrize(
    "name",
    ["models.yaml", "model.json", "my-model.yaml", "model.yaml.j2", "weighbridge-policy.yaml", "weighbridge.txt"],
)
def test_a_file_of_another_name_is_not_looked_at(folder, name):
    folder({name: OURS})
    assert found() == ([], [])


@pytest.mark.parametrize(
    "name",
    [
        ".cache/model.yaml",
        "a/.git/model.yaml",
        "node_modules/model.yaml",
        "a/node_modules/b/model.yaml",
    ],
)
def test_folders_of_tools_are_left_out(folder, name):
    folder({name: OURS})
    assert found() == ([], [])


def test_virtual_environments_are_left_out(folder):
    folder({"env/pyvenv.cfg": "", "env/lib/model.yaml": OURS, "env/Lib/site-packages/a/model.yaml": OURS})
    assert found() == ([], [])


def test_a_file_of_a_virtual_environment_does_not_hide_what_is_beside_it(folder):
    folder({"env/pyvenv.cfg": "", "env/model.yaml": OURS, "env/service/model.yaml": OURS})
    assert found() == (["env/model.yaml", "env/service/model.yaml"], [])


def test_a_folder_that_was_named_is_walked_whatever_it_is(folder):
    folder({".hidden/pyvenv.cfg": "", ".hidden/model.yaml": OURS})
    assert found(".hidden") == ([".hidden/model.yaml"], [])


@POSIX
def test_a_link_to_a_file_of_another_name_is_a_manifest(folder):
    root = folder({"prod.yaml": OURS, "a/model.yaml": OURS, "other.yaml": FOREIGN, "b/readme": ""})
    (root / "model.yaml").symlink_to("prod.yaml")
    (root / "b" / "model.yaml").symlink_to("../other.yaml")
    (root / "c.weighbridge.yaml").symlink_to("gone.yaml")
    assert found() == (["c.weighbridge.yaml", "model.yaml", "a/model.yaml"], ["b/model.yaml"])


@POSIX
def test_a_link_to_a_manifest_that_is_not_looked_at_is_one(folder):
    root = folder({"a/model.yaml": OURS, "b/c/model.yaml": OURS})
    (root / "b" / "model.yaml").symlink_to("../a/model.yaml")
    assert found("b") == (["b/model.yaml", "b/c/model.yaml"], [])
    assert found() == (["a/model.yaml", "b/c/model.yaml"], [])


@POSIX
def test_links_to_what_is_looked_at_are_left_out(folder):
    root = folder({"real/model.yaml": OURS})
    (root / "linked").symlink_to("real")
    (root / "model.yaml").symlink_to("real/model.yaml")
    (root / "loop").symlink_to(".")
    assert found() == (["real/model.yaml"], [])


@POSIX
def test_a_link_that_was_named_is_ours(folder):
    root = folder({"real.yaml": FOREIGN})
    (root / "model.yaml").symlink_to("real.yaml")
    assert found("model.yaml") == (["model.yaml"], [])


def test_manifests_come_in_the_order_of_their_paths(folder):
    folder(
        dict.fromkeys(("b/model.yaml", "a/weighbridge.yaml", "a/model.yaml", "model.yml", "c.weighbridge.yaml"), OURS)
    )
    assert found()[0] == ["c.weighbridge.yaml", "model.yml", "a/model.yaml", "a/weighbridge.yaml", "b/model.yaml"]


def test_paths_come_in_the_order_in_which_they_were_named(folder):
    folder({"b.yaml": OURS, "a/model.yaml": OURS})
    assert found("b.yaml", "a") == (["b.yaml", "a/model.yaml"], [])


def test_a_manifest_that_is_led_to_twice_is_found_once(folder):
    folder({"a/model.yaml": OURS})
    assert found("a/model.yaml", "a", "./a/../a/model.yaml") == (["a/model.yaml"], [])


def test_a_foreign_file_that_was_also_named_is_ours(folder):
    folder({"model.yaml": FOREIGN})
    assert found(".", "model.yaml") == (["model.yaml"], [])


def test_a_file_that_was_named_is_ours_whatever_it_is(folder):
    folder({"chart.yaml": FOREIGN})
    assert found("chart.yaml") == (["chart.yaml"], [])


def test_a_file_that_does_not_exist_is_ours_so_that_it_is_told(folder):
    folder({})
    assert [found("gone.yaml"), found("model.yaml", discovered=True)] == [(["gone.yaml"], []), (["model.yaml"], [])]


@pytest.mark.parametrize(
    ("name", "content", "ours"),
    [
        ("model.yaml", OURS, True),
        ("model.yaml", FOREIGN, False),
        ("anything.yaml", OURS, True),
        ("weighbridge.yaml", FOREIGN, True),
        ("my-Weighbridge-file.yaml", FOREIGN, True),
        ("weighbridge-policy.yaml", "policy: x\n", False),
        ("weighbridge-policy.yml", OURS, False),
    ],
)
def test_a_file_that_a_tool_found_is_ours_by_its_name_or_a_line(folder, name, content, ours):
    folder({name: content})
    assert found(name, discovered=True) == (([name], []) if ours else ([], [name]))


LINES_OF_OURS = [
    b"weighbridge: 1",
    b"# a comment\n\nweighbridge: 1\n",
    b"owner: a\nweighbridge: 1\n",
    b"owner: a\r\nweighbridge: 1\r\n",
    b"owner: a\rweighbridge: 1\r",
    b"\xef\xbb\xbfweighbridge: 1\n",
    b"weighbridge : 1\n",
    b"weighbridge:\n",
    "weighbridge: 1\n".encode("utf-16"),
    b"{{ template }}\nweighbridge: 1\n",
    b"\xff\x00\nweighbridge: 1\n",
    b"Weighbridge: 1\n",
    b"WEIGHBRIDGE: 1\n",
    b"weigh-bridge: 1\n",
    b"weigh_bridge: 1\n",
    b"weigh bridge: 1\n",
    b"weighbrigde: 1\n",
    b"weighbrige: 1\n",
    b"weightbridge: 1\n",
    b"wieghbridge: 1\n",
    b"weighbridges: 1\n",
    b"weighbridge 1\n",
    b"weighbridge=1\n",
    b"weighbridge",
    b"'weighbridge': 1\n",
    b'"weighbridge": 1\n',
    b"---\n# c\n  weighbridge: 1\n  models: []\n",
    b"{weighbridge: 1, models: []}\n",
    b'{"weighbridge": 1}\n',
    b"{\n  weighbridge: 1}",
    b"--- {weighbridge: 1, models: []}\n",
    b"{owner: a,\n weighbridge: 1}",
    b"? weighbridge\n: 1\n",
    b'owner: a\n? "weighbridge"\n: 1\n',
    b"owner: a\n?\n  weighbridge # the key\n: 1\n",
    b'owner: a\n"weigh\\x62ridge": 1\n',
    b'owner: a\n"\\u0077eigh\\U00000062ridge" : 1\n',
    b'owner: a\n? "weigh\\\n  bridge"\n: 1\n',
    b'{owner: a, "weigh\\\r\n\tbridge": 1}\n',
    b"x: {{ template }}\nlabels: {weighbridge: 1}\n",  # nobody can tell
    *("weighbridge: 1\n".encode(wide) for wide in ("utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")),
]


@pytest.mark.parametrize("content", LINES_OF_OURS)
def test_a_line_or_a_near_miss_of_it_makes_a_file_ours(content):
    assert says_weighbridge(content)


LINES_OF_OTHERS = [
    b"",
    b"apiVersion: v1\n",
    b"# weighbridge: 1\n",
    b"tools:\n  weighbridge: 1\n",
    b"- weighbridge: 1\n",
    b"name: weighbridge\n",
    b"weights: 1\n",
    b"weight: 1\n",
    b"weighting: 1\n",
    b"bridge: 1\n",
    b"weighbridge-version: 1\n",
    b"my-weighbridge: 1\n",
    b'a: "weigh\\x62ridge: 1"\n',
    b'a: ["{\\x77eighbridge: 1}"]\n',
    b"weighbridgefile: 1\n",
    b"{{ weighbridge }}\n",
    b"a: {weighbridge: 1}\n",
    b"? a\n: weighbridge: 1\n",
    b"\x00\x01\x02\xff" * 1000,
]


@pytest.mark.parametrize("content", LINES_OF_OTHERS)
def test_any_other_text_is_foreign(content):
    assert not says_weighbridge(content)


@pytest.mark.parametrize(
    "content",
    [
        b"\n" * 2**20,
        b" " * 2**20,
        b"weighbr\n" * 2**17,
        b"weighbrxxxx:\n" * 80_000,
        b"{" * 2**20,
        b"#\n" * 2**19,
        b"\\x77" * 2**18,
        b"\\\n " * 2**18,
        b"weighbridge#" * 2**17,
    ],
    ids=["lines", "blanks", "words", "keys", "braces", "comments", "escapes", "folds", "remarks"],
)
def test_a_large_file_is_judged_without_taking_the_square_of_it(content):
    with that_ends():
        says_weighbridge(content)


def test_a_foreign_file_may_be_anything(folder):
    folder(
        {
            "binary/model.yaml": bytes(range(256)) * 100,
            "huge/model.yaml": b"a: b\n" * MAX_BYTES,
            "template/model.yaml": "{% if x %}\n{{ y }}: *z\n\t- [\n",
            "empty/model.yaml": "",
        }
    )
    assert found() == ([], ["binary/model.yaml", "empty/model.yaml", "huge/model.yaml", "template/model.yaml"])


def test_a_file_too_large_to_be_a_manifest_is_ours_if_it_has_the_line_or_nobody_can_tell(folder):
    folder(
        {
            "a/model.yaml": b"weighbridge: 1\n" + b"# x\n" * MAX_BYTES,
            "b/model.yaml": b"# x\n" * MAX_BYTES + b"weighbridge: 1\n",
            "c/model.yaml": b"\n" * (MOST_BYTES + 1),
            "d/model.yaml": b"\n" * MOST_BYTES,
        }
    )
    assert found() == (["a/model.yaml", "b/model.yaml", "c/model.yaml"], ["d/model.yaml"])


@POSIX
def test_what_is_no_regular_file_is_the_loaders_to_refuse_and_never_waited_for(folder):
    folder({"a/keep": ""})
    os.mkfifo("a/model.yaml")
    assert found() == (["a/model.yaml"], [])


@POSIX
def test_a_folder_that_may_not_be_entered_holds_what_it_lists(folder, monkeypatch):
    """Faked, because root may enter everything."""
    folder({"a/model.yaml": OURS})
    real = os.lstat

    def locked(path, **options):
        if Path(path).name == "model.yaml":
            raise PermissionError(13, "locked", str(path))
        return real(path, **options)

    monkeypatch.setattr(os, "lstat", locked)
    assert found() == (["a/model.yaml"], [])


@POSIX
def test_a_folder_with_a_manifests_name_is_a_folder(folder):
    folder({"model.yaml/model.yaml": OURS})
    assert found() == (["model.yaml/model.yaml"], [])


def test_a_file_that_cannot_be_read_is_never_passed_over(folder, monkeypatch):
    """The loader refuses it. Faked, because root may read everything."""
    folder({"model.yaml": OURS, "weighbridge.yaml": OURS})

    def locked(*_):
        raise PermissionError(13, "locked")

    monkeypatch.setattr("builtins.open", locked)
    assert found() == (["model.yaml", "weighbridge.yaml"], [])


def test_a_folder_that_cannot_be_listed_is_an_error(folder, monkeypatch):
    """Faked, because root may list everything."""
    folder({"a/model.yaml": OURS})
    real = os.scandir

    def locked(path):
        if Path(path).name == "a":
            raise PermissionError(13, "locked", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", locked)
    with pytest.raises(InputError) as caught:
        discover([Path()])
    assert render_problem(caught.value.problems[0]) == (
        "a: error: the folder cannot be listed, so that manifests in it would be overlooked: "
        "expected a readable folder, or paths beside it"
    )


def test_nothing_is_found_where_nothing_is():
    assert discover([]) == Discovery((), ())
