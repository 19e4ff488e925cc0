"""The models to choose from: those that pass, the best first, with what is in use among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.document.digits import whole
from checker.document.errors import InputError
from checker.facts.fact import Fact
from checker.questionnaire.dialogue import Dialogue
from checker.questionnaire.interview import BACK, HELP
from checker.questionnaire.used import Offer
from checker.selection.chosen import Chosen, reasons
from checker.selection.form.text import everything, memory, quality, why
from checker.selection.judge import Group
from checker.selection.rank import Ranked

SHOWN = 5
"""How many are shown at first; `more` shows as many again."""


class Shortlist:
    """Candidates in the order in which they are offered, numbered from 1."""

    def __init__(self, chosen: Chosen, offered: Sequence[Offer], talk: Dialogue) -> None:
        """Take the judged models.

        Args:
            chosen: all that were judged, ranked.
            offered: what code uses.
            talk: where the list is shown.
        """
        self._chosen = chosen
        self._offered = {offer.model: offer for offer in offered}
        self._talk = talk
        ranked = (*chosen.of(Group.PASSES), *(one for one in chosen.of(Group.CHANGE) if _is_written(one)))
        self._list = tuple(sorted(ranked, key=lambda one: one.judged.id not in self._offered))
        self._shown = 0

    def show(self) -> None:
        """Show the next few."""
        passes, changed = (len(self._chosen.of(group)) for group in (Group.PASSES, Group.CHANGE))
        if self._shown == 0:
            self._talk.heading("Candidates")
            unknown = len(self._chosen.of(Group.UNKNOWN))
            more = f"; of {unknown} more something is unknown" if unknown else ""
            self._talk.say(f"{passes} {'passes' if passes == 1 else 'pass'} every rule, {changed} with a change{more}.")
            for line in self._in_use():
                self._talk.say(line, 2, 2)
        for number, one in enumerate(self._list[self._shown : self._shown + SHOWN], start=self._shown + 1):
            self._talk.say(f"{number:>2} {_line(one, self._chosen)}{self._use_of(one)}", 2, 5)
            for line in why(one):
                self._talk.say(line, 7)
        self._shown = min(self._shown + SHOWN, len(self._list))
        if self._shown < len(self._list):
            self._talk.say(f"... and {len(self._list) - self._shown} more", 5)

    def ask(self, preferred: str) -> Ranked | None:
        """The one that a person chooses; None to go back to the questions.

        Args:
            preferred: the model that Enter takes, if it is in the list; else it takes the first.
        """
        first = next((one for one in self._list if one.judged.id == preferred), next(iter(self._list), None))
        usual = first.judged.id if first is not None else ""
        while True:
            said = self._talk.line(f"model{f' [{usual}]' if usual else ''}> ")
            word, _, rest = said.partition(" ")
            if said.casefold() in BACK:
                return None
            try:
                if said.casefold() in HELP:
                    self._help()
                elif said.casefold() == "more":
                    self.show()
                elif word.casefold() == "why" and rest:
                    self._tell(self._named(rest.strip()))
                elif said or usual:
                    one = self._named(said or usual)
                    if one.passes:
                        return one
                    self._talk.say(f"{one.judged.id} does not pass ({one.judged.group}):", 2)
                    for line in reasons(one.judged):
                        self._talk.say(line, 4, 2)
            except InputError as error:
                problem = error.problems[0]
                self._talk.say("; ".join(filter(None, (problem.sentence, problem.hint))), 2)

    def names(self) -> tuple[str, ...]:
        """The ids of the first few."""
        return tuple(one.judged.id for one in self._list[:SHOWN])

    def _named(self, said: str) -> Ranked:
        number = whole(said) or 0
        if 1 <= number <= len(self._list):
            return self._list[number - 1]
        return self._chosen.find(said)

    def _tell(self, one: Ranked) -> None:
        for line in everything(one, self._chosen).splitlines():
            self._talk.say(line.lstrip(), 2 + len(line) - len(line.lstrip()), 4)

    def _in_use(self) -> Iterator[str]:
        for one in self._chosen.all:
            if one.judged.id in self._offered and one not in self._list:
                yield f"in use: {one.judged.id} ({one.judged.group}): {'; '.join(why(one))}"

    def _use_of(self, one: Ranked) -> str:
        offer = self._offered.get(one.judged.id)
        return f"; in use: {offer.where}" if offer is not None else ""

    def _help(self) -> None:
        self._talk.say("Answer with a number or with a model's id; `more` shows more of them; `why NUMBER` tells", 2)
        self._talk.say("everything about one; < goes back to the questions. --model answers it without asking.", 2)


def _is_written(one: Ranked) -> bool:
    """Whether a manifest alone can state what has to change; a commit is found by a lock."""
    return all(change.value for change in one.judged.changes)


def _line(one: Ranked, chosen: Chosen) -> str:
    license_id = one.judged.facts.license
    parts = (
        quality(one, chosen.wishes.benchmark),
        memory(one),
        license_id.value or "no licence" if isinstance(license_id, Fact) else "licence unknown",
    )
    return f"{one.judged.id}: {', '.join(parts)}"
