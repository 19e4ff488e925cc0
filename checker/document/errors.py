"""What is wrong with an input file: all of it at once, each with its place, what was expected and the nearest name."""

from __future__ import annotations

from typing import NamedTuple


from checker.document.place import Place


class Problem(NamedTuple):
    """One thing wrong with an input: `sentence` says what was found, `expected` what belongs there."""

    sentence: str
    expected: str = ""
    hint: str = ""
    """The nearest name, or what to do; empty where there is nothing better to say."""
    at: Place | None = None
    also: Place | None = None
    """A second place that the problem is about: the first definition, the layer that is weakened."""
    file: str = ""
    """The file's name where no place inside it exists (missing, unreadable, too large)."""


class InputError(Exception):
    """An input cannot be used (exit code 2); carries every problem that was found in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = problems

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
    ) -> InputError:
        """An error that holds a single problem."""
        return cls((Problem(sentence=sentence, expected=expected, hint=hint, at=at, also=also, file=file),))


class NoInputError(InputError):
    """A run found nothing to check (exit code 2, `no-input`)."""
