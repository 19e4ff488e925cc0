"""What a run says, and how one format says it: the vocabulary by which formats are held to each other.

Each format has a file in `media/` that says how it is read back, in its own words; its first line is that of the
fuzzer's target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib import import_module
from typing import Any, NamedTuple

from checker import report


class Told(StrEnum):
    """What a run says of a rule and a model, of a waiver, or of a file that cannot be used."""

    PASS = "pass"
    NOT_APPLICABLE = "not applicable"
    WAIVED = "waived"
    ADVICE = "advice"
    BLOCKS = "blocks"
    UNKNOWN_ADVICE = "advice, could not be evaluated"
    UNKNOWN_BLOCKS = "blocks, could not be evaluated"
    UNJUDGED = "nothing judged"
    REFUSED = "cannot be used"

    @property
    def stops(self) -> bool:
        """Whether the gate does."""
        return self in (Told.BLOCKS, Told.UNKNOWN_BLOCKS, Told.UNJUDGED, Told.REFUSED)


Verdicts = set[tuple[str, str, str]]
"""The rule, the name of the model (of the waiver, of the file), and what is said, in a format's own words."""
UNUSABLE = "unusable-input"


class Medium(NamedTuple):
    """How one format tells what a run says."""

    read: Callable[[str], Verdicts]
    words: dict[Told, str]
    """Its own words for each; where it has none, it says nothing of them."""
    oracle: Callable[[str], Iterator[str]]
    """What of a hostile text would do harm in it, as users run it."""
    well_formed: Callable[[str, str], Any]
    """The same for the fuzzer: what was written, and what is written of the value without hostile texts."""
    only_models: tuple[Told, ...] = ()
    """What it says of models alone, and not of waivers."""


def remarked(kinds: tuple[str, str, str, str], waived: str = "") -> dict[Told, str]:
    """The words of a format that lists what is to be looked at: each with a weight of its own."""
    blocks, unknown, advice, unknown_advice = kinds
    weights = {
        Told.REFUSED: blocks,
        Told.BLOCKS: blocks,
        Told.UNKNOWN_BLOCKS: unknown,
        Told.ADVICE: advice,
        Told.UNKNOWN_ADVICE: unknown_advice,
        **({Told.WAIVED: waived} if waived else {}),
    }
    words = {told: f"{weight}: {told}" for told, weight in weights.items()}
    return {**words, Told.UNJUDGED: words[Told.UNKNOWN_BLOCKS]}


GREEN = (Told.PASS, Told.NOT_APPLICABLE)


def media() -> dict[str, Medium]:
    """Every output format by its name.

    Raises:
        ModuleNotFoundError: one has no file that says how it is read back.
    """
    return {name: import_module(f"tests.report.media.{name}").MEDIUM for name in report.formats()}
