"""A resolved policy as a page in sentences."""

from checker.pages.policy import as_html
from fuzz.captured import SHOW
from fuzz.rendered import of
from fuzz.wellformed import html

seeds, one = of(SHOW, as_html, html)
