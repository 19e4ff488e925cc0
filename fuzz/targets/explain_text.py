"""A policy's own rule, explained for a terminal."""

from checker.commands.explain import as_text
from fuzz.captured import EXPLAINED
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(EXPLAINED, as_text, text)
