"""A resolved policy as text."""

from checker.commands.of_policy.show import as_text
from fuzz.captured import SHOW
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(SHOW, as_text, text)
