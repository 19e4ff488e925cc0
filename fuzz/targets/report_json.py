"""The report for programs."""

from checker.report.json import render
from fuzz.captured import CHECK
from fuzz.rendered import of
from fuzz.wellformed import json_keys

seeds, one = of(CHECK, render, json_keys)
