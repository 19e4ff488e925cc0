"""Libraries that only some commands need: what to install where one is missing."""

from __future__ import annotations

from checker.document.errors import InputError
from checker.document.place import Place


def install(extra: str) -> str:
    """The command that installs an extra, quoted so that POSIX shells, PowerShell and cmd read it alike."""
    return f'pip install "weighbridge[{extra}]"'


def missing(what: str, extra: str, *, at: Place | None = None, file: str = "", beside: str = "") -> InputError:
    """The error that something needs an extra which is not installed.

    Args:
        what: what needs it, as a sentence begins: "Parquet needs", "signatures need".
        extra: its name.
        at: the place that asked for it.
        file: the file or option that did, where there is no place.
        beside: what else there is to do or to know.
    """
    return InputError.one(
        f"{what} the extra `{extra}`, which is not installed", expected=f"`{install(extra)}`{beside}", at=at, file=file
    )
