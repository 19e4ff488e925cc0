"""A choice of models as csv."""

from checker.selection.form.csv import render
from fuzz.captured import CHOICE
from fuzz.rendered import of
from fuzz.wellformed import csv_table

seeds, one = of(CHOICE, render, csv_table)
