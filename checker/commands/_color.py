"""Whether what goes to a stream is coloured: a person reads a terminal, a program or a file takes plain text."""

from __future__ import annotations

import os
from argparse import _ActionsContainer
from collections.abc import Mapping
from typing import TextIO


def configure(options: _ActionsContainer) -> None:
    """Add the option that says when."""
    options.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the text: auto (default) on a terminal, unless NO_COLOR is set",
    )


def is_wanted(choice: str, stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to colour.

    Args:
        choice: `auto`, `always` or `never`.
        stream: where the text goes.
        environ: NO_COLOR (https://no-color.org), FORCE_COLOR and TERM are asked under `auto`.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or (stream.isatty() and _shows_colors(environ))


def _shows_colors(environ: Mapping[str, str]) -> bool:
    """Whether a terminal is one that takes escapes; the old console of Windows prints them."""
    if environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or bool(environ.get("WT_SESSION") or environ.get("TERM"))
