"""Expressions of custom rules made one step looser, as cases of a policy should notice."""

from __future__ import annotations

from collections.abc import Iterator

from checker.custom.tokens import Token, tokens
from checker.document.digits import whole

EXPRESSIONS = ("assert", "when")
"""The settings that hold one."""
_LARGEST = 2**62
"""Whole numbers up to here can be doubled within the 64 bits of the language."""
_AT_MOST, _AT_LEAST = ("<", "<="), (">", ">=")


def looser_texts(key: str, text: str) -> Iterator[tuple[str, str]]:
    """Each way of loosening one expression, in words and as the expression that it becomes.

    Args:
        key: `assert`, of which each condition is left out in turn and each limit that stands alone in one is moved; or
            `when`, of which each alternative is, so that the rule applies to less.
        text: the expression.
    """
    word = "&&" if key == "assert" else "||"
    parts = _parts(text, word)
    for index, part in enumerate(parts):
        others = [*parts[:index], *parts[index + 1 :]]
        if others:
            yield f"without `{_in_one_line(part)}`", _joined(others, word)
        elif key == "assert":
            yield "left out", "true"
        moved = _moved(part) if key == "assert" else None
        if moved is not None:
            words, changed = moved
            yield words, _joined([*parts[:index], changed, *parts[index + 1 :]], word)


def _parts(text: str, word: str) -> list[str]:
    """The operands of the outermost operator where it is this one; else the whole expression alone."""
    cuts, depth = [], 0
    for token in tokens(text):
        if token.kind != "sign":
            continue
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if depth == 0 and token.text in ("&&", "||", "?"):
            cuts.append(token)
    if any(token.text == "?" or (word == "&&" and token.text == "||") for token in cuts):
        return [text]  # a weaker operator is the outermost one
    at = [token.at for token in cuts if token.text == word]
    starts = [0, *(one + len(word) for one in at)]
    return [text[start:end] for start, end in zip(starts, [*at, len(text)], strict=True)]


def _joined(parts: list[str], word: str) -> str:
    """On lines of their own: a comment at the end of one would take in the next."""
    return f"\n{word} ".join(parts)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _moved(part: str) -> tuple[str, str] | None:
    """`name <= number` with twice the number, `name >= number` with half of it; None where it is not of that form."""
    words = list(tokens(part))
    if [word.kind for word in words] != ["name", "sign", "number"]:
        return None
    number = words[2]
    if words[1].text in _AT_MOST and (more := _times_two(number)):
        return f"raised from {number.text} to {more}", f"{part[: number.at]}{more}"
    if words[1].text in _AT_LEAST and (less := _half(number)):
        return f"lowered from {number.text} to {less}", f"{part[: number.at]}{less}"
    return None


def _times_two(number: Token) -> str:
    if number.text.isdecimal():
        value = whole(number.text, 19) or 0
        return str(value * 2) if 0 < value <= _LARGEST else ""
    return _as_double(number, 2.0)


def _half(number: Token) -> str:
    if number.text.isdecimal():
        value = whole(number.text, 19)
        return str(value // 2) if value else ""
    return _as_double(number, 0.5)


def _as_double(number: Token, factor: float) -> str:
    whole, point, rest = number.text.partition(".")
    is_plain = point and whole.isdecimal() and rest.isdecimal()
    value = float(number.text) * factor if is_plain else 0.0
    return f"{value:.6f}" if value else ""
