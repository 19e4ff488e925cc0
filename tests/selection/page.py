"""The output in docs/select.md: `python -m tests.selection.page` writes it, and a test compares it."""

from __future__ import annotations

import io
import os
import re
import shlex
import tempfile
from datetime import date

from checker.command_line import main
from checker.console import Console
from tests.packaging.offline import ROOT
from tests.repository import TODAY

PAGE = ROOT / "docs" / "select.md"
_COMMAND = re.compile(r"```console\n\$ (weighbridge select [^\n]*)\n.*?```", re.DOTALL)


def written(page: str) -> str:
    """The page with what its commands print on the day `TODAY`, in this folder."""
    return _COMMAND.sub(lambda found: f"```console\n$ {found[1]}\n{_output(found[1])}```", page)


def _output(command: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    main(shlex.split(command)[1:], Console(out, err, io.StringIO(), {}, date.fromisoformat(TODAY)))
    return err.getvalue() + out.getvalue()


if __name__ == "__main__":
    os.chdir(tempfile.gettempdir())  # no policy and no lock of this project
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8", newline="\n")
