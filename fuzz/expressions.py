"""Holds every regular expression of the product to linear time, by an analysis and by texts that are made against it.

`python3 dev.py fuzz --expressions` writes `fuzz/expressions.json`. The analysis is that of regexploit, which reads
Python's own parse of an expression and finds those of cubic time and worse; an expression that takes the square of a
text's length gets by it, so each also reads texts of 2,000 characters that are made of its own pieces.
"""

from __future__ import annotations

import json
import re
import re._constants as code
import re._parser as parser
import time
import warnings
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from checker.value import NamedTuple
from fuzz.patterns import Found, patterns
from fuzz.target import ROOT

RECORD = ROOT / "fuzz" / "expressions.json"
LENGTH = 2000
"""Characters of a text that is made against an expression: the square of it is some 20 ms, its third power minutes."""
MOST_SECONDS = 0.008
"""Of processor time for one such text."""
_PATIENCE = 1.5
"""Seconds that the search for the worst text of one expression takes at most."""
BOUNDED = {
    r"\s*(?:(\()|(\))|(?:(?<=[\s)])|^)(and|or|with)(?=[\s(]|$))": "its text has no two blanks beside each other",
    r"\s*[,;&]\s*|\s+[+/]\s+": "its text has no two blanks beside each other",
    r"(?:\.(?:md|txt|html?|pdf|php))?/?(?:[?#].*)?$": "its text has at most 500 characters",
    r"([a-z][a-z_-]*)[ =v-]*(\d{1,4}\.\d{1,3})": "its text has at most 300 characters",
    r"(?:[a-z-]+/)?mpl/([\d.]+)": "it is tried by `fullmatch` alone",
    r"[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}": "it is tried by `fullmatch` alone",
    r"(?P<gutter> +\| )(?P<mark> *(?:\^+|-+))(?P<note>.*)": "it is tried by `match` alone",
    r" *\d+ \| ": "it is tried by `match` alone",
    r"\S.*?(?=: project )": "it is tried by `match` alone",
    r"\S.*?: error(?=: )": "it is tried by `match` alone",
}
"""Expressions that take the square of a length, and why nobody can use that."""
_BOUNDED_BEGINNINGS = {
    r"(?P<at>\S.*?): (?P<rule>[a-z0-9-]+): ": "it is tried by `match` alone",
    "ERROR: <input>:": "it reads what the library says of an expression of at most 2,000 characters",
    r"(?i)(\d{1,5})\s*(?:x|\*)": "whoever types the text is who waits",
    r"(?i)(?:your|my)[-_ /]?|": "its text has at most 300 characters",
}


class Worst(NamedTuple):
    """The text that an expression took longest for: a beginning, a piece over and over, and an end."""

    seconds: float
    beginning: str
    piece: str
    end: str

    @property
    def text(self) -> str:
        """The text itself."""
        return f"{self.beginning}{self.piece * (LENGTH // len(self.piece))}{self.end}"


def bounded(pattern: str) -> str:
    """Why a square does no harm; empty where nothing keeps somebody's text from it."""
    return BOUNDED.get(pattern) or next(
        (why for begin, why in _BOUNDED_BEGINNINGS.items() if pattern.startswith(begin)), ""
    )


def distinct() -> tuple[Found, ...]:
    """The expressions of the product, each with its flags and ways once.

    Raises:
        AssertionError: one is made of values that `patterns.BOUND` does not state.
    """
    found: dict[tuple[Any, ...], Found] = {}
    for one in patterns():
        assert isinstance(one, Found), f"{one.file}:{one.line}: fuzz/patterns.py does not know {', '.join(one.names)}"
        found.setdefault(key(one), one)
    return tuple(found.values())


def key(one: Found) -> tuple[str, int, tuple[str, ...]]:
    """What tells two expressions apart."""
    return one.pattern, one.flags, one.ways


def recorded() -> dict[tuple[str, int, tuple[str, ...]], Worst]:
    """The worst text of each expression that the record knows."""
    rows = json.loads(RECORD.read_text(encoding="utf-8"))["expressions"]
    return {(row["pattern"], row["flags"], tuple(row["ways"])): Worst(*row["worst"]) for row in rows}


def seconds(one: Found, text: str) -> float:
    """Processor time that an expression takes for a text, in the way that takes longest."""
    compiled = re.compile(one.pattern, one.flags)
    taken = []
    for way in one.ways:
        since = time.process_time()
        getattr(compiled, way)(text)
        taken.append(time.process_time() - since)
    return max(taken)


def worst(one: Found) -> Worst:
    """Look for the text that an expression takes longest for."""
    tree = parser.parse(one.pattern, one.flags)
    letters = sorted(set(_letters(tree)))
    whole = _shortest(tree)[:50]
    pieces = [*letters[:10], *("".join(two) for two in product(letters[:3], repeat=2)), whole, f"{whole} "]
    beginnings = dict.fromkeys(("", *(_shortest(tree[:end]) for end in range(1, len(tree) + 1))))
    found, begun = Worst(-1.0, "", "a", ""), time.process_time()
    for piece, beginning, end in product(filter(None, pieces), beginnings, ("", "\x01", "\n\x01")):
        tried = Worst(0.0, beginning, piece, end)
        took = seconds(one, tried.text)
        if took > found.seconds:
            found = tried._replace(seconds=took)
        if took > 1 or time.process_time() - begun > _PATIENCE:
            break
    return found


def _letters(tree: Iterable[Any]) -> Iterator[str]:
    """Characters that an expression asks for."""
    for operator, argument in tree:
        if operator is code.LITERAL:
            yield chr(argument)
        elif operator is code.ANY or operator is code.NOT_LITERAL:
            yield "a" if argument != ord("a") else "b"
        elif operator is code.IN:
            yield from _of_set(argument)
        else:
            for part in _parts(operator, argument):
                yield from _letters(part)


def _of_set(items: list[Any]) -> Iterator[str]:
    named = set[str]()
    for operator, argument in items:
        if operator is code.LITERAL:
            named.add(chr(argument))
        elif operator is code.RANGE:
            named |= {chr(argument[0]), chr(argument[1])}
        elif operator is code.CATEGORY:
            named |= set(_CATEGORIES[argument])
    without = items[0][0] is code.NEGATE
    yield from (one for one in "a1 .-_\n" if one not in named) if without else sorted(named)[:8]


_CATEGORIES = {
    code.CATEGORY_DIGIT: "1",
    code.CATEGORY_NOT_DIGIT: "a",
    code.CATEGORY_SPACE: " \t\n",
    code.CATEGORY_NOT_SPACE: "a.",
    code.CATEGORY_WORD: "a1_",
    code.CATEGORY_NOT_WORD: " -",
}


def _parts(operator: Any, argument: Any) -> Iterable[Any]:
    if operator in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
        return (argument[2],)
    if operator is code.SUBPATTERN:
        return (argument[3],)
    if operator in (code.ASSERT, code.ASSERT_NOT):
        return (argument[1],)
    if operator is code.BRANCH:
        return tuple(argument[1])
    return (argument,) if operator is code.ATOMIC_GROUP else ()


def _shortest(tree: Iterable[Any]) -> str:
    """A short text that an expression takes, but for what it looks at without taking it."""
    made = ""
    for operator, argument in tree:
        if operator in (code.LITERAL, code.NOT_LITERAL, code.ANY, code.IN):
            made += min(_letters([(operator, argument)]), default="")
        elif operator in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            made += _shortest(argument[2]) * max(argument[0], 1)
        elif operator in (code.SUBPATTERN, code.BRANCH, code.ATOMIC_GROUP):
            made += _shortest(next(iter(_parts(operator, argument))))
    return made


def main() -> int:
    """Analyse all, write the record; 1 where one is not linear and nothing bounds its text."""
    rows, odd = [], []
    for one in distinct():
        found, said = worst(one), _analysed(one)
        rows.append(
            {
                "pattern": one.pattern,
                "flags": one.flags,
                "ways": one.ways,
                "analysis": said,
                "worst": [round(found.seconds, 4), *found[1:]],
                "bounded": bounded(one.pattern),
            }
        )
        if (found.seconds > MOST_SECONDS or said.startswith("degree")) and not bounded(one.pattern):
            odd.append(f"{one.file}:{one.line}: {found.seconds:.3f} s, {said}: {one.pattern[:80]!r}")
    text = json.dumps({"length": LENGTH, "expressions": rows}, indent=1)
    RECORD.write_text(f"{text}\n", encoding="utf-8")
    print(f"{len(rows)} expressions; not linear: {len(odd)}", *odd, sep="\n")
    return 1 if odd else 0


def _analysed(one: Found) -> str:
    """What regexploit says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a module by its former name
        from regexploit.ast.sre import SreOpParser
        from regexploit.redos import find
    try:
        found = list(find(SreOpParser().parse_sre(one.pattern, one.flags)))
    except AttributeError:
        return "cannot read it"  # a possessive repetition, which gives nothing back
    return f"degree {max(each.starriness for each in found)}" if found else "nothing found"


if __name__ == "__main__":
    raise SystemExit(main())
