"""An audit of many projects as pages, one for each project and each model."""

from checker.fleet.form.html import write
from fuzz.captured import AUDIT, written_into
from fuzz.rendered import of
from fuzz.wellformed import html_pages

seeds, one = of(AUDIT, write, html_pages, written=lambda **given: written_into(write, **given))
