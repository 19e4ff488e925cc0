"""Writes what `check --fix` changes, or prints it as a patch."""

from __future__ import annotations

from pathlib import Path

from checker import gate
from checker.console import Console
from checker.document.errors import InputError, visible
from checker.document.inside import leads_out
from checker.document.read import from_text, read_bytes
from checker.document.write import replace_file
from checker.manifest.project import repository_root
from checker.remedies.fixing import Fixed, fixed
from checker.remedies.patch import patch_of
from checker.request import Request

_BOM = "\ufeff"


def fix(request: Request, console: Console, *, unsafe: bool, only_print: bool) -> None:
    """Fix every manifest that the request leads to.

    A manifest that cannot be fixed is left to the judge, which says why it cannot be used.

    Args:
        request: what the run is asked to do.
        console: the patch goes to its standard output, what was done to its standard error.
        unsafe: whether remedies are applied too.
        only_print: whether nothing is written.
    """
    for path in gate.manifests_of(request).ours:
        name = path.as_posix()
        if leads_outside(path):
            console.err.write(f"{visible(name)}: not fixed: it is a link that leads out of its repository\n")
            continue
        try:
            content = read_bytes(path, name)
            source = from_text(name, content)
            done = fixed(source, request, unsafe=unsafe)
        except InputError:
            continue
        if done.text == source.text:
            continue
        mark = _BOM if content.startswith(_BOM.encode()) else ""
        if only_print:
            console.out.write(patch_of(name, f"{mark}{source.text}", f"{mark}{done.text}"))
        else:
            replace_file(path, f"{mark}{done.text}")
        _say(name, done, console, "would fix" if only_print else "fixed")


def leads_outside(path: Path) -> bool:
    """Whether a path is a link to a file beyond the repository (without one: the folder) in which the link lies."""
    if not path.is_symlink():
        return False
    return leads_out(path, repository_root(path.parent) or path.parent)


def _say(name: str, done: Fixed, console: Console, word: str) -> None:
    for said in done.safe:
        console.err.write(f"{visible(f'{name}: {word}: {said}')}\n")
    for said in done.unsafe:
        console.err.write(f"{visible(f'{name}: {word}, and it changes what is meant: {said}')}\n")
