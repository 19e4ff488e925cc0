"""Fixes one manifest: slips of spelling first, so that it can be read, then what is safe, then, if asked, the rest."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from checker.document.errors import InputError, Problem
from checker.document.place import NOWHERE, SourceFile
from checker.manifest.edit import Splice, offset_of, spliced
from checker.manifest.load import load
from checker.remedies.bench import Bench
from checker.remedies.draft import Draft, Fixer
from checker.remedies.search import first_remedy
from checker.request import Request
from checker.value import NamedTuple
from checker.vocabulary import unknown_names

_FOLDER = Path(__file__).parent / "safe"
_MOST = 100
"""Fixes of one file; each takes something away, so that a file with more of them is odd."""


class Fixed(NamedTuple):
    """A manifest after its fixes."""

    text: str
    safe: tuple[str, ...]
    """What was fixed, in words."""
    unsafe: tuple[str, ...] = ()
    """What was changed beyond that, in words."""


@cache
def fixers() -> tuple[Fixer, ...]:
    """All kinds of safe fixes for files that can be read, by their names."""
    names = sorted(path.stem for path in _FOLDER.glob("[a-z]*.py"))
    return tuple(Fixer(name, import_module(f"checker.remedies.safe.{name}").fixes) for name in names)


def fixed(source: SourceFile, request: Request, *, unsafe: bool) -> Fixed:
    """The manifest with every safe fix, and, where `unsafe`, with the first remedy of each finding that stops the gate.

    Each change is judged before the next is looked for, and none stays that makes anything worse. A waiver is never
    asked for here.

    Raises:
        InputError: the policy, or what lies beside the manifest, cannot be used.
    """
    text, safe = _spelled(source)
    source = SourceFile(source.name, text)
    if _problems(source):
        return Fixed(text, tuple(safe))
    source, more = _safely(source, request)
    safe += more
    changed: list[str] = []
    while unsafe and len(changed) < _MOST and (found := first_remedy(source, request)) is not None:
        remedy, text = found
        changed.append(remedy.said)
        source = SourceFile(source.name, text)
    if changed:
        source, more = _safely(source, request)
        safe += more
    return Fixed(source.text, tuple(safe), tuple(changed))


def _safely(source: SourceFile, request: Request) -> tuple[SourceFile, list[str]]:
    said: list[str] = []
    for fixer in fixers():
        while len(said) < _MOST and (one := _one(source, request, fixer)) is not None:
            source = SourceFile(source.name, one[0])
            said.append(one[1])
    return source, said


def _one(source: SourceFile, request: Request, fixer: Fixer) -> tuple[str, str] | None:
    """The first fix of a kind that makes nothing worse."""
    bench = Bench(source, request)
    for fix in fixer.fixes(Draft(source, bench.manifest, bench.root, bench)):
        trial = bench.tried_text(fix.text)
        if trial is not None and not bench.is_worse(trial) and not bench.adds_a_finding(trial):
            return fix.text, fix.said
    return None


def _spelled(source: SourceFile) -> tuple[str, list[str]]:
    """The text with every slip corrected that can only mean one name, and what was corrected."""
    text, said = source.text, list[str]()
    problems = _problems(source)
    passed_over: set[tuple[int, int]] = set()
    while problems and len(said) < _MOST:
        slip = next((one for one in problems if one.instead and one.at and one.at[1:3] not in passed_over), None)
        if slip is None or slip.at is None:
            break
        tried = _corrected(text, slip)
        left = _problems(SourceFile(source.name, tried))
        if len(left) < len(problems):
            said.append(f"line {slip.at.line}: `{slip.at.written}` is spelled {slip.instead}")
            text, problems = tried, left
            passed_over.clear()
        else:
            passed_over.add(slip.at[1:3])
    return text, said


def _problems(source: SourceFile) -> tuple[Problem, ...]:
    """Everything because of which the manifest cannot be read."""
    try:
        load(source, unknown_names=unknown_names)
    except InputError as error:
        return error.problems
    return ()


def _corrected(text: str, slip: Problem) -> str:
    at = slip.at or NOWHERE
    written = at.written
    quote = written[0] if written[:1] in ("'", '"') else ""
    start = offset_of(text, at)
    return spliced(text, (Splice(start, start + len(written), f"{quote}{slip.instead}{quote}"),))
