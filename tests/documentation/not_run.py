"""Commands of the pages whose output no test can make again on this machine, each with its reason."""

from __future__ import annotations

import re

NOT_RUN = {
    r"weighbridge hardware( --write model\.yaml)?$": "asks the drivers of the machine that it runs on",
    r"weighbridge calibrate ": "runs real steps, with torch: tests/memory/trace does, in an environment of its own",
    r"weighbridge license identify model/": "the text of Llama's licence may not lie in this repository",
    r"(openssl|weighbridge attest|weighbridge verify) ": "a key is made, and every digest is another one for it",
}
"""Patterns of commands. They are parsed all the same."""


def not_run(command: str) -> str | None:
    """Why this command is not run, or None where it is."""
    return next((reason for pattern, reason in NOT_RUN.items() if re.match(pattern, command)), None)
