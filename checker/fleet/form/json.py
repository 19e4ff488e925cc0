"""An audit as one JSON document: the inventory, and every record below `records`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.as_json import inert
from checker.fleet.inventory import Inventory
from checker.fleet.record import Records


def render(inventory: Inventory, records: Records) -> Iterator[str]:
    """The document in pieces, a record each, so that it never lies in memory whole."""
    yield inert(inventory.model_dump_json())[:-1] + ',"records":['
    for number, record in enumerate(records()):
        yield ("," if number else "") + "\n" + inert(record.model_dump_json())
    yield "]}\n"
