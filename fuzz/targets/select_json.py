"""A choice of models as json."""

from checker.selection.form.json import render
from fuzz.captured import CHOICE
from fuzz.rendered import of
from fuzz.wellformed import json_document

seeds, one = of(CHOICE, render, json_document)
