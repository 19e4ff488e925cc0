"""What a policy may ask of a licence whatever its name: commercial use, caps on users, patents, outputs."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias

from checker.licenses.license import CommercialUse, License

CommercialNeed: TypeAlias = Literal["conditional", "yes"]
PatentNeed: TypeAlias = Literal["required", "express"]
OutputNeed: TypeAlias = Literal["allowed"]
NO_CAP = 2**63 - 1
"""Stands for "no cap on users at all" where a number of users is compared."""
_COUNTS_USERS = ("group-users-at-release", "product-users", "daily-users")
_PATENTS = {"express": "express", "covered by general IP grant": "required"}
_OUTPUTS_ALLOWED = ("unrestricted", "conditional")


class Wanted(Protocol):
    """Properties that a licence must have; None asks for nothing."""

    @property
    def commercial_use(self) -> CommercialNeed | None:
        """How freely it must grant commercial use."""

    @property
    def max_mau_cap(self) -> int | None:
        """The fewest users at which a cap may stand; `NO_CAP` where none may."""

    @property
    def patent_grant(self) -> PatentNeed | None:
        """How clearly it must grant patents."""

    @property
    def output_training(self) -> OutputNeed | None:
        """Whether outputs must be free to train other models."""

    @property
    def osi_approved(self) -> bool:
        """Whether the Open Source Initiative must list it."""


def user_cap(text: License) -> int | None:
    """The lowest number of users at which the text ends or binds anybody to more; None where it counts none."""
    return min((one.limit for one in text.conditions if one.metric in _COUNTS_USERS), default=None)


def lacking(text: License, wanted: Wanted) -> tuple[str, ...]:
    """What the licence lacks of what is wanted, as ends of sentences: "grants no patents"."""
    found = (
        _commercial(text, wanted.commercial_use),
        _cap(text, wanted.max_mau_cap),
        _patents(text, wanted.patent_grant),
        _outputs(text, wanted.output_training),
        "is not listed by the Open Source Initiative" if wanted.osi_approved and not text.osi_approved else "",
    )
    return tuple(one for one in found if one)


def _commercial(text: License, wanted: CommercialNeed | None) -> str:
    if wanted is None or text.commercial_use is CommercialUse.YES:
        return ""
    if text.commercial_use is CommercialUse.CONDITIONAL:
        return "" if wanted == "conditional" else "grants commercial use under conditions"
    says_no = text.commercial_use is CommercialUse.NO
    return "grants no commercial use" if says_no else "says nothing of commercial use"


def _cap(text: License, least: int | None) -> str:
    cap = user_cap(text)
    if least is None or cap is None or cap >= least:
        return ""
    return f"has a cap at {cap:,} users"


def _patents(text: License, wanted: PatentNeed | None) -> str:
    granted = _PATENTS.get(text.patent_grant)
    if wanted is None or granted in ("express", wanted):
        return ""
    return f"grants patents under a general clause alone ({text.patent_grant})" if granted else "grants no patents"


def _outputs(text: License, wanted: OutputNeed | None) -> str:
    if wanted is None or text.output_training.value in _OUTPUTS_ALLOWED:
        return ""
    return f"leaves training on outputs {text.output_training.value}"
