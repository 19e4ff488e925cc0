"""An audit of many projects for programs."""

from checker.fleet.form.json import render
from fuzz.captured import FLEET, records_held
from fuzz.rendered import of
from fuzz.wellformed import json_document

seeds, one = of(
    "audit src --policy policy.yaml --output json",
    render,
    json_document,
    files=FLEET,
    held=records_held,
    written=lambda inventory, records: "".join(render(inventory, lambda: iter(records))),
)
