"""The parts of a manifest that a policy can require."""

from __future__ import annotations

from enum import StrEnum


class Required(StrEnum):
    """A part that every manifest must have."""

    LOCK = "lock"
    PROJECT = "project"
    STATUS = "status"
    USE = "use"
    HARDWARE = "hardware"
    DEPLOYMENT = "deployment"
    FINE_TUNING = "fine_tuning"
    REVISION = "revision"
    LICENSE = "license"
    BASELINE = "baseline"
    SIZE_CLASS = "size_class"
