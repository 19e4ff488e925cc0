"""The models that share a manifest's hardware."""

from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.value import NamedTuple


class Neighbour(NamedTuple):
    """One entry on the shared hardware, with what is known of its model."""

    entry: ModelEntry
    facts: Facts
    loaded: Facts | None = None
    """The facts of the artefact that is really loaded, where `deployment.weights` names one."""
