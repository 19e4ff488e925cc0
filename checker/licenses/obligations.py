"""What a licensee must do under a licence: when it arises, how it can be shown, and under which name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from checker.licenses.circumstances import Circumstances
from checker.licenses.duties import duties
from checker.licenses.license import License, Obligation
from checker.licenses.spelling import fold
from checker.licenses.terms import Duty, says
from checker.value import NamedTuple


class When(StrEnum):
    """What brings a duty about."""

    USE = "use"
    SHARE = "share"
    """Copies, changed or not, are passed on."""
    HOST = "host"
    """Others use it over a network."""


class Proof(StrEnum):
    """How it can be shown that a duty is met."""

    WORDS = "words"
    """One of given texts can be read in a file, or elsewhere."""
    LICENSE_TEXT = "license-text"
    """The licence stands in a file, whole."""
    POLICY = "policy"
    """The use policy, or its name and address, can be read."""
    CHANGES = "changes"
    """A file says what was changed."""
    NAME = "name"
    """The model's own name begins as asked."""
    RECORD = "record"
    """Somebody records where it is met: source that is offered, a registration."""
    CONDUCT = "conduct"
    """It is kept by what is left undone; nothing shows it."""


class Owed(NamedTuple):
    """One duty of one licence under stated circumstances."""

    duty: str
    """The kind, as the registry names it: license-copy, display-text …"""
    name: str
    """What a manifest calls it: `built-with-llama` for a text to display, else the kind."""
    license_id: str
    when: tuple[When, ...]
    proof: Proof
    asks: str
    """The whole sentence, with its clause."""
    clause: str
    texts: tuple[str, ...] = ()
    """What has to be read, or how the name has to begin; one of them is enough."""
    only_if: str = ""
    """The circumstance that would bring it about, where nobody states whether it holds."""
    encouraged: bool = False
    ordinary: bool = False
    """Whether nearly every licence asks for it."""

    def is_called(self, written: str) -> bool:
        """Whether a manifest means this duty: by its name, its kind, or both with the licence before them."""
        folded = fold(written)
        names = {fold(self.name), fold(self.duty)}
        return folded in names or folded in {f"{fold(self.license_id)}-{name}" for name in names}


def owed(text: License, stated: Circumstances, *, modified: bool, notices: Iterable[str] = ()) -> tuple[Owed, ...]:
    """The duties that arise, and those that may.

    Args:
        text: the licence.
        stated: the circumstances of the use.
        modified: whether a model is made with the licensed one.
        notices: what a notice file has to say word for word, where that is known.
    """
    found = [_owed(text, one, duty, tuple(notices)) for one, duty in _arising(text, stated, modified)]
    policy = next(iter(duties(text._replace(obligations=()), stated, modified=modified)), None)
    if text.use_policy is not None and text.use_policy.flows_down and stated.passes_on is not False:
        only_if = "" if stated.passes_on else "where copies are passed on"
        asks = f"{says(text, text.use_policy.clause)} asks to pass its use policy on"
        found.append(
            Owed("use-policy", "use-policy", text.id, (When.SHARE,), Proof.POLICY, asks, text.use_policy.clause,
                 only_if=only_if)
        )  # fmt: skip
    elif policy is not None:
        found.append(
            Owed(policy.kind, policy.kind, text.id, (When.USE,), Proof.CONDUCT, policy.sentence, policy.clause)
        )
    return (*found, *_permissions(text, stated))


def _arising(text: License, stated: Circumstances, modified: bool) -> Iterator[tuple[Obligation, Duty]]:
    for obligation in text.obligations:
        alone = text._replace(obligations=(obligation,), use_policy=None)
        yield from ((obligation, duty) for duty in duties(alone, stated, modified=modified))


def _owed(text: License, obligation: Obligation, duty: Duty, notices: tuple[str, ...]) -> Owed:
    values = tuple(_open_end(value) for value in obligation.value.split(" | ")) if obligation.value else ()
    is_display = obligation.duty == "display-text"
    texts = notices or values if obligation.duty == "notice-file" else values
    return Owed(
        duty=obligation.duty,
        name=fold(values[0]) if is_display and values else obligation.duty,
        license_id=text.id,
        when=_when(obligation.trigger),
        proof=_PROOFS[obligation.duty],
        asks=duty._replace(only_if="").sentence,
        clause=obligation.clause,
        texts=texts,
        only_if=duty.only_if,
        encouraged=obligation.encouraged,
        ordinary=duty.ordinary,
    )


def _open_end(value: str) -> str:
    """A text without the name that a licence leaves open in it, `<derivative> is built using …`."""
    return value.rpartition(">")[2].strip() or value


def _permissions(text: License, stated: Circumstances) -> Iterator[Owed]:
    """What a licensor has to have granted, for uses that are stated to need it."""
    for condition in text.conditions:
        is_free = condition.only_commercial and stated.purpose in ("research", "personal")
        if condition.permission is None or is_free or (condition.not_internal and stated.stays_inside):
            continue
        only_if = "where the use is commercial" if condition.only_commercial and stated.purpose is None else ""
        name = condition.permission
        asks = f"{says(text, condition.clause)} asks to {condition.says}"
        yield Owed(name, name, text.id, (When.USE,), Proof.RECORD, asks, condition.clause, only_if=only_if)


def _when(trigger: str) -> tuple[When, ...]:
    if trigger in _AT_USE:
        return (When.USE,)
    both = trigger.startswith("distribute-or-") or trigger == "promote"
    return (When.SHARE, When.HOST) if both else (When.HOST,) if trigger.startswith("serve") else (When.SHARE,)


_AT_USE = ("use", "publish-research", "commercial-use")
_PROOFS = {
    "license-copy": Proof.LICENSE_TEXT,
    "license-copy-or-link": Proof.LICENSE_TEXT,
    "keep-notices": Proof.CONDUCT,
    "keep-notice-file": Proof.CONDUCT,
    "state-changes": Proof.CHANGES,
    "notice-file": Proof.WORDS,
    "attribution": Proof.WORDS,
    "no-endorsement": Proof.CONDUCT,
    "share-alike": Proof.CONDUCT,
    "source-disclosure": Proof.RECORD,
    "network-source": Proof.RECORD,
    "use-restriction-flowdown": Proof.POLICY,
    "use-latest-version": Proof.CONDUCT,
    "documentation": Proof.CONDUCT,
    "publication-statement": Proof.WORDS,
    "no-guardrail-removal": Proof.CONDUCT,
    "display-text": Proof.WORDS,
    "name-prefix": Proof.NAME,
}
"""How each kind of duty in the registry can be shown; a test holds this against the kinds that there are."""
