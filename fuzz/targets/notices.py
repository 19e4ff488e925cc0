"""The notice file of a project: no text of a model can pass for a part of the file."""

from checker.licenses.notice_file import render
from fuzz.captured import NOTICES
from fuzz.rendered import of
from fuzz.wellformed import notices as is_notices

seeds, one = of(NOTICES, render, is_notices)
