"""The suite in an order that a seed draws, files and the tests in each: `ORDER=7 python -m pytest -p tests.in_any_order`."""

from __future__ import annotations

import os
from random import Random

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle; a file stays together, since its folder of examples is made once."""
    drawn = Random(int(os.environ["ORDER"]))
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.location[0], []).append(item)
    order = list(files.values())
    drawn.shuffle(order)
    for tests in order:
        drawn.shuffle(tests)
    items[:] = [item for tests in order for item in tests]


def pytest_report_header() -> str:
    """Say which order it is, so that it can be had again."""
    return f"order {os.environ['ORDER']}"
