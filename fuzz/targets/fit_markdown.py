"""The memory of a plan for documents."""

from checker.sizing.as_markdown import as_markdown
from fuzz.captured import PLAN
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of(PLAN, as_markdown, markdown)
