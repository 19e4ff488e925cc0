"""What a command is given from outside: streams, environment, folder and date. Nothing below reads these itself."""

from collections.abc import Mapping
from datetime import date
from typing import TextIO

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
