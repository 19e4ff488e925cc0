"""The fuzzer's target of each output format: `python3 dev.py generate targets` writes them, and a test compares."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.packaging.offline import ROOT
from tests.report.told import media

_TARGET = '''"""{title}"""

from checker.report.{name} import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import {oracle}

seeds, one = of(CHECK, render, {oracle})
'''


def targets() -> Iterator[tuple[Path, str]]:
    """Each file with what it holds."""
    for name, medium in media().items():
        [title, *_] = (import_module(medium.read.__module__).__doc__ or "").splitlines()
        text = _TARGET.format(title=title, name=name, oracle=medium.well_formed.__name__)
        yield ROOT / "fuzz" / "targets" / f"report_{name}.py", text
