"""Where the process starts: everything else is imported from here on."""

import gc
import sys


def entry() -> None:
    """Run the command line of this process and end it with the command's code."""
    # A start makes some 200,000 objects that live until the end; looking through them again and again for garbage
    # takes 4 % of a short run. A run over many files turns the collector on again.
    gc.disable()
    from checker.command_line import run

    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal may lack a character
    sys.exit(run(sys.argv[1:]))
