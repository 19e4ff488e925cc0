"""The models that share a manifest's hardware."""

from typing import NamedTuple

from checker.facts.model import Facts
from checker.manifest.model import ModelEntry


class Neighbour(NamedTuple):
    """One entry on the shared hardware, with what is known of its model."""

    entry: ModelEntry
    facts: Facts
