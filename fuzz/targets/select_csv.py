"""A choice of models as csv."""

from checker.selection.form.csv import render
from fuzz.captured import TABLE
from fuzz.rendered import of
from fuzz.wellformed import csv_table

_ASKED = "select --objective chat --gpu L4 --context-window 8192 --models models.csv --map model=model --map license=license"
seeds, one = of(f"{_ASKED} --output csv", render, csv_table, files=TABLE)
