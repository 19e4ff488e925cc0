"""A choice of models as json."""

from checker.selection.form.json import render
from fuzz.captured import TABLE
from fuzz.rendered import of
from fuzz.wellformed import json_document

_ASKED = "select --objective chat --gpu L4 --context-window 8192 --models models.csv --map model=model --map license=license"
seeds, one = of(f"{_ASKED} --output json", render, json_document, files=TABLE)
