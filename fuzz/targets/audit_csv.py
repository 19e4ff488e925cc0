"""An audit of many projects as tables for a spreadsheet, one file each."""

from checker.fleet.form.csv import write
from fuzz.captured import FLEET, records_held, written_into
from fuzz.rendered import of
from fuzz.wellformed import csv_tables

seeds, one = of(
    "audit src --policy policy.yaml --output csv=tables",
    write,
    csv_tables,
    files=FLEET,
    held=records_held,
    written=lambda **given: written_into(write, **given),
)
