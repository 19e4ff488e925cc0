"""A process that is forked: what it says goes to a file, and how it calls pytest."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

IMPORTED = "ignore::pytest.PytestAssertRewriteWarning"
"""Plugins are imported before the processes that run tests are forked."""
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--no-header", "--tb=no", "-rN", "-W", IMPORTED)
MARKED = "not (browser or node or tracer or mirror)"


class leaving(contextlib.AbstractContextManager):
    """A forked process: its output goes to a file, and it ends here whatever happens."""

    def __init__(self, log: Path):
        sys.stdout.flush()
        sys.stderr.flush()
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)

    def __exit__(self, kind, error, trace):
        if error is not None:
            sys.excepthook(kind, error, trace)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0 if error is None else 70)
