"""Colours for the text report: added to its lines at the very end, so that no word depends on them.

The sixteen colours of the terminal are used, which its owner has chosen to be legible. What comes from files has no
escape left in it by then, and can at most be coloured as one of our own lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_RED, _GREEN, _YELLOW, _CYAN = "31", "32", "33", "36"
_BOLD, _DIM = "1", "2"
_OF_EFFECT = {"blocks": _RED, "advice": _YELLOW, "waived": _CYAN, "was there before": _CYAN}
_OF_CODE = {"0": _GREEN, "3": _YELLOW}


def painted(text: str) -> str:
    """The report with colours; without them it is the same text."""
    return "".join(_line(line) for line in text.splitlines(keepends=True))


def _line(line: str) -> str:
    for pattern, paint in _PAINTS:
        if found := pattern.match(line):
            return paint(found) + line[found.end() :]
    return line


def _in(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text else ""


def _finding(found: re.Match[str]) -> str:
    color = _OF_EFFECT[found["effect"]]
    return f"{_in(_BOLD, found['at'])}: {found['rule']}: {_in(f'{_BOLD};{color}', found['effect'])}"


def _mark(found: re.Match[str]) -> str:
    color = _CYAN if found["note"].startswith((" expected", " see here")) else _RED
    return _in(_DIM, found["gutter"]) + _in(color, found["mark"] + found["note"])


def _code(found: re.Match[str]) -> str:
    return _in(f"{_BOLD};{_OF_CODE.get(found['code'], _RED)}", found[0])


def _whole(code: str) -> Callable[[re.Match[str]], str]:
    return lambda found: _in(code, found[0])


_PAINTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"(?P<at>\S.*?): (?P<rule>[a-z0-9-]+): (?P<effect>{'|'.join(_OF_EFFECT)})(?= \()"), _finding),
    (re.compile(r"(?P<gutter> +\| )(?P<mark> *(?:\^+|-+))(?P<note>.*)"), _mark),
    (re.compile(r" *\d+ \| "), _whole(_DIM)),
    (re.compile(r"exit code (?P<code>\d+): .*"), _code),
    (re.compile(r"\S.*?(?=: project )"), _whole(_BOLD)),
    (re.compile(r"\S.*?: error(?=: )"), _whole(f"{_BOLD};{_RED}")),
    (re.compile(r"  remedy:"), _whole(_GREEN)),
    (re.compile(r"  (?:evidence|settles|waiver|note):"), _whole(_DIM)),
    (re.compile(r"  (?:waived: )?not evaluated:"), _whole(_YELLOW)),
    (re.compile(r"  failed:"), _whole(_RED)),
    (re.compile(r"  passed:"), _whole(_GREEN)),
    (re.compile(r"  not applicable:.*"), _whole(_DIM)),
    (re.compile(r"hint:"), _whole(_CYAN)),
    (re.compile(r"relaxed:"), _whole(_YELLOW)),
)
"""How lines begin, and what is coloured of that; the first that fits counts."""
