"""The hooks as a developer meets them: the real pre-commit, a fresh repository, real commits, and no network."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from checker.facts.locked.file import as_text
from checker.facts.locked.lock import Lock
from tests.documentation.blocks import blocks
from tests.hooks.source import ADDRESS, RELEASE, HookSource, hook_source
from tests.hooks.tutorial import PAGE, gone_through
from tests.packaging.offline import ROOT, ok, run, tool

CONFIG = f"""\
repos:
  - repo: {ADDRESS}
    rev: {RELEASE}
    hooks:
      - id: weighbridge-check
      - id: weighbridge-check-all
        stages: [manual]
"""
SETUP = ROOT / "docs" / "setup" / "pre-commit.md"
EMPTY_LOCK = as_text(Lock())
FOREIGN = """\
# A model of another tool.
name: resnet
layers: 50
"""


class Project(NamedTuple):
    """A repository with the hooks installed."""

    path: Path
    environment: dict[str, str]

    def git(self, *arguments: str) -> str:
        return ok("git", *arguments, cwd=self.path, environment=self.environment)

    def add(self, name: str, text: str) -> None:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")
        self.git("add", name)

    def commit(self) -> subprocess.CompletedProcess[str]:
        return run("git", "commit", "--message", "change", cwd=self.path, environment=self.environment)

    def commits(self) -> int:
        return int(self.git("rev-list", "--count", "HEAD"))

    def check_all(self, *names: str) -> subprocess.CompletedProcess[str]:
        hook = ("run", "weighbridge-check-all", "--hook-stage", "manual", "--files")
        return run(tool("pre-commit"), *hook, *names, cwd=self.path, environment=self.environment)


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> HookSource:
    """What pre-commit installs from once, out of the wheelhouse."""
    return hook_source(tmp_path_factory.mktemp("weighbridge"))


@pytest.fixture
def project(source: HookSource, tmp_path: Path) -> Project:
    project = Project(tmp_path, source.environment)
    project.git("init", "--quiet")
    project.add(".pre-commit-config.yaml", CONFIG)
    ok(tool("pre-commit"), "install", cwd=project.path, environment=project.environment)
    first = project.commit()
    assert first.returncode == 0, first.stdout + first.stderr
    return project


def example(name: str) -> str:
    """A manifest of the examples that this repository shows."""
    return (ROOT / "examples" / name / "model.yaml").read_text(encoding="utf-8")


def test_a_good_manifest_is_committed(project: Project) -> None:
    project.add("model.yaml", example("passes"))
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "weighbridge check (changed manifests)" in done.stderr
    assert "Passed" in done.stderr
    assert project.commits() == 2


def test_a_bad_manifest_is_refused_and_the_message_names_its_line_and_rule(project: Project) -> None:
    project.add("services/chat/model.yaml", example("stopped"))
    done = project.commit()
    assert done.returncode == 1
    assert "exit code: 1" in done.stderr
    assert "services/chat/model.yaml:" in done.stderr
    assert project.commits() == 1


def test_a_manifest_is_judged_in_whatever_letters_its_name_is_written(project: Project) -> None:
    project.add("chat/Model.YAML", example("stopped"))
    done = project.commit()
    assert done.returncode == 1
    assert "chat/Model.YAML:" in done.stderr


def test_only_the_changed_manifests_are_judged(project: Project) -> None:
    project.add("old/model.yaml", example("stopped"))
    project.git("commit", "--quiet", "--no-verify", "--message", "before the hook")
    project.add("new/model.yaml", example("passes"))
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "old/model.yaml" not in done.stderr


def test_one_run_judges_all_manifests_of_a_commit(project: Project) -> None:
    for number in range(8):
        project.add(f"service-{number}/weighbridge.yaml", example("passes"))
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count("\nexit code 0: nothing blocks\n") == 1
    assert all(f"service-{number}/weighbridge.yaml: " in done.stderr for number in range(8))


def test_a_model_yaml_of_another_tool_is_let_through_and_that_is_said(project: Project) -> None:
    project.add("model.yaml", FOREIGN)
    done = project.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 file named like a manifest is something else: not judged" in done.stderr
    assert project.commits() == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [("waivers.yaml", "waivers: []\n"), ("chat/model.lock", EMPTY_LOCK), ("weighbridge-policy.yaml", "rules: {}\n")],
)
def test_a_changed_lock_waiver_or_project_policy_stands_for_its_manifests(
    project: Project, name: str, text: str
) -> None:
    project.add("chat/model.yaml", example("stopped"))
    project.git("commit", "--quiet", "--no-verify", "--message", "before the hook")
    project.add(name, text)
    done = project.commit()
    assert done.returncode == 1
    assert "exit code: 1" in done.stderr
    assert "chat/model.yaml:" in done.stderr


def test_a_commit_without_manifests_does_not_run_the_hook(project: Project) -> None:
    project.add("notes.txt", "unrelated\n")
    done = project.commit()
    assert done.returncode == 0
    assert "(no files to check)Skipped" in done.stderr
    assert project.commits() == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("weighbridge-policy.yaml", "rules: {size-class: soft-mandatory}\n"),
        ("policies/acme.yaml", "policy: acme\n"),
        ("waivers.yaml", "waivers: []\n"),
        ("chat/model.lock", EMPTY_LOCK),
        ("other/model.yml", FOREIGN),
    ],
)
def test_a_change_of_what_all_manifests_depend_on_judges_them_all(project: Project, name: str, text: str) -> None:
    project.add("chat/model.yaml", example("stopped"))
    project.add(name, text)
    done = project.check_all(name)
    assert done.returncode == 1
    assert "exit code: 1" in done.stdout
    assert "chat/model.yaml:" in done.stdout


def test_a_repository_in_which_all_models_are_another_tools_passes_the_second_hook_too(project: Project) -> None:
    project.add("model.yaml", FOREIGN)
    done = project.check_all("model.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 file named like a manifest is something else: not judged" in done.stdout


def test_a_repository_without_any_manifest_is_told_that_nothing_was_checked(project: Project) -> None:
    project.add("policies/acme.yaml", "policy: acme\n")
    done = project.check_all("policies/acme.yaml")
    assert done.returncode == 1
    assert "exit code: 2" in done.stdout
    assert "--allow-empty" in done.stdout


def test_the_second_hook_shows_what_a_passing_check_advises(project: Project) -> None:
    project.add("model.yaml", example("passes"))
    done = project.check_all("model.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exit code 0: nothing blocks" in done.stdout


def test_the_settings_of_the_page_look_at_commits_and_at_pushes(source: HookSource, tmp_path: Path) -> None:
    settings = next(block for block in blocks(SETUP) if block.kind == "yaml").body
    project = Project(tmp_path / "project", source.environment)
    project.path.mkdir()
    project.git("init", "--quiet", "--initial-branch", "main")
    project.git("init", "--quiet", "--bare", "../remote.git")
    project.git("remote", "add", "origin", "../remote.git")
    project.add(".pre-commit-config.yaml", settings)
    ok(tool("pre-commit"), "install", cwd=project.path, environment=project.environment)
    project.add("chat/model.yaml", example("stopped"))
    assert project.commit().returncode == 1
    project.git("commit", "--quiet", "--no-verify", "--message", "past the first hook")
    pushed = run("git", "push", "origin", "main", cwd=project.path, environment=project.environment)
    assert pushed.returncode != 0
    assert "weighbridge check (all manifests)" in pushed.stdout + pushed.stderr
    assert "chat/model.yaml:" in pushed.stdout + pushed.stderr


def test_the_tutorial_shows_what_its_steps_print(source: HookSource, tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    gone = gone_through(page, source, tmp_path)
    assert gone == page, "python -m tests.hooks.tutorial writes it"
    stopped = page.partition('--message "Take Llama')[2].partition("$ git log")[0]
    assert "- exit code: 1\n" in stopped
    assert "exit code 0: nothing blocks" in page.rpartition("$ git commit")[2]
