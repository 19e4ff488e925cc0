"""Which licence the facts of a model name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.facts.fact import Fact, Unknown
from checker.facts.model import Facts
from checker.licenses.derivative import Label, Offered, OwnTerms, Unstated
from checker.licenses.registry import AllOf, Ambiguous, AnyOf, Resolution, Resolved, Unrecognised, resolve
from checker.licenses.spelling import fold
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.licenses.alternatives import Choice, Reading


class Declared(NamedTuple):
    """What the facts say of a licence, and what that names."""

    spelling: str
    """As it is written; empty where the card was read and declares none."""
    resolution: Resolution
    evidence: tuple[Fact[object], ...]

    @property
    def choices(self) -> Reading:
        """The licences that one may choose between, each choice all that apply; empty where one is not known."""
        if isinstance(self.resolution, Resolved):
            return ((self.resolution.license,),)
        if not isinstance(self.resolution, AnyOf | AllOf):
            return ()
        from checker.licenses.alternatives import meant  # most models name one licence

        found = meant(self.resolution)
        return found.readings[0] if len(found.readings) == 1 and not found.problem else ()

    @property
    def texts(self) -> Choice:
        """All licences that apply, of a choice the freest; empty where one is not known."""
        choices = self.choices
        if len(choices) < 2:
            return choices[0] if choices else ()
        from checker.licenses.alternatives import freest

        return freest(choices)

    @property
    def problem(self) -> str:
        """Why it names no single text that we have read; empty where it names one."""
        if not self.spelling:
            return "the card declares no licence"
        return problem(self.resolution)


def problem(found: Resolution) -> str:
    """Why a spelling names no single text that we have read; empty where it names one."""
    match found:
        case Resolved():
            return ""
        case Ambiguous(spelling, candidates):
            return f"`{spelling}` names no single licence: {', '.join(candidates)} differ in their terms"
        case Unrecognised(spelling, reason, near):
            said = reason if f"`{spelling}`" in reason else f"`{spelling}`: {reason}"
            return f"{said}; the nearest name is `{near}`" if near else said
        case AnyOf(spelling, choices):
            return f"`{spelling}` offers a choice of {len(choices)} licences: each has to be judged"
        case AllOf(spelling, parts):
            return f"`{spelling}` names {len(parts)} licences that all apply: each has to be judged"


def declared(facts: Facts) -> Declared | Unknown:
    """The licence that the facts state; `other` is read together with the name beside it."""
    stated = facts.license
    if isinstance(stated, Unknown):
        return stated
    name, link = facts.license_name, facts.license_link
    found = resolve(
        stated.value,
        license_name="" if isinstance(name, Unknown) else name.value,
        license_link="" if isinstance(link, Unknown) else link.value,
    )
    beside = [fact for fact in (name, facts.license_note) if isinstance(fact, Fact)]
    return Declared(stated.value, found, (stated, *beside))


def takes_more_than_text(facts: Facts) -> bool | None:
    """Whether a model is multimodal, for terms that single such models out; None where that is not known.

    A causal language model that the Hub lists for text generation takes text alone.
    """
    if not isinstance(facts.multimodal, Unknown):
        return facts.multimodal.value
    architectures = () if isinstance(facts.architectures, Unknown) else facts.architectures.value
    causal = bool(architectures) and all(name.endswith("ForCausalLM") for name in architectures)
    listed = not isinstance(facts.pipeline_tag, Unknown) and facts.pipeline_tag.value == "text-generation"
    return False if causal and listed else None


def label(stated: Declared | Unknown) -> Label:
    """What the facts say of the licence that a derivative is offered under."""
    if isinstance(stated, Unknown):
        return Unstated(stated.reason)
    if stated.texts:  # of a choice, what recipients may take at its freest
        return Offered(stated.texts)
    return Unstated(stated.problem)


def written_label(spelling: str | None) -> Label:
    """What a manifest says of the licence that a project's own derivative is offered under."""
    if spelling is None:
        return Unstated()
    if fold(spelling) == "proprietary":
        return OwnTerms()
    return label(Declared(spelling, resolve(spelling), ()))
