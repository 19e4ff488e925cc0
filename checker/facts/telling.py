"""What is recorded of a model, for a person and for programs: each fact with how sure it is and who states it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.document.errors import visible
from checker.facts.fact import Fact, NotRead, Unknown
from checker.facts.model import Facts
from checker.facts.words import in_words, said_by, score_in_words

_NO_FACTS = frozenset(("model", "found_as", "former_ids", "revision", "build", "benchmarks", "conflicts", "notes"))
_OF_FILES = "only files can tell: `weighbridge lock` reads them"


def told(facts: Facts) -> str:
    """The facts as text: what is known first, then what nobody states."""
    return "".join(f"{visible(line)}\n" for line in _lines(facts))


def _lines(facts: Facts) -> Iterator[str]:
    yield facts.model
    if facts.former_ids:
        yield f"  formerly {', '.join(facts.former_ids)}"
    if facts.revision:
        yield f"  recorded at {facts.revision}, where no other source is named"
    yield ""
    for name, fact in known(facts):
        yield f"{title(name)}: {in_words(fact.value) or 'none'}"
        yield f"  {fact.certainty.value}; {said_by(fact)}"
    for one in facts.benchmarks:
        yield f"benchmark {one.value.name}: {score_in_words(one.value)}"
        yield f"  {one.certainty.value}; {said_by(one)}"
    if unstated := [title(name) for name, fact in absent(facts) if isinstance(fact, Unknown)]:
        yield from ("", f"Stated by no source: {', '.join(unstated)}")
    if unread := [title(name) for name, fact in absent(facts) if isinstance(fact, NotRead)]:
        yield from ("", f"Not read: {', '.join(unread)}; {_OF_FILES}")
    yield from (f"Sources differ: {one}" for one in facts.conflicts)
    yield from (f"Note: {one}" for one in facts.notes)


def as_values(facts: Facts) -> dict[str, Any]:
    """The facts as values for JSON."""
    return {
        "model": facts.model,
        "found_as": facts.found_as,
        "former_ids": list(facts.former_ids),
        "revision": facts.revision,
        "facts": {name: _as_value(fact) for name, fact in known(facts)},
        "benchmarks": [_as_value(one) for one in facts.benchmarks],
        "unknown": {name: fact.reason for name, fact in absent(facts)},
        "conflicts": list(facts.conflicts),
        "notes": list(facts.notes),
    }


def _as_value(fact: Fact[Any]) -> dict[str, Any]:
    return {
        "value": _plain(fact.value),
        "certainty": fact.certainty.value,
        "origin": fact.source.origin.value,
        "source": fact.source.detail,
        "revision": fact.source.revision,
    }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", None)
        if fields is not None:
            return {name: _plain(one) for name, one in zip(fields, value, strict=True) if one is not None}
        return [_plain(one) for one in value]
    return getattr(value, "value", value)


def known(facts: Facts) -> Iterator[tuple[str, Fact[Any]]]:
    """What some source states, by its name; scores, notes and conflicts are told apart from these."""
    for name in Facts._fields:
        if name not in _NO_FACTS and isinstance(fact := getattr(facts, name), Fact):
            yield name, fact


def absent(facts: Facts) -> Iterator[tuple[str, Unknown | NotRead]]:
    """What no source states, by its name."""
    for name in Facts._fields:
        if name not in _NO_FACTS and isinstance(fact := getattr(facts, name), (Unknown, NotRead)):
            yield name, fact


def title(name: str) -> str:
    """A fact's name as words."""
    return name.replace("_", " ")
