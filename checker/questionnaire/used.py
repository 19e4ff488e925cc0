"""What code in the folder uses already, offered to be declared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from checker.document.digits import whole
from checker.facts.catalogue import Catalogue
from checker.questionnaire.dialogue import Dialogue
from checker.scan.models import Used, key_of
from checker.value import NamedTuple

_KEYS = {
    "method": "fine_tuning.method",
    "sequence_length": "fine_tuning.sequence_length",
    "context_window": "deployment.context_window",
}


class Offer(NamedTuple):
    """A model that code uses."""

    model: str
    """Its present id where the catalogue knows it, else as the code writes it."""
    where: str
    """The first use, with its kind."""
    uses: int
    said: tuple[tuple[str, str], ...]
    """What code says of it, by the keys of questions."""

    def says(self, key: str) -> str:
        """What code says in answer to a question; empty where it says nothing."""
        return dict(self.said).get(key, "")


MOST = 20
"""Models in use that are offered at most; `weighbridge scan` lists them all."""


def offers(models: Iterable[Used], catalogue: Catalogue) -> tuple[Offer, ...]:
    """The models in use that a manifest may name by their ids and whose weights the project loads."""
    loaded = (used for used in models if used.access == "weights" and "/" in used.model.strip("./"))
    return tuple(_offer(used, catalogue) for used in islice(loaded, MOST))


def _offer(used: Used, catalogue: Catalogue) -> Offer:
    options = {one.key: one.value for one in used.options}
    said = [(key, options[path]) for key, path in _KEYS.items() if path in options]
    if used.objective is not None:
        said.append(("objective", used.objective.value))
    recorded = catalogue.find(used.model)
    first = used.uses[0]
    return Offer(recorded.model if recorded else used.model, f"{first.kind} at {first.at}", len(used.uses), tuple(said))


def ask(offered: Sequence[Offer], talk: Dialogue) -> Offer | None:
    """The one that the manifest is to begin with, as a person says; None for none of them."""
    talk.heading("In use already")
    for number, offer in enumerate(offered, start=1):
        more = f" and {offer.uses - 1} more" if offer.uses > 1 else ""
        talk.say(f"{number:>2} {offer.model}: {offer.where}{more}", 2, 5)
    talk.say("Is one of them to be declared? Its answers then stand where code tells them.")
    while True:
        said = talk.line("number, or none [1]> ") or "1"
        if said.casefold() == "none":
            return None
        number = whole(said) or 0
        if 1 <= number <= len(offered):
            return offered[number - 1]
        talk.say(f"`{said}` is none of them: expected a number from 1 to {len(offered)}, or none", 2)


def find(offered: Iterable[Offer], model: str, catalogue: Catalogue) -> Offer | None:
    """The offer for a model, whatever spelling of its id is used."""
    wanted = key_of(model, catalogue)
    return next((offer for offer in offered if key_of(offer.model, catalogue) == wanted), None)
