"""What a project uses its models for: purpose, distribution, regions, users, and the risk class as it was assessed."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from checker.document.bind import Block
from checker.document.place import At
from checker.document.scalars import Day, OneOrMany, Text, Whole, Word
from checker.manifest.choices import Purpose


class Distribution(StrEnum):
    """What of the model leaves the organisation."""

    SERVICE = "service"
    """Others use it over a network."""
    INTERNAL = "internal"
    """Nobody outside uses it."""
    WEIGHTS = "weights"
    """The weights are handed out."""
    ON_DEVICE = "on-device"
    """The weights are on customers' devices."""


class Risk(Block):
    """The risk class of the use, as somebody assessed it. Recorded and shown; never decided by Weighbridge."""

    class_: At[Annotated[str, Text]] = Field(alias="class", examples=["not-assessed"])
    """The class that the assessment found, or `not-assessed`."""
    assessment: At[Annotated[str, Text]] | None = Field(default=None, examples=["https://example.com/assessment"])
    """Where the assessment can be read: a URL or a document's name."""
    by: At[Annotated[str, Text]] | None = Field(default=None, examples=["risk@example.com"])
    """Who assessed it."""
    on: At[Annotated[date, Day]] | None = Field(default=None, examples=["2026-11-02"])
    """The day of the assessment."""


class Use(Block):
    """How the product uses its models. Rules ask for a key only where the terms in hand mention it."""

    purpose: At[Annotated[Purpose, Word]] | None = None
    """What the use is for."""
    distribution: OneOrMany[At[Annotated[Distribution, Word]]] = ()
    """What of the models leaves the organisation; several may hold."""
    regions: OneOrMany[At[Annotated[str, Text]]] = Field(default=(), examples=[["EU", "US"]])
    """Where it is used: country or region codes."""
    monthly_active_users: At[Annotated[int, Whole, Field(ge=0)]] | None = Field(default=None, examples=[250000])
    """Monthly active users of this product; those of the whole group stand in the policy."""
    intended: At[Annotated[str, Text]] | None = Field(default=None, examples=["answers customers' questions"])
    """What it is meant for, in a sentence; recorded."""
    risk: Risk | None = None
    """The risk class of the use, as somebody assessed it."""
