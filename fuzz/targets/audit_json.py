"""An audit of many projects for programs."""

from checker.fleet.form.json import render
from fuzz.captured import AUDIT
from fuzz.rendered import of
from fuzz.wellformed import json_document

seeds, one = of(
    AUDIT, render, json_document, written=lambda inventory, records: "".join(render(inventory, lambda: iter(records)))
)
