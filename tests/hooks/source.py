"""The repository that offers the hooks: this project as a release of it would lie at its home, cloned from this machine."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from checker import HOME, __version__
from tests.packaging.offline import copy_of_the_project, offline_environment, ok

ADDRESS = f"{HOME}/source"
RELEASE = f"v{__version__}"


class HookSource(NamedTuple):
    """The environment in which git and pre-commit find the release at its address."""

    environment: dict[str, str]


def hook_source(folder: Path) -> HookSource:
    """Release this project into a folder."""
    path = folder / "source"
    path.mkdir()
    (folder / "pre-commit").mkdir()
    copy_of_the_project(path)
    environment = offline_environment() | {
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "GIT_AUTHOR_NAME": "A Developer",
        "GIT_AUTHOR_EMAIL": "developer@example.com",
        "GIT_COMMITTER_NAME": "A Developer",
        "GIT_COMMITTER_EMAIL": "developer@example.com",
        # pre-commit keeps these for the git that it starts, and takes the file with such settings away
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{path.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
    }
    for command in (
        ("init", "--quiet"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", "release"),
        ("tag", RELEASE),
    ):
        ok("git", *command, cwd=path, environment=environment)
    return HookSource(environment)
