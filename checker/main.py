"""Where the process starts: everything else is imported from here on."""

import gc
import os
import sys


def entry() -> None:
    """Run the command line of this process and end it with the command's code."""
    # A start makes some 200,000 objects that live until the end; looking through them again and again for garbage
    # takes 4 % of a short run. A run over many files turns the collector on again.
    gc.disable()
    from checker.command_line import run

    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal may lack a character
    _end(run(sys.argv[1:]))


def _end(code: int) -> None:
    """End the process without taking apart what it built, which is 6 % of a short run and changes nothing."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)  # nobody reads what is left; the interpreter says what it always says of that
    os._exit(code)
