"""A manifest that is drafted from code: the entries that we gave it, whatever that code calls its models."""

import re

from checker.scan.draft import draft
from fuzz.captured import DRAFTED
from fuzz.rendered import of
from fuzz.wellformed import yaml_documents

_SOMETIMES = re.compile(r"^    (?:name|revision): .*\n", re.MULTILINE)
"""Of two models whose ids end alike the second gets a name, and an empty revision is none; each is a line of its own."""


def entries(written, plain):
    """The other keys of each entry are those that we gave it."""
    yaml_documents(*(_SOMETIMES.sub("", one) for one in (written, plain)))


seeds, one = of(DRAFTED, draft, entries, ours=("objective", "task", "key", "access"))
