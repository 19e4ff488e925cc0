"""The option `--output FORMAT[=TARGET]`: what is written, and where each goes."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Sequence

from checker.document.errors import InputError
from checker.document.nearest import with_hint

Output = tuple[str, str | None]
"""A format, and where it goes; None is standard output."""
_ENDINGS = {"md": "markdown", "htm": "html", "txt": "text", "xml": "junit"}
"""Endings of files whose format has another name."""


def output(formats: Callable[[], Sequence[str]], target: str = "file") -> Callable[[str], Output]:
    """What reads the option of a command that knows `formats`; `target` is what stands after the equals sign."""

    def read(written: str) -> Output:
        name, _, place = written.partition("=")
        known = formats()
        if name not in known:
            # Programs that take a file alone tell its format from its ending.
            ending = name.rpartition(".")[2].lower()
            meant = next((one for one in known if "." in name and _ENDINGS.get(ending, ending) == one), None)
            said = f"`{name}` is no format: expected one of {', '.join(known)}"
            hint = f"{said}; did you mean `{meant}={name}`?" if meant and written == name and target == "file" else None
            raise ArgumentTypeError(hint or with_hint(said, name, known))
        if "=" in written and not place:
            raise ArgumentTypeError(f"`{written}` names no {target} after the equals sign")
        return name, place or None

    return read


def refuse_two_in_one(asked: Iterable[Output], command: str, target: str = "file") -> None:
    """Refuse a run of which one document would overwrite another; nothing has been judged yet.

    Raises:
        InputError: two go to standard output, or two into one target.
    """
    targets = [place for _, place in asked]
    if targets.count(None) > 1:
        raise InputError.one(
            "two outputs go to standard output",
            expected=f"one document there, the others as `--output FORMAT={target.upper()}`",
            file=command,
        )
    named = [place for place in targets if place is not None]
    places = list(map(_file, named))
    twice = next((place for place, file in zip(named, places, strict=True) if places.count(file) > 1), None)
    if twice is not None:
        raise InputError.one(f"two outputs go to {twice}", expected=f"a {target} for each", file=command)


def _file(place: str) -> str:
    """Which file a path stands for; `/dev/stdout` and `/dev/stderr` stay two, even where both lead to one terminal."""
    return place if place.startswith("/dev/") else os.path.realpath(place)


def refuse_what_was_read(targets: Iterable[str], read: Iterable[str]) -> None:
    """Refuse to write over what the run rests on, such as `--output json=model.yaml`; nothing has been written yet.

    Raises:
        InputError: an output would take the place of one of the files.
    """
    rests_on = set(map(_file, read))
    over = next((target for target in targets if _file(target) in rests_on), None)
    if over is not None:
        raise InputError.one("this run has read it, and would write over it", expected="another file", file=over)
