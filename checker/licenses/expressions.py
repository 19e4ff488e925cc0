"""Reads a text that names several licences, or a version and those after it, into what it comes to.

Imported by the first such text alone. The library that knows the grammar of SPDX takes longer to load than a check of
a manifest may take altogether, so it is loaded only where there are operators to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from checker.licenses.records import load
from checker.licenses.resolution import AllOf, Ambiguous, AnyOf, Resolution, Resolved, Unrecognised
from checker.licenses.spelling import fold

ResolveOne = Callable[[str], Resolution]

_LATER = re.compile(r"(.+?)(?:\+|[- ]or[- ]later|,? or any later version)", re.IGNORECASE)
_TOKENS = re.compile(r"\s*(?:(\()|(\))|(?:(?<=[\s)])|^)(and|or|with)(?=[\s(]|$))", re.IGNORECASE)
_LIST = re.compile(r"\s*[,;&]\s*|\s+[+/]\s+")
_WORDED = {"and": re.compile(r"-and-"), "or": re.compile(r"-or-(?!later)")}
_MOST_PARTS = 50
"""Licences in the longest expression that is read; somebody's text must not cost us seconds."""


def read(text: str, resolve_one: ResolveOne) -> Resolution | None:
    """What the text comes to; None where it does not name several licences, or none of them is known.

    In capitals, as SPDX writes them, operators are taken at their word. "and" and "or" are English words too, so they
    join licences only where each of their sides is one.
    """
    text = " ".join(
        text.split()
    )  # what looks for blanks around a word goes over each run of them from each of its ends
    if (later := _or_later(text, resolve_one)) is not None:
        return later
    tokens = _tokens(text)
    if len(tokens) > 1:
        return _by_operators(text, tokens, resolve_one)
    if (listed := _parts(_LIST.split(text), resolve_one)) is not None:
        return joined(text, listed)
    if (beside := _beside(text.split("/"), resolve_one)) is not None:
        return joined(text, beside)
    folded = fold(text)
    if (both := _parts(_WORDED["and"].split(folded), resolve_one)) is not None:
        return joined(text, both)
    either = _parts(_WORDED["or"].split(folded), resolve_one)
    return None if either is None else offered(text, either)


def joined(text: str, parts: Sequence[Resolution]) -> Resolution:
    """Licences that all apply, as one answer: what is named twice counts once."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AllOf) else (part,))]
    distinct = tuple(dict.fromkeys(flat))
    return distinct[0] if len(distinct) == 1 else AllOf(text, distinct)


def offered(text: str, choices: Sequence[Resolution]) -> Resolution:
    """Licences of which one may be chosen, as one answer: what is named twice counts once."""
    flat = [inner for choice in choices for inner in (choice.choices if isinstance(choice, AnyOf) else (choice,))]
    distinct = tuple(dict.fromkeys(flat))
    return distinct[0] if len(distinct) == 1 else AnyOf(text, distinct)


def is_known(found: Resolution) -> bool:
    """Whether it names a text or a family that we know, read or not."""
    match found:
        case Unrecognised():
            return bool(found.unread)
        case AnyOf(choices=inner) | AllOf(parts=inner):
            return all(map(is_known, inner))
        case Resolved() | Ambiguous():
            return True


def _or_later(text: str, resolve_one: ResolveOne) -> Resolution | None:
    """`GPL-2.0-or-later` is a choice between the versions that we know; `GPL-3.0-or-later` names the last of them."""
    match = _LATER.fullmatch(text.strip())
    if match is None or len(_tokens(match[1])) > 1 or _LATER.fullmatch(match[1]):
        return None  # nobody says it twice, and to look at each of many signs takes seconds
    first = resolve_one(match[1])
    if not isinstance(first, Resolved):
        return first if is_known(first) else None
    known = (first.license, *(load(license_id) for license_id in first.license.later))
    if len(known) == 1:
        return first._replace(or_later=True)
    return AnyOf(text, tuple(Resolved(version, or_later=version == known[-1]) for version in known))


def _tokens(text: str) -> list[str]:
    """Operands, operators and parentheses in their order; operators in small letters."""
    tokens: list[str] = []
    end = 0
    for match in _TOKENS.finditer(text):
        tokens += [text[end : match.start()].strip(), match[0].strip()]
        end = match.end()
    tokens.append(text[end:].strip())
    return [token for token in tokens if token]


def _by_operators(text: str, tokens: list[str], resolve_one: ResolveOne) -> Resolution | None:
    operands = [token for token in tokens if not _is_operator(token)]
    if not operands or len(operands) > _MOST_PARTS:
        return None
    found = [resolve_one(operand) for operand in operands]
    words = [token for token in tokens if _is_operator(token) and token.isalpha()]
    in_capitals = all(word.isupper() for word in words)
    exceptions = {following for word, following in pairwise(tokens) if word.upper() == "WITH"}
    judged = [known for operand, known in zip(operands, map(is_known, found), strict=True) if operand not in exceptions]
    if not any(judged) or not (in_capitals or all(judged)):
        return None
    return _parsed(text, tokens, found)


def _is_operator(token: str) -> bool:
    return token in ("(", ")") or token.upper() in ("AND", "OR", "WITH")


def _parsed(text: str, tokens: list[str], found: list[Resolution]) -> Resolution:
    """The tree of the expression, with each operand standing for what it was found to be."""
    from license_expression import ExpressionError, Licensing, ParseError

    apart = Unrecognised(text, "its operators do not make an expression: `A OR B`, `A AND B`, `A WITH exception`")
    if not _alternate(tokens):
        return apart
    numbers = iter(range(len(found)))
    written = {f"L{number}": token for number, token in enumerate(t for t in tokens if not _is_operator(t))}
    spelt = " ".join(token if _is_operator(token) else f"L{next(numbers)}" for token in tokens)
    try:
        tree = Licensing().parse(spelt)
    except (ParseError, ExpressionError):
        return apart
    return _branch(text, tree, dict(zip(written, found, strict=True)), written)


def _alternate(tokens: list[str]) -> bool:
    """Whether operands and operators take turns and each bracket has its other half.

    The parser answers `A OR ()` with an `IndexError` and `( OR A` with an `AssertionError`, which are no refusals.
    """
    opened, wants_operand = 0, True
    for token in tokens:
        if wants_operand != (token == "(" or not _is_operator(token)):
            return False
        opened += (token == "(") - (token == ")")
        if opened < 0:
            return False
        if token not in ("(", ")"):
            wants_operand = not wants_operand
    return not wants_operand and not opened


def _branch(text: str, tree: object, found: dict[str, Resolution], written: dict[str, str]) -> Resolution:
    from license_expression import AND, OR, LicenseWithExceptionSymbol

    if isinstance(tree, AND):
        return joined(text, [_branch(text, argument, found, written) for argument in tree.args])
    if isinstance(tree, OR):
        return offered(text, [_branch(text, argument, found, written) for argument in tree.args])
    if isinstance(tree, LicenseWithExceptionSymbol):
        exception = written[tree.exception_symbol.key]
        return _with_exception(text, found[tree.license_symbol.key], exception)
    return found[tree.key]  # type: ignore[attr-defined]


@cache
def _listed_exceptions() -> dict[str, str]:
    """The exceptions of the SPDX list, by their ids in small letters; reading the list takes some 50 ms."""
    from license_expression import get_spdx_licensing

    return {key.casefold(): key for key, symbol in get_spdx_licensing().known_symbols.items() if symbol.is_exception}


def _with_exception(text: str, found: Resolution, exception: str) -> Resolution:
    """An exception permits more than the text: judging by the text alone errs on the strict side."""
    listed = _listed_exceptions().get(exception.casefold())
    if listed is None:
        return Unrecognised(text, f"`{exception}` is no exception that SPDX lists")
    if isinstance(found, Resolved):
        return found._replace(exception=listed)
    if isinstance(found, AnyOf):
        return offered(found.spelling, [_with_exception(text, choice, exception) for choice in found.choices])
    return found


def _parts(spellings: list[str], resolve_one: ResolveOne) -> list[Resolution] | None:
    """What each of several spellings names; None where there is one alone, or one that is not known."""
    if not 1 < len(spellings) <= _MOST_PARTS:
        return None
    found = [resolve_one(spelling) for spelling in spellings if spelling.strip()]
    return found if len(found) > 1 and all(map(is_known, found)) else None


def _beside(spellings: list[str], resolve_one: ResolveOne) -> list[Resolution] | None:
    """The texts of `MIT/Apache-2.0`; None where a side names no single text, since `meta-llama/Llama-2` is a model."""
    found = _parts(spellings, resolve_one) or ()
    texts = [one for one in found if isinstance(one, Resolved)]
    return list(texts) if len(texts) == len(found) and len({one.license.id for one in texts}) > 1 else None
