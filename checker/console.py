"""What a command is given from outside: streams, environment, folder and date. Nothing below reads these itself."""

import os
from collections.abc import Mapping
from datetime import date
from typing import TextIO

from checker.document.digits import whole
from checker.value import NamedTuple


class Console(NamedTuple):
    """The outside world of one run."""

    out: TextIO
    """Carries the result alone."""
    err: TextIO
    """Carries progress, summaries and notes."""
    stdin: TextIO
    environ: Mapping[str, str]
    today: date
    """The day of the run, UTC, read once."""

    def columns(self) -> int:
        """The width of the terminal behind `err` in characters; 80 where nobody says."""
        stated = whole(self.environ.get("COLUMNS", ""), 4)
        if stated:
            return stated
        try:
            return os.get_terminal_size(self.err.fileno()).columns or 80
        except (OSError, ValueError):
            return 80
