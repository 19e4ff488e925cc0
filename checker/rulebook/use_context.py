"""What a model is used for, as far as a policy's lists of licences differ by it."""

from enum import StrEnum


class Context(StrEnum):
    """One use."""

    INTERNAL = "internal"
    """Nobody outside the organisation uses it."""
    SERVICE = "service"
    """Others use it over a network."""
    WEIGHTS = "weights"
    """Copies leave the organisation, on devices too."""
