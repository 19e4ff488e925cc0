"""Which policy is the organisation's, which file is the project's layer, and who said so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from checker.document.errors import InputError, shown
from checker.document.inside import is_there, leads_out
from checker.document.nearest import only_slip, with_hint
from checker.document.place import SourceFile
from checker.document.read import read
from checker.policy.extends import PACK_PREFIX
from checker.policy.load import PROJECT_FILE, Choice
from checker.policy.policy import ChosenBy

NEAR = frozenset((PROJECT_FILE, "weighbridge-policy.yml", "weighbridge_policy.yaml", "weighbridge_policy.yml"))
"""Names that somebody means a project's layer by, in small letters."""
DEFAULT = f"{PACK_PREFIX}enterprise"


def choose(option: str | None, environment: str | None, root: Path) -> Choice:
    """The organisation's policy: the option, else the environment, else the project's pyproject.toml, else the default.

    Args:
        option: the value of `--policy`.
        environment: the value of `WEIGHBRIDGE_POLICY`.
        root: the project's folder, whose pyproject.toml counts.

    Raises:
        InputError: the option or the variable is empty, or pyproject.toml names a policy in a way that cannot be used.
    """
    if option is not None:
        return Choice(_stated(option, "--policy"), ChosenBy.OPTION)
    if environment is not None:
        # A variable of the workflow that is empty by mistake must not let the project choose.
        return Choice(_stated(environment, ChosenBy.ENVIRONMENT), ChosenBy.ENVIRONMENT)
    named = _named_by_project(root / "pyproject.toml")
    return Choice(named, ChosenBy.PROJECT) if named else Choice(DEFAULT, ChosenBy.DEFAULT)


def project_layer(root: Path) -> Path | None:
    """The project's own layer, where it has one; a broken link or a folder of that name is still its layer.

    Raises:
        InputError: there is one under a name that would not be read, or it is a link out of the repository.
    """
    for near in _near(root):
        raise InputError.one("a project's policy of this name is not read", expected=PROJECT_FILE, file=near)
    path = root / PROJECT_FILE
    return path if is_there(path, root) else None


def _near(root: Path) -> list[str]:
    """The files whose names are nearly that of a layer; of a folder that cannot be listed, what can be asked for."""
    try:
        names = [name for name in os.listdir(root) if name.casefold() in NEAR]  # noqa: PTH208 - names are all it takes
    except OSError:
        names = [name for name in NEAR if (root / name).exists()]
    return sorted(name for name in names if name != PROJECT_FILE)


def _stated(named: str, where: str) -> str:
    if not named.strip():
        raise InputError.one("no policy is named", expected="a file, or weighbridge:PACK", file=where)
    return named


def _named_by_project(pyproject: Path) -> str | None:
    """`policy` under `[tool.weighbridge]`, a path in it made relative to the current folder."""
    if not pyproject.exists() or not is_there(pyproject, pyproject.parent):
        return None
    table = _own_table(read(pyproject, pyproject.as_posix()))
    named = table.get("policy")
    if named is None or (isinstance(named, str) and named.startswith(PACK_PREFIX)):
        return named
    root = pyproject.parent.resolve()
    if not isinstance(named, str) or leads_out(root / named, root):
        raise InputError.one(
            "`policy` under `[tool.weighbridge]` names no file of this repository",
            expected="a shipped pack or a relative path inside the repository",
            file=pyproject.as_posix(),
        )
    return (pyproject.parent / named).as_posix()


def _own_table(source: SourceFile) -> dict[str, Any]:
    """`[tool.weighbridge]` of a pyproject.toml; empty where it has none.

    Raises:
        InputError: it is no TOML that can be read, the table is none or holds another key, or its name is nearly right.
    """
    if not any(sign in source.text.lower() for sign in _SIGNS):
        return {}  # most projects: nothing is parsed, and its parser is not loaded
    document = _toml(source)
    tables = document.get("tool", {})
    if not isinstance(tables, dict):
        raise InputError.one("`tool` is no table", expected="tables such as `[tool.weighbridge]`", file=source.name)
    _refuse_near(tables, document, source.name)
    table = tables.get(_OURS, {})
    if not isinstance(table, dict) or set(table) - {"policy"}:
        other = shown(min(set(table) - {"policy"})) if isinstance(table, dict) else ""
        raise InputError.one(
            "`[tool.weighbridge]` holds something else than `policy`",
            expected='`policy = "…"` alone',
            hint=with_hint(f"`{other}` is no key of it", other, ("policy",)) if other else "",
            file=source.name,
        )
    return table


_OURS = "weighbridge"
_SIGNS = ("weigh", "bridge", "\\u", "\\x")
"""Half of our name, as misspelt names have it, or the escapes by which a key could spell it; in small letters."""


def _refuse_near(tables: dict[str, Any], document: dict[str, Any], file: str) -> None:
    """Refuse a table by which somebody means ours: without it, another policy than they chose would judge."""
    near = [f"tool.{key}" for key in tables if key != _OURS and only_slip(key, (_OURS,))]
    near += [key for key in document if only_slip(key, (_OURS,)) and isinstance(document[key], dict)]
    for name in near:
        expected = "`[tool.weighbridge]`"
        raise InputError.one(f"a table `[{shown(name)}]` is not read", expected=expected, file=file)


def _toml(source: SourceFile) -> dict[str, Any]:
    from tomllib import TOMLDecodeError, loads

    try:
        return loads(source.text)
    except TOMLDecodeError as error:
        reason = str(error)
    except ValueError:  # Python's limit for the digits of a number, which TOML does not have
        reason = "a number of thousands of digits"
    except RecursionError:
        reason = "nested too deep"
    raise InputError.one(f"no TOML: {reason}", expected="a TOML file", file=source.name)
