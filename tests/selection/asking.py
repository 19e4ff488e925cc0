"""Questions and judged candidates for the tests of a choice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from checker import engine
from checker.facts.catalogue import Catalogue
from checker.policy.choose import choose
from checker.policy.load import load
from checker.selection.ask import Question, of_options
from checker.selection.gathered import Surroundings, of_ids
from checker.selection.judge import Judge, Judged

TODAY = date(2026, 11, 28)
CHAT = {"objective": "chat", "context_window": "32768", "gpu": "RTX 4090"}
TUNED = {"objective": "chat", "goal": "tone", "method": "lora", "sequence_length": "4096", "gpu": "L4"}
CATALOGUE = Catalogue()


def standing(pack: str = "weighbridge:enterprise") -> engine.Standing:
    return engine.as_it_stands(load(choose(pack, None, Path()), None), TODAY)


def judged(question: Question, ids, *, fast: bool = True, pack: str = "weighbridge:enterprise") -> dict[str, Judged]:
    judge = Judge(question, (), standing(pack), fast=fast)
    return {one.id: one for one in map(judge.judged, of_ids(question, ids, Surroundings(Path(), Path(), CATALOGUE)))}


def asked(**given: str) -> Question:
    return of_options(given)
