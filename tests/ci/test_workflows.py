"""Our own workflows, and those that we tell others to copy, offer an attacker nothing that zizmor knows of."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from ruamel.yaml import YAML

import dev
from tests.packaging.offline import ROOT, tool

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RELEASE = YAML(typ="safe").load(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def zizmor(folder: Path, *inputs: str) -> subprocess.CompletedProcess[str]:
    command = [str(tool("zizmor")), *dev.zizmor_command("--offline")[1 : -len(dev.WORKFLOWS)], *inputs]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)


def copied_from_pages() -> list[str]:
    """The whole workflows that pages of the documentation show."""
    blocks = [
        block
        for page in sorted((ROOT / "docs").rglob("*.md"))
        for block in re.findall(r"^```ya?ml\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    ]
    return [block for block in blocks if re.search(r"^jobs:$", block, re.MULTILINE) and "runs-on:" in block]


def test_workflows_and_what_others_copy_are_clean() -> None:
    done = zizmor(ROOT, *dev.WORKFLOWS)
    assert done.returncode == 0, done.stdout


def test_workflows_on_pages_are_clean(tmp_path: Path) -> None:
    blocks = copied_from_pages()
    assert len(blocks) >= 2
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    shutil.copy2(ROOT / ".github" / "zizmor.yml", folder.parent)
    for number, block in enumerate(blocks):
        (folder / f"{number}.yml").write_text(block, "utf-8")
    done = zizmor(tmp_path, ".github")
    assert done.returncode == 0, done.stdout


def test_an_action_that_is_not_pinned_is_found(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = WORKFLOWS[0].read_text("utf-8")
    (folder / "one.yml").write_text(re.sub(r"@[0-9a-f]{40}", "@v1", text), "utf-8")
    done = zizmor(tmp_path, ".github")
    assert done.returncode != 0
    assert "unpinned-uses" in done.stdout


def test_one_commit_stands_for_one_version_everywhere() -> None:
    """A comment beside a pin that tells another version than its neighbour's is a slip, or a trick."""
    files = [*WORKFLOWS, *(ROOT / "examples" / "ci").rglob("*.yml"), *(ROOT / "docs").rglob("*.md")]
    found = {match for path in files for match in PINNED.findall(path.read_text("utf-8"))}
    pins = [re.split(r"@| # ", one) for one in found]
    assert len(pins) >= 6
    assert len({name for name, _, _ in pins}) == len(pins)


def test_the_release_builds_once_tests_that_and_publishes_that() -> None:
    order = {name: job.get("needs") for name, job in RELEASE.items()}
    assert order == {"build": None, "test": "build", "attest": "test", "publish": "attest", "announce": "publish"}
    builders = [
        name for name, job in RELEASE.items() if any("dev.py build" in step.get("run", "") for step in job["steps"])
    ]
    assert builders == ["build"]


def test_the_job_that_publishes_holds_an_identity_and_nothing_else() -> None:
    assert RELEASE["publish"]["permissions"] == {"id-token": "write"}
    assert RELEASE["publish"]["environment"] == "pypi"
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    assert "secrets." not in text
    assert "password" not in text
