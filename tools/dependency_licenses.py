"""Which licence each dependency is under, by what is installed, and whether requirements/licenses.toml allows it.

`python3 dev.py licenses` writes the table of docs/dependencies.md; a test compares it.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, Final, NamedTuple

from checker.licenses.identify import known_as
from checker.licenses.registry import AllOf, AnyOf, Resolution, Resolved, resolve
from tools.suites import normal

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "dependencies.md"
BEGIN: Final = "<!-- licences: begin (`python3 dev.py licenses` writes this table, and a test compares it) -->\n"
END: Final = "<!-- licences: end -->"
TEXT_NAMES: Final = re.compile(r"(licen[cs]e|copying)[^/]*$", re.IGNORECASE)


class Rules(NamedTuple):
    """requirements/licenses.toml."""

    allow: frozenset[str]
    stated: Mapping[str, str]
    elsewhere: Mapping[str, str]


class Locked(NamedTuple):
    """One package of a lock."""

    name: str
    version: str
    via: tuple[str, ...]
    """The packages that ask for it; those that a person named are not told."""


def rules() -> Rules:
    """What is allowed, and what was read where metadata do not say it."""
    table = tomllib.loads((ROOT / "requirements" / "licenses.toml").read_text(encoding="utf-8"))
    return Rules(frozenset(table["allow"]), table["stated"], table["elsewhere"])


def locked(lock: str) -> dict[str, Locked]:
    """The packages of a lock that uv wrote, by name."""
    found: dict[str, Locked] = {}
    for block in re.split(r"^(?=[a-z0-9-]+==)", lock, flags=re.MULTILINE)[1:]:
        match = re.match(r"([a-z0-9-]+)==([^ \n\\]+)", block)
        assert match is not None
        asked = re.findall(r"^    #(?: via)? +([a-z0-9-]+)$", block, re.MULTILINE)
        before = found[match[1]].via if match[1] in found else ()
        found[match[1]] = Locked(match[1], match[2], tuple(sorted({*before, *asked} - {"via"})))
    return found


def brought_along(direct: Iterable[str], lock: Mapping[str, Locked]) -> list[Locked]:
    """The packages of a lock that come along with these, them included, on any platform."""
    found = {normal(name) for name in direct} & lock.keys()
    while more := {one.name for one in lock.values() if not found.isdisjoint(one.via)} - found:
        found |= more
    return [lock[name]._replace(via=tuple(one for one in lock[name].via if one in found)) for name in sorted(found)]


def direct_dependencies() -> list[str]:
    """The packages that the wheel asks for, those of its extras included."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    return [normal(re.split(r"[\[=<>]", one)[0]) for one in asked]


def installed() -> dict[str, Distribution]:
    """What is installed beside the running Python, by normal name."""
    return {normal(found.metadata["Name"]): found for found in distributions()}


def license_of(package: Distribution, allow: frozenset[str]) -> str | None:
    """The licence expression of a package: by its metadata, else by its text; None where neither says."""
    for said in _statements(package):
        if said in allow:
            return said
        if (read := _expression(resolve(said))) is not None:
            return read
    texts = [path for path in package.files or () if TEXT_NAMES.search(path.name) and ".dist-info" in path.as_posix()]
    known = {known_as(Path(str(package.locate_file(path))).read_text("utf-8", errors="replace")) for path in texts}
    return known.pop() if len(known) == 1 else None


def _statements(package: Distribution) -> Iterator[str]:
    """What metadata say of the licence, the most exact first."""
    for field in ("License-Expression", "License"):
        said = (package.metadata[field] or "").strip() if field in package.metadata else ""
        if said and "\n" not in said:
            yield said
    for classifier in package.metadata.get_all("Classifier") or []:
        if classifier.startswith("License :: "):
            yield classifier.rpartition(" :: ")[2]


def _expression(found: Resolution) -> str | None:
    match found:
        case Resolved():
            return found.license.id
        case AnyOf(choices=parts):
            return _joined(" OR ", parts)
        case AllOf(parts=parts):
            return _joined(" AND ", parts)
        case _:
            return None


def _joined(word: str, parts: Iterable[Resolution]) -> str | None:
    read = [_expression(part) for part in parts]
    return None if None in read else word.join(f"({one})" if " " in one else one for one in read if one)


def is_allowed(expression: str, allow: frozenset[str]) -> bool:
    """Whether an expression without brackets leaves a choice of which all is allowed."""
    return any(all(part in allow for part in choice.split(" AND ")) for choice in expression.split(" OR "))


def read_all(names: Iterable[str], given: Rules, here: Mapping[str, Distribution]) -> dict[str, str | None]:
    """The licence of each package, in order; None where nothing says it."""
    return {name: _read(name, given, here) for name in names}


def _read(name: str, given: Rules, here: Mapping[str, Distribution]) -> str | None:
    if name in given.stated:
        return given.stated[name]
    return license_of(here[name], given.allow) if name in here else given.elsewhere.get(name)


def refused(read: Mapping[str, str | None], allow: frozenset[str]) -> list[str]:
    """A sentence for each package that may not come along."""
    unread = [f"{name}: nothing says its licence: read its text and state it" for name, one in read.items() if not one]
    return unread + [
        f"{name}: {one} is not among the allowed licences"
        for name, one in read.items()
        if one and not is_allowed(one, allow)
    ]


def table(packages: Iterable[Locked], read: Mapping[str, str | None]) -> str:
    """The table of docs/dependencies.md."""
    direct = set(direct_dependencies())
    rows = []
    for one in packages:
        asking = [*(["Weighbridge"] if one.name in direct else []), *one.via]
        rows.append(f"| `{one.name}` | {read[one.name]} | {', '.join(asking)} |\n")
    return "| package | licence | asked for by |\n|---|---|---|\n" + "".join(rows)


def page(text: str, block: str) -> str:
    """The page with the table in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{block}{END}{after}"


def main() -> int:
    """Write the table; 1 and a line a package where one may not come along."""
    given, here = rules(), installed()
    lock = locked((ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8"))
    ours = brought_along(direct_dependencies(), lock)
    read = read_all(lock, given, here)
    PAGE.write_text(page(PAGE.read_text("utf-8"), table(ours, read)), "utf-8", newline="\n")
    wrong = refused(read, given.allow)
    for line in wrong:
        print(f"licenses: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
