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

    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal may lack a character
    _end(run(sys.argv[1:]))


def _open_closed_streams() -> None:
    """Give whoever closed a stream (`>&-`) an empty one: what is judged, and its code, do not depend on it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open until the process ends


def _end(code: int) -> None:
    """End the process without taking apart what it built, which is 6 % of a short run and changes nothing."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)  # nobody reads what is left; the interpreter says what it always says of that
    os._exit(code)
