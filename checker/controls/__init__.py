"""Which rule or field supports which control of a published framework, and what this tool does not cover: as data.

The files beside this one are read by a report that is asked for them. Adding a framework is adding a file.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from checker.document.bind import Block, bind
from checker.document.place import At
from checker.document.read import read
from checker.document.scalars import Day, OneOrMany, Text, Whole
from checker.document.tree import parse

_FOLDER = Path(__file__).parent
FIELDS = ("manifest", "policy", "waivers", "report", "bom")
"""What may support a control beside rules: the files and documents of a project; `manifest:KEY` names a key."""


class Control(Block):
    """One entry of a framework."""

    id: Annotated[str, Text]
    """As the framework numbers it."""
    title: Annotated[str, Text]
    """What it is about, in short."""
    supported_by: OneOrMany[At[Annotated[str, Text]]] = ()
    """Ids of rules, `manifest:KEY`, or a name out of `FIELDS`; empty where nothing here supports it."""
    how: Annotated[str, Text] = ""
    """In which way they support it."""
    not_covered: Annotated[str, Text]
    """What of it this tool does not cover."""


class Framework(Block):
    """One published framework."""

    controls: Annotated[int, Whole]
    """The format of this file."""
    framework: Annotated[str, Text]
    """Its name and version."""
    issued: Annotated[date, Day]
    """The day of the version that the entries follow."""
    source: Annotated[str, Text]
    """The document, and where it is."""
    remark: Annotated[str, Text]
    """What a reader has to know before reading the entries."""
    entries: tuple[Control, ...]


@cache
def framework_names() -> tuple[str, ...]:
    """The names under which frameworks can be asked for, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def load(name: str) -> Framework:
    """One framework.

    Raises:
        LookupError: there is none of that name.
    """
    if name not in framework_names():
        raise LookupError(f"no framework is called {name!r}")
    return bind(parse(read(_FOLDER / f"{name}.yaml", f"weighbridge:controls/{name}")), Framework)
