"""The report for a spreadsheet."""

from checker.report.csv import render
from fuzz.rendered import of
from fuzz.wellformed import csv_table

seeds, one = of("check --policy policy.yaml --explain --output csv model.yaml broken.weighbridge.yaml", render, csv_table)
