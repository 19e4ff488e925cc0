"""Walks the questions: takes what options answer, asks a person for the rest, and shows what each answer rules out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from checker.document.errors import InputError, Problem
from checker.document.place import SourceFile
from checker.guidance.guidance import guidance
from checker.hardware import Machine
from checker.questionnaire import hardware, written
from checker.questionnaire.dialogue import Dialogue
from checker.questionnaire.question import REST, Question, Stated, option_of, told
from checker.questionnaire.remaining import Left, Remaining
from checker.questionnaire.used import Offer
from checker.value import NamedTuple

BACK = frozenset(("<", "back"))
HELP = frozenset(("?", "help"))


class Answered(NamedTuple):
    """One question with its answer."""

    position: int
    keys: dict[str, str]
    asked: bool
    """Whether a person was asked; else an option, or what is usual, answered."""
    left: tuple[str, ...]
    """The models that remain after it."""


class Interview:
    """One walk through the questions."""

    def __init__(
        self,
        questions: tuple[Question, ...],
        given: Mapping[str, dict[str, str]],
        extra: Stated,
        remaining: Remaining,
        ids: tuple[str, ...],
        talk: Dialogue,
        machine: Callable[[], Machine | None],
        name: str,
    ) -> None:
        """Take what is known before anything is asked.

        Args:
            questions: all of them, in their order.
            given: by a question's key, what options state in its place.
            extra: what options state beside the questions.
            remaining: counts what an answer leaves.
            ids: the models to begin with.
            talk: where is said what happens.
            machine: what this machine has; asked only where a person answers.
            name: the file that is to be written.
        """
        self._questions = questions
        self._given = given
        self._extra = dict(extra)
        self._remaining = remaining
        self._ids = ids
        self._talk = talk
        self._machine = machine
        self._name = name
        self._past: list[Answered] = []
        self._step = 0
        self.offer: Offer | None = None
        """The model in use that was chosen to be declared: what it says is the usual answer."""

    @property
    def stated(self) -> dict[str, str]:
        """Every answer so far."""
        found = dict(self._extra)
        for one in self._past:
            found |= one.keys
        return found

    @property
    def left(self) -> tuple[str, ...]:
        """The models that remain."""
        return self._past[-1].left if self._past else self._ids

    def missing(self) -> Iterator[Question]:
        """The questions that options leave open though they have to be answered, as far as they are known to apply."""
        stated = dict(self._extra)
        for question in self._questions:
            if not question.applies(stated):
                continue
            if question.key in self._given:
                stated |= self._given[question.key]
            elif question.usual:
                stated |= question.answer(question.usual)
            else:
                yield question

    def take(self) -> None:
        """Answer everything from options and what is usual; nothing is missing.

        Raises:
            InputError: a value is none that a manifest can have.
        """
        for position, question in enumerate(self._questions):
            if question.applies(self.stated):
                keys = self._given.get(question.key)
                keys = question.answer(question.usual) if keys is None else keys
                self._accept(position, keys, asked=False)

    def ask(self, begin: int = 0) -> None:
        """Ask a person everything that options leave open, from a question on.

        Raises:
            KeyboardInterrupt: the person leaves.
        """
        position = begin
        while position < len(self._questions):
            question = self._questions[position]
            if not question.applies(self.stated):
                position += 1
                continue
            self._begin_step(question.step)
            keys = self._given.get(question.key)
            if keys is not None:
                self._accept(position, keys, asked=False)
            elif not self._asked(position, question):
                position = self.back()
                continue
            position += 1
        if not any(one.keys.keys() & {"goal"} and one.keys["goal"] for one in self._past):
            self._begin_step(5)
            self._talk.say("Nothing is fine-tuned, so there is no baseline to record before that.", 2)

    def back(self) -> int:
        """Forget the last answer of a person, and what came after it; the position of its question."""
        asked = [index for index, one in enumerate(self._past) if one.asked]
        if not asked:
            self._talk.say("there is no earlier question", 2)
            return self._past[-1].position + 1 if self._past else 0
        position = self._past[asked[-1]].position
        del self._past[asked[-1] :]
        self._step = 0
        return position

    def _begin_step(self, step: int) -> None:
        if step != self._step:
            self._step = step
            steps = guidance().checklist
            self._talk.heading(f"Step {step} of {len(steps)}: {steps[step - 1].step}")

    def _asked(self, position: int, question: Question) -> bool:
        """Ask until there is an answer, and take it; False to go back."""
        self._talk.say(question.asks)
        self._talk.say(f"Why: {question.why}", 2)
        for number, choice in enumerate(question.choices, start=1):
            self._talk.say(f"{number:>2} {choice.word}: {choice.told}", 2, 5)
        usual = self._usual(question)
        while True:
            said = self._talk.line(f"{_label(question)}{f' [{usual}]' if usual else ''}> ")
            if said.casefold() in BACK:
                return False
            if said.casefold() in HELP:
                self._help(question, usual)
                continue
            try:
                self._accept(position, question.answer(said or usual), asked=True)
                return True
            except InputError as error:
                self._talk.say(told(error.problems[0]), 2)

    def _usual(self, question: Question) -> str:
        """What Enter stands for: what the model in use or this machine says, else what is usual."""
        if question.key == "gpu":
            for line in hardware.said_of(self._machine()):
                self._talk.say(line, 2, 2)
            return hardware.DETECTED if hardware.offered(self._machine()) else ""
        said = self.offer.says(question.key) if self.offer is not None else ""
        return said or question.usual

    def _help(self, question: Question, usual: str) -> None:
        self._talk.say(f"Answer with {question.expected}.", 2)
        if question.choices:
            self._talk.say("A number stands for its word.", 2)
        if usual:
            self._talk.say(f"Enter alone answers `{usual}`.", 2)
        self._talk.say(f"{question.option} answers it without asking. < goes back to the question before.", 2)
        self._talk.say("Ctrl-C leaves and writes nothing.", 2)

    def _accept(self, position: int, keys: dict[str, str], *, asked: bool) -> None:
        question = self._questions[position]
        before = self.left
        now = written.open_manifest({**self.stated, **keys}, self._name)
        try:
            if self._is_told_already(question, now):
                found = Left(before, ())
            else:
                found = self._remaining.after(now, question.concerns, before)
        except InputError as error:
            raise InputError(tuple(_of_option(problem, question) for problem in error.problems)) from None
        self._past.append(Answered(position, keys, asked, found.ids))
        if not asked:
            values = " x ".join(value for value in reversed(keys.values()) if value) or question.none or hardware.NONE
            self._talk.say(f"{_label(question)}: {values} ({self._from(question)})", 2, 4)
        if asked or question.key in self._given or len(found.ids) < len(before):
            self._talk.say(self._ruled_out(len(before), found), 2, 4)

    def _is_told_already(self, question: Question, now: SourceFile) -> bool:
        """Whether an answer states nothing, so that the rules it concerns would find what they found before."""
        judged = {rule for one in self._past for rule in self._questions[one.position].concerns}
        if not self._past or not (judged.issuperset(question.concerns) or REST in judged):
            return False
        return now.text == written.open_manifest(self.stated, self._name).text

    def _from(self, question: Question) -> str:
        given = self._given.get(question.key)
        if question.key == "gpu" and given:
            return option_of(next(iter(given)))  # --vram and --instance answer it as well
        return question.option if given is not None else f"usual; {question.option} says otherwise"

    def _ruled_out(self, before: int, found: Left) -> str:
        remain = f"-> {len(found.ids)} of {len(self._ids)} models remain"
        gone = before - len(found.ids)
        if not gone:
            return f"{remain}; the answer rules out none"
        rules = ", ".join(f"{rule} {count}" for rule, count in found.by_rule)
        return f"{remain}; the answer rules out {gone}: {rules}"


def _label(question: Question) -> str:
    """What a question is about, in a word or two."""
    return "hardware" if question.key == "gpu" else question.key.replace("_", " ")


def _of_option(problem: Problem, question: Question) -> Problem:
    """A problem of the manifest that an answer would make, told of the option instead."""
    key = problem.sentence.split("`")[1] if problem.sentence.startswith("`") else ""
    sentence = problem.sentence.replace(f"`{key}`", question.option, 1) if key else problem.sentence
    return Problem(sentence, expected=problem.expected, hint=problem.hint, file=question.option)
