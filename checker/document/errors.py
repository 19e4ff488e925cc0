"""What is wrong with an input file: all of it at once, each with its place, what was expected and the nearest name."""

import re
from functools import lru_cache

from checker.document.place import Place
from checker.value import NamedTuple


class Problem(NamedTuple):
    """One thing wrong with an input.

    Example:
        >>> from checker import InputError, check
        >>> try:
        ...     check("examples/passes", policy="weighbridge:enterprize")
        ... except InputError as error:
        ...     print(error.problems[0].sentence, error.problems[0].hint, sep="; ")
        `weighbridge:enterprize` is no shipped pack; did you mean `weighbridge:enterprise`?
    """

    sentence: str
    """What was found."""
    expected: str = ""
    """What belongs there; empty where the sentence says it."""
    hint: str = ""
    """The nearest name, or what to do; empty where there is nothing better to say."""
    at: Place | None = None
    """Where; None where no place inside a file exists."""
    also: Place | None = None
    """A second place that the problem is about: the first definition, the layer that is weakened."""
    file: str = ""
    """The file's name where no place inside it exists (missing, unreadable, too large)."""
    instead: str = ""
    """What can only be meant by the word at the place: a slip of one or two letters; empty where that is not sure."""


class InputError(Exception):
    """An input cannot be used (exit code 2); carries every problem that was found in it.

    Its text has a line for each problem: the place, what was found, what was expected and the nearest name.

    Example:
        >>> from checker import InputError, check
        >>> try:
        ...     check("examples/missing.yaml")
        ... except InputError as error:
        ...     print(error)
        examples/missing.yaml: there is no such file: expected a readable file
    """

    problems: tuple[Problem, ...]
    """Everything that is wrong, in the order in which it was found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(_line, self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # so that it survives the way out of another process

    @classmethod
    def one(
        cls,
        sentence: str,
        *,
        expected: str = "",
        hint: str = "",
        at: Place | None = None,
        also: Place | None = None,
        file: str = "",
    ) -> "InputError":
        """An error that holds a single problem."""
        return cls((Problem(sentence=sentence, expected=expected, hint=hint, at=at, also=also, file=file),))


class NoInputError(InputError):
    """A run found nothing to check (exit code 2, `no-input`)."""


def shown(text: str) -> str:
    """Text out of a file as a message quotes it: on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"


def visible(text: str) -> str:
    """Text that is safe on a terminal and in a log: what acts there instead of being shown is spelled out.

    These are control, bidirectional and invisible characters, and what a CI system takes for a command in its log:
    `::` at the beginning of a line, and `##[` or `##word[` anywhere in it.
    """
    text = no_command(text)
    if text.isascii() and text.isprintable():
        return text
    return _DOUBTFUL.sub(_spelled, text)


def no_command(line: str) -> str:
    """A line that no CI system takes for a command in its log; see `visible`."""
    if "::" not in line and "##" not in line:
        return line
    return COMMAND_WITHIN.sub(r"#\\x23", _COMMAND.sub(r"\1\\x3a:", line, count=1))


def render_problem(problem: Problem) -> str:
    """The problem as compilers show it: place and sentence, the line, and what was expected below it."""
    at = problem.at
    advice = "; ".join(part for part in (_expected(problem), problem.hint) if part)
    if at is None:
        where = f"{problem.file}: " if problem.file else ""
        return visible(f"{where}error: {problem.sentence}{f': {advice}' if advice else ''}")
    lines = [visible(f"{at}: error: {problem.sentence}"), *frame(at, "^", advice)]
    if problem.also is not None:
        other = "" if problem.also.file.name == at.file.name else f" in {problem.also.file.name}"
        lines += frame(problem.also, "-", f"see here{other}")
    return "\n".join(lines)


COMMAND_WITHIN = re.compile(r"##(?=[A-Za-z]*\[)")
"""How a command to the log of GitHub Actions (the older form), Azure Pipelines or TeamCity begins, wherever it stands.

https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs: `TryParse` looks for `##[` in the whole line,
`TryParseV2` for `::` behind blanks.
"""
_COMMAND = re.compile(r"^(\s*)::")
_DOUBTFUL = re.compile(r"[^ -~]")
_QUOTED = 60
"""The characters of a user's text that a sentence quotes at most."""
_SHOWN = 100
"""The terminal columns of a source line that are shown at most."""
_BEFORE = 40
"""The columns that stay before the caret where a line is cut."""
_LONG = 4 * _SHOWN
"""The characters from which on a line is cut unmeasured: a file of megabytes may be one line."""


def _expected(problem: Problem) -> str:
    return f"expected {problem.expected}" if problem.expected else ""


def _line(problem: Problem) -> str:
    """The problem on one line, for programs that show no source."""
    where = str(problem.at) if problem.at is not None else problem.file
    advice = "; ".join(part for part in (_expected(problem), problem.hint) if part)
    return visible(": ".join(part for part in (where, problem.sentence, advice) if part))


def frame(at: Place, underline: str, note: str) -> list[str]:
    """The line of a place and the mark below it; empty where the file has no such line."""
    line = COMMAND_WITHIN.sub("#?", at.file.line(at.line))
    start = min(at.column - 1, len(line))
    end = max(min(start + at.width, len(line)), start + 1)
    first, last = 0, len(line)
    if last > _LONG or sum(width for _, width in map(_cell, line)) > _SHOWN:
        first = max(start - _BEFORE, 0)
        last = min(first + _SHOWN, last)
    before, after = "…" if first else "", "…" if last < len(line) else ""
    cells = [_cell(character) for character in line[first:last]]
    start, end = start - first, max(min(end, last) - first, start - first + 1)
    text = before + "".join(shape for shape, _ in cells) + after
    indent = len(before) + sum(width for _, width in cells[:start])
    carets = max(sum(width for _, width in cells[start:end]), 1)
    gutter = f"{at.line:>5}"
    mark = f"{' ' * len(gutter)} | {' ' * indent}{underline * carets} {visible(note)}"
    return [f"{gutter} | {text}".rstrip(), mark.rstrip()]


def _cell(character: str) -> tuple[str, int]:
    """What a terminal can show for one character of a source line, and how many columns that takes."""
    if character.isascii():
        return (character if character.isprintable() else " " if character == "\t" else "?", 1)
    from unicodedata import category, combining, east_asian_width

    if not _is_safe(character):
        return " " if category(character) == "Zs" else "?", 1
    return character, 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1


@lru_cache(4096)
def _is_safe(character: str) -> bool:
    """Whether a character is shown as itself; format characters turn text around or hide it."""
    if character.isascii():
        return character.isprintable()
    from unicodedata import category

    return category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs")


def _spelled(found: re.Match[str]) -> str:
    character = found.group()
    return character if _is_safe(character) else _escape(character)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
