"""Facts in words: what is known and who says so, for every document that lists them."""

from __future__ import annotations

from checker.facts.fact import Fact
from checker.facts.model import Benchmark


def in_words(value: object) -> str:
    """A fact's value in words: sizes as `name value`, parents as `id (relation)`, lists between commas."""
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple() if hasattr(value, "_fields"):
            pairs = [(name, getattr(value, name)) for name in value._fields]
            if [name for name, _ in pairs] == ["model", "relation"]:
                return f"{pairs[0][1]} ({pairs[1][1]})"
            return ", ".join(f"{name} {in_words(one)}" for name, one in pairs if one is not None)
        case tuple():
            return ", ".join(in_words(one) for one in value) or "none"
        case _:
            return str(value)


def said_by(fact: Fact[object]) -> str:
    """Who states a fact: the kind of source, what it was, and the commit."""
    at = f" at {fact.source.revision}" if fact.source.revision else ""
    return f"{fact.source.origin.value}: {fact.source.detail}{at}"


def score_in_words(score: Benchmark) -> str:
    """A published score with its setting, and who reports it."""
    by = "its publisher" if score.first_party else "others"
    return f"{score.score:g} ({score.setting}; reported by {by})"
