"""A policy's own rule, explained as a page."""

from checker.commands.explain import _escaped, as_markdown
from fuzz.captured import EXPLAINED
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of(
    EXPLAINED, as_markdown, markdown, written=lambda page: as_markdown(_escaped(page)), ours=("id", "settings")
)
