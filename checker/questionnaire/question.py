"""What a question of the checklist is: what it asks, why that matters, and how an answer is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from checker.document.digits import whole
from checker.document.errors import InputError, Problem
from checker.document.nearest import did_you_mean
from checker.value import NamedTuple

REST = "*"
Stated: TypeAlias = Mapping[str, str]
"""Answers by key; a text that is empty says that it was asked and that there is nothing to state."""


class Choice(NamedTuple):
    """One answer that may be given by its word or its number."""

    word: str
    told: str
    """What it means."""


class Question(NamedTuple):
    """One question."""

    key: str
    """The key of a manifest that the answer states, and the option that gives it without being asked."""
    step: int
    """1 to 5, as the guidance counts."""
    asks: str
    why: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    """What an answer looks like, where it is none of a few words."""
    usual: str = ""
    """The answer that stands where nobody gives another; empty where one has to be given."""
    several: bool = False
    """Whether several words may be answered, with commas between them."""
    concerns: tuple[str, ...] = ()
    """The rules that the answer can make refuse a model; `REST` stands for all that no question names."""
    none: str = ""
    """The word that states nothing."""
    applies: Callable[[Stated], bool] = lambda stated: True
    read: Callable[[str], dict[str, str]] | None = None
    """Reads what is no choice into keys; absent: the text is the value of the key.

    It raises `InputError`, as `answer` does.
    """

    @property
    def option(self) -> str:
        """The option in its place."""
        return option_of(self.key)

    def answer(self, text: str) -> dict[str, str]:
        """The keys that an answer states.

        Raises:
            InputError: it is no answer to this question; says what would be, and the nearest.
        """
        said = " ".join(text.split())
        if not said:
            raise self.refused("nothing is answered")
        if self.none and said.casefold() == self.none:
            return {self.key: ""}
        if self.read is not None:
            return self.read(said)
        words = [word for part in said.split(",") if (word := part.strip())] if self.several else [said]
        if not words:
            raise self.refused(f"`{said}` names nothing")
        return {self.key: ", ".join(dict.fromkeys(self._chosen(word) if self.choices else word for word in words))}

    def refused(self, sentence: str, hint: str = "") -> InputError:
        """The error for what is no answer."""
        return InputError.one(sentence, expected=self.expected, hint=hint, file=self.option)

    @property
    def expected(self) -> str:
        """What an answer is."""
        words = [choice.word for choice in self.choices] or [self.hint]
        if self.none and self.none not in words:
            words.append(f"`{self.none}`")
        return f"one of {', '.join(words)}" if self.choices else " or ".join(words)

    def _chosen(self, said: str) -> str:
        number = whole(said) or 0
        if 1 <= number <= len(self.choices):
            word = self.choices[number - 1].word
            return "" if word == self.none else word
        words = {choice.word.casefold(): choice.word for choice in self.choices}
        if said.casefold() in words:
            return words[said.casefold()]
        raise self.refused(f"`{said}` is no answer to {self.option}", did_you_mean(said, words.values()))


def option_of(key: str) -> str:
    """The option that states a key."""
    return f"--{key.replace('_', '-')}"


def told(problem: Problem) -> str:
    """A problem with an answer, in a line."""
    parts = [f"expected {problem.expected}" if problem.expected else "", problem.hint]
    return f"{problem.sentence}: {'; '.join(part for part in parts if part)}"
