"""A tag can be released when it is the version and the changelog tells of it; nothing else can."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import release

LOG = """\
# Changelog

## [Unreleased]

## [1.2.0] - 2026-12-01

### Added

- A thing.

## [1.1.0] - 2026-11-01

- Another.

[1.2.0]: https://weighbridge.example/changelog
"""


def tree(folder: Path, version: str = '__version__ = "1.2.0"\n', log: str = LOG) -> Path:
    (folder / "checker").mkdir()
    (folder / "checker" / "__init__.py").write_text(version, "utf-8")
    (folder / "CHANGELOG.md").write_text(log, "utf-8")
    return folder


def test_a_tag_of_the_version_with_a_section_gives_the_notes(tmp_path: Path) -> None:
    assert release.check("v1.2.0", tree(tmp_path)) == "### Added\n\n- A thing.\n"


def test_the_last_section_ends_before_the_links(tmp_path: Path) -> None:
    older = tree(tmp_path, '__version__ = "1.1.0"\n')
    assert release.check("v1.1.0", older) == "- Another.\n"


@pytest.mark.parametrize("tag", ["1.2.0", "v1.2.1", "v1.2.0 ", "v1.2.0-rc1", ""])
def test_another_tag_is_no_release(tmp_path: Path, tag: str) -> None:
    with pytest.raises(release.Unfit, match=r"the version is 1\.2\.0: expected the tag v1\.2\.0"):
        release.check(tag, tree(tmp_path))


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("# Changelog\n\n## [Unreleased]\n\n- A thing.\n", r"has 0 sections of 1\.2\.0"),
        (LOG + "\n## [1.2.0] - 2026-12-02\n\n- Again.\n", r"has 2 sections of 1\.2\.0"),
        (LOG.replace(" - 2026-12-01", ""), r"heads 1\.2\.0 by `## \[1\.2\.0\]`"),
        (LOG.replace("- A thing.\n", ""), r"says nothing of 1\.2\.0"),
    ],
)
def test_a_changelog_that_does_not_tell_of_it_stops_the_release(tmp_path: Path, log: str, said: str) -> None:
    with pytest.raises(release.Unfit, match=said):
        release.check("v1.2.0", tree(tmp_path, log=log))


def test_a_package_without_a_version_stops_the_release(tmp_path: Path) -> None:
    with pytest.raises(release.Unfit, match="states no version"):
        release.check("v1.2.0", tree(tmp_path, "version = 1\n"))


def test_the_command_says_no_by_its_code_and_writes_no_notes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.md"
    assert release.main(["check", "v0.0.0-none", "--notes", str(notes)]) == 1
    assert capsys.readouterr().err.startswith("release: the tag is v0.0.0-none and the version is ")
    assert not notes.exists()


def test_sums_name_every_file_but_their_own(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"")
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / release.SUMS).write_text("old", "utf-8")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    letter = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert release.write_sums(tmp_path) == f"{letter}  a\n{empty}  b\n"
    assert (tmp_path / release.SUMS).read_text("utf-8") == f"{letter}  a\n{empty}  b\n"


def test_a_bill_of_materials_names_the_version(tmp_path: Path) -> None:
    bill = tmp_path / "bill.json"
    bill.write_text('{"metadata": {"component": {"name": "weighbridge"}}}', "utf-8")
    release.state_version(bill, "1.2.0")
    assert json.loads(bill.read_bytes())["metadata"]["component"] == {
        "name": "weighbridge",
        "version": "1.2.0",
        "purl": "pkg:pypi/weighbridge@1.2.0",
    }
