"""What a command's end says to whoever called it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The gate's contract."""

    OK = 0
    BLOCKED = 1
    BAD_INPUT = 2
    UNKNOWN = 3
    BUG = 70
