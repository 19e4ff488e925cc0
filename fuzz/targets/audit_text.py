"""An audit of many projects for a terminal."""

from checker.fleet.form.text import render
from fuzz.captured import FLEET, records_held
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(
    "audit src --policy policy.yaml --output text",
    render,
    text,
    files=FLEET,
    held=records_held,
    written=lambda inventory, records: "".join(render(inventory, lambda: iter(records))),
)
