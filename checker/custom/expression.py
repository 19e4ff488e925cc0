"""Expressions of custom rules: compiled and held to their limits when the policy is loaded, computed for each entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from checker.custom.limits import COMPREHENSIONS, MAX_CHARACTERS, patterns, refused
from checker.custom.tokens import Token, literal, tokens
from checker.custom.values import Bound, canonical
from checker.custom.variables import Variable, variables
from checker.document.nearest import did_you_mean
from checker.licenses.registry import resolve
from checker.value import NamedTuple


class MissingExtraError(Exception):
    """The library that compiles expressions is not installed."""


class Mistake(NamedTuple):
    """One thing wrong with an expression."""

    at: int
    """The character, from 0."""
    width: int
    sentence: str
    expected: str = ""
    hint: str = ""


class Trouble(NamedTuple):
    """An expression has no value."""

    reason: str
    unbound: bool
    """Whether it is because a variable that decides has no value."""


@cache
def _environment() -> Any:
    try:
        from cel_expr_python import cel
    except ImportError as error:
        raise MissingExtraError from error

    kinds: dict[str, Any] = {
        "string": cel.Type.STRING,
        "bool": cel.Type.BOOL,
        "int": cel.Type.INT,
        "double": cel.Type.DOUBLE,
    }
    kinds |= {f"list({name})": cel.Type.List(kind) for name, kind in kinds.items()}
    kinds["map(string, double)"] = cel.Type.Map(cel.Type.STRING, cel.Type.DOUBLE)
    declared = {name: kinds[variable.type] for name, variable in variables().items()}
    return cel.NewEnv(variables=declared), cel.Type.BOOL


@cache
def _compiled(text: str) -> Any:
    return _environment()[0].compile(text)


@cache
def names_in(text: str) -> tuple[str, ...]:
    """The variables that an expression reads, each once, in its order."""
    known = variables()
    found = (_declared_part(word.text, known) for word in tokens(text) if word.kind == "name")
    return tuple(dict.fromkeys(name for name in found if name))


@cache
def asks_what_is_known(text: str) -> bool:
    """Whether an expression can tell that a fact is missing: by `known.…`, or since one of several is left out."""
    return any(name.startswith(_TELLS_WHAT_IS_KNOWN) for name in names_in(text))


_TELLS_WHAT_IS_KNOWN = ("known.", "model.scores", "model.benchmarks")


def _declared_part(written: str, known: Mapping[str, Variable]) -> str:
    """The longest beginning of a dotted name that is a variable: what follows is a call."""
    while written and written not in known:
        written = written.rpartition(".")[0]
    return written


def mistakes(text: str) -> tuple[Mistake, ...]:
    """Everything that is wrong with an expression, in its order.

    Raises:
        MissingExtraError: the library is not installed.
    """
    if len(text) > MAX_CHARACTERS:
        sentence = f"an expression of {len(text):,} characters"
        return (Mistake(0, len(text), sentence, f"at most {MAX_CHARACTERS:,}"),)
    words = list(tokens(text))
    beyond = tuple(Mistake(*found) for found in refused(words))
    if beyond:
        return beyond
    environment, boolean = _environment()
    try:
        # Not through the cache: what does not compile is told once.
        kind = environment.compile(text).return_type()
    except RuntimeError as error:
        return tuple(_reworded(str(error), text))
    if kind != boolean:
        expected = "one that is true or false, such as a comparison"
        return (Mistake(0, len(text), f"an expression of type {kind.name().lower()}", expected),)
    return (*_unusable_patterns(words), *_misspelt(words))


def _unusable_patterns(words: list[Token]) -> Iterator[Mistake]:
    """Regular expressions that RE2 refuses, found when the policy is loaded and not when an entry meets them."""
    for pattern in patterns(words):
        tried = evaluate(f"''.matches({pattern.text})", {})
        if isinstance(tried, Trouble):
            yield Mistake(pattern.at, len(pattern.text), tried.reason, "a regular expression in RE2's syntax")


# What the library writes: `INVALID_ARGUMENT: ERROR: <input>:1:6: undeclared reference to 'a.b' (in container '')`, then
# the line and a mark below it; columns count characters from 1, and -1:-1 stands for the whole.
_ERROR = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): (.*?)(?=\n \||\nERROR:|\s*\[[A-Z_]+\]$|$)", re.DOTALL)
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '(.*)'")
_DEPTH = ("recursion depth", "recursion limit")


def _reworded(message: str, text: str) -> Iterator[Mistake]:
    seen = False
    told = set()
    for line, column, said in _ERROR.findall(message):
        seen = True
        at = _offset(text, int(line), int(column))
        mistake = _mistake(said.strip(), at, text)
        if mistake not in told:
            told.add(mistake)
            yield mistake
        if said.startswith("Syntax error"):
            return  # those after it follow from it
    if not seen:
        yield _whole(message, text)


def _offset(text: str, line: int, column: int) -> int:
    if line < 1 or column < 1:
        return 0
    lines = text.split("\n")
    return min(sum(len(one) + 1 for one in lines[: line - 1]) + column - 1, max(len(text) - 1, 0))


def _whole(message: str, text: str) -> Mistake:
    if any(word in message for word in _DEPTH):
        return Mistake(0, len(text), "an expression that is nested too deeply", "at most 32 levels inside each other")
    if "Iteration budget" in message:
        return Mistake(0, len(text), "an expression with too many steps", "at most 10,000 in all comprehensions")
    said = re.sub(r"^[A-Z_]+: | \[[A-Z_]+\]$", "", message.strip())
    return Mistake(0, len(text), f"the expression cannot be used: {' '.join(said.split())}", "a condition in CEL")


def _mistake(said: str, at: int, text: str) -> Mistake:
    if any(word in said for word in _DEPTH):
        return _whole(said, text)
    if found := _UNDECLARED.search(said):
        return _undeclared(found.group(1), at, text)
    if found := _OVERLOAD.search(said):
        operator = found.group(1).strip("_").replace("!_", "!").replace("_", "") or found.group(1)
        return Mistake(
            at,
            max(len(operator), 1),
            f"`{operator}` between {_types(found.group(2))}",
            "values of types that fit",
            "a double is written with a point, such as `70.0`" if "double" in said and "int" in said else "",
        )
    if "mismatched input '<EOF>'" in said:
        return Mistake(at, 1, "the expression ends before it is complete", "a condition in CEL")
    return Mistake(at, 1, " ".join(said.partition(" expecting {")[0].split()), "a condition in CEL")


def _types(applied: str) -> str:
    return applied.strip("()").replace(", ", " and ")


def _undeclared(name: str, at: int, text: str) -> Mistake:
    """A name that is no variable; the library points at one of its dots, and a part of it may be meant."""
    word = next(
        (word for word in tokens(text) if word.kind == "name" and word.at <= at < word.at + len(word.text) + 1), None
    )
    start = at
    if word is not None and word.text.startswith(name):
        start = word.at
    elif word is not None and word.text.endswith(f".{name}"):
        start = word.at + len(word.text) - len(name)
    called = text[start + len(name) :].lstrip().startswith("(")
    if called:
        functions = (*_FUNCTIONS, *COMPREHENSIONS)
        return Mistake(
            start, len(name), f"no function is called `{name}`", "a function of CEL", did_you_mean(name, functions)
        )
    hint = did_you_mean(name, variables()) or "`weighbridge explain custom-rules` lists all variables"
    return Mistake(start, len(name), f"no variable is called `{name}`", "a variable of custom rules", hint)


_FUNCTIONS = (
    "size", "contains", "startsWith", "endsWith", "matches", "has", "int", "uint", "double", "string", "bool", "bytes",
    "timestamp", "duration", "type", "dyn",
)  # fmt: skip
"""The functions of the language's standard library that people name; only the nearest name is taken from here."""


def _misspelt(words: list[Token]) -> Iterator[Mistake]:
    """Texts beside a variable that it can never be equal to: `manifest.objective == "chatt"`, `"apache 2.0"`."""
    for index, word in enumerate(words):
        variable = variables().get(word.text) if word.kind == "name" else None
        if variable is None or not variable.type.endswith(("string", "string)")):
            continue
        for compared in _compared(words, index):
            text = literal(compared)
            if text is not None and (mistake := _never_equal(variable, text, compared)):
                yield mistake


def _compared(words: list[Token], index: int) -> Iterator[Token]:
    """The literals that a variable is held against by `==`, `!=` or `in`."""
    after = words[index + 1 : index + 3]
    if len(after) == 2 and after[0].text in ("==", "!="):
        yield after[1]
    if len(after) == 2 and after[0].text == "in" and after[1].text == "[":
        for word in words[index + 3 :]:
            if word.text == "]":
                break
            yield word
    if index >= 2 and words[index - 1].text in ("==", "!=", "in"):
        yield words[index - 2]


def _never_equal(variable: Variable, text: str, word: Token) -> Mistake | None:
    if variable.choices and text not in variable.choices:
        hint = did_you_mean(text, variable.choices)
        sentence = f'`{variable.name}` is never "{text}"'
        return Mistake(word.at, len(word.text), sentence, f"one of {', '.join(variable.choices)}", hint)
    if variable.name.startswith(("model.license", "manifest.license")) and variable.name.endswith("license"):
        found = resolve(text)
        name = canonical(found)
        if name and name != text:
            return Mistake(
                word.at,
                len(word.text),
                f'`{variable.name}` is never "{text}"',
                "a licence's canonical id",
                f"write `{name}`",
            )
        if not name and (near := getattr(found, "nearest", None) or ", ".join(getattr(found, "candidates", ()))):
            return Mistake(
                word.at,
                len(word.text),
                f'"{text}" names no single licence',
                "a licence's canonical id",
                f"did you mean {near}?",
            )
    return None


def evaluate(text: str, bound: Mapping[str, Bound]) -> bool | Trouble:
    """What an expression comes to; whatever is neither true nor false is trouble, and never converted."""
    try:
        result = _compiled(text).eval(data=dict(bound))
    except (RuntimeError, ValueError, TypeError, OverflowError) as error:
        return Trouble(_told(str(error)), unbound=False)
    if result.type() == _environment()[1]:
        return bool(result.value())
    if result.type().name() == "ERROR":
        said = str(result)
        return Trouble(_told(said), unbound="No value with name" in said)
    return Trouble("it came to neither true nor false", unbound=False)


def _told(message: str) -> str:
    if "Iteration budget" in message:
        return "its comprehensions take more than 10,000 steps"
    return " ".join(re.sub(r"^[A-Z_]+: | \[[A-Z_]+\]$", "", message.strip()).split())
