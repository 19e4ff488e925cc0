"""The notice file of a project: text, on whose lines no text of a model can pass for a part of its own."""

from checker.licenses.notice_file import render
from fuzz.rendered import of
from fuzz.wellformed import notices as is_notices

seeds, one = of("license notices model.yaml", render, is_notices)
