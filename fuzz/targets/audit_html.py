"""An audit of many projects as pages, one for each project and each model."""

from checker.fleet.form.html import write
from fuzz.captured import FLEET, records_held, written_into
from fuzz.rendered import of
from fuzz.wellformed import html_pages

seeds, one = of(
    "audit src --policy policy.yaml --output html=pages",
    write,
    html_pages,
    files=FLEET,
    held=records_held,
    written=lambda **given: written_into(write, **given),
)
