"""An audit of many projects as tables for a spreadsheet, one file each."""

from checker.fleet.form.csv import write
from fuzz.captured import AUDIT, written_into
from fuzz.rendered import of
from fuzz.wellformed import csv_tables

seeds, one = of(AUDIT, write, csv_tables, written=lambda **given: written_into(write, **given))
