"""Which licence a text is: exactly one known version, something that only looks like one, or none that is known.

A text is recognised where every passage of a known one stands in it and nothing else binds anybody: licences of one
family differ in single clauses, so that "nearly" is never good enough.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from checker.licenses.fingerprint import Digest, Fingerprint, Rolling, fingerprints
from checker.licenses.wording import MAX_CHARACTERS, binds, words
from checker.value import NamedTuple


class Identified(NamedTuple):
    """The text is that licence, word for word."""

    license: str
    """The canonical id."""
    version: str
    """Which version of the text: its date or number, where it has several; else empty."""
    by: str
    """What was compared: `every passage`, or `title, decisive phrases, ending and length` where we hold no more."""
    with_policy: str = ""
    """The use policy that follows in the same text: "use policy of llama3"; empty where none does."""


class LooksLike(NamedTuple):
    """The text shares much with a licence and differs from it."""

    license: str
    differs: tuple[str, ...]
    """How: what is missing, and the words that are added."""


class Unrecognised(NamedTuple):
    """The text is no licence that we know."""

    reason: str
    holds: tuple[str, ...] = ()
    """The licences whose texts stand in it, where it holds several; for a use policy, those to which it belongs."""
    is_use_policy: bool = False


Found: TypeAlias = Identified | LooksLike | Unrecognised


class _Compared(NamedTuple):
    """One known text laid beside the one in hand."""

    known: Fingerprint
    missing_words: int
    """Words of the passages that must be there and are not."""
    covered: frozenset[int]
    """The positions of words that stand in the known text."""
    phrases_missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part of the known text that was found, 0 to 1; phrases alone are half of it."""
        phrases = 1 - len(self.phrases_missing) / max(len(self.known.phrases), 1)
        if self.known.passages:
            return max(1 - self.missing_words / self.known.words, phrases / 2)
        return phrases


def identify(text: str) -> Found:
    """Say which licence a text is. Pure; takes a few milliseconds for each known text that it resembles."""
    if len(text) > MAX_CHARACTERS:
        return Unrecognised(f"it is longer than {MAX_CHARACTERS:,} characters: no licence is")
    found = words(text)
    if not found:
        return Unrecognised("it holds no words")
    joined = f" {' '.join(found)} "
    near = [known for known in fingerprints() if _is_near(known, joined)]
    rolling = Rolling(found)
    compared = [_compare(known, rolling, joined) for known in near if not known.use_policy_of]
    policies = [known for known in near if known.use_policy_of]
    exact = [one for one in compared if _is_whole(one, found)]
    for one in sorted(exact, key=lambda whole: -len(whole.covered)):
        rest = _unexplained(found, one.covered)
        if not rest:
            return _identified(one.known)
        policy = next((each for each in policies if _is_policy(each, one.known, found, rest)), None)
        if policy is not None:
            return _identified(one.known, f"use policy of {one.known.license}")
    together = _together(exact, found)
    if together:
        return Unrecognised(f"it holds the texts of {' and '.join(together)}: which applies is not said here", together)
    if policies and not exact:
        return _policy(policies, compared)
    return _likeness(compared, found)


@lru_cache(maxsize=64)
def known_as(text: str) -> str | None:
    """The id of the licence that a text is, word for word; None where it only looks like one, or is none that we know.

    Many models of one run bring the same text, which is compared once.
    """
    found = identify(text)
    return found.license if isinstance(found, Identified) else None


def holds(text: str, license_id: str) -> bool | None:
    """Whether a licence stands whole in a text, whatever else does; None where we do not know its text.

    Of a licence that is known by its phrases, these have to be there.
    """
    known = [one for one in fingerprints() if one.license == license_id and not one.use_policy_of]
    if not any(one.passages or one.ends for one in known):
        return None
    found = words(text[:MAX_CHARACTERS])
    joined, rolling = f" {' '.join(found)} ", Rolling(found)
    compared = [_compare(one, rolling, joined) for one in known if one.passages or one.ends]
    return any(not one.phrases_missing and not one.missing_words for one in compared)


def _is_near(known: Fingerprint, joined: str) -> bool:
    """Whether a text has the title of a known one or half of its decisive phrases: worth a closer look."""
    if known.use_policy_of:
        return f" {known.title} " in joined
    if not known.passages and f" {known.title} " not in joined[:_OPENING]:
        return False
    present = sum(f" {phrase} " in joined for phrase in known.phrases)
    return 2 * present >= max(len(known.phrases), 1) or (present > 0 and f" {known.title} " in joined)


def _compare(known: Fingerprint, rolling: Rolling, joined: str) -> _Compared:
    absent = tuple(phrase for phrase in known.phrases if f" {phrase} " not in joined)
    if not known.passages:
        return _Compared(known, 0, frozenset(), absent)
    wanted: dict[int, set[int]] = {}
    for passage in (*known.passages, *known.optional):
        wanted.setdefault(passage.length, set()).add(passage.value)
    seen: set[Digest] = set()
    covered: set[int] = set()
    for length, values in wanted.items():
        digests = rolling.digests(length)
        if values.isdisjoint(digests):
            continue
        for start, value in enumerate(digests):
            if value in values:
                seen.add(Digest(length, value))
                covered.update(range(start, start + length))
    missing = sum(passage.length for passage in known.passages if passage not in seen)
    return _Compared(known, missing, frozenset(covered), absent)


def _is_whole(one: _Compared, found: list[str]) -> bool:
    """Whether nothing of the known text is missing."""
    if one.phrases_missing:
        return False
    if one.known.passages:
        return one.missing_words == 0
    fewest, most = one.known.length
    closes = bool(one.known.ends) and f" {' '.join(found[-_CLOSING:])}".endswith(f" {one.known.ends}")
    return closes and fewest <= len(found) <= most


def _identified(known: Fingerprint, policy: str = "") -> Identified:
    by = "every passage" if known.passages else "title, decisive phrases, ending and length"
    return Identified(known.license, known.version, by, policy)


def _unexplained(found: list[str], covered: frozenset[int]) -> list[tuple[int, int]]:
    """The stretches, from and to, that no known passage covers and that bind somebody.

    Nothing is left over of a text that is recognised by its phrases and its length: what those do not cover is not
    known.
    """
    if not covered:
        return []
    edges = sorted({-1, *covered, len(found)})
    gaps = [(before + 1, after) for before, after in pairwise(edges) if after - before > 1]
    return [(start, end) for start, end in gaps if binds(found[start:end])]


def _is_policy(policy: Fingerprint, known: Fingerprint, found: list[str], rest: list[tuple[int, int]]) -> bool:
    """Whether all that is left over after a licence is the use policy that belongs to it, at the end of the text."""
    if known.license not in policy.use_policy_of or len(rest) != 1:
        return False
    start, end = rest[0]
    left = " ".join(found[start:end])
    return left.startswith(policy.title) and all(phrase in left for phrase in policy.phrases)


def _together(exact: list[_Compared], found: list[str]) -> tuple[str, ...]:
    """The licences that explain a text between them, each with words that no other of them covers."""
    covered = frozenset().union(*(one.covered for one in exact)) if exact else frozenset()
    if not covered or _unexplained(found, covered):
        return ()
    parts = [
        one
        for one in exact
        if one.covered - frozenset().union(*(other.covered for other in exact if other is not one and other != one))
    ]
    names = tuple(sorted({one.known.license for one in parts}))
    return names if len(names) > 1 else ()


def _policy(policies: list[Fingerprint], compared: list[_Compared]) -> Found:
    """A use policy is no licence; where a licence stands before it, that is what the text looks like."""
    best = max(compared, key=lambda one: one.share, default=None)
    if best is not None and best.share >= _HALF:
        return LooksLike(best.known.license, _differences(best, ()))
    policy = max(policies, key=lambda known: len(known.title))
    names = ", ".join(policy.use_policy_of)
    reason = f"it is the use policy that belongs to {names}, which is no licence"
    return Unrecognised(reason, policy.use_policy_of, is_use_policy=True)


def _likeness(compared: list[_Compared], found: list[str]) -> Found:
    alike = [one for one in compared if one.share >= _LEAST]
    ranked = sorted(alike, key=lambda one: (-len(one.covered), -one.share, one.known.license))
    if not ranked:
        return Unrecognised("no licence that we know has such a text")
    best = ranked[0]
    added = [found[start:end] for start, end in _unexplained(found, best.covered)]
    return LooksLike(best.known.license, _differences(best, tuple(map(tuple, added))))


def _differences(best: _Compared, added: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    said = []
    if best.phrases_missing:
        said.append(f"it lacks the words {_quoted(best.phrases_missing[0].split())}")
    elif best.missing_words:
        said.append(f"{best.missing_words} of its {best.known.words} words are missing or changed")
    if added:
        more = f", and {len(added) - 1} more" if len(added) > 1 else ""
        said.append(f"it adds {_quoted(added[0])}{more}")
    if not said:
        held = best.known.ends
        said.append("its ending or its length differs" if held else "we hold no more of that text than its title")
    return tuple(said)


def _quoted(words_: tuple[str, ...] | list[str]) -> str:
    shown = " ".join(words_[:_SHOWN])
    return f'"{shown}{" …" if len(words_) > _SHOWN else ""}"'


_OPENING = 600
"""Characters of the beginning in which the title stands of a text that we do not hold whole."""
_CLOSING = 40
"""Words of the end that are compared of such a text."""
_HALF = 0.5
_LEAST = 0.3
"""The part of a known text that has to be found before a text is said to look like it. Ours, from trials."""
_SHOWN = 24
"""Words of an addition that a message quotes."""
