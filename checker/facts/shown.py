"""The files in which a project shows that duties are met, read as text."""

from pathlib import Path

from checker.document.errors import InputError
from checker.document.inside import leads_out
from checker.document.read import read
from checker.value import NamedTuple


class ShownText(NamedTuple):
    """One file that a manifest names under `obligations`."""

    where: str
    """The path as the manifest writes it."""
    text: str = ""
    problem: str = ""
    """Why the file cannot be read; empty where it was."""


def is_address(where: str) -> bool:
    """Whether it is an address on the web and no path."""
    return "://" in where


def read_shown(written: tuple[str, ...], folder: Path, tree: Path) -> tuple[ShownText, ...]:
    """The files among what a manifest names; nothing outside the repository is read.

    Args:
        written: paths relative to the manifest, and addresses, which are left out.
        folder: the manifest's folder.
        tree: the repository.
    """
    paths = dict.fromkeys(where for where in written if not is_address(where))
    return tuple(_read(where, folder, tree) for where in paths)


def _read(where: str, folder: Path, tree: Path) -> ShownText:
    path = folder / where
    if leads_out(path, tree):
        return ShownText(where, problem="the path leads out of the repository")
    try:
        return ShownText(where, read(path, where).text)
    except InputError as error:
        return ShownText(where, problem=error.problems[0].sentence)
