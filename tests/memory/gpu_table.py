"""The tables of docs/gpus.md, from the list: `python3 dev.py generate` writes them."""

from __future__ import annotations

from typing import get_args

from checker.memory.gpus import Gpu, Kind, gpus
from checker.memory.units import GIB

_TITLES: dict[str, str] = {
    "data-centre": "Data centre",
    "workstation": "Workstation",
    "consumer": "Consumer",
    "laptop": "Laptop",
    "unified": "Unified memory",
    "embedded": "Embedded",
}


def render() -> str:
    """All tables, one a kind."""
    return "\n".join(_table(kind) for kind in get_args(Kind))


def _table(kind: str) -> str:
    listed = [gpu for gpu in gpus() if gpu.kind == kind]
    head = f"### {_TITLES[kind]}\n\n| GPU | sold as, GB | reckoned with, GiB | |\n| --- | ---: | ---: | --- |\n"
    return head + "".join(map(_row, listed))


def _row(gpu: Gpu) -> str:
    several = f"{gpu.devices} x " if gpu.devices > 1 else ""
    return f"| {gpu.name} | {gpu.marketed_gb} | {several}{gpu.usable_bytes / GIB:.2f} | {gpu.note} |\n"


def written(page: str) -> str:
    """The page with the tables of today's list: they begin with the first kind's title and end the page."""
    head, title, _ = page.partition(f"### {_TITLES['data-centre']}\n")
    if not title:
        raise ValueError("docs/gpus.md has lost the title of its first table")
    return head + render()
