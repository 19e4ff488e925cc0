"""An audit of many projects for a terminal."""

from checker.fleet.form.text import render
from fuzz.captured import AUDIT
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(
    AUDIT, render, text, written=lambda inventory, records: "".join(render(inventory, lambda: iter(records)))
)
