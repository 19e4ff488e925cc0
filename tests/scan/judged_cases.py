"""Reads the judged cases: small repositories, each with what a person says that it uses."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from checker.facts.catalogue import Catalogue
from checker.scan.find import scan

DATA = Path(__file__).parent.parent / "data" / "scan"
FAMILIES = {"python": "Python", "serving": "serving", "training": "training", "held_out": "held out"}
"""The files of cases, and how a page names them."""
_CATALOGUE = Catalogue()


class Wanted(NamedTuple):
    """One use, or one place that names no model."""

    file: str
    line: int
    model: str
    """`?` for a place that names none."""
    said: dict[str, str]
    """What the line says beside it, under `revision` or the manifest's keys; what is not listed is not judged."""


class Case(NamedTuple):
    """One small repository."""

    family: str
    name: str
    files: dict[str, str]
    wanted: tuple[Wanted, ...]


class Outcome(NamedTuple):
    """What a scan made of a case."""

    found: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    """Uses that are none, and uses of which something wrong is said."""


def cases() -> list[Case]:
    """All of them."""
    return [case for family in FAMILIES for case in _of(family)]


def _of(family: str) -> list[Case]:
    text = (DATA / f"{family}.txt").read_text(encoding="utf-8")
    return [_case(family, block) for block in text.split("=== ")[1:]]


def _case(family: str, block: str) -> Case:
    content, _, expected = block.partition("\n+++\n") if "\n+++\n" in block else block.partition("\n+++")
    name, _, rest = content.partition("\n")
    files = {}
    for part in f"\n{rest}".split("\n--- ")[1:]:
        path, _, body = part.partition("\n")
        files[path] = f"{body}\n"
    return Case(family, name, files, tuple(_wanted(line, files) for line in expected.splitlines() if line.strip()))


def _wanted(line: str, files: dict[str, str]) -> Wanted:
    place, _, said = line.partition(" | ")
    file, _, fragment = place.partition(" @ ")
    numbers = [number for number, text in enumerate(files[file].splitlines(), start=1) if fragment in text]
    assert numbers, f"no line of {file} holds {fragment!r}"
    model, *stated = said.split()
    return Wanted(file, numbers[0], model, dict(one.split("=", 1) for one in stated))


def judged(case: Case, folder: Path) -> Outcome:
    """Write the case into a folder, scan it, and compare."""
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    result = scan(folder, catalogue=_CATALOGUE)
    uses = {(_shown(use.at.file.name, folder), use.at.line, use.model): use for use in result.uses}
    unnamed = Counter((_shown(one.at.file.name, folder), one.at.line) for one in result.unresolved)
    found, missed, wrong = 0, [], []
    for one in case.wanted:
        if one.model == "?":
            if unnamed.pop((one.file, one.line), 0):
                found += 1
            else:
                missed.append(f"{one.file}:{one.line}: not said that no model is named")
            continue
        use = uses.pop((one.file, one.line, one.model), None)
        if use is None:
            missed.append(f"{one.file}:{one.line}: {one.model}")
            continue
        said = {"revision": use.revision or "", **{option.key: option.value for option in use.options}}
        differing = {key: said.get(key, "") for key, value in one.said.items() if said.get(key, "") != value}
        if differing:
            wrong.append(f"{one.file}:{one.line}: {one.model}: {differing} instead of {one.said}")
        else:
            found += 1
    wrong += [f"{file}:{line}: {model} is not used" for file, line, model in uses]
    wrong += [f"{file}:{line}: something is said to name no model" for file, line in unnamed]
    wrong += [f"{one.file}: {one.why}" for one in result.unread]
    return Outcome(found, tuple(missed), tuple(wrong))


def _shown(name: str, folder: Path) -> str:
    return Path(name).relative_to(folder).as_posix()
