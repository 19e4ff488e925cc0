"""What a licensee must do, by what the licensee does: pass copies on, serve, modify, make another model with it."""

from __future__ import annotations

from collections.abc import Callable

from checker.licenses.circumstances import Circumstances
from checker.licenses.license import License, Obligation
from checker.licenses.terms import Duty

_Arises = Callable[[Circumstances, bool], "bool | None"]


def _any(*answers: bool | None) -> bool | None:
    return True if True in answers else None if None in answers else False


def _passing_on(stated: Circumstances, modified: bool) -> bool | None:
    return stated.passes_on


def _passing_on_changes(stated: Circumstances, modified: bool) -> bool | None:
    return stated.passes_on if modified else False


def _serving(stated: Circumstances, modified: bool) -> bool | None:
    return stated.serves


def _serving_changes(stated: Circumstances, modified: bool) -> bool | None:
    return stated.serves if modified else False


def _offering(stated: Circumstances, modified: bool) -> bool | None:
    return _any(stated.passes_on, stated.serves)


def _offering_a_model_made_with_it(stated: Circumstances, modified: bool) -> bool | None:
    return _any(stated.passes_on, stated.serves) if modified else False


def _always(stated: Circumstances, modified: bool) -> bool | None:
    return True


def _publishing_research(stated: Circumstances, modified: bool) -> bool | None:
    return None if stated.purpose is None else stated.purpose == "research"


def _commercial(stated: Circumstances, modified: bool) -> bool | None:
    return None if stated.purpose is None else stated.purpose == "commercial"


def _offering_cosmos(stated: Circumstances, modified: bool) -> bool | None:
    offered = _offering(stated, modified)
    if not stated.family:
        return False if offered is False else None
    return offered if "cosmos" in stated.family.casefold() else False


TRIGGERS: dict[str, tuple[_Arises, str]] = {
    "use": (_always, ""),
    "distribute": (_passing_on, "where copies are passed on"),
    "distribute-base": (_passing_on, "where copies are passed on"),
    "distribute-source": (_passing_on, "where copies are passed on"),
    "distribute-not-hosted": (_passing_on, "where copies are passed on"),
    "distribute-modified": (_passing_on_changes, "where changed copies are passed on"),
    "share": (_passing_on, "where copies are passed on"),
    "share-modified": (_passing_on_changes, "where changed copies are passed on"),
    "share-adapted": (_passing_on_changes, "where changed copies are passed on"),
    "share-data": (_passing_on, "where copies are passed on"),
    "publish-data": (_passing_on, "where copies are passed on"),
    "publish-enhanced-data": (_passing_on_changes, "where changed copies are passed on"),
    "share-derivative-database": (_passing_on_changes, "where changed copies are passed on"),
    "serve": (_serving, "where others use it over a network"),
    "serve-modified": (_serving_changes, "where others use a changed copy over a network"),
    "distribute-or-host": (_offering, "where copies are passed on or others use it as a service"),
    "distribute-or-serve": (_offering, "where copies are passed on or others use it as a service"),
    "distribute-or-serve-cosmos": (_offering_cosmos, "where the model is one of NVIDIA Cosmos"),
    "distribute-derived-model": (_offering_a_model_made_with_it, "where a model made with it is offered to others"),
    "distribute-model-trained-with-materials-or-outputs": (
        _offering_a_model_made_with_it,
        "where a model trained with it or its outputs is offered to others",
    ),
    "public-statement-on-derivative": (_offering_a_model_made_with_it, "where a work made with it is published"),
    "promote": (_offering, "where a product is promoted"),
    "publish-research": (_publishing_research, "where research with it is published"),
    "commercial-use": (_commercial, "where the use is commercial"),
}
"""When each trigger of the registry has come about, and how that reads where nothing states it."""

_ASKS = {
    "license-copy": "to pass on a copy of the licence",
    "license-copy-or-link": "to pass on the licence or a link to it",
    "keep-notices": "to keep its notices in place",
    "keep-notice-file": "to pass on its NOTICE file, if there is one",
    "state-changes": "to say what was changed",
    "notice-file": "to add a notice file",
    "attribution": "to name its authors",
    "no-endorsement": "not to promote anything with its authors' names",
    "share-alike": "to offer what is adapted from it under the same licence",
    "source-disclosure": "to offer the complete corresponding source",
    "network-source": "to offer the source to those who use it over a network",
    "use-restriction-flowdown": "to bind recipients to its use restrictions",
    "use-latest-version": "to make reasonable efforts to use the latest version",
    "documentation": "to keep its documentation at the same or better quality",
    "publication-statement": "to acknowledge the research materials in publications",
    "no-guardrail-removal": "to leave its safety guardrails in place",
    "display-text": "to display",
    "name-prefix": "to begin the name of a model made with it with",
}
DUTIES = frozenset(_ASKS)
"""The kinds of duty that the registry may name."""


def duties(text: License, stated: Circumstances, *, modified: bool) -> list[Duty]:
    """The duties that arise, and those that may, each with the circumstance that would bring it about."""
    arising: list[Duty] = []
    for obligation in text.obligations:
        arises, words = TRIGGERS[obligation.trigger]
        answer = arises(stated, modified)
        if answer is not False:
            arising.append(_duty(text, obligation, "" if answer else words))
    policy = text.use_policy
    if policy is not None and policy.kind != "unstated":
        restrictions = (
            "its use restrictions" if policy.kind in ("attachment", "inline") else "its acceptable-use policy"
        )
        arising.append(Duty("use-policy", text.id, f"to keep to {restrictions}", policy.clause))
    return arising


def _duty(text: License, obligation: Obligation, only_if: str) -> Duty:
    asks = _ASKS[obligation.duty]
    if obligation.duty in ("display-text", "name-prefix"):
        asks += " " + " or ".join(f'"{value}"' for value in obligation.value.split(" | "))
    elif obligation.duty == "notice-file" and obligation.value:
        asks += f" that names {obligation.value}"
    if obligation.where:
        asks += f" in the {obligation.where}"
    verb = "encourages" if obligation.encouraged else "asks"
    return Duty(obligation.duty, text.id, asks, obligation.clause, only_if, verb, certain=not only_if)
