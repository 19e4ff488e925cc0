"""Which licence the facts of a model name."""

from checker.facts.fact import Fact, Unknown
from checker.facts.model import Facts
from checker.licenses.derivative import Label, Offered, OwnTerms, Unstated
from checker.licenses.license import License
from checker.licenses.registry import AllOf, Ambiguous, AnyOf, Resolution, Resolved, Unrecognised, resolve
from checker.licenses.spelling import fold
from checker.value import NamedTuple


class Declared(NamedTuple):
    """What the facts say of a licence, and what that names."""

    spelling: str
    """As it is written; empty where the card was read and declares none."""
    resolution: Resolution
    evidence: tuple[Fact[object], ...]

    @property
    def problem(self) -> str:
        """Why it names no single text that we have read; empty where it names one."""
        if not self.spelling:
            return "the card declares no licence"
        return problem(self.resolution)

    @property
    def ways(self) -> tuple[tuple[License, ...], ...]:
        """The texts that apply together, for each way that is open to whoever takes the model."""
        return ways(self.resolution)

    @property
    def texts(self) -> tuple[License, ...]:
        """All texts that apply, of several ways those of the freest; none where there is no way."""
        if len(self.ways) < 2:
            return self.ways[0] if self.ways else ()
        from checker.licenses.alternatives import freest  # most models name one licence

        return freest(self.ways)


MOST_WAYS = 64
"""Ways beyond which an expression is not followed."""


def ways(found: Resolution) -> tuple[tuple[License, ...], ...]:
    """The texts that apply together, for each way that may be chosen: one way of one text where nothing is left open.

    A way to which a text belongs that was not read, or a name that fits several, is none; there may be no way at all.
    """
    match found:
        case Resolved(text):
            return ((text,),)
        case AnyOf(choices=choices):
            return tuple(way for choice in choices for way in ways(choice))[:MOST_WAYS]
        case AllOf(parts=parts):
            together: tuple[tuple[License, ...], ...] = ((),)
            for part in parts:
                together = tuple((*way, *other) for way in together for other in ways(part))[:MOST_WAYS]
            return together
        case _:
            return ()


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
