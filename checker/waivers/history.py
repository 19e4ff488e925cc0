"""Who wrote each waiver: the commit that last changed one of its lines, as git tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from checker.git import GitError, git, is_shallow, together
from checker.verdict import Commit
from checker.waivers.file import Ledger, Recorded

_LINE = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) [0-9]+ ([0-9]+)")


def commits_of(ledger: Ledger, path: Path, repository: Path | None) -> dict[str, Commit]:
    """For the id of each waiver the newest commit among its lines; none for what git does not know.

    A line that is not committed yet, a file outside of any repository and a history that was cut off have no author
    here: a cut would give the lines before it to whoever made the first commit after it.

    Args:
        ledger: the file that was read.
        path: where it lies.
        repository: the folder of the repository around it.
    """
    if repository is None or not ledger.entries:
        return {}
    file = str(path.resolve())
    try:
        # The order is that of the history: times are what somebody's clock said.
        ordered, blamed = together(
            repository,
            ("log", "--topo-order", "--full-history", "--format=%H", "HEAD", "--", file),
            # The empty name clears the list of commits to pass over. As a setting it would not: git sorts those, and
            # the empty one would come before what it is to clear.
            ("blame", "--porcelain", "--no-textconv", "--ignore-revs-file=", "--", file),
        )
        lines, known = _read(blamed, is_shallow(repository))
    except GitError:
        return {}
    ages = {sha: age for age, sha in enumerate(ordered.decode().split())}
    newest = {
        recorded.waiver.id.value: min(shas, key=lambda sha: ages.get(sha, len(ages)))
        for recorded in ledger.entries
        if (shas := _of_entry(recorded, lines)) and known.issuperset(shas)
    }
    authors = _authors(repository, set(newest.values()))
    return {waiver: authors[sha] for waiver, sha in newest.items() if sha in authors}


def _of_entry(recorded: Recorded, lines: dict[int, str]) -> list[str]:
    return [lines[number] for number in range(recorded.first_line, recorded.last_line + 1) if number in lines]


def _read(blamed: bytes, cut: bool) -> tuple[dict[int, str], set[str]]:
    """The commit of each line, and the commits that can be trusted to have written theirs."""
    lines: dict[int, str] = {}
    boundary: set[str] = set()
    sha = ""
    for line in blamed.split(b"\n"):
        if line.startswith(b"\t"):
            continue
        if header := _LINE.match(line):
            sha = header.group(1).decode()
            lines[int(header.group(2))] = sha
        elif line == b"boundary":
            boundary.add(sha)
    written = {sha for sha in lines.values() if sha.strip("0")}  # zeros: not committed yet
    return lines, written - boundary if cut else written


def _authors(repository: Path, shas: Iterable[str]) -> dict[str, Commit]:
    """The authors as the commits name them: a `.mailmap` of the project could say otherwise, so it is not asked."""
    wanted = sorted(shas)
    if not wanted:
        return {}
    told = git(
        repository, "log", "--no-walk=unsorted", "--no-mailmap", "--format=%H%x00%an%x00%ae", "-z", *wanted, "--"
    )
    fields = told.decode("utf-8", "replace").removesuffix("\0").split("\0")
    return {sha: Commit(sha, name, address) for sha, name, address in zip(*[iter(fields)] * 3, strict=True)}
