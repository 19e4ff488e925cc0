"""A resolved policy as html."""

from checker.pages.policy import as_html
from fuzz.rendered import of
from fuzz.wellformed import html

seeds, one = of("policy show --policy policy.yaml --output html", as_html, html)
