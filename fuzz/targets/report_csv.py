"""The report for a spreadsheet."""

from checker.report.csv import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import csv_table

seeds, one = of(CHECK, render, csv_table)
