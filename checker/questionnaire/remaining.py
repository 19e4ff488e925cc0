"""How many models an answer leaves: the rules that it concerns judge those that the answers before it left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from checker.document.errors import InputError
from checker.document.nearest import did_you_mean
from checker.document.place import SourceFile
from checker.engine import Standing, StandingRule
from checker.facts.dossier import Dossier
from checker.questionnaire.question import REST
from checker.rulebook.schedule import Enforcement
from checker.selection import ask
from checker.selection.gathered import Surroundings, of_ids
from checker.selection.judge import PINNED, Candidate, Group, Judge, Judged
from checker.value import NamedTuple

_ANSWERED = frozenset(
    (
        *("architecture-objective", "base-or-instruct", "classification-head"),
        *("context-window", "serving-fits", "training-fits", "size-class"),
    )
)
"""Rules of the first three steps: what was answered there is meant, whatever the policy's level."""
_REFUSED = (Group.NEAR, Group.STOPPED)
_BESIDE = "required-blocks"
"""The rule about what has to be there beside the model, such as a lock: no model can be chosen by it."""


class Left(NamedTuple):
    """What an answer left."""

    ids: tuple[str, ...]
    by_rule: tuple[tuple[str, int], ...]
    """Rules with how many models each refuses that no change helps; a model counts for each rule that refuses it.
    A commit that is missing stops no model for good, so that `revision-pinned` is not among them."""


class Remaining:
    """Judges the models that are left; what is known of each is gathered once."""

    def __init__(self, around: Surroundings, standing: Standing) -> None:
        self._around = around
        rules = tuple(_held(rule) for rule in standing.rules if rule.rule.id != _BESIDE)
        self._standing = standing._replace(rules=rules, proposals=False)
        self._dossiers: dict[str, Dossier] = {}

    def after(self, source: SourceFile, concerns: Collection[str], ids: Iterable[str]) -> Left:
        """The models of `ids` that the rules which an answer concerns leave, as the answers stand in `source`."""
        rules = tuple(rule for rule in self._standing.rules if self._is_one(rule.rule.id, concerns))
        if not rules:
            return Left(tuple(ids), ())
        question = ask.of_manifest(source)
        judge = Judge(question, (), self._standing._replace(rules=rules), fast=False)
        left, refusing = [], Counter[str]()
        for one in self._candidates(question, ids):
            judged = judge.judged(one)
            if judged.group in _REFUSED:
                refusing.update({mark.rule for mark in judged.blocking} - {PINNED})
            else:
                left.append(judged.id)
        return Left(tuple(left), tuple(sorted(refusing.items(), key=lambda pair: (-pair[1], pair[0]))))

    @staticmethod
    def _is_one(rule: str, concerns: Collection[str]) -> bool:
        return rule in concerns or (REST in concerns and rule not in _ANSWERED)

    def judged(self, source: SourceFile, ids: Iterable[str]) -> list[Judged]:
        """What becomes of models under all rules together."""
        question = ask.of_manifest(source)
        judge = Judge(question, (), self._standing)
        return [judge.judged(one) for one in self._candidates(question, ids)]

    def known(self, model: str) -> str:
        """The id of a model that a person names: by its id, a former one, or its last part.

        Raises:
            InputError: no source knows it; names the nearest.
        """
        ids = self._around.catalogue.ids()
        recorded = self._around.catalogue.find(model)
        if recorded is not None:
            return recorded.model
        folded = model.casefold()
        alike = [one for one in ids if folded == one.rpartition("/")[2].casefold()]
        if len(alike) == 1:
            return alike[0]
        if "/" in model and self._around.locks is not None:
            return model  # facts of a lock may know it; without them it is judged as unknown
        sentence = f"{len(alike)} models are called `{model}`" if alike else f"`{model}` is no model of the catalogue"
        expected = f"one of {', '.join(alike)}" if alike else "the id of a model"
        raise InputError.one(sentence, expected=expected, hint=did_you_mean(model, ids), file="--model")

    def _candidates(self, question: ask.Question, ids: Iterable[str]) -> Iterable[Candidate]:
        for model in ids:
            if model not in self._dossiers:
                (found,) = of_ids(question, (model,), self._around)
                self._dossiers[model] = found.dossier
            yield Candidate(question, model, self._dossiers[model])


def _held(rule: StandingRule) -> StandingRule:
    """What was answered is meant, also where the policy only advises: `edge` leaves no model of 70 B."""
    if rule.rule.id in _ANSWERED and not rule.level.blocks:
        return rule._replace(level=Enforcement.SOFT_MANDATORY)
    return rule
