"""What a command's end says to whoever called it."""

from enum import IntEnum

PIPE_CLOSED = 141
"""The reader of standard output has gone: 128 and the number of SIGPIPE."""


class ExitCode(IntEnum):
    """The gate's contract."""

    OK = 0
    """Evaluated, and nothing blocks; a question: yes, or told."""
    BLOCKED = 1
    """At least one finding blocks; a question: no."""
    BAD_INPUT = 2
    """An input cannot be used, the call is wrong, or nothing to check was found; a question: bad input or call."""
    UNKNOWN = 3
    """A fact or answer that a blocking rule needs is unknown, or resolving failed: never green; a question: unknown."""
    BUG = 70
    """A bug in Weighbridge: a short message, and the trace behind `--debug`."""
